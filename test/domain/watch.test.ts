import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hours, minutes } from '../../src/domain/time.ts';
import { afterLook, newlyStarting, type Watched, type Whys } from '../../src/domain/watch.ts';
import { whyStarting } from '../../src/domain/watch-why.ts';
import { plain } from '../../src/messages/spans.ts';
import { aPool, dana, group, healthy, readiness, server } from '../support.ts';
import { condition, EVERY, LOOKED_AT, Nights, read, SIX, UNREAD, without } from './watch-looks.ts';

const WELL = without();
const titles = ({ posts }: Nights): readonly string[] => posts.map(plain);
const starting = healthy(SIX, {
  services: SIX.servers.map((each) => ({ server: each, rtcsrv: each === server(3) ? 'StartPending' : 'Running' })),
});

test('nothing is posted while all is well', () => {
  assert.deepEqual(new Nights().see(WELL, 500).posts, []);
});

test('a dead server is told after two looks in a row, and once that all is well again', () => {
  const nights = new Nights().see(WELL).see(without('fe3'));
  assert.deepEqual(titles(nights), []);
  nights.see(without('fe3'), 30);
  assert.deepEqual(titles(nights), ['pool01: fe3: RTCSRV is not Running']);
  nights.see(WELL);
  assert.equal(nights.posts.length, 1);
  nights.see(WELL, 30);
  assert.deepEqual(titles(nights), ['pool01: fe3: RTCSRV is not Running', 'pool01: back to normal since 05:30']);
});

test('a server that comes and goes from look to look is not told', () => {
  const nights = new Nights();
  for (let times = 0; times < 50; times += 1) nights.see(without('fe3')).see(WELL);
  assert.deepEqual(titles(nights), []);
});

test('one that was told and is there for a single look is not told again', () => {
  const nights = new Nights().see(without('fe3'), 2);
  for (let times = 0; times < 20; times += 1) nights.see(WELL).see(without('fe3'), 2);
  assert.equal(nights.posts.length, 1);
});

test('a second thing that goes wrong is put on the same card', () => {
  const nights = new Nights().see(without('fe3'), 2).see(without('fe3', 'fe5'), 2);
  assert.equal(nights.posts.length, 1);
  assert.match(nights.card, /fe5: RTCSRV is not Running/);
});

test('the loss of margin is a post of its own, in quiet hours too', () => {
  const nights = new Nights().see(without('fe3'), 2).see(without('fe3', 'fe4', 'fe5'), 2, true);
  assert.match(titles(nights).at(-1) ?? '', /^pool01: quorum at risk: margin 0/);
  nights.see(without('fe3', 'fe4', 'fe5', 'fe6'), 5, true);
  assert.match(titles(nights).at(-1) ?? '', /^pool01: quorum is lost by the published numbers: margin -1/);
  assert.equal(nights.posts.length, 3);
});

test('in quiet hours a dead server waits until they end, then comes with everything since', () => {
  const nights = new Nights().see(without('fe3'), 5, true).see(WELL, 5, true);
  assert.deepEqual(titles(nights), []);
  nights.decide((watched) => watched);
  assert.deepEqual(titles(nights), ['pool01: the watch sees nothing wrong any more']);
  assert.match(plain(nights.card), /fe3: RTCSRV is not Running: from 00:10 to 01:00/);
});

test('a mute holds back quorum at risk, and not quorum lost', () => {
  const mute = { by: dana, at: 0, until: hours(10), because: null };
  const nights = new Nights().decide((watched) => ({ ...watched, mute })).see(without('fe3', 'fe4', 'fe5'), 5);
  assert.deepEqual(titles(nights), []);
  nights.see(without('fe3', 'fe4', 'fe5', 'fe6'), 2);
  assert.match(titles(nights).join('\n'), /^pool01: quorum is lost/);
});

test('a mute that runs out says so, and what is still wrong is told', () => {
  const mute = { by: dana, at: 0, until: minutes(35), because: null };
  const nights = new Nights().decide((watched) => ({ ...watched, mute })).see(without('fe3'), 3);
  assert.deepEqual(titles(nights), []);
  nights.pass(minutes(5)).decide((watched) => watched);
  assert.deepEqual(titles(nights), ['pool01: fe3: RTCSRV is not Running', 'pool01: the mute by dana ran out at 00:35']);
});

test('what could not be read is told, and neither ends what was told nor confirms it', () => {
  const unread = healthy(SIX, { services: null });
  const nights = new Nights().see(without('fe3'), 2).see(unread, 10);
  assert.match(nights.card, /\? fe3: RTCSRV is not Running/);
  assert.match(nights.card, /\? the services: no answer that is understood/);
  assert.deepEqual(titles(new Nights().see(without('fe3')).see(unread).see(WELL, 5)), []);
});

test('a back end that could not be read is never a healthy one', () => {
  const nights = new Nights().see({ ...WELL, backEnd: null }, 2);
  assert.deepEqual(titles(nights), ['pool01: the back end: no answer that is understood']);
});

test('a mirror in charge says what it does to the margin', () => {
  const nights = new Nights().see({ ...WELL, backEnd: 'mirror' }, 2);
  assert.match(nights.card, /the mirror is in charge of the back end: margin 1, with the primary 3/);
});

