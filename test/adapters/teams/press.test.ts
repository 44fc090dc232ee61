import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PoolReader } from '../../../src/ports.ts';
import { APPROVE, answering, asked, DENY, type InTeams, REQUEST, until } from './in-teams.ts';
import { DANA, KIM, OMAR, OPS } from './in-teams-people.ts';
import { executed, MESSAGE, submitted, typeOf } from './in-teams-presses.ts';

const FIRST_STOP = ['Stop-CsWindowsService fe1.sim.example'];

/** What was made in the conversations, and not only changed. */
const posts = (it: InTeams): number => it.teams.calls.filter(({ kind }) => kind === 'reply' || kind === 'post').length;

test('an approver presses Approve: they alone are told, the card is edited in place, and the walk begins', async (t) => {
  const it = await asked(t);
  const before = (await it.textAt(REQUEST)).split('\nYour time')[0]?.replace('🔔 ', '');
  const [posted, standing] = [posts(it), it.said(OPS).length];
  const answer = await it.approve(OMAR);
  assert.deepEqual([answer.status, answer.trouble, typeOf(answer)], [200, null, MESSAGE]);
  assert.match(it.told(OMAR), /UX7K approved by omar; looking at the pool once more/);
  assert.ok((await it.textAt(REQUEST)).startsWith(`${before}\napproved by omar at 22:00\nAPPROVED at 22:00`));
  const { card, edits } = await it.messageAt(REQUEST);
  assert.doesNotMatch(JSON.stringify(card), /Action\./);
  assert.ok(edits > 0);
  assert.deepEqual([posts(it), it.said(OPS).length], [posted, standing], 'nothing was posted');
  assert.deepEqual(it.effects, FIRST_STOP);
});

test('a phone presses the same, and its person is told in the thread of the card', async (t) => {
  const it = await asked(t);
  const answer = await it.approve(OMAR, { phone: true });
  assert.deepEqual([answer.status, answer.body], [200, null]);
  assert.deepEqual(it.effects, FIRST_STOP);
  const { messages } = it.teams.state.conversation(OPS);
  const told = messages.filter(({ text }) => text.includes('UX7K approved by omar'));
  assert.equal(told.length, 1);
  assert.equal(told[0]?.root, (await it.messageAt(REQUEST)).root);
  assert.doesNotMatch(JSON.stringify((await it.messageAt(REQUEST)).card), /Action\./);
});

for (const phone of [false, true])
  test(`the same press delivered again, and at once, is one approval${phone ? ' (phone)' : ''}`, async (t) => {
    const it = await asked(t);
    const data = { verb: 'press', card: REQUEST, button: 'approve' };
    const press = await (phone ? submitted(it, OMAR, data) : executed(it, OMAR, data));
    const answers = await Promise.all([press, press, press].map((each) => it.bring(it.teams.says.again(each))));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    const written = await it.written();
    await it.bring(press);
    assert.equal(await it.written(), written);
    const approvals = (await it.store.read(1)).filter(({ kind }) => /approved|vote/u.test(kind));
    assert.equal(approvals.length, 1, JSON.stringify(approvals));
    assert.deepEqual(it.effects, FIRST_STOP);
  });

test('a press that is delivered again after the world has moved on does not do again what it did', async (t) => {
  const it = await asked(t);
  await it.say(DANA, 'pause pool01');
  const data = { card: 'run-1', button: 'resume-pool01' };
  const press = it.teams.says.execute(OMAR, await it.at('run-1'), { type: 'Action.Execute', verb: 'press' }, data);
  await it.bring(press);
  assert.equal((await it.run())?.paused, null);
  await it.say(DANA, 'pause pool01');
  await it.bring(it.teams.says.again(press));
  assert.equal((await it.run())?.paused?.by, 'dana');
});

test('a second press of one’s own, and a press after somebody else’s, change nothing and say what stands', async (t) => {
  const it = await asked(t);
  const press = () => executed(it, OMAR, { card: REQUEST, button: 'approve' });
  const stale = await executed(it, KIM, { card: REQUEST, button: 'approve' });
  await it.bring(await press());
  const written = await it.written();
  await it.bring(await press());
  assert.match(
    it.told(OMAR),
    /no longer open: .*approved .*at 22:00; it has been approved at 22:00 by omar. Nothing was changed/,
  );
  await it.bring(stale);
  assert.match(it.told(KIM), /Nothing was changed|you do not have it/);
  assert.equal(await it.written(), written);
});

/** A pool whose readiness is not told until a test says so. */
function slowPool() {
  const released = Promise.withResolvers<void>();
  let slow = false;
  return {
    begin: () => {
      slow = true;
    },
    release: () => released.resolve(),
    reader: (pools: PoolReader) =>
      answering(pools, {
        readiness: async (...question) => {
          if (slow) await released.promise;
          return pools.readiness(...question);
        },
      }),
  };
}

/** Patience that ends for what a press waits, and for nothing else, once a test says so. */
function pressPatience() {
  const over = Promise.withResolvers<void>();
  return {
    over: () => over.resolve(),
    patience: (milliseconds: number): Promise<void> =>
      milliseconds > 2_500 && milliseconds < 5_000 ? over.promise : new Promise(() => {}),
  };
}

