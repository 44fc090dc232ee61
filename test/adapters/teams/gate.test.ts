import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openlyAdmitting } from '../../../src/adapters/teams/gate.ts';
import { minutes, seconds } from '../../../src/domain/time.ts';
import { REFUSED } from './gate-refused.ts';
import { activity, aWorld, bearer, type Forgery, NOON, SERVICE, SISTER, TENANT } from './gate-world.ts';

const SKEW = minutes(5) / seconds(1);
const SECOND = NOON / seconds(1);

test('what the Bot Framework signed for this bot is let in, with what matters of it', async (t) => {
  const { gate } = await aWorld(t);
  assert.deepEqual(await gate.admit(await bearer(), activity()), {
    kind: 'admitted',
    activity: {
      type: 'message',
      id: '1795255390603',
      channelId: 'msteams',
      serviceUrl: SERVICE,
      conversation: { id: '19:ops@thread.tacv2;messageid=1795255390603', tenantId: TENANT, conversationType: 'channel' },
      from: { id: '29:dana', aadObjectId: 'b2f4c7d0-13a9-4c55-8a6e-77e0c1d95f02', name: 'Dana' },
      channelData: { tenant: { id: TENANT } },
    },
  });
});

for (const [what, status, because, carry] of REFUSED) {
  test(`refused: ${what}`, async (t) => {
    const { gate } = await aWorld(t);
    const { authorization, body } = await carry();
    const admission = await gate.admit(authorization, body);
    if (admission.kind === 'admitted') assert.fail('it was let in');
    assert.deepEqual([admission.status, admission.because.includes(because)], [status, true], admission.because);
  });
}

for (const [what, forgery, changes] of [
  ['a press', {}, { type: 'invoke', name: 'adaptiveCard/action' }],
  ['what Teams tells of itself, with nobody behind it', {}, { type: 'conversationUpdate', from: { id: '28:teams' } }],
  ['expired by as little as clocks differ', { claims: { exp: SECOND - SKEW + 1 } }, {}],
  ['not valid yet, by as little as clocks differ', { claims: { nbf: SECOND + SKEW } }, {}],
  ['a service whose slash is in the token alone', {}, { serviceUrl: SERVICE.replace(/\/$/, '') }],
  ['a service whose slash is in the body alone', { claims: { serviceurl: SERVICE.replace(/\/$/, '') } }, {}],
  ['the tenant of the conversation alone', {}, { channelData: null }],
  ['the tenant of the channel alone', {}, { conversation: { id: 'a:1' }, channelData: { tenant: { id: SISTER } } }],
  ['a tenant in capitals', {}, { conversation: { id: 'a:1', tenantId: TENANT.toUpperCase() } }],
  ['a nameless somebody', {}, { from: { id: '29:dana', aadObjectId: 'b2f4', name: null } }],
  [
    'a service below an allowed domain',
    { claims: { serviceurl: 'https://emea.teams.example.com/' } },
    { serviceUrl: 'https://emea.teams.example.com/' },
  ],
  [
    'an emulator on this machine that is allowed',
    { claims: { serviceurl: 'http://localhost:56150/_connector' } },
    { serviceUrl: 'http://localhost:56150/_connector' },
  ],
] satisfies [string, Forgery, Readonly<Record<string, unknown>>][]) {
  test(`let in: ${what}`, async (t) => {
    const { gate } = await aWorld(t);
    const admission = await gate.admit(await bearer(forgery), activity(changes));
    assert.equal(admission.kind, 'admitted', JSON.stringify(admission));
  });
}

test('why somebody is refused quotes nothing of what they sent', async (t) => {
  const { gate } = await aWorld(t);
  for (const [, , , carry] of REFUSED) {
    const { authorization = '', body } = await carry();
    const admission = await gate.admit(authorization, body);
    const because = admission.kind === 'refused' ? admission.because : assert.fail();
    for (const sent of [...authorization.split(/[ .]/), 'example.com', '29:dana', '11111111'].filter((part) => part.length > 7))
      assert.ok(!because.includes(sent), because);
  }
});

test('without tokens everything else is looked at as ever', async (t) => {
  const { settings } = await aWorld(t);
  const gate = openlyAdmitting(settings);
  assert.equal((await gate.admit(undefined, activity())).kind, 'admitted');
  assert.equal((await gate.admit('Bearer garbage', activity())).kind, 'admitted');
  for (const [what, status, , carry] of REFUSED.filter(([, status]) => status !== 401)) {
    const admission = await gate.admit(undefined, (await carry()).body);
    assert.equal(admission.kind === 'refused' && admission.status, status, what);
  }
});
