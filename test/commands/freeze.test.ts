import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '../../src/domain/time.ts';
import { aManagedPool, dana, kim, mallory, omar, POOL02, type Story } from '../support.ts';
import { FakeDesk } from './fake-desk.ts';
import { asked, bothDown, draining, fe1Down, held, hookFailed, paused, planned } from './situations.ts';

const FREEZE = { by: omar, at: minutes(130), because: 'storage drill' };
const told = (story: Story | null) => (story === null ? new FakeDesk() : new FakeDesk().tell(story));
/** Everything is frozen, and the run of the story knows. */
const frozen = (story: Story | null) => {
  const desk = told(story?.say({ kind: 'frozen', by: omar, because: FREEZE.because, since: FREEZE.at }) ?? null);
  desk.frozen = FREEZE;
  return desk;
};
const LINE = 'FROZEN by omar 02:10: storage drill; clears by `thaw`';

test('a freeze is kept with its reason word for word, wakes every run, and says what goes on', async () => {
  const desk = new FakeDesk(aManagedPool(), aManagedPool({ fqdn: POOL02, backupPool: null }))
    .tell(draining())
    .tell(planned({ pool: POOL02 }));
  desk.now = minutes(130);
  const said = await desk.say('freeze Back end *is not* well, ask <@U024BE7LH>!', kim);
  const because = 'Back end is not well, ask @U024BE7LH';
  assert.deepEqual(said.turned, [{ by: kim, at: minutes(130), because }]);
  assert.deepEqual([said.wrote, said.wake], [[], [1, 2]]);
  assert.deepEqual(said.reply.lines, [
    'Nothing is started on any pool until somebody types `thaw`; looks and questions go on.',
    'pool01: stopping; fe1 was told to stop already, which goes on',
    'pool02: checking',
  ]);
  assert.equal(said.title, `FROZEN by kim 02:10: ${because}`);
});
test('a thaw wakes every run, and says what it ends', async () => {
  const said = await frozen(fe1Down()).say('thaw', dana);
  assert.deepEqual([said.turned.map(({ by }) => by), said.wake], [[dana], [1]]);
  assert.match(said.all, /^Thawed by dana: .*\nends: FROZEN by omar 02:10: storage drill\npool01: stopping$/);
});
test('frozen already: who, since when and why are said, and the first reason stays', async () => {
  const desk = frozen(null);
  const said = await desk.say('freeze another reason', dana);
  assert.equal(said.title, 'Already FROZEN by omar 02:10: storage drill. Nothing was changed.');
  assert.deepEqual([said.turned, said.wake, desk.frozen], [[], [], FREEZE]);
});
test('nothing to thaw: who thawed last is said, if anybody did', async () => {
  const desk = new FakeDesk();
  assert.equal((await desk.say('thaw', dana)).title, 'Nothing is frozen, and never was. Nothing was changed.');
  await desk.say('freeze x', dana);
  desk.now = minutes(65);
  await desk.say('thaw', kim);
  const again = await desk.say('thaw', dana);
  assert.equal(again.title, 'Nothing is frozen, since kim thawed it at 01:05. Nothing was changed.');
  assert.deepEqual([again.turned, again.wake], [[], []]);
});
test('a freeze that is delivered twice is heard once', async () => {
  const desk = new FakeDesk();
  assert.equal((await desk.say('freeze x', dana, 'the same')).turned.length, 1);
  assert.equal((await desk.say('freeze x', dana, 'the same')).title, 'That was heard already');
});
test('nobody may freeze whom no list names, and who may only look is told who may', async () => {
  const pool = aManagedPool({ rights: { dana: ['operate'], omar: ['approve'], kim: ['view'] } });
  for (const line of ['freeze x', 'thaw']) {
    const refusal = await new FakeDesk(pool).say(line, kim);
    assert.equal(
      refusal.title,
      'Not allowed: that needs the right to operate or approve on some pool, and you have neither; dana, omar may. Nothing was changed.',
    );
    assert.match((await new FakeDesk(pool).say(line, mallory)).title, /no pool lists you/);
  }
});
test('times of what concerns all pools are told in their one zone, and in UTC where they have several', async () => {
  const [berlin, tokyo] = [aManagedPool({ timeZone: 'Europe/Berlin' }), aManagedPool({ fqdn: POOL02, timeZone: 'Asia/Tokyo' })];
  assert.match((await new FakeDesk(berlin).say('freeze x', dana)).title, /^FROZEN by dana 01:00: x$/);
  assert.match((await new FakeDesk(berlin, tokyo).say('freeze x', dana)).title, /^FROZEN by dana 00:00: x$/);
});

