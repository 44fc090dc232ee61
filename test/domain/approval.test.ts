import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { approvalCode, approversFor, differencesSince, judgeVote } from '../../src/domain/approval.ts';
import type { ManagedPool } from '../../src/domain/inventory.ts';
import type { PersonId } from '../../src/domain/pool.ts';
import { openGate } from '../../src/domain/run.ts';
import type { PoolSighting } from '../../src/domain/sighting.ts';
import { hours } from '../../src/domain/time.ts';
import {
  type Asked,
  aManagedPool,
  aPool,
  dana,
  fabric,
  healthy,
  kim,
  mallory,
  must,
  omar,
  POOL02,
  placement,
  readiness,
  Story,
  server,
  settings,
  without,
} from '../support.ts';

const pool = aManagedPool();
const asked = (about: Asked = {}) => new Story(about).plan().ask();

/** What becomes of this person's yes to the request that is open. */
function vote(story: Story, by: PersonId, of: ManagedPool = pool, after = 0): string {
  const opened = must(openGate(story.run));
  const verdict = judgeVote(story.run, of, opened, by, story.now + after);
  return verdict.kind === 'refused' ? verdict.because : `counts, ${verdict.missing} missing`;
}

test('one yes by somebody else is enough, where one is needed', () => assert.equal(vote(asked(), omar), 'counts, 0 missing'));
test('the requester cannot approve, and is told who can', () => {
  assert.equal(vote(asked(), dana), 'you asked for this upgrade, so somebody else has to approve: omar, kim');
  assert.equal(vote(asked({ by: omar }), omar), 'you asked for this upgrade, so somebody else has to approve: dana, kim');
});
test('the requester of a pool that nobody else may approve for is told so', () => {
  const alone = aManagedPool({ rights: { dana: ['view', 'operate', 'approve'] } });
  assert.equal(vote(asked(), dana, alone), 'you asked for this upgrade, so somebody else has to approve: nobody else');
  assert.deepEqual(approversFor(asked().run, alone), []);
});
for (const [told, listed] of [
  ['who is on no list', {}],
  ['who may only look', { mallory: ['view'] }],
  ['who may only operate', { mallory: ['view', 'operate'] }],
] as const) {
  test(`somebody ${told} cannot approve, and is told who can`, () => {
    const of = aManagedPool({ rights: { omar: ['approve'], ...listed } });
    assert.equal(vote(asked(), mallory, of), 'you may not approve for pool01; omar may');
  });
}
test('where no list gives the right to anybody, nobody can approve', () => {
  const nobody = aManagedPool({ rights: {} });
  for (const by of [dana, omar, kim, mallory]) assert.match(vote(asked(), by, nobody), /you may not approve for pool01/);
});
test('one person is one vote', () => {
  const story = asked({ settings: { approvalsNeeded: 2 } });
  assert.equal(vote(story, omar), 'counts, 1 missing');
  assert.equal(vote(story.approve(omar), omar), 'you have approved already, and one person is one vote');
  assert.equal(vote(story, kim), 'counts, 0 missing');
});
test('three of three are counted down, and only the last opens the gate', () => {
  const story = asked({ settings: { approvalsNeeded: 3 }, by: mallory });
  const missing = [dana, omar, kim].map((by) => {
    const said = vote(story, by);
    story.approve(by);
    return [said, story.run.work !== null];
  });
  assert.deepEqual(missing, [
    ['counts, 2 missing', false],
    ['counts, 1 missing', false],
    ['counts, 0 missing', true],
  ]);
});
test('a request is open for four hours, and not a millisecond more', () => {
  const story = asked();
  assert.equal(vote(story, omar, pool, hours(4) - 1), 'counts, 0 missing');
  assert.equal(vote(story, omar, pool, hours(4)), `request ${story.gate.code} has expired`);
  assert.equal(vote(story, omar, pool, hours(5)), `request ${story.gate.code} has expired`);
});
for (const [told, close] of [
  ['denied', (story: Story) => story.say({ kind: 'denied', code: story.gate.code, by: kim, because: 'not tonight' })],
  ['expired', (story: Story) => story.say({ kind: 'approval-expired', code: story.gate.code })],
  ['approved', (story: Story) => story.approve(kim)],
  ['void', (story: Story) => story.hold({ kind: 'our-servers-are-down' })],
  ['paused away', (story: Story) => story.say({ kind: 'paused', by: kim })],
  ['aborted', (story: Story) => story.say({ kind: 'aborted', by: kim, how: 'bring-back' })],
] as const) {
  test(`a yes to a request that was ${told} counts for nothing`, () => {
    const story = asked();
    const opened = must(openGate(story.run));
    const after = close(story).run;
    assert.deepEqual(judgeVote(after, pool, opened, omar, story.now), {
      kind: 'refused',
      because: `request ${opened.gate.code} is no longer open`,
    });
  });
}
test('a yes to the first request counts for nothing once the second is open', () => {
  const story = asked();
  const old = must(openGate(story.run));
  story
    .say({ kind: 'denied', code: old.gate.code, by: kim, because: 'wait' })
    .say({ kind: 'retried', by: dana, immediate: false })
    .ask();
  assert.notEqual(story.gate.code, old.gate.code);
  assert.equal(judgeVote(story.run, pool, old, omar, story.now).kind, 'refused');
  assert.equal(vote(story, omar), 'counts, 0 missing');
});