test('a service that starts is told after half an hour, and a dead server that starts is not back yet', () => {
  const nights = new Nights().see(starting, 3);
  assert.deepEqual(titles(nights), []);
  nights.see(starting);
  assert.deepEqual(titles(nights), ['pool01: fe3: RTCSRV is Starting for more than 30 minutes']);
  const died = new Nights().see(without('fe3'), 2).see(starting, 3);
  assert.match(died.card, /\? fe3: RTCSRV is not Running/);
});

test('a server that is Starting for too long is asked why once, and says so for as long as that lasts', () => {
  const nights = new Nights().see(starting, 3);
  const look = (watched: Watched, whys?: Whys) => afterLook(watched, { ...starting, at: nights.now }, LOOKED_AT, whys);
  nights.pass(EVERY);
  assert.deepEqual(newlyStarting(nights.watched, look(nights.watched)), [server(3)]);
  nights.decide((watched) => look(watched, new Map([[server(3), 'Why: 61029 invalid certificate']])));
  nights.pass(EVERY);
  assert.deepEqual(newlyStarting(nights.watched, look(nights.watched)), []);
  nights.decide((watched) => look(watched));
  assert.match(plain(nights.card), /Starting for more than 30 minutes, since 00:10\nWhy: 61029 invalid certificate/);
});

test('why a server does not come up is one line, the worst first', () => {
  const event = (id: number, text = '') => ({ id, at: 0, text });
  const placing = event(32174, 'Number of groups potentially not yet placed: 3. Total number of groups: 3.');
  const why = (events: readonly ReturnType<typeof event>[]) => whyStarting(condition(9, { events: read(events) }));
  assert.equal(
    why([placing, event(61029)]),
    'Why: 61029 invalid certificate; 32174 routing groups not placed 3 of 3. Do: look at Get-CsCertificate and the trusted roots there',
  );
  assert.equal(why([]), 'Why: not one of its events of the last hour says');
  assert.equal(whyStarting(UNREAD), 'Why: its events were not read (access is denied)');
});

test('a server that is down for three days is advised to leave the topology, and to be added again once it is back', () => {
  const nights = new Nights().see(without('fe3'), 3 * 24 * 6);
  assert.doesNotMatch(nights.card, /topology/);
  nights.see(without('fe3'));
  assert.match(nights.card, /remove it from the topology, and add it again once it is back/);
  assert.match(nights.card, /Without it the pool has 5: any 3 have to run\./);
  assert.match(nights.card, /every Front End Server is restarted, one at a time: `restart pool01`/);
  nights.see(WELL, 2);
  assert.match(nights.card, /fe3 is back: if it was removed from the topology, add it again/);
  assert.equal(nights.posts.length, 2);
});

test('a pool that would have two servers left is told what the documents say of that', () => {
  const three = aPool(3);
  const services = three.servers.map((each) => ({ server: each, rtcsrv: each === server(3) ? 'Stopped' : 'Running' }) as const);
  const nights = new Nights().see(healthy(three, { services }), 3 * 24 * 6 + 1);
  assert.match(nights.card, /Without it the pool has 2: the documents recommend at least 3\./);
});

test('a routing group without enough replicas is told with how many users have none', () => {
  const fabric = { groups: [group('rg-1 fe1 -'), group('rg-2 fe1 fe2,fe3')], serversNotUp: [] };
  const nights = new Nights().see({ ...WELL, fabric }, 2);
  assert.deepEqual(titles(nights), ['pool01: 1 of 2 routing groups lack a replica, 1 of them a primary or every secondary']);
});

test('one InsufficientActiveFrontEnds prompts at once, and once for all that goes wrong with it', () => {
  const verdict = { kind: 'pool-problem', cause: 'insufficient-active-front-ends', seenAt: [0] } as const;
  const bad = healthy(SIX, { readiness: readiness(aPool(6, 2), 'InsufficientActiveFrontEnds'), verdict });
  const nights = new Nights().see(bad);
  assert.deepEqual(titles(nights), ['Pool problem: pool01: InsufficientActiveFrontEnds at 00:00']);
  nights.see(bad, 3).see(without('fe3'), 5).see(bad, 3);
  assert.equal(nights.posts.length, 1);
});

test('a pool whose users are at its backup pool is not prompted to fail over', () => {
  const verdict = { kind: 'pool-problem', cause: 'insufficient-active-front-ends', seenAt: [0] } as const;
  const bad = healthy(SIX, { readiness: readiness(aPool(6, 2), 'InsufficientActiveFrontEnds'), verdict });
  const nights = new Nights().see(bad, 4, false, true);
  assert.deepEqual(titles(nights), ['pool01: InsufficientActiveFrontEnds, while the pool is failed over']);
  const before = new Nights().see(bad, 2).see(bad, 4, false, true);
  assert.match(before.card, /!! InsufficientActiveFrontEnds at/, 'the problem is not over because the users are away');
  assert.equal(before.posts.length, 1);
});

test('looks that are far apart are not two in a row', () => {
  const nights = new Nights().see(without('fe3')).pass(hours(2)).see(without('fe3'));
  assert.deepEqual(titles(nights), []);
  nights.see(without('fe3'));
  assert.equal(nights.posts.length, 1);
});