test('a press that takes longer than Teams waits is told that it is worked on, and the answer comes in the thread', async (t) => {
  const clock = pressPatience();
  const look = Promise.withResolvers<void>();
  let slow = false;
  const it = await asked(t, {
    patience: clock.patience,
    store: (store) => ({
      ...store,
      append: async (...event) => {
        if (slow) await look.promise;
        return store.append(...event);
      },
    }),
  });
  slow = true;
  const pressing = it.teams.press(it.url, { person: OMAR, messageId: await it.at(REQUEST), path: APPROVE });
  clock.over();
  const answer = await pressing;
  assert.deepEqual([answer.status, answer.trouble, typeOf(answer)], [200, null, MESSAGE]);
  assert.match(it.told(OMAR), /^Working on it/);
  assert.deepEqual(it.effects, []);
  look.resolve();
  await it.chat?.settled();
  const told = it.teams.state.conversation(OPS).messages.filter(({ text }) => text.includes('UX7K approved by omar'));
  assert.equal(told.length, 1);
  assert.equal(told[0]?.root, (await it.messageAt(REQUEST)).root);
  assert.deepEqual(it.effects, FIRST_STOP);
});

test('a press is answered while the pool is still being looked at', async (t) => {
  const pool = slowPool();
  const it = await asked(t, { reader: pool.reader });
  pool.begin();
  const answer = await it.teams.press(it.url, { person: OMAR, messageId: await it.at(REQUEST), path: APPROVE });
  assert.equal(answer.trouble, null);
  assert.match(it.told(OMAR), /UX7K approved by omar; looking at the pool once more/);
  assert.deepEqual(it.effects, []);
  pool.release();
  await it.chat?.settled();
  assert.deepEqual(it.effects, FIRST_STOP);
});

for (const phone of [false, true])
  test(`Deny takes its reason from the field, and tells everybody${phone ? ' (phone)' : ''}`, async (t) => {
    const it = await asked(t);
    await it.deny(OMAR, 'the backup pool\nis not steady & @here', { phone });
    const words = phone ? it.said(OPS).at(-1) : it.told(OMAR);
    assert.match(words ?? '', /denied by omar: the backup pool is not steady/);
    assert.match(await it.textAt(REQUEST), /DENIED by omar at 22:00: the backup pool is not steady & @here/);
    assert.deepEqual(it.effects, []);
  });

test('Deny without a reason is refused by the client, and by the bot where a client is less careful', async (t) => {
  const it = await asked(t);
  const written = await it.written();
  await assert.rejects(it.deny(OMAR, '   '), /A reason is needed/);
  for (const words of [{}, { [`words/${REQUEST}/deny`]: ' \n ' }, { [`words/${REQUEST}/approve`]: 'not this field' }]) {
    await it.bring(await executed(it, OMAR, { card: REQUEST, button: 'deny', ...words }));
    assert.match(it.told(OMAR), /A reason is needed.*Nothing was changed/);
    await it.bring(await submitted(it, OMAR, { verb: 'press', card: REQUEST, button: 'deny', ...words }));
    assert.match(it.said(OPS).at(-1) ?? '', /A reason is needed.*Nothing was changed/);
  }
  assert.equal(await it.written(), written);
});

test('a reason of 200 characters is taken whole, and a longer one is refused and not cut', async (t) => {
  const it = await asked(t);
  const written = await it.written();
  const long = { card: REQUEST, button: 'deny', [`words/${REQUEST}/deny`]: 'x'.repeat(900) };
  await it.bring(await executed(it, OMAR, long));
  assert.equal(await it.written(), written);
  assert.ok(it.told(OMAR) !== '');
  const reason = 'because '.repeat(25);
  assert.equal(reason.length, 200);
  await it.deny(OMAR, reason);
  assert.ok((await it.textAt(REQUEST)).includes(`DENIED by omar at 22:00: ${reason.trim()}`));
});

test('markup in a reason is shown as it was typed, and calls nobody', async (t) => {
  const it = await asked(t);
  await it.deny(OMAR, '**no** [x](http://x.example) <at>dana</at> &lt;at&gt; 2*3*4 ~~gone~~ {{TIME(2026-01-01T00:00:00Z)}} \\');
  const [denied] = (await it.store.read(1)).filter(({ kind }) => kind === 'denied');
  const reason = String(Object(denied).because);
  assert.match(reason, /x.*dana.*&lt;at&gt;.*gone.*\{\{TIME\(2026-01-01T00:00:00Z\)\}\} \\$/);
  assert.ok((await it.textAt(REQUEST)).includes(`DENIED by omar at 22:00: ${reason}`), await it.textAt(REQUEST));
  assert.ok(it.told(OMAR).includes(reason));
  assert.doesNotMatch(JSON.stringify((await it.messageAt(REQUEST)).card), /<at>dana/);
});

test('a press is answered where it was made when its note could not be: alone with one person the answer is a card', async (t) => {
  const it = await asked(t);
  await it.say(OMAR, 'home');
  const home = it.teams.state.personal(OMAR);
  const page = home.messages.at(-1)?.id ?? '';
  await it.settledAfter(it.teams.press(it.url, { person: OMAR, messageId: page, path: DENY, inputs: fieldOf('not tonight') }));
  assert.match(it.told(OMAR), /denied by omar: not tonight/);
  assert.match(it.saidTo(OMAR).at(-1) ?? '', /denied by omar: not tonight/);
  assert.match(await it.textAt(REQUEST), /DENIED by omar/);
});

const fieldOf = (reason: string) => ({ [`words/${REQUEST}/deny`]: reason });

test('a page of one’s own that is up to date has no button that is used up', async (t) => {
  const it = await asked(t);
  await it.say(OMAR, 'home');
  await it.approve(OMAR);
  const home = it.teams.state.personal(OMAR);
  await until(() => (home.messages.at(-1)?.edits ?? 0) > 0);
  assert.doesNotMatch(JSON.stringify(home.messages.at(-1)?.card), /Deny/);
});