/** Asked and approved on a healthy pool; then it is looked at again. */
function differences(changes: Partial<PoolSighting>, about: Asked = {}): readonly string[] {
  const story = asked(about).approve().wait(1).look(changes);
  const { run } = story;
  return differencesSince(run, story.gate, must(run.work));
}
const topology = aPool(6, 2);
const placed = placement(topology);
const [first, ...others] = placed.groups;
const moved = { ...placed, groups: [{ ...must(first), primary: server(3), secondaries: [server(1), server(5)] }, ...others] };
const moreReplicas = { ...placed, groups: [{ ...must(first), secondaries: [server(3), server(5), server(6)] }, ...others] };
const fe6Down = without(topology, server(6));

test('after the yes, the pool as it was: the yes stands', () => assert.deepEqual(differences({}), []));
for (const [told, changes, expected] of [
  ['a primary moved', { fabric: moved }, ['primaries or secondaries of 1 routing groups moved: rg-1']],
  ['a secondary more', { fabric: moreReplicas }, ['primaries or secondaries of 1 routing groups moved: rg-1']],
  [
    'the pool is Busy',
    { verdict: { kind: 'busy', counted: 1, countedAt: [0], askAgainAt: 0 } },
    ['pool-ready: PoolUpgradeState is Busy, counted 1 of 3'],
  ],
  [
    'an Event Viewer is open',
    {
      viewers: [
        { server: server(1), open: ['mmc'] },
        { server: server(2), open: [] },
      ],
    },
    ['viewers-closed: open on fe1: mmc'],
  ],
  ['the paired pool began', { pairUnderWay: POOL02 }, ['pair-quiet: paired pool pool02 is being upgraded']],
  ['a server was lost elsewhere', { services: fe6Down }, ['servers-running: not running: fe6', 'runs no more: fe6']],
  [
    'the fabric cannot be read',
    { fabric: null },
    ['replicas-complete: the fabric state could not be read', 'replicas-outside: the fabric state could not be read'],
  ],
] satisfies [string, Partial<PoolSighting>, readonly string[]][]) {
  test(`after the yes, ${told}: it is void`, () => assert.deepEqual(differences(changes), expected));
}
test('after the yes, a server that was down before runs again: other servers run, so it is void', () => {
  const story = asked();
  const gate = story.gate;
  story.approve().wait(1).look();
  const work = must(story.run.work);
  const before = { ...work, evidence: healthy(topology, { services: fe6Down }) };
  assert.deepEqual(differencesSince(story.run, gate, before), ['has started since: fe6']);
});
test('after the yes, the configuration is another: it is void', () => {
  const story = asked()
    .approve()
    .wait(1)
    .say({ kind: 'reconfigured', settings: settings({ revision: 'r2' }) })
    .look();
  const { run } = story;
  assert.deepEqual(differencesSince(run, story.gate, must(run.work)), ['the configuration of the pool is another']);
});
test('after the yes, nobody looked: it is void', () => {
  const { run, gate } = asked().approve();
  assert.deepEqual(differencesSince(run, gate, must(run.work)), ['the pool could not be looked at']);
});
for (const [told, changes] of [
  ['another server answered', { askedOf: server(2) }],
  ['the groups are listed in another order', { fabric: { ...placed, groups: placed.groups.toReversed() } }],
  [
    'the secondaries are listed in another order',
    { fabric: { ...placed, groups: placed.groups.map((group) => ({ ...group, secondaries: group.secondaries.toReversed() })) } },
  ],
  ['the services are listed in another order', { services: must(without(topology)).toReversed() }],
  [
    'another domain is not ready for upgrade',
    {
      readiness: {
        ...readiness(topology),
        upgradeDomains: readiness(topology).upgradeDomains.map((each) => ({ ...each, readyForUpgrade: each.name === '1' })),
      },
    },
  ],
  ['something could not be understood', { raw: ['Get-CsPool: what?'] }],
  [
    'an Event Viewer is open on a server elsewhere',
    { viewers: [1, 2, 6].map((each) => ({ server: server(each), open: each === 6 ? ['mmc'] : [] })) },
  ],
] satisfies [string, Partial<PoolSighting>][]) {
  test(`after the yes, ${told}: the yes stands`, () => assert.deepEqual(differences(changes), []));
}
test('after the yes, the backup pool could not be read: a person has to say that it may stand', () => {
  assert.deepEqual(differences({ backupPool: 'unread' }), [
    'pair-quiet: which pool is the backup could not be read; configured is pool02',
  ]);
});
test('the mirror in charge with enough servers running is shown, and voids nothing', () => {
  const big = aPool(6);
  const story = new Story({ topology: big }).plan().ask().approve().wait(1).look({ backEnd: 'mirror' });
  assert.deepEqual(differencesSince(story.run, story.gate, must(story.run.work)), []);
});
test('every difference is shown, not the first alone', () => {
  const all = differences({ fabric: { ...fabric('rg-1 fe3 -'), serversNotUp: [] }, services: fe6Down, pairUnderWay: POOL02 });
  for (const part of [
    'servers-running',
    'replicas-complete',
    'replicas-outside',
    'pair-quiet',
    'runs no more: fe6',
    'routing groups moved',
  ])
    assert.ok(
      all.some((line) => line.includes(part)),
      `${part} in ${all.join(' / ')}`,
    );
});

