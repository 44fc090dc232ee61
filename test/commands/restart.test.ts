import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ticketPattern } from '../../src/domain/ticket.ts';
import { booting, down, planned as restarting, settled, six } from '../domain/restart-walk.ts';
import { type Asked, aManagedPool, dana, domainOf, healthy, omar, POOL01, type Story, server, without } from '../support.ts';
import { FakeDesk } from './fake-desk.ts';
import { bothDown, fe1Down, planned } from './situations.ts';

const fe7 = server(7);
const leave = (story: Story): Story =>
  story.say({ kind: 'aborted', by: dana, how: 'leave' }).say({ kind: 'ended', ending: { how: 'aborted', left: [] } });
const requestIn = (said: Awaited<ReturnType<FakeDesk['say']>>) => {
  const [event] = said.wrote;
  return event?.kind === 'requested' && 'stopMode' in event.request ? event.request : null;
};

test('a rolling restart is a run that says so, and begins with the servers the last look had', async () => {
  const said = await new FakeDesk().see(POOL01, healthy(six)).say('restart pool01', dana);
  assert.equal(said.title, 'pool01: rolling restart asked for by dana; checking the pool');
  const request = requestIn(said);
  assert.deepEqual([request?.purpose, request?.scope, request?.knownServers], ['restart', { kind: 'left' }, six.servers]);
});
test('the servers that the last run planned for are what it is compared with, before any look', async () => {
  const computers = [...six.servers, fe7];
  const desk = new FakeDesk().tell(leave(planned({ topology: six }))).see(POOL01, healthy(six, { computers }));
  assert.deepEqual(requestIn(await desk.say('restart pool01', dana))?.knownServers, six.servers);
});
test('an upgrade says nothing of a purpose', async () => {
  const request = requestIn(await new FakeDesk().say('upgrade pool01', dana));
  assert.deepEqual([request !== null && 'purpose' in request, request !== null && 'knownServers' in request], [false, false]);
});
for (const [line, because] of [
  ['restart pool01 domains 2', /^A rolling restart takes servers, and no upgrade domains\. Usage: restart <pool>/],
  ['restart', /^Which pool\?/],
  ['restart pool01 servers', /^Which servers\?/],
  ['restart pool01 patched', /Nothing was changed\.$/],
] as const)
  test(`not understood: ${line}`, async () => {
    const said = await new FakeDesk().say(line, dana);
    assert.match(said.title, because);
    assert.deepEqual(said.wrote, []);
  });

test('a pool that is down as a whole: reset or start is named, and nothing begins', async () => {
  const desk = new FakeDesk().see(POOL01, healthy(six, { services: without(six, ...six.servers) }));
  const said = await desk.say('restart pool01', dana);
  assert.match(said.title, /^pool01: restart refused: no server of the pool runs/);
  assert.deepEqual(said.reply.lines, ['seen at 00:00; `reset pool01` where that is so, `start pool01` where it is not']);
  assert.deepEqual([said.wrote, said.wake], [[], []]);
});
test('`patched` is refused in a rolling restart, with the reason', async () => {
  const said = await new FakeDesk().tell(down()).say('patched fe1', dana);
  assert.match(said.title, /^fe1 does not wait for `patched`: pool01 is being restarted, and nothing is patched in that/);
  assert.deepEqual(said.wrote, []);
});
test('an unfinished one is gone on with, and the answer says what would start over', async () => {
  const said = await new FakeDesk().tell(leave(settled())).say('restart pool01', dana);
  assert.match(said.all, /goes on with what is left: fe1 already restarted .*`restart pool01 all` would start over/);
});

