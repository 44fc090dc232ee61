import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hours, minutes } from '../../src/domain/time.ts';
import { isHeldBack } from '../../src/domain/watch-telling.ts';
import { plain } from '../../src/messages/spans.ts';
import { dana, POOL02, server } from '../support.ts';
import { condition, examinedAs, Nights, read, UNREAD, without } from './watch-looks.ts';

const DAY = hours(24);
const titles = ({ posts }: Nights): readonly string[] => posts.map(plain);
/** Rare looks, one a day, that all find the same. */
const days = (nights: Nights, count: number, found: Parameters<Nights['examine']>[0], more = {}): Nights => {
  for (let day = 0; day < count; day += 1) nights.pass(DAY).examine(found, more);
  return nights;
};

test('a certificate is told 30 days before its end, once more at 7, and as an alarm once it has ended', () => {
  const nights = days(new Nights(), 15, examinedAs({ fe3: condition(45) }));
  assert.deepEqual(titles(nights), []);
  days(nights, 1, examinedAs({ fe3: condition(45) }));
  assert.deepEqual(titles(nights), ['pool01: certificate of fe3 ends within 30 days, on 1970-02-15']);
  days(nights, 22, examinedAs({ fe3: condition(45) }));
  assert.equal(nights.posts.length, 1);
  days(nights, 1, examinedAs({ fe3: condition(45) }));
  assert.deepEqual(titles(nights).slice(1), ['pool01: certificate of fe3 ends within 7 days, on 1970-02-15 (00:00)']);
  days(nights, 6, examinedAs({ fe3: condition(45) }), { quiet: true });
  assert.deepEqual(titles(nights).slice(2), ['pool01: certificate of fe3 has ended, on 1970-02-15 (00:00)']);
  assert.match(nights.notes, /!! certificate of fe3 has ended, on 1970-02-15\nUsed as Default\. Renew it/);
});

test('a renewed certificate is seen to at the next rare look, and that is told once', () => {
  const nights = days(new Nights(), 1, examinedAs({ fe3: condition(20) }));
  days(nights, 5, examinedAs());
  assert.deepEqual(titles(nights).slice(1), ['pool01: seen to since 00:00']);
  assert.match(nights.notes, /ok certificate of fe3 ends within 30 days, on 1970-01-21: seen to at/);
});

test('the certificates of all servers that end on one day are one line', () => {
  const all = examinedAs(Object.fromEntries([1, 2, 3, 4, 5, 6].map((each) => [`fe${each}`, condition(20)])));
  const nights = days(new Nights(), 3, all);
  assert.deepEqual(titles(nights), ['pool01: certificate of fe1, fe2, fe3, fe4, fe5, fe6 ends within 30 days, on 1970-01-21']);
});

test('patch levels that differ are told, and that they are alike again', () => {
  const behind = examinedAs({ fe5: condition(9999, { patchLevel: read('6.0.9319.510') }) });
  const nights = days(new Nights(), 3, behind);
  assert.deepEqual(titles(nights), ['pool01: patch levels differ: fe5 from fe1, fe2, fe3, fe4, fe6']);
  assert.match(nights.notes, /fe5: 6\.0\.9319\.510\nBring those that are behind/);
  days(nights, 2, examinedAs());
  assert.deepEqual(titles(nights).slice(1), ['pool01: seen to since 00:00']);
});

test('of levels that differ the components are shown that make the difference', () => {
  const levels = (core: string) => read(`Application Host 6.0.9319.0; Core Components ${core}; Web Components Server 6.0.9319.0`);
  const found = Object.fromEntries(
    [1, 2, 3, 4, 5].map((each) => [`fe${each}`, condition(9999, { patchLevel: levels('6.0.9319.598') })]),
  );
  const behind = condition(9999, { patchLevel: levels('6.0.9319.510') });
  const nights = days(new Nights(), 1, examinedAs({ ...found, fe6: behind }));
  assert.match(nights.notes, /fe5: Core Components 6\.0\.9319\.598\nfe6: Core Components 6\.0\.9319\.510\nBring/);
  const less = condition(9999, { patchLevel: read('Application Host 6.0.9319.0; Web Components Server 6.0.9319.0') });
  const lacking = days(new Nights(), 1, examinedAs({ ...found, fe6: less }));
  assert.match(lacking.notes, /fe5: Core Components 6\.0\.9319\.598\nfe6: lacks components that the others have\n/);
});

