import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedFrom } from '../../src/domain/carried.ts';
import type { ServerAnswer } from '../../src/domain/sighting.ts';
import { minutes } from '../../src/domain/time.ts';
import { dana, omar, Story, UP, without } from '../support.ts';
import {
  approved,
  asFound,
  BY_COMMAND,
  bothDown,
  domainTwo,
  fe1,
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
  stopped,
} from './by-hand-walk.ts';
import { follow, moveOf, next } from './next-in-words.ts';

/** A server that was taken down, and how it looks later: what is told of it; null is nothing. */
const NOTICED: readonly (readonly [answer: Partial<ServerAnswer> | null, patchLevel: string | null, told: string | null])[] = [
  [{}, OLD, null],
  // What people are asked for is no news.
  [{}, NEW, null],
  [{}, null, null],
  [null, null, null],
  [{ bootTime: UP.bootTime + 59_000 }, OLD, null],
  [{ services: 'StopPending' }, OLD, null],
  [{ bootTime: REBOOTED }, OLD, `it was restarted; its version is still ${OLD}`],
  [{ bootTime: REBOOTED }, NEW, `it was restarted; its version is ${NEW}, and was ${OLD}`],
  [{ bootTime: REBOOTED }, null, 'it was restarted; its version cannot be told'],
  [{ services: 'Running' }, OLD, `its services are Running; its version is still ${OLD}`],
  [{ services: 'StartPending' }, NEW, `its services are StartPending; its version is ${NEW}, and was ${OLD}`],
  [
    { bootTime: REBOOTED, services: 'Running' },
    NEW,
    `it was restarted; its services are Running; its version is ${NEW}, and was ${OLD}`,
  ],
];
/** Where a server is looked at that we have down: what the run does there when nothing is amiss. */
const WATCHED: readonly (readonly [where: string, story: () => Story, otherwise: string])[] = [
  ['while people patch', () => asFound(bothDown()), 'wait'],
  ['before the patch command', () => asFound(bothDown(BY_COMMAND)), 'patch fe1'],
];
for (const [where, story, otherwise] of WATCHED) {
  for (const [answer, patchLevel, told] of NOTICED) {
    if (otherwise === 'patch fe1' && (answer === null || answer.services === 'StopPending')) continue;
    test(`${where}: a server with ${JSON.stringify(answer)} and version ${patchLevel} is ${told ?? 'nothing new'}`, () => {
      const looked = story().lookAt(fe1, { answer: answer === null ? null : { ...STOPPED, ...answer }, patchLevel });
      if (told === null) return assert.equal(next(looked), otherwise);
      const reason = follow(looked).run.held?.reason;
      assert.deepEqual(reason?.kind === 'changed-by-hand' && [reason.server, reason.seen.join('; ')], [fe1, told]);
    });
  }
}
test('a patched server is looked at before its restart: one that somebody restarted is not restarted again', () => {
  const story = PATCHED().lookAt(fe1, { answer: { ...STOPPED, bootTime: REBOOTED }, patchLevel: NEW });
  assert.equal(next(story), 'held: changed-by-hand');
  assert.equal(next(PATCHED().lookAt(fe1, { answer: STOPPED, patchLevel: NEW })), 'restart fe1');
});
test('in an abort nobody is asked to adopt anything: what runs is verified, and what does not is brought up', () => {
  const abort = (story: Story) => story.say({ kind: 'aborted', by: dana, how: 'bring-back' });
  const rebooted = { ...STOPPED, bootTime: REBOOTED };
  assert.equal(next(abort(PATCHED()).lookAt(fe1, { answer: rebooted, patchLevel: NEW })), 'restart fe1');
  assert.equal(next(abort(bothDown()).lookAt(fe1, { answer: rebooted })), 'start fe1');
  assert.equal(next(abort(bothDown()).lookAt(fe1, { answer: UP })), 'step-not-needed');
});
test('a server whose beginning an older journal does not tell has nothing noticed', () => {
  const story = approved().look().start(stop());
  story.say({ kind: 'step-ended', step: stop(), conclusion: 'done' });
  stopped(story, fe2).lookAt(fe2, { answer: STOPPED });
  assert.equal(next(story.lookAt(fe1, { answer: { ...UP, bootTime: REBOOTED }, patchLevel: NEW })), 'wait');
});
test('every server that is down is watched while people patch, once in five minutes', () => {
  const story = bothDown();
  assert.equal(next(story), 'look at fe1: patch');
  assert.equal(next(story.lookAt(fe1, { answer: STOPPED })), 'look at fe2: patch');
  asFound(story.wait(2));
  assert.deepEqual(moveOf(story), { kind: 'wait', until: story.now + minutes(3), because: 'people to patch' });
  assert.equal(next(story.wait(2)), 'wait');
  assert.equal(next(story.wait(1)), 'look at fe1: patch');
  story.lookAt(fe1, { answer: STOPPED }).patched(fe1);
  assert.equal(next(story), 'look at fe1: patch', 'a patched one too');
});
test('the others of a domain are watched before each patch command', () => {
  const story = bothDown(BY_COMMAND).does({ action: 'patch', server: fe1, levelBefore: OLD });
  assert.equal(next(story), 'look at fe1: patch');
  story.lookAt(fe1, { answer: { ...STOPPED, services: 'Running' }, patchLevel: NEW });
  assert.equal(next(asFound(story)), 'held: changed-by-hand');
});
test('paused or frozen, hands are watched as far as nothing is started by it', () => {
  assert.equal(next(bothDown().say({ kind: 'paused', by: dana })), 'await-person');
  const frozen = asFound(bothDown().say({ kind: 'frozen', by: omar, because: 'drill', since: 0 }));
  assert.equal(next(frozen.lookAt(fe1, { answer: UP, patchLevel: OLD })), 'held: changed-by-hand');
});

