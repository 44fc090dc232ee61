import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureFile } from './pictures.ts';
import type { PlaygroundMessage } from './playground.ts';
import { GROUP, PERSONAL } from './playground-people.ts';
import { teamsRig } from './teams-rig.ts';
import { timed } from './timed.ts';

const REQUEST = /Approve\? pool01: take upgrade domain 1 down/;
const LIVE_CARD = /Upgrade of pool01: /;

/** Posts of a channel that begin a thread, those of people left out. */
const topPosts = (messages: readonly PlaygroundMessage[]): readonly PlaygroundMessage[] =>
  messages.filter(({ id, conversation, from }) => conversation.endsWith(`;messageid=${id}`) && from !== 'dana');

test('two people take an upgrade domain through its upgrade in a channel, and the card that is open changes in place', async (t) => {
  const { playground, page } = await teamsRig(t, 600);
  const [danas, omars] = [await page(), await page('omar')];
  await omars.openChat('channel');
  await danas.say('upgrade pool01', 'group');
  await danas.openChat('channel');
  await danas.card(REQUEST).waitFor();
  await omars.press(REQUEST, 'Approve');
  await omars.card(REQUEST).getByRole('button', { name: 'Yes: Approve' }).waitFor();
  await omars.picture(pictureFile('teams-approval'), omars.post(REQUEST));
  const approved = danas.card(REQUEST).getByText(/APPROVED at/);
  await timed(t, "from a click to the other person's open page", omars.press(REQUEST, 'Yes: Approve'), approved.waitFor());
  await danas.press(LIVE_CARD, 'Patched fe1');
  await danas.card(/fe1 patched, fe2 stopped/).waitFor();
  await danas.press(LIVE_CARD, 'Patched fe2');
  await playground.seen(/Approve\? pool01: take upgrade domain 2 down/);
  await danas.picture(pictureFile('teams-live-card'), danas.post(LIVE_CARD));
  const cards = playground.messages().filter(({ text }) => REQUEST.test(text));
  assert.equal(cards.length, 1, 'the request was never posted a second time');
  assert.equal(topPosts(playground.messages()).length, 1, 'a run stands in the channel once, and the rest in its thread');
});

test('Deny asks for a reason on the card itself, and a button from before says what became of it', async (t) => {
  const { playground, page } = await teamsRig(t, 60);
  const omars = await page();
  await omars.say('upgrade pool01', 'channel');
  omars.actAs('omar');
  const request = await playground.seen(REQUEST);
  await omars.press(REQUEST, 'Deny', 'Deny with this reason');
  await omars.card(REQUEST).getByText('A reason is needed.').waitFor();
  await omars.fill(REQUEST, 'the backup pool is not steady');
  await omars.press(REQUEST, 'Deny with this reason');
  await omars.card(/DENIED by omar/).waitFor();
  await playground.seen(/held: denied by omar: the backup pool is not steady/);
  const before = playground.messages().length;
  const told = await playground.press('omar', request, 'Yes: Approve');
  assert.match(told, /no longer open: omar denied it: the backup pool is not steady/);
  assert.equal(playground.messages().length, before, 'who pressed is told, and nobody else');
});

test('who may not approve changes nothing, and is told who may, in a group chat as well', async (t) => {
  const { playground, page } = await teamsRig(t, 60);
  const kims = await page('kim');
  await kims.say('upgrade pool02', 'group');
  const request = await playground.seen(/Approve\? pool02/, GROUP);
  await kims.press(/Approve\? pool02/, 'Approve', 'Yes: Approve');
  await kims.told(/that needs the right to approve on pool02, and you do not have it; dana, omar may/);
  assert.match(await playground.press('dana', request, 'Yes: Approve'), /somebody else has to approve: omar/);
  assert.match(await playground.press('mei', request, 'Yes: Approve'), /no pool lists you: you may do nothing here/);
  assert.match((await playground.seen(/Approve\? pool02/, GROUP)).text, /code [2-9A-Z]{4}$/m, 'the request is as it was');
});