test('a yes while frozen changes nothing, and says who froze it and what ends it', async () => {
  for (const line of ['approve', `approve ${asked().gate.code}`]) {
    const said = await frozen(asked()).say(line, kim);
    assert.match(said.title, /^pool01: not approved: FROZEN by omar 02:10: storage drill\. Nothing was changed\.$/);
    assert.match(said.all, /until somebody types `thaw`/);
    assert.deepEqual([said.wrote, said.wake], [[], []]);
  }
});
test('the switch counts as the record has it, whether or not the run has been told', async () => {
  const desk = told(asked());
  desk.frozen = FREEZE;
  assert.deepEqual((await desk.say('approve', kim)).wrote, []);
});
test('who may not approve is told just that, frozen or not', async () => {
  assert.match((await frozen(asked()).say('approve', dana)).title, /you asked for this upgrade/);
});
for (const [line, story, kind] of [
  ['deny not tonight', asked(), 'denied'],
  ['pause', fe1Down(), 'paused'],
  ['resume', paused(), 'resumed'],
  ['retry', held(), 'retried'],
  ['patched fe1', bothDown(), 'patched'],
  ['adopt fe1', hookFailed(), 'adopted'],
  ['abort now', fe1Down(), 'aborted'],
] as const) {
  test(`while frozen ${line} is written, and its answer says that all is frozen`, async () => {
    const said = await frozen(story).say(line, kim);
    assert.deepEqual(
      said.wrote.map((event) => event.kind),
      [kind],
    );
    assert.ok(said.reply.lines.includes(LINE), said.all);
  });
}
test('an abort while frozen is written, and says that nothing is brought back before a thaw', async () => {
  const said = await frozen(fe1Down()).say('abort', kim);
  assert.deepEqual(
    said.wrote.map(({ kind }) => kind),
    ['aborted'],
  );
  assert.equal(said.title, 'pool01: aborting; nothing is brought back up until `thaw`, says kim');
});
test('an upgrade is refused while frozen, also one that would go on', async () => {
  for (const story of [null, planned().hold({ kind: 'topology-changed', because: 'the pool now has fe7' })]) {
    const said = await frozen(story).say('upgrade pool01', dana);
    assert.equal(said.title, 'pool01: upgrade refused: FROZEN by omar 02:10: storage drill. Nothing was changed.');
    assert.deepEqual([said.wrote, said.wake], [[], []]);
  }
});
test('every question about a pool is answered while frozen, and status, why, plan and pools say so first', async () => {
  for (const story of [null, fe1Down()])
    for (const question of ['why pool01', 'plan pool01', 'pools']) {
      const said = await frozen(story).say(question, dana);
      assert.equal(said.reply.lines[0], LINE, question);
    }
  const said = await frozen(null).say('status pool01', dana);
  assert.equal(said.reply.lines[0], '!! FROZEN by omar 02:10 (`thaw`): storage …');
  assert.equal(said.title, 'pool01 is OK');
  for (const question of ['readiness', 'fabric', 'quorum', 'checks', 'history'])
    assert.doesNotMatch((await frozen(fe1Down()).say(`${question} pool01`, dana)).title, /refused|Not allowed/);
});
