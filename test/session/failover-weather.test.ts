import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailoverDirection } from '../../src/domain/sighting.ts';
import { FAILOVER_WAIT } from '../../src/domain/step.ts';
import { parseLine } from '../../src/session/file.ts';
import { SessionFault } from '../../src/session/line-words.ts';
import { World } from '../../src/session/world.ts';
import { must, named } from '../support.ts';

const FE1 = named('fe1.sim.example');
const POOL = '! pool pool01 version 2019 servers 3 domains fe1|fe2|fe3';

function world(...lines: readonly string[]): World {
  const made = new World([], { effect: () => {}, state: () => {} });
  for (const line of lines) made.happen(parseLine(line, 1));
  return made;
}

/** Takes a server of the pool out of it or into it, for as long as that may last, and says how its services are then. */
function after(playing: World, direction: FailoverDirection): string {
  const pool = must(playing.pools[0]);
  pool.failover(FE1, direction, { wait: FAILOVER_WAIT, draining: null });
  playing.moveTo(playing.now() + FAILOVER_WAIT);
  const { services, disabled } = pool.server(FE1);
  return `${services}${disabled ? ' disabled' : ''}`;
}

test('a pool is upgraded by the procedure that its line names, else by that of its version', () => {
  for (const [option, version, procedure] of [
    ['', '2013', 'upgrade-domains'],
    ['', '2015', 'upgrade-domains'],
    ['', '2019', 'server-failover'],
    [' procedure server-failover', '2015', 'server-failover'],
    [' procedure upgrade-domains', '2019', 'upgrade-domains'],
    [' sql mirror procedure server-failover paired pool02', '2013', 'server-failover'],
  ] as const) {
    const [managed] = world(`! pool pool01 version ${version} servers 3 domains fe1|fe2|fe3${option}`).managed();
    assert.equal(must(managed).procedure, procedure, `${version}${option}`);
  }
});

test('a FailOver or FailBack that is made to fail does so once', () => {
  const night = world(POOL, '! failover fe1 fails');
  assert.deepEqual([after(night, 'fail-over'), after(night, 'fail-over')], ['Running', 'Stopped disabled']);
  night.happen(parseLine('! failback fe1 fails', 1));
  assert.deepEqual([after(night, 'fail-back'), after(night, 'fail-back')], ['Stopped disabled', 'Running']);
});

test('somebody disables the services of a server, and enables them', () => {
  const night = world(POOL, '! services fe1 disabled');
  const { disabled } = must(night.pools[0]).machine(FE1);
  night.happen(parseLine('! services fe1 enabled', 1));
  assert.deepEqual([disabled, must(night.pools[0]).machine(FE1).disabled], [true, false]);
});

test('a kill may wait for either cmdlet', () => {
  for (const cmdlet of ['Invoke-CsComputerFailOver', 'Invoke-CsComputerFailBack'] as const) {
    const line = parseLine(`! kill after ${cmdlet} fe1`, 1);
    assert.deepEqual(line.kind === 'kill' && line.after, { effect: cmdlet, server: 'fe1' });
  }
});

test('a line that says half of it is pointed at', () => {
  for (const [line, column, because] of [
    ['! failover', 11, /a server is missing/],
    ['! failover fe1', 15, /what becomes of it is missing/],
    ['! failback fe1 works', 16, /what becomes of it is one of fails; this is "works"/],
    ['! failback fe1 fails twice', 22, /"twice" is too much here/],
    ['! services fe1 off', 16, /their start type is one of disabled, enabled; this is "off"/],
    ['! failover-fails fe1', 3, /nobody knows how to make "failover-fails" happen/],
    [`${POOL} procedure both`, 68, /the procedure is one of upgrade-domains, server-failover; this is "both"/],
  ] as const) {
    assert.throws(
      () => parseLine(line, 1),
      (fault: unknown) => fault instanceof SessionFault && fault.column === column && because.test(fault.message),
      line,
    );
  }
});