test('what a server is measured by is how it was at the stop that took it down', () => {
  // The first stop was seen not done; meanwhile somebody restarted and patched the server.
  const story = approved().look().lookAt(fe1, { patchLevel: OLD }).start(stop()).wait(5);
  follow(story.lookAt(fe1)).look();
  const before = { ...UP, bootTime: REBOOTED };
  story.lookAt(fe1, { answer: before, patchLevel: NEW }).does(stop());
  stopped(story, fe2);
  assert.equal(next(asFound(story).lookAt(fe1, { answer: { ...STOPPED, bootTime: REBOOTED }, patchLevel: NEW })), 'wait');
});
test('the end of a drain does not make another beginning', () => {
  const story = approved().look().lookAt(fe1, { patchLevel: OLD }).start(stop()).wait(60);
  const draining = { answer: { ...UP, services: 'StopPending' } } as const;
  follow(story.lookAt(fe1, draining)).say({ kind: 'retried', by: dana, immediate: true });
  story.ask({ kind: 'immediate-stop', servers: [fe1], stopMode: 'immediate' }).approve();
  story
    .look()
    .lookAt(fe1, draining)
    .does({ ...stop(), stopMode: 'immediate' });
  assert.deepEqual(story.run.work?.servers[0]?.asFound, { bootTime: UP.bootTime, level: OLD });
});
test('a server whose services were found stopped is measured by how it was then', () => {
  const story = follow(approved().look().lookAt(fe1, { answer: STOPPED, patchLevel: OLD }));
  assert.deepEqual(story.run.work?.servers[0]?.asFound, { bootTime: UP.bootTime, level: OLD });
});
test('one that an earlier run left down and somebody brought back is measured anew when it is stopped again', () => {
  const left = bothDown().say({ kind: 'aborted', by: dana, how: 'leave' });
  const story = new Story({ carried: carriedFrom(follow(left).run) });
  story.look({ services: without(story.topology, fe2) });
  story.say({ kind: 'planned', topology: story.topology, upgradeDomains: story.topology.upgradeDomains });
  story
    .look({ services: without(story.topology, fe2) })
    .ask({ kind: 'stop-rest', servers: [fe1] })
    .approve();
  story
    .look()
    .lookAt(fe1, { answer: { ...UP, bootTime: REBOOTED }, patchLevel: OLD })
    .does(stop());
  assert.equal(story.run.work?.servers[0]?.asFound?.bootTime, REBOOTED);
});

for (const [patchLevel, answer, expected] of [
  [NEW, UP, 'held: changed-by-hand'],
  [OLD, UP, 'stop fe3'],
  ['6.0.9319.502', UP, 'stop fe3'],
  [null, UP, 'stop fe3'],
  [NEW, null, 'held: step-unclear'],
] as const) {
  test(`a server to be stopped that ${answer === null ? 'is silent' : `shows ${patchLevel}`} comes to: ${expected}`, () => {
    assert.equal(next(domainTwo(oneDone()).lookAt(fe3, { answer, patchLevel })), expected);
  });
}
test('before this run has patched anything, no version is one that it brings', () => {
  assert.equal(next(approved().look().lookAt(fe1, { patchLevel: NEW })), 'stop fe1');
});
test('a restart after which the version is as before teaches no version', () => {
  const story = bothDown();
  for (const each of [fe1, fe2]) story.patched(each);
  assert.equal(restarted(story.lookAt(fe1, { answer: STOPPED, patchLevel: OLD })).run.patchedTo, null);
});