test('a code is four letters or digits, and none that is mistaken for another on a phone', () => {
  const codes = Array.from({ length: 2_000 }, (_, index) => approvalCode(`pool01.contoso.com ${index % 50}`, index + 1));
  for (const code of codes) assert.match(code, /^[2-9A-HJ-NP-Z]{4}$/);
  const letters = new Set(codes.join(''));
  for (const lookAlike of ['0', 'O', '1', 'I']) assert.ok(!letters.has(lookAlike), lookAlike);
  assert.ok(letters.size > 25, 'most of the letters are used');
});
test('the code of one attempt is always the same, and another attempt has another one', () => {
  const attempt = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(fc.string(), attempt, attempt, (run, one, two) => {
      assert.equal(approvalCode(run, one), approvalCode(run, one));
      if (one !== two) assert.notEqual(approvalCode(run, one), approvalCode(run, two));
    }),
  );
});
test('the codes of a night are all different: fifty runs of four pools, ten attempts each', () => {
  const codes = ['pool01', 'pool02', 'pool03', 'pool04'].flatMap((name) =>
    [1, 2, 3, 4, 5].flatMap((run) =>
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((each) => approvalCode(`${name}.contoso.com ${run}`, each)),
    ),
  );
  assert.equal(new Set(codes).size, codes.length);
});