test('levels that differ because a run of ours was left in the middle are not told, and neither gone', () => {
  const behind = examinedAs({ fe5: condition(9999, { patchLevel: read('6.0.9319.510') }) });
  assert.deepEqual(days(new Nights(), 9, behind, { mixedByUs: true }).posts, []);
  const nights = days(new Nights(), 1, behind);
  days(nights, 3, examinedAs(), { mixedByUs: true });
  assert.equal(nights.posts.length, 1);
});

test('a level that was not read this time is compared with nobody, and ends nothing', () => {
  const old = condition(9999, { patchLevel: read('6.0.9319.510') });
  const newer = condition(9999, { patchLevel: read('6.0.9319.598') });
  const all = (level: typeof old) => Object.fromEntries([1, 2, 3, 4, 5, 6].map((each) => [`fe${each}`, level]));
  const nights = days(new Nights(), 1, examinedAs(all(old)));
  days(nights, 1, examinedAs({ ...all(newer), fe5: UNREAD }));
  assert.deepEqual(titles(nights), []);
  days(nights, 1, examinedAs({ ...all(newer), fe5: old }));
  days(nights, 1, examinedAs({ ...all(newer), fe5: UNREAD }));
  assert.deepEqual(titles(nights), ['pool01: patch levels differ: fe5 from fe1, fe2, fe3, fe4, fe6']);
});

test('a product that cannot tell its patch level has none that differs', () => {
  const blind = examinedAs(
    Object.fromEntries([1, 2, 3].map((each) => [`fe${each}`, condition(9999, { patchLevel: read(null) })])),
  );
  assert.deepEqual(days(new Nights(), 9, blind).posts, []);
});

test('what a rare look could not read is neither there nor gone, and after three days that is told once', () => {
  const nights = days(new Nights(), 1, examinedAs({ fe3: condition(20) }));
  const silent = examinedAs({ fe3: UNREAD });
  days(nights, 2, silent);
  assert.equal(nights.posts.length, 1);
  assert.match(nights.notes, /\? certificate of fe3 ends within 30 days/);
  days(nights, 5, silent);
  assert.deepEqual(titles(nights).slice(1), [
    'pool01: certificates of fe3: not read for 3 days (00:00)',
    'pool01: patch level of fe3: not read for 3 days (00:00)',
  ]);
  assert.match(nights.notes, /That is not the same as fine: access is denied/);
});

test('an end that is not understood is not read, and no certificate at all is not fine', () => {
  const odd = condition(9999, { certificates: read([{ use: 'Default', ends: null }]) });
  const none = condition(9999, { certificates: read([]) });
  const nights = days(new Nights(), 5, examinedAs({ fe1: odd, fe2: none }));
  assert.deepEqual(titles(nights), ['pool01: certificates of fe1, fe2: not read for 3 days']);
});

test('a server that is told as down is not told as unread too', () => {
  const nights = new Nights().see(without('fe3'), 2);
  days(nights, 6, examinedAs({ fe3: UNREAD }));
  assert.deepEqual(titles(nights), ['pool01: fe3: RTCSRV is not Running']);
});

test('a note stands beside what is wrong with the pool, and neither hides the other', () => {
  const nights = days(new Nights(), 1, examinedAs({ fe3: condition(20) }))
    .see(without('fe4'), 2)
    .see(without(), 2);
  assert.deepEqual(titles(nights), [
    'pool01: certificate of fe3 ends within 30 days, on 1970-01-21',
    'pool01: fe4: RTCSRV is not Running',
    'pool01: back to normal since 00:30',
  ]);
});

test('a second note is a post of its own, for the card may be weeks old', () => {
  const nights = days(new Nights(), 1, examinedAs({ fe3: condition(20) }));
  days(nights, 2, examinedAs({ fe3: condition(20), fe5: condition(25) }));
  assert.deepEqual(titles(nights).slice(1), ['pool01: certificate of fe5 ends within 30 days, on 1970-01-26 (00:00)']);
});

test('in quiet hours and while the pool is muted a note waits, and comes once', () => {
  const found = examinedAs({ fe3: condition(20) });
  const nights = days(new Nights(), 2, found, { quiet: true });
  assert.deepEqual(titles(nights), []);
  nights.decide((watched) => watched);
  assert.equal(nights.posts.length, 1);
  const mute = { by: dana, at: 0, until: DAY * 3 + minutes(1), because: null };
  const muted = days(
    new Nights().decide((watched) => ({ ...watched, mute })),
    3,
    found,
  );
  assert.deepEqual(titles(muted), []);
  days(muted, 1, found);
  assert.equal(muted.posts.length, 2, 'the note, and that the mute ran out');
});

