import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askFor } from '../../src/workflow/look.ts';
import { fe1Down } from '../commands/situations.ts';
import { server } from '../support.ts';

test('a pool is asked about by way of servers that stay up, and never of the domain that is being taken down', () => {
  const { run } = fe1Down();
  assert.deepEqual(run.work?.upgradeDomain.servers, [server(1), server(2)]);
  const asked = askFor(run, run.lastSeen);
  assert.ok(asked.length > 0);
  for (const each of [server(1), server(2)]) assert.ok(!asked.includes(each), each);
});

test('a server that was not seen running is asked last', () => {
  const { run } = fe1Down();
  const seen = run.lastSeen;
  assert.ok(seen !== null);
  const services = seen.services?.map((each) => (each.server === server(3) ? { ...each, rtcsrv: null } : each)) ?? null;
  assert.equal(askFor(run, { ...seen, services }).at(-1), server(3));
});
