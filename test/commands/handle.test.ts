import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { COMMANDS } from '../../src/commands/grammar.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import { aManagedPool, aPool, dana, healthy, kim, named, omar, POOL01, POOL02, type Story, server } from '../support.ts';
import { FakeDesk } from './fake-desk.ts';
import {
  aborting,
  approved,
  asked,
  booting,
  bothDown,
  denied,
  draining,
  fe1Down,
  finished,
  held,
  hookFailed,
  MEANT,
  paused,
  planned,
  settling,
  viewerOpen,
} from './situations.ts';

const told = (story: Story | null) => (story === null ? new FakeDesk() : new FakeDesk().tell(story));
const code = asked().gate.code;

for (const { verb } of COMMANDS) {
  test(`${verb} is answered in a title, and what it writes it says once`, async () => {
    const [line, story] = MEANT[verb];
    const said = await told(story?.() ?? null).say(line, omar);
    assert.match(said.title, /\S/);
    assert.ok(said.wrote.length <= 1);
    assert.equal(said.wake.length + (said.wakeOperations?.length ?? 0), said.wrote.length);
  });
}
test('an order is written with its time and its person, and wakes its run', async () => {
  const desk = told(asked().wait(3));
  const said = await desk.say('approve', omar);
  assert.deepEqual(said.wrote, [{ kind: 'approved', at: minutes(3), code, by: omar }]);
  assert.deepEqual(said.wake, [1]);
});
for (const [line, story, event] of [
  [`deny ${code.toLowerCase()} Not tonight`, asked(), { kind: 'denied', code, because: 'Not tonight' }],
  ['deny not tonight', asked(), { kind: 'denied', code, because: 'not tonight' }],
  ['PATCHED FE1.CONTOSO.COM.', bothDown(), { kind: 'patched', server: server(1) }],
  ['ADOPT FE1', hookFailed(), { kind: 'adopted', server: server(1) }],
  [
    'tick viewers-closed FE1',
    viewerOpen(),
    { kind: 'ticked', check: 'viewers-closed', server: server(1), seen: 'open on fe1: mmc' },
  ],
  ['pause', draining(), { kind: 'paused' }],
  ['retry', held(), { kind: 'retried', immediate: false }],
  [
    'retry immediate',
    draining().hold({ kind: 'drain-overdue', server: server(1), since: 0 }),
    { kind: 'retried', immediate: true },
  ],
  ['abort', settling(), { kind: 'aborted', how: 'bring-back' }],
  ['abort now', fe1Down(), { kind: 'aborted', how: 'leave' }],
  ['abort pool01 now', aborting(), { kind: 'aborted', how: 'leave' }],
] as const) {
  test(`${line}: written as ${JSON.stringify(event)}`, async () => {
    const said = await told(story).say(line, omar);
    assert.deepEqual(said.wrote, [{ ...event, at: story.now, by: omar }], said.all);
  });
}

test('a run that moved on in between is judged again: the second of two votes finds the request closed', async () => {
  const desk = told(asked());
  desk.meanwhile = () => desk.happen({ kind: 'approved', at: 0, code, by: kim });
  const said = await desk.say('approve', omar);
  assert.deepEqual(said.wrote, []);
  assert.match(said.all, /No request for approval is open/);
});
test('a run that moved on in between is judged again: what still holds is written', async () => {
  const desk = told(bothDown());
  desk.meanwhile = () => desk.happen({ kind: 'patched', at: 0, server: server(2), by: kim });
  assert.deepEqual(
    (await desk.say('patched fe1', omar)).wrote.map(({ kind }) => kind),
    ['patched'],
  );
});
test('a line delivered twice is heard once', async () => {
  for (const [line, story] of [
    ['upgrade pool01', null],
    ['pause', fe1Down()],
    ['retry', held()],
  ] as const) {
    const desk = told(story);
    assert.equal((await desk.say(line, omar, 'the same')).wrote.length, 1);
    const again = await desk.say(line, omar, 'the same');
    assert.deepEqual(again.wrote, [], line);
    assert.match(again.title, /\S/);
  }
});
test('a yes counts for a request that was open when it was heard', async () => {
  const story = asked();
  const desk = told(story);
  desk.now = hours(4) - 1;
  assert.equal((await desk.say('approve', omar)).wrote.length, 1);
});

/** Two pools: the first is dana's to ask for, the second omar's. */
const twoPools = () => new FakeDesk(aManagedPool({ aliases: ['berlin'] }), aManagedPool({ fqdn: POOL02, backupPool: POOL01 }));
const onSecond = () => asked({ pool: POOL02, by: omar });

