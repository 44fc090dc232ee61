import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '../../support.ts';
import { DANA, FABRIKAM, GUEST, inTeams, LAB, OMAR, OPS, PARTNER, TENANT, thread } from './in-teams.ts';

const NOTHING = '1700000000000';

test('a roster says who somebody is, of which tenant, and whether they are a guest', async (t) => {
  const { teams, call } = await inTeams(t);
  const listed = await call('GET', `v3/conversations/${encodeURIComponent(thread(OPS, NOTHING))}/members`);
  const members = listed.body as unknown as readonly Record<string, unknown>[];
  assert.deepEqual(
    members.map(({ name, aadObjectId, tenantId, userRole }) => [name, aadObjectId, tenantId, userRole]),
    [
      ['Dana Diaz', DANA, TENANT, 'user'],
      ['Omar Odeh', OMAR, TENANT, 'user'],
      ['Gus Guest', GUEST, TENANT, 'guest'],
      ['Pat Partner', PARTNER, FABRIKAM, 'user'],
    ],
  );
  const { user } = must(teams.state.called(PARTNER));
  assert.match(user, /^29:1[\w-]{84}$/);
  for (const id of [user, PARTNER]) {
    const one = await call('GET', `v3/conversations/${OPS}/members/${encodeURIComponent(id)}`);
    assert.deepEqual([one.body['id'], one.body['tenantId']], [user, FABRIKAM]);
  }
});

test('a long roster is read page by page, which are never shorter than fifty', async (t) => {
  const { teams, call } = await inTeams(t);
  for (let number = 0; number < 60; number += 1)
    teams.addPerson({ objectId: `many-${number}`, name: `Many ${number}`, places: [LAB] });
  const names: string[] = [];
  const sizes: number[] = [];
  let token = '';
  do {
    const { body } = await call(
      'GET',
      `v3/conversations/${LAB}/pagedmembers?pageSize=1&continuationToken=${encodeURIComponent(token)}`,
    );
    const members = body['members'] as readonly { readonly name: string }[];
    names.push(...members.map(({ name }) => name));
    sizes.push(members.length);
    token = String(body['continuationToken'] ?? '');
  } while (token !== '');
  assert.deepEqual([sizes, new Set(names).size], [[50, 12], 62]);
});

test('the team has the members of its channels, and no group is one of them', async (t) => {
  const { teams, call } = await inTeams(t);
  const { id } = teams.state.team;
  const { body } = await call('GET', `v3/conversations/${encodeURIComponent(id)}/members`);
  assert.equal((body as unknown as readonly unknown[]).length, 4);
  const listed = await call('GET', `v3/teams/${encodeURIComponent(id)}/conversations`);
  assert.deepEqual(listed.body['conversations'], [
    { id: OPS, name: 'ops' },
    { id: LAB, name: 'lab' },
  ]);
});
