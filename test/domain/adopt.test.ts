import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adoptable } from '../../src/domain/by-hand.ts';
import { waitsForPatched } from '../../src/domain/evolve-step.ts';
import type { HoldReason } from '../../src/domain/hold.ts';
import { minutes } from '../../src/domain/time.ts';
import { dana, type Story, server, UP } from '../support.ts';
import {
  ACCEPTS,
  asFound,
  BY_COMMAND,
  bothDown,
  domainTwo,
  fe1,
  fe1Down,
  fe2,
  fe3,
  NEW,
  OLD,
  oneDone,
  PATCHED,
  REBOOTED,
  restarted,
  STOPPED,
  stop,
} from './by-hand-walk.ts';
import { follow, moveOf, next } from './next-in-words.ts';

const adopt = (story: Story, of = fe1) => story.say({ kind: 'adopted', server: of, by: dana });
const adopted = (story: Story, of = fe1) => adopt(follow(story), of);

test('a server that is patched already is not stopped when adopted, and the rest of its domain is asked for', () => {
  const story = adopted(domainTwo(oneDone()).lookAt(fe3, { patchLevel: NEW }), fe3);
  assert.deepEqual([story.run.work, story.run.upgraded], [null, [fe1, fe2, fe3]]);
  assert.equal(next(story.look()), 'ask for fe4');
});
test('the last server of a domain that is patched already is left out of it, and the others go on', () => {
  const story = domainTwo(oneDone()).lookAt(fe3, { patchLevel: OLD }).does(stop(fe3)).look();
  adopted(story.lookAt(server(4), { patchLevel: NEW }), server(4));
  assert.deepEqual(
    story.run.work?.servers.map(({ server: each }) => each),
    [fe3],
  );
  assert.equal(next(story), 'look at fe3: patch');
  assert.deepEqual(story.run.upgraded, [fe1, fe2, server(4)]);
});
test('one that a hook before had taken out is put back before it counts as upgraded', () => {
  const story = domainTwo(oneDone({ settings: { hooks: { before: true, after: true } } }));
  story.lookAt(fe3, { patchLevel: OLD }).does({ action: 'hook', server: fe3, hook: 'before' });
  adopted(story.look().lookAt(fe3, { patchLevel: NEW }), fe3);
  assert.deepEqual(story.run.upgraded, [fe1, fe2]);
  assert.equal(next(story), 'look at fe3: connections');
  assert.equal(next(story.lookAt(fe3, ACCEPTS)), 'hook after fe3');
  story.does({ action: 'hook', server: fe3, hook: 'after' }).lookAt(fe3, ACCEPTS);
  assert.deepEqual(follow(story).run.upgraded, [fe1, fe2, fe3]);
  assert.equal(next(story.say({ kind: 'settled', upgradeDomain: '2' }).look()), 'ask for fe4');
});