test('two requests are open: a bare yes lists their codes, and a code decides', async () => {
  const desk = twoPools().tell(asked()).tell(onSecond());
  const bare = await desk.say('approve', kim);
  assert.deepEqual(bare.wrote, []);
  assert.equal(
    bare.title,
    `Which one? \`approve ${code}\` (pool01), \`approve ${onSecond().gate.code}\` (pool02). Nothing was changed.`,
  );
  assert.deepEqual((await desk.say(`approve ${onSecond().gate.code}`, kim)).wake, [2]);
});
test('two requests are open and one is my own: a bare yes means the other', async () => {
  const desk = twoPools().tell(asked()).tell(onSecond());
  assert.deepEqual((await desk.say('approve', dana)).wake, [2]);
});
test('a pool that is not named is the one under way; with two under way, or none, it is asked', async () => {
  assert.deepEqual((await twoPools().tell(onSecond()).say('pause', omar)).wake, [1]);
  for (const desk of [twoPools(), twoPools().tell(asked()).tell(onSecond())]) {
    const said = await desk.say('pause', omar);
    assert.deepEqual([said.title, said.wrote], ['Which pool? pool01, pool02.', []]);
  }
});
for (const [word, found] of [
  ['pool01', POOL01],
  ['POOL01', POOL01],
  ['pool01.contoso.com', POOL01],
  ['Pool02.Contoso.COM', POOL02],
  ['berlin', POOL01],
  ['BERLIN', POOL01],
  ['pool', null],
  ['p', null],
  ['po', null],
  ['ber', null],
  ['pool1', null],
  ['pool01.contoso', null],
] as const) {
  test(`upgrade ${word}: ${found ?? 'is asked about, and changes nothing'}`, async () => {
    const said = await twoPools().say(`upgrade ${word}`, dana);
    const [event] = said.wrote;
    assert.equal(event?.kind === 'requested' ? event.request.pool : null, found, said.all);
    if (found === null) assert.match(said.title, /(Which pool|There is no pool).*Nothing was changed\./);
  });
}
test('the beginning of a name is asked about, however long it is and however few pools there are', async () => {
  for (const word of ['po', 'poo', 'pool0']) {
    const said = await new FakeDesk().say(`upgrade ${word}`, dana);
    assert.deepEqual([said.title, said.wrote], ['Which pool: pool01.contoso.com? Nothing was changed.', []]);
  }
});
test('a server that two pools have is asked about by its whole name', async () => {
  const twin = healthy(aPool(3), { computers: [named('fe1.example.org')] });
  const said = await twoPools().tell(bothDown()).see(POOL02, twin).say('patched fe1', dana);
  assert.deepEqual([said.title, said.wrote], ['Which server: fe1.contoso.com, fe1.example.org? Nothing was changed.', []]);
});
test('going on with what is left is said, and so is a declared downtime', async () => {
  const story = settling().say({ kind: 'settled', upgradeDomain: '1' }).say({ kind: 'aborted', by: dana, how: 'bring-back' });
  const said = await told(story.say({ kind: 'ended', ending: { how: 'aborted', left: [] } })).say(
    'upgrade pool01 downtime',
    omar,
  );
  assert.match(said.all, /goes on with what is left: fe1, fe2 already upgraded; `upgrade pool01 all` would start over/);
  assert.match(said.all, /scheduled downtime: stops are immediate/);
  const [event] = said.wrote;
  assert.ok(event?.kind === 'requested' && 'stopMode' in event.request);
  assert.equal(event.request.stopMode, 'immediate');
});
test('`upgrade` on a topology that changed plans again, as `retry` does', async () => {
  const story = planned().hold({ kind: 'topology-changed', because: 'the pool now has fe7' });
  assert.deepEqual(
    (await told(story).say('upgrade pool01', dana)).wrote.map(({ kind }) => kind),
    ['retried'],
  );
});

const anyWord = fc.constantFrom(
  ...Object.values(MEANT).flatMap(([line]) => line.split(' ')),
  'all',
  'downtime',
  'domains',
  '2,3',
  'now',
  'immediate',
  code,
  'fe2',
  'fe9',
  'POOL01.',
  '“pool01”',
);
test('whatever is typed in whatever situation, there is an answer, and at most one event', async () => {
  const situations = [
    null,
    ...[planned, asked, approved, draining, bothDown, booting, settling, paused, held, viewerOpen, finished, denied, aborting],
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyWord, { maxLength: 5 }),
      fc.constantFrom(...situations),
      fc.constantFrom(dana, omar),
      async (words, story, by) => {
        const said = await told(story?.() ?? null).say(words.join(' '), by);
        assert.match(said.title, /\S/);
        assert.ok(said.wrote.length <= 1);
      },
    ),
    { numRuns: 500 },
  );
});
for (const line of ['deny Pool problem: fail over now', 'status pool01 Pool problem: fail over', 'pools Pool problem: now']) {
  test(`nobody can make an answer say the words of the prompt: ${line}`, async () => {
    assert.doesNotMatch((await told(asked()).say(line, omar)).all, /Pool problem:/i);
  });
}