for (const [told, left, line, because, goesOn] of [
  [
    'an upgrade left a domain half-way',
    () => leave(bothDown()),
    'restart pool01',
    'pool01: restart refused: an upgrade left domain 1 in the middle of its way (fe1, fe2). Nothing was changed.',
    '`upgrade pool01` goes on with it; `abort pool01` after that brings it back up as it is.',
  ],
  [
    'a restart left a server half-way',
    () => leave(booting()),
    'upgrade pool01',
    'pool01: upgrade refused: a rolling restart left server fe1 in the middle of its way (fe1). Nothing was changed.',
    '`restart pool01` goes on with it; `abort pool01` after that brings it back up as it is.',
  ],
] as const) {
  test(`${told}: the other kind of run is refused, its own goes on`, async () => {
    const said = await new FakeDesk().tell(left()).say(line, dana);
    assert.deepEqual([said.title, said.reply.lines, said.wrote], [because, [goesOn], []]);
    const own = line === 'restart pool01' ? 'upgrade pool01' : 'restart pool01';
    assert.deepEqual(
      (await new FakeDesk().tell(left()).say(own, dana)).wrote.map(({ kind }) => kind),
      ['requested'],
    );
  });
  test(`${told}: named parts of it are refused as well`, async () => {
    const said = await new FakeDesk()
      .tell(left())
      .say(line === 'restart pool01' ? 'restart pool01 servers fe6' : 'upgrade pool01 all', dana);
    assert.deepEqual([said.title, said.wrote], [because, []]);
  });
}
test("what was left of a server that is in the pool no more stands in nobody's way", async () => {
  const computers = six.servers.slice(1);
  const desk = () => new FakeDesk().tell(leave(down())).see(POOL01, healthy(six, { computers }));
  assert.notEqual(requestIn(await desk().say('upgrade pool01', dana)), null);
  assert.equal(requestIn(await new FakeDesk().tell(leave(down())).say('upgrade pool01', dana)), null);
});
test('once what was left runs again the other kind may begin', async () => {
  const story = leave(bothDown());
  for (const each of domainOf(six).servers) story.say({ kind: 'left-server-back', server: each });
  assert.notEqual(requestIn(await new FakeDesk().tell(story).say('restart pool01', dana)), null);
});

for (const [told, story, line, title] of [
  ['an upgrade', () => fe1Down(), 'restart pool01', /^pool01 is being upgraded already: stopping, asked for by dana$/],
  ['a restart', () => down(), 'upgrade pool01', /^pool01 is being restarted already: restarting, asked for by dana$/],
] satisfies [string, () => Story, string, RegExp][])
  test(`while ${told} is under way the other kind is not begun`, async () => {
    const said = await new FakeDesk().tell(story()).say(line, dana);
    assert.match(said.title, title);
    assert.deepEqual(said.wrote, []);
  });
test('planning anew is asked for by the kind of run that waits for it', async () => {
  const changed = { kind: 'topology-changed', because: 'the pool now has fe7' } as const;
  const desk = (about: Asked = {}) => new FakeDesk().tell(restarting(about).hold(changed));
  assert.deepEqual(
    (await desk().say('restart pool01', dana)).wrote.map(({ kind }) => kind),
    ['retried'],
  );
  assert.deepEqual((await desk().say('upgrade pool01', dana)).wrote, []);
  assert.deepEqual((await new FakeDesk().tell(planned().hold(changed)).say('restart pool01', dana)).wrote, []);
});
test('whoever asked for the restart may not approve it, and is told what it is', async () => {
  const asked = restarting().ask({ upgradeDomain: { name: 'fe1', servers: [server(1)] } });
  const said = await new FakeDesk().tell(asked).say(`approve ${asked.gate.code}`, dana);
  assert.match(said.title, /you asked for this rolling restart, so somebody else has to approve: omar, kim/);
  assert.equal((await new FakeDesk().tell(asked).say('approve', omar)).wrote.length, 1);
});
test('while a restart is under way `plan` shows what is left of it, and else what an upgrade would do', async () => {
  const said = await new FakeDesk().tell(settled()).say('plan pool01', dana);
  assert.equal(said.title, 'Plan for the rolling restart of pool01');
  assert.match(said.all, /fe1 already restarted; `restart pool01 all` would start over\n1\. server fe2: fe2;/);
  assert.match(said.all, /graceful stop, restart, 20 minutes of Ready/);
  const ended = await new FakeDesk().tell(leave(settled())).say('plan pool01', dana);
  assert.match(ended.all, /^Plan for pool01\n1\. domain 1: fe1, fe2;/);
});
test('the pools say which are restarted', async () => {
  assert.match((await new FakeDesk().tell(down()).say('pools', dana)).all, /pool01: .*being restarted \(asked for by dana\)/);
});
test('a declared downtime and a change ticket are kept, as for an upgrade', async () => {
  const request = requestIn(await new FakeDesk().say('restart pool01 downtime ticket CHG1', dana));
  assert.deepEqual([request?.stopMode, request?.ticket], ['immediate', 'CHG1']);
});
test('there are no immediate stops by server-failover, and what to type is said', async () => {
  const desk = new FakeDesk(aManagedPool({ version: '2019', procedure: 'server-failover' }));
  const said = await desk.say('restart pool01 downtime', dana);
  assert.match(said.all, /restart refused: there are no immediate stops by server-failover.*type `restart pool01`/s);
});
test('the ticket of the pool is asked for, with the whole line to type', async () => {
  const desk = new FakeDesk(aManagedPool({ changeTicket: ticketPattern('CHG[0-9]{3}') }));
  const said = await desk.say('restart pool01 servers fe2,fe3', dana);
  assert.match(said.reply.lines[0] ?? '', /^Type `restart pool01 servers fe2,fe3 ticket CHG000`/);
});
