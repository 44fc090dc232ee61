import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ticketPattern } from '../../src/domain/ticket.ts';
import { aManagedPool, dana, omar, type Story } from '../support.ts';
import { FakeDesk } from './fake-desk.ts';
import { fe1Down, finished, planned } from './situations.ts';

const withPattern = (story: Story | null = null, pattern = '^CHG[0-9]{7}$') => {
  const desk = new FakeDesk(aManagedPool({ changeTicket: ticketPattern(pattern) }));
  return story === null ? desk : desk.tell(story);
};

for (const [line, because, type] of [
  ['upgrade pool01', 'it needs a change ticket', 'upgrade pool01 ticket CHG0000000'],
  ['upgrade pool01 ticket CHG12', '"CHG12" is no change ticket of this pool', 'upgrade pool01 ticket CHG0000000'],
  ['upgrade pool01 ticket chg0012345', '"chg0012345" is no change ticket of this pool', 'upgrade pool01 ticket CHG0000000'],
  ['upgrade pool01 domains 2 and 3', 'it needs a change ticket', 'upgrade pool01 domains 2,3 ticket CHG0000000'],
  ['upgrade pool01 all downtime', 'it needs a change ticket', 'upgrade pool01 downtime all ticket CHG0000000'],
] as const) {
  test(`refused for its ticket, with what to type: ${line}`, async () => {
    const said = await withPattern().say(line, dana);
    assert.equal(said.title, `pool01: upgrade refused: ${because}. Nothing was changed.`);
    assert.deepEqual(said.reply.lines, [`Type \`${type}\` with the number of your change for CHG0000000`]);
    assert.deepEqual([said.wrote, said.wake], [[], []]);
  });
}
test('where there is no plain example the pattern itself is shown', async () => {
  const said = await withPattern(null, '(CHG|INC)[0-9]{7}').say('upgrade pool01', dana);
  assert.deepEqual(said.reply.lines, ['Type `upgrade pool01 ticket …` with one that matches (CHG|INC)[0-9]{7}']);
});
test('a ticket that matches is written with the request, as it was typed', async () => {
  for (const desk of [withPattern(), new FakeDesk()]) {
    const said = await desk.say('upgrade pool01 ticket CHG0012345', dana);
    const [event] = said.wrote;
    assert.equal(event?.kind === 'requested' && event.request.ticket, 'CHG0012345');
    assert.equal(said.title, 'pool01: upgrade asked for by dana under change ticket CHG0012345; checking the pool');
  }
});
test('without a ticket, where none is needed, a request has none', async () => {
  const [event] = (await new FakeDesk().say('upgrade pool01', dana)).wrote;
  assert.equal(event?.kind === 'requested' && 'ticket' in event.request, false);
});
test('the next run of a pool needs a ticket of its own', async () => {
  const said = await withPattern(finished({ ticket: 'CHG0012345' })).say('upgrade pool01', dana);
  assert.match(said.title, /it needs a change ticket/);
});
test('a run under way is not asked for anew, and says under which ticket it goes', async () => {
  const said = await withPattern(fe1Down({ ticket: 'CHG0012345' })).say('upgrade pool01 ticket CHG0000007', omar);
  assert.match(said.title, /^pool01 is being upgraded already: stopping, asked for by dana, under change ticket CHG0012345$/);
  assert.deepEqual(said.wrote, []);
});
test('planning again needs no ticket, and goes on under no other', async () => {
  const changed = () =>
    withPattern(planned({ ticket: 'CHG0012345' }).hold({ kind: 'topology-changed', because: 'the pool now has fe7' }));
  for (const line of ['upgrade pool01', 'upgrade pool01 ticket CHG0012345'])
    assert.deepEqual(
      (await changed().say(line, dana)).wrote.map(({ kind }) => kind),
      ['retried'],
    );
  assert.deepEqual((await changed().say('upgrade pool01 ticket CHG0000007', dana)).wrote, []);
});
test('what a pool wants is said before anybody asks', async () => {
  assert.ok(
    (await withPattern().say('plan pool01', dana)).reply.lines.includes(
      'needs a change ticket: `upgrade pool01 ticket CHG0000000` with the number of your change for CHG0000000',
    ),
  );
});