test('a second note in quiet hours comes when they end', () => {
  const nights = days(new Nights(), 1, examinedAs({ fe3: condition(20) }));
  days(nights, 2, examinedAs({ fe3: condition(20), fe5: condition(25) }), { quiet: true });
  assert.equal(nights.posts.length, 1);
  assert.equal(isHeldBack(nights.watched), true);
  nights.decide((watched) => watched);
  assert.equal(nights.posts.length, 2);
  assert.equal(isHeldBack(nights.watched), false);
});

const paired = (...down: readonly string[]) => ({ ...without(...down), backupPool: POOL02 });
const alone = (...down: readonly string[]) => ({ ...without(...down), backupPool: null });
const FOUR = ['fe3', 'fe4', 'fe5', 'fe6'] as const;

test('a pool that is paired while two servers run is told that three have to, until three have', () => {
  const nights = new Nights().see(alone(...FOUR), 3).see(paired(...FOUR), 3);
  assert.match(titles(nights).join('\n'), /pool01: paired with pool02, and 3 servers have not run together since/);
  assert.match(nights.notes, /2 run now\. Have 3 run at the same time once/);
  nights.see({ ...paired('fe4'), services: null }, 3);
  assert.match(nights.notes, /\? paired with pool02/);
  nights.see(paired('fe4', 'fe5', 'fe6'), 1);
  assert.match(titles(nights).at(-1) ?? '', /^pool01: seen to since/);
  nights.see(paired(...FOUR), 5);
  assert.equal(titles(nights).filter((title) => title.includes('paired with')).length, 1);
});

test('a pairing that was there at the first look, or came about while three ran, wants nothing', () => {
  assert.equal(new Nights().see(paired(...FOUR), 5).notes, '');
  assert.equal(
    new Nights()
      .see(alone())
      .see(paired())
      .see(paired(...FOUR), 5).notes,
    '',
  );
  const unread = { ...without(...FOUR), backupPool: 'unread' } as const;
  assert.equal(new Nights().see(unread).see(paired(...FOUR), 5).notes, '', 'nobody knows that it was not there');
  assert.equal(
    new Nights()
      .see(paired())
      .see(unread)
      .see(paired(...FOUR), 5).notes,
    '',
    'it may be the same one',
  );
});

test('a pairing that is undone wants nothing any more', () => {
  const nights = new Nights()
    .see(alone(...FOUR), 2)
    .see(paired(...FOUR), 2)
    .see(alone(...FOUR), 2);
  assert.match(titles(nights).at(-1) ?? '', /^pool01: seen to since/);
});

test('what the release before had written down goes on as it was, and nothing of it is told again', () => {
  const down = { kind: 'server-down', server: server(3) } as const;
  const days = { kind: 'down-for-days', server: server(3), since: 0 } as const;
  const sighted = { since: 0, looks: 500, counts: true, goneSince: null };
  const entry = { since: 0, until: null, told: true };
  const nights = new Nights();
  nights.watched = {
    lookedAt: DAY * 4,
    blanks: 0,
    seen: [down, days].map((finding) => ({ ...sighted, finding })),
    episode: {
      number: 7,
      entries: [down, days].map((finding) => ({ ...entry, finding })),
      shown: true,
      head: null,
      alarms: [],
      over: null,
      overTold: 'no',
    },
    mute: null,
    ranOut: null,
  };
  nights.decide((watched) => watched);
  const before = nights.posts.length;
  assert.match(nights.card, /Advice: if fe3 will not be replaced soon[^\n]*\nAfter each publishing/);
  nights
    .pass(DAY * 4)
    .see(without('fe3'), 2)
    .examine(examinedAs())
    .see(without('fe3'), 2);
  assert.equal(nights.posts.length, before);
  nights.see(without(), 2).examine(examinedAs({ fe1: condition(20) }));
  assert.deepEqual(titles(nights).slice(before), [
    'pool01: back to normal since 00:50',
    'pool01: certificate of fe1 ends within 30 days, on 1970-01-21',
  ]);
});

test('where fewer than three run, the card says what not to begin', () => {
  const nights = new Nights().see(without('fe3', 'fe4', 'fe5'), 2);
  assert.doesNotMatch(nights.card, /move no users/);
  nights.see(without(...FOUR), 2);
  assert.equal(nights.card.match(/Until 3 servers run: move no users here for the first time/g)?.length, 1);
});