test('killed while a request is open, it comes back, repairs its cards and takes the click', async (t) => {
  const { playground, lifeguard, page, start } = await teamsRig(t, 60);
  const omars = await page('omar');
  await omars.openChat('channel');
  lifeguard.type('@dana upgrade pool01');
  const request = await playground.seen(REQUEST);
  // Teams has nothing that a post which was not yet noted could be found again by; until it is, the card is taken for a copy.
  for (let told = 'a copy'; /a copy/.test(told); ) told = await playground.press('kim', request, 'Yes: Approve');
  await lifeguard.end('SIGKILL');
  await timed(t, 'from its start to its cards', start(), playground.seen(/I was away/));
  await omars.press(REQUEST, 'Approve', 'Yes: Approve');
  await omars
    .card(REQUEST)
    .getByText(/APPROVED at/)
    .waitFor();
  await omars.card(/Upgrade of pool01: stopping/).waitFor();
  const requests = playground.messages().filter(({ text }) => REQUEST.test(text));
  assert.equal(requests.length, 1);
});

test('Busy three times prompts in a channel where nobody has said a word', async (t) => {
  const { playground, lifeguard, page } = await teamsRig(t, 600);
  const danas = await page();
  await danas.openChat('channel');
  lifeguard.type('! readiness Busy');
  lifeguard.type('@dana upgrade pool01');
  const prompt = await playground.seen(/Pool problem: pool01: Busy 3 times, 10 minutes apart/);
  assert.match(prompt.text, /Advice: fail over to pool02[\s\S]*Failing over is a person's decision/);
  assert.ok(
    topPosts(playground.messages()).some(({ id }) => id === prompt.id),
    'a thread would hide it',
  );
  await danas.card(/Pool problem/).waitFor();
  await danas.picture(pictureFile('teams-prompt'), danas.post(/Pool problem/));
});

test("a card of one's own has what waits for one, and takes the click", async (t) => {
  const { playground, lifeguard, page } = await teamsRig(t, 60);
  const danas = await page();
  await danas.openChat('personal');
  await danas
    .card(/Waiting for you/)
    .getByText('Nothing waits for you.')
    .waitFor();
  lifeguard.type('@omar upgrade pool02');
  await danas
    .card(/Waiting for you/)
    .getByText(/Approve\? pool02/)
    .waitFor();
  await danas.picture(pictureFile('teams-home-waiting'), danas.card(/Waiting for you/));
  await danas.press(/Waiting for you/, 'Approve', 'Yes: Approve');
  await playground.seen(/Approve\? pool02[\s\S]*APPROVED at/, GROUP);
  await danas
    .card(/Waiting for you/)
    .getByText('Nothing waits for you.')
    .waitFor();
});

test("a card of one's own has my runs and pool health, and follows", async (t) => {
  const { playground, lifeguard, page } = await teamsRig(t, 120);
  const danas = await page();
  await danas.openChat('personal');
  const home = await playground.seen(/You have no upgrade under way/, PERSONAL);
  lifeguard.type('@dana upgrade pool01');
  const approved = playground.press('omar', await playground.seen(REQUEST), 'Yes: Approve');
  const patched = danas.card(/My runs/).getByRole('button', { name: 'Patched fe1' });
  await timed(t, "from the approval to the button on the card of one's own", approved, patched.waitFor());
  await danas.picture(pictureFile('teams-home'), danas.card(/My runs/));
  assert.equal((await playground.seen(/Patched|waits for/, PERSONAL)).id, home.id, 'the card that was there was edited');
  await patched.click();
  await playground.seen(/fe1: patched, says dana/, PERSONAL);
  await playground.seen(/fe1 patched, fe2 stopped/);
  await danas.press(/My runs/, 'Status');
  await playground.seen(/pool01 is NOT OK[\s\S]*fe2/, PERSONAL);
  await danas.say('home', 'personal');
  const anew = await playground.seen(/My runs[\s\S]*fe1 patched, fe2 stopped/, PERSONAL);
  assert.notEqual(anew.id, home.id, 'asked for again, it stands below what was said since');
});

test('what is not signed is refused without a word', async (t) => {
  const { playground, lifeguard } = await teamsRig(t, 60);
  lifeguard.type('@dana upgrade pool01');
  const request = await playground.seen(REQUEST);
  const forged = await playground.unsigned('omar', request, 'Yes: Approve');
  assert.deepEqual(forged, { status: 401, body: '' });
  await lifeguard.said(/a request was refused/);
  assert.match((await playground.seen(REQUEST)).text, /code [2-9A-Z]{4}$/m, 'the request is as it was');
});