const byHand = (changes: Partial<HoldReason & { kind: 'changed-by-hand' }> = {}): HoldReason => ({
  kind: 'changed-by-hand',
  server: fe1,
  seen: ['it was restarted'],
  restarted: true,
  running: true,
  patched: true,
  bootTime: REBOOTED,
  ...changes,
});
const ADOPTED: readonly (readonly [
  stage: 'down' | 'patched',
  found: Partial<HoldReason & { kind: 'changed-by-hand' }>,
  comesTo: readonly [stage: string, patched: boolean],
])[] = [
  ['down', { restarted: true, running: true, patched: true }, ['booting', true]],
  ['down', { restarted: true, running: true, patched: false }, ['booting', false]],
  ['down', { restarted: true, running: true, patched: null }, ['booting', false]],
  ['down', { restarted: false, running: true, patched: true }, ['booting', true]],
  ['down', { restarted: false, running: true, patched: false }, ['booting', false]],
  ['down', { restarted: true, running: false, patched: true }, ['booting', true]],
  ['down', { restarted: true, running: false, patched: false }, ['down', false]],
  ['down', { restarted: true, running: false, patched: null }, ['down', false]],
  ['patched', { restarted: true, running: true, patched: true }, ['booting', true]],
  ['patched', { restarted: false, running: true, patched: true }, ['booting', true]],
  ['patched', { restarted: true, running: false, patched: true }, ['booting', true]],
  ['patched', { restarted: true, running: false, patched: null }, ['booting', true]],
];
for (const [stage, found, comesTo] of ADOPTED) {
  test(`a server that is ${stage}, adopted with ${JSON.stringify(found)}, is ${comesTo.join(', ')}`, () => {
    const story = stage === 'down' ? bothDown() : PATCHED();
    const own = adopt(story.hold(byHand(found))).run.work?.servers[0];
    assert.deepEqual([own?.stage, own?.patched, own?.asFound?.bootTime], [...comesTo, REBOOTED]);
    assert.deepEqual([story.run.held, story.run.seen, story.run.seenServers], [null, null, []]);
    assert.ok(story.run.downByUs.includes(fe1), 'until it is seen to accept connections');
  });
}
test('one restart is noticed once', () => {
  const again = { answer: { ...STOPPED, bootTime: REBOOTED }, patchLevel: OLD };
  const story = asFound(adopt(follow(asFound(bothDown()).lookAt(fe1, again))));
  assert.equal(next(story.lookAt(fe1, again)), 'wait');
  const twice = { ...again, answer: { ...again.answer, bootTime: REBOOTED + minutes(9) } };
  assert.equal(next(story.lookAt(fe1, twice)), 'held: changed-by-hand');
});
test('an adopted server that runs is verified at once, while people patch the other', () => {
  const story = adopt(asFound(bothDown()).hold(byHand()));
  assert.equal(next(story), 'look at fe1: connections');
  assert.equal(next(story.lookAt(fe1, { answer: { ...UP, rtcsrv: 'StartPending' } })), 'look at fe2: patch');
  assert.deepEqual(moveOf(asFound(story)), {
    kind: 'wait',
    until: story.now + minutes(1),
    because: 'the servers to accept connections',
  });
  assert.equal(next(story.lookAt(fe1, ACCEPTS)), 'server-back');
  assert.equal(next(asFound(follow(story))), 'wait');
  assert.deepEqual([story.run.upgraded, story.run.downByUs, story.run.settling], [[fe1], [fe2], null]);
});
test('the patch command goes on with the other, although an adopted server runs', () => {
  const story = asFound(adopt(bothDown(BY_COMMAND).hold(byHand())));
  assert.equal(next(story), 'patch fe2');
});
test('a domain whose server was adopted unpatched settles, and that server is asked for again in its turn', () => {
  const story = adopt(bothDown().hold(byHand({ patched: false })));
  story.patched(fe2).lookAt(fe2, { answer: STOPPED });
  restarted(story, fe2).back(fe1).back(fe2).say({ kind: 'settled', upgradeDomain: '1' });
  assert.equal(next(story.look()), 'ask for fe1');
});
test('somebody may say first that it is patched, where its version cannot be told', () => {
  for (const asked of [{}, BY_COMMAND]) {
    const story = bothDown(asked).hold(byHand({ patched: null }));
    assert.ok(waitsForPatched(story.run, fe1));
    assert.equal(waitsForPatched(story.run, fe2), asked !== BY_COMMAND);
    const own = adopt(story.patched(fe1)).run.work?.servers[0];
    assert.deepEqual([own?.stage, own?.patched], ['booting', true]);
  }
});
test('retry without undoing it comes to the same hold', () => {
  const story = asFound(bothDown()).hold(byHand()).say({ kind: 'retried', by: dana, immediate: false });
  assert.equal(next(asFound(story)), 'look at fe1: patch');
  assert.equal(next(story.lookAt(fe1, { answer: UP, patchLevel: OLD })), 'held: changed-by-hand');
});

const hook = { action: 'hook', server: fe1, hook: 'before' } as const;
/** Why a run is held, and whether there is anything to adopt about it. */
const ADOPTABLE: readonly (readonly [HoldReason, boolean])[] = [
  [byHand(), true],
  [{ kind: 'hook-failed', server: fe1, hook: 'before', because: 'ended with 1' }, true],
  [{ kind: 'step-unclear', step: hook, because: 'the hook still runs' }, true],
  [{ kind: 'step-refused', step: hook, because: 'it still runs' }, true],
  [{ kind: 'step-unclear', step: stop(), because: 'the server does not answer' }, false],
  [{ kind: 'step-refused', step: { action: 'patch', server: fe1, levelBefore: null }, because: 'it still runs' }, false],
  [{ kind: 'patch-failed', server: fe1, exitCode: 1603 }, false],
  [{ kind: 'our-servers-are-down' }, false],
  [{ kind: 'stuck', servers: [fe1], because: 'it does not answer', service: 'all users have service' }, false],
];
for (const [reason, expected] of ADOPTABLE) {
  const what = 'step' in reason ? `${reason.kind} of ${reason.step.action}` : reason.kind;
  test(`held for ${what}, fe1 ${expected ? 'can' : 'cannot'} be adopted, and no other server ever can`, () => {
    const held = () => fe1Down().hold(reason);
    assert.equal(adoptable(held().run), expected ? fe1 : null);
    assert.throws(() => adopt(held(), fe2).run, /"adopted" fe2\.contoso\.com cannot follow/);
    if (!expected) assert.throws(() => adopt(held()).run, /cannot follow/);
  });
}
test('nothing can be adopted where nothing is held, and after the end', () => {
  assert.equal(adoptable(fe1Down().run), null);
  assert.equal(adoptable(fe1Down().hold(byHand()).say({ kind: 'retried', by: dana, immediate: false }).run), null);
  assert.equal(adoptable(fe1Down().hold(byHand()).say({ kind: 'aborted', by: dana, how: 'bring-back' }).run), null);
  const over = fe1Down()
    .hold(byHand())
    .say({ kind: 'ended', ending: { how: 'aborted', left: [] } });
  assert.equal(adoptable(over.run), null);
});
