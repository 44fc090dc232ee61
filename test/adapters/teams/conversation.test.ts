import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PoolReader } from '../../../src/ports.ts';
import { answering, asked, type InTeams, inTeams, REQUEST, until } from './in-teams.ts';
import { DANA, KIM, NIGHT, OMAR, OPS } from './in-teams-people.ts';

/** A pool that answers nothing at all. */
const hanging = (pools: PoolReader): PoolReader => {
  const hangs: () => Promise<never> = () => new Promise(() => {});
  return answering(pools, { computers: hangs, readiness: hangs, fabric: hangs });
};

for (const [how, way] of [
  ['a mention', (it: InTeams, text: string) => it.teams.says.mention(DANA, OPS, text)],
  ['a line in their own chat', (it: InTeams, text: string) => it.teams.says.personal(DANA, text)],
] as const)
  test(`an order typed as ${how} is in the journal before Teams is told that it arrived, while the pool hangs`, async (t) => {
    const it = await inTeams(t, { reader: hanging });
    assert.equal((await it.deliver(way(it, 'upgrade pool01'))).status, 200);
    assert.equal(await it.written(), 1);
    assert.equal((await it.deliver(way(it, 'pause pool01'))).status, 200);
    assert.equal((await it.run())?.paused?.by, 'dana');
  });

test('a question is acknowledged while the pool hangs', async (t) => {
  const it = await inTeams(t, { reader: hanging });
  assert.equal((await it.deliver(it.teams.says.mention(KIM, OPS, 'fabric pool01'))).status, 200);
  assert.deepEqual(it.said(OPS), []);
});

test('who waits for a slow pool is told that it is being worked on, and gets the answer after that', async (t) => {
  const released = Promise.withResolvers<void>();
  const it = await inTeams(t, {
    patience: (milliseconds) => (milliseconds === 2_500 ? Promise.resolve() : new Promise(() => {})),
    reader: (pools) =>
      answering(pools, {
        fabric: async (...question) => {
          await released.promise;
          return pools.fabric(...question);
        },
      }),
  });
  assert.equal((await it.deliver(it.teams.says.personal(KIM, 'fabric pool01'))).status, 200);
  await until(() => it.saidTo(KIM).length > 0);
  assert.match(it.saidTo(KIM).join(), /^Working on fabric pool01: the pool takes its time/);
  released.resolve();
  await it.chat?.settled();
  assert.match(it.saidTo(KIM)[1] ?? '', /^Fabric of pool01/);
});

test('a mention is answered in its own thread, also inside one, and a line in a chat of two in that chat', async (t) => {
  const it = await inTeams(t);
  await it.mention(KIM, 'status pool01');
  const { messages } = it.teams.state.conversation(OPS);
  const [question, answer] = messages;
  assert.deepEqual([answer?.by, answer?.root], [null, question?.id]);
  await it.mention(OMAR, 'pools', OPS, question?.id);
  assert.equal(messages.at(-1)?.by, null);
  assert.equal(messages.at(-1)?.root, question?.id);
  await it.mention(KIM, 'pools', NIGHT);
  assert.match(it.said(NIGHT)[0] ?? '', /^1 pool/);
  await it.say(KIM, 'pools');
  assert.match(it.saidTo(KIM)[0] ?? '', /^1 pool/);
  assert.deepEqual(it.saidTo(OMAR), []);
});

test('nothing typed is a question for help, and so is a message that has no text at all', async (t) => {
  const it = await inTeams(t);
  await it.mention(KIM, ' ');
  assert.match(it.said(OPS)[0] ?? '', /^Commands \(simulated\)\nhelp/);
  const said = it.teams.says.personal(KIM, '');
  for (const [index, changes] of [
    { text: undefined },
    { text: undefined, value: null },
    { text: null },
    { text: '' },
  ].entries()) {
    await it.bring({ ...said, ...changes, id: `without-text-${index}` });
    assert.match(it.saidTo(KIM)[index] ?? '', /^Commands/, JSON.stringify(changes));
  }
});

test('what Teams leaves empty, and says so with null, is heard all the same', async (t) => {
  const it = await inTeams(t);
  const said = it.teams.says.mention(KIM, OPS, 'pools');
  await it.bring({ ...said, entities: null, replyToId: null, text: 'pools' });
  assert.match(it.said(OPS).at(-1) ?? '', /^1 pool/);
  await it.bring({ ...said, id: 'another', channelData: { tenant: null } });
  await it.bring({ ...said, id: 'the third', channelData: null });
  assert.equal(it.said(OPS).length, 3);
});

