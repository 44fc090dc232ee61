import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked, type InTeams, inTeams, REQUEST, until } from './in-teams.ts';
import { DANA, KIM, MALLORY, NIGHT, OMAR, OPS } from './in-teams-people.ts';

/** The page of somebody: the newest message of the bot's in their own chat. */
const pageOf = (it: InTeams, person: string) => it.teams.state.personal(person).messages.findLast(({ by }) => by === null);

const installs = (it: InTeams, person: string, conversation = it.teams.state.personal(person).id) =>
  it.bring(it.teams.says.installed(person, conversation, 'add'));

test('whoever installs the app for themselves finds their page: what waits, their runs, the pools', async (t) => {
  const it = await asked(t);
  assert.equal((await installs(it, OMAR)).status, 200);
  assert.match(
    it.saidTo(OMAR).join(),
    /^Waiting for you\n🔔 Approve\? pool01[\s\S]*\nMy runs\nYou have no upgrade under way\.\nPool health\npool01 /,
  );
  await installs(it, DANA);
  assert.match(it.saidTo(DANA).join(), /Nothing waits for you\.\nMy runs\n🔔 Upgrade of pool01: awaiting approval/);
  await installs(it, MALLORY);
  assert.match(it.saidTo(MALLORY).join(), /Nothing waits for you[\s\S]*There is no pool that you may look at/);
});

test('the word home shows the page anew below, and only in a chat of two', async (t) => {
  const it = await inTeams(t);
  for (const text of ['home', '  Home ', 'HOME']) await it.say(OMAR, text);
  assert.equal(it.saidTo(OMAR).length, 3);
  for (const page of it.saidTo(OMAR)) assert.match(page, /^Waiting for you/);
  for (const conversation of [OPS, NIGHT]) {
    await it.mention(OMAR, 'home', conversation);
    assert.doesNotMatch(it.said(conversation).join(), /Waiting for you/);
    assert.equal(it.said(conversation).length, 1);
  }
});

test('an app that comes into a channel or a group, or leaves, shows nobody’s page', async (t) => {
  const it = await asked(t);
  const standing = it.said(OPS).length;
  for (const conversation of [OPS, NIGHT]) await installs(it, OMAR, conversation);
  await it.bring(it.teams.says.installed(KIM, it.teams.state.personal(KIM).id, 'remove'));
  await it.bring(it.teams.says.added(OMAR, OPS, [MALLORY]));
  assert.deepEqual([it.said(OPS).length, it.said(NIGHT), it.saidTo(OMAR), it.saidTo(KIM)], [standing, [], [], []]);
});

test('the page is edited while things happen, not posted again, and everybody has their own', async (t) => {
  const it = await inTeams(t);
  for (const person of [DANA, OMAR]) await it.say(person, 'home');
  assert.match(it.saidTo(OMAR).join(), /Nothing waits for you/);
  await it.mention(DANA, 'upgrade pool01');
  await until(() => /Approve\? pool01/u.test(pageOf(it, OMAR)?.text ?? ''));
  await until(() => /Upgrade of pool01/u.test(pageOf(it, DANA)?.text ?? ''));
  assert.deepEqual([it.saidTo(OMAR).length, it.saidTo(DANA).length], [1, 1]);
  assert.doesNotMatch(it.saidTo(DANA).join(), /Approve\? pool01/);
  assert.doesNotMatch(it.saidTo(OMAR).join(), /Upgrade of pool01/);
});

test('the buttons of the page work, and ask what they say', async (t) => {
  const it = await asked(t);
  await it.say(OMAR, 'home');
  const press = (path: readonly string[], phone = false) =>
    it.settledAfter(it.teams.press(it.url, { person: OMAR, messageId: pageOf(it, OMAR)?.id ?? '', path, phone }));
  const page = pageOf(it, OMAR);
  await press(['Status']);
  assert.match(it.saidTo(OMAR).at(-1) ?? '', /^pool01 /);
  assert.match(it.saidTo(OMAR).at(-1) ?? '', /ok Ready/);
  const messageId = page?.id ?? '';
  await it.settledAfter(it.teams.press(it.url, { person: OMAR, messageId, path: ['Status'], phone: true }));
  assert.equal(it.saidTo(OMAR).length, 3);
  await it.settledAfter(it.teams.press(it.url, { person: OMAR, messageId, path: ['Approve', 'Yes: Approve'] }));
  assert.match(it.told(OMAR), /approved by omar/);
  assert.deepEqual(it.effects, ['Stop-CsWindowsService fe1.sim.example']);
  assert.match(await it.textAt(REQUEST), /APPROVED at 22:00/);
});

test('a page that cannot be shown is told in the log, and holds nothing up', async (t) => {
  const it = await asked(t);
  it.teams.faults.next(['reply', 'post'], { kind: 'forbidden', code: 'ConversationBlockedByUser' });
  assert.equal((await it.say(OMAR, 'home')).status, 200);
  assert.deepEqual(it.saidTo(OMAR), []);
  assert.match(it.logged.join(), /a page could not be shown/);
  await it.say(OMAR, 'home');
  assert.equal(it.saidTo(OMAR).length, 1);
});

test('a page that somebody deleted is posted again when they ask for it, and not before', async (t) => {
  const it = await inTeams(t);
  await it.say(OMAR, 'home');
  it.teams.deleteMessage(pageOf(it, OMAR)?.id ?? '');
  await it.mention(DANA, 'upgrade pool01');
  await until(() => it.logged.join().includes('a page could not be shown'));
  assert.deepEqual(it.saidTo(OMAR), []);
  await it.say(OMAR, 'home');
  assert.match(it.saidTo(OMAR).join(), /Approve\? pool01/);
});