test('the same line delivered again, one after the other or at once, is one order and one answer to a question', async (t) => {
  const it = await inTeams(t);
  const { says } = it.teams;
  const order = says.mention(DANA, OPS, 'upgrade pool01');
  await Promise.all([it.bring(order), it.bring(says.again(order))]);
  await it.bring(says.again(order));
  assert.equal((await it.store.runsOf((await it.run())?.request.pool ?? ('' as never), 9)).length, 1);
  const pause = says.personal(DANA, 'pause pool01');
  const written = await it.written();
  await Promise.all([it.bring(pause), it.bring(says.again(pause))]);
  await it.bring(says.again(pause));
  assert.equal(await it.written(), written + 1);
  const question = says.personal(KIM, 'pools');
  await Promise.all([it.bring(question), it.bring(says.again(question))]);
  await it.bring(says.again(question));
  assert.equal(it.saidTo(KIM).length, 1);
});

test('an answer is as it was typed: entities are characters, hard spaces are spaces, and the bot may be called anywhere', async (t) => {
  const it = await inTeams(t);
  const mention = { type: 'mention', text: '<at>Lifeguard</at>', mentioned: it.teams.state.bot };
  const called = '<at>Lifeguard</at>';
  const entities = (count: number) => Array.from({ length: count }, () => mention);
  const base = it.teams.says.mention(KIM, OPS, '');
  for (const [index, [text, count]] of (
    [
      [`${called}&nbsp;status pool01`, 1],
      [`${called}\u00a0status\u00a0pool01`, 1],
      [`status pool01 ${called}`, 1],
      [`${called} status ${called} pool01`, 2],
      [`${called}\nstatus pool01\n`, 1],
      [`\n  ${called}   status   pool01`, 1],
      [`${called} status &lt;pool01&gt;`, 1],
    ] as const
  ).entries()) {
    await it.bring({ ...base, id: `typed-${index}`, text, entities: entities(count) });
    assert.match(it.said(OPS)[index] ?? '', /^pool01 is OK/, text);
  }
});

test('who else is mentioned is no part of the command, whatever they call themselves', async (t) => {
  const it = await asked(t);
  const written = await it.written();
  const base = it.teams.says.mention(DANA, OPS, 'abort pool01');
  const named = (name: string) => ({ type: 'mention', text: `<at>${name}</at>`, mentioned: { id: '29:somebody', name } });
  const line = '<at>Lifeguard</at> abort pool01 <at>now</at>';
  await it.bring({ ...base, id: 'named', text: line, entities: [...(base['entities'] as unknown[]), named('now')] });
  assert.equal(await it.written(), written);
  assert.match(it.said(OPS).at(-1) ?? '', /@now/);
});

test('as much text as Teams sends is read, and its person is told what is wrong with it', async (t) => {
  const it = await inTeams(t);
  assert.equal((await it.say(KIM, `status ${'x'.repeat(40_000)}`)).status, 200);
  assert.equal((await it.mention(KIM, `status ${'x'.repeat(40_000)}`)).status, 200);
  for (const answer of [it.saidTo(KIM)[0], it.said(OPS)[0]]) {
    assert.ok((answer ?? '') !== '');
    assert.ok((answer ?? '').length < 2_000);
  }
});

test('what is not typed by the words of a command changes nothing: no word is looked for inside a sentence', async (t) => {
  const it = await asked(t);
  const written = await it.written();
  for (const text of ['please do NOT approve it', 'when do we upgrade pool01?', 'I say abort pool01 now'])
    await it.mention(OMAR, text);
  assert.equal(await it.written(), written);
  assert.deepEqual(it.effects, []);
});

test('the bot is killed while a request is open: the next one knows its card, posts nothing twice, and takes the press', async (t) => {
  const it = await asked(t);
  await it.chat?.stop();
  await it.start();
  await it.chat?.settled();
  assert.equal(it.titles().filter((title) => title.includes('Approve? pool01')).length, 1);
  assert.ok(it.titles().some((title) => title.includes('I was away')));
  await it.approve(OMAR);
  assert.deepEqual(it.effects, ['Stop-CsWindowsService fe1.sim.example']);
  assert.match(await it.textAt(REQUEST), /approved by omar at 22:00\nAPPROVED at 22:00/);
});
