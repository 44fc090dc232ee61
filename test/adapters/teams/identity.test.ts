import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked, type InTeams, inTeams, REQUEST, until } from './in-teams.ts';
import { DANA, FABRIKAM, GUEST, KIM, LAB, MALLORY, OMAR, OPS, PARTNER, TENANT } from './in-teams-people.ts';

/** Somebody of another tenant comes into a channel. */
const joins = (it: InTeams, conversation: string): void => void it.teams.state.conversation(conversation).members.add(PARTNER);

test('who is on no list may do nothing, and is told by which id they are known', async (t) => {
  const it = await asked(t);
  const written = await it.written();
  const id = `teams:${TENANT}:${MALLORY}`;
  await it.approve(MALLORY);
  assert.ok(it.told(MALLORY).startsWith(`You are ${id} to Lifeguard, and no pool lists you`), it.told(MALLORY));
  await it.say(MALLORY, 'status pool01');
  assert.match(it.saidTo(MALLORY)[0] ?? '', /no pool lists you/);
  await it.mention(MALLORY, 'abort pool01 now');
  assert.match(it.said(OPS).at(-1) ?? '', /no pool lists you/);
  assert.equal(await it.written(), written);
});

test('who has not the right is told which it is and who has it', async (t) => {
  const it = await asked(t);
  await it.approve(KIM);
  assert.match(it.told(KIM), /that needs the right to approve on pool01, and you do not have it; dana, omar may/);
  await it.approve(DANA);
  assert.match(it.told(DANA), /you asked for this upgrade, so somebody else has to approve: omar/);
  assert.deepEqual(it.effects, []);
});

test('a guest presses, types and asks: nothing is changed, and they are told why', async (t) => {
  const it = await asked(t);
  const written = await it.written();
  await it.approve(GUEST);
  assert.equal(it.told(GUEST), 'Not allowed: a guest account has no rights. Nothing was changed.');
  await it.approve(GUEST, { phone: true });
  await it.mention(GUEST, 'abort pool01 now');
  await it.say(GUEST, 'status pool01');
  await it.say(GUEST, 'home');
  for (const answer of [...it.said(OPS).slice(-2), ...it.saidTo(GUEST)]) assert.match(answer, /a guest account has no rights/);
  assert.equal(it.saidTo(GUEST).length, 2);
  assert.equal(await it.written(), written);
});

test('somebody of another tenant is not heard at all, whether they press, type, or write to the bot alone', async (t) => {
  const it = await asked(t);
  joins(it, OPS);
  const written = await it.written();
  const said = it.said(OPS).length;
  for (const answer of [
    await it.approve(PARTNER),
    await it.approve(PARTNER, { phone: true }),
    await it.mention(PARTNER, 'status pool01'),
    await it.say(PARTNER, 'status pool01'),
  ])
    assert.deepEqual([answer.status, answer.body], [403, null]);
  assert.deepEqual([it.said(OPS).length, it.saidTo(PARTNER)], [said, []]);
  assert.equal(await it.written(), written);
});

test('who Teams knows in another tenant than they came from is an outsider, listed or not', async (t) => {
  const it = await inTeams(t);
  const dana = it.teams.state.person(DANA);
  const { says } = it.teams;
  const order = says.mention(DANA, OPS, 'upgrade pool01');
  it.teams.state.people.set(DANA, { ...dana, tenant: FABRIKAM });
  await it.deliver(order);
  await until(() => it.said(OPS).length > 0);
  assert.match(it.said(OPS)[0] ?? '', /^Not allowed: your account belongs to another organisation\. Nothing was changed/);
  assert.equal(await it.run(), null);
});

test('while Teams does not say who somebody is, effects are refused and questions are answered', async (t) => {
  const it = await inTeams(t);
  for (const fault of [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 404, code: 'MemberNotFoundInConversation' },
    { kind: 'ratelimited', retryAfter: 1 },
    { kind: 'dropped', taken: false },
  ] as const) {
    it.teams.faults.next('members', fault, 2);
    await it.mention(DANA, 'upgrade pool01');
    assert.match(it.said(OPS).at(-1) ?? '', /^Could not verify you, press again or type it again/);
    assert.equal(await it.run(), null);
    await it.mention(DANA, 'pools');
    assert.match(it.said(OPS).at(-1) ?? '', /^1 pool/);
  }
  await it.mention(DANA, 'upgrade pool01');
  assert.equal((await it.run())?.request.by, 'dana', 'it is asked again, and then they may');
});

test('Teams is given two seconds to say who somebody is', async (t) => {
  const late = Promise.withResolvers<void>();
  t.after(() => late.resolve());
  const it = await inTeams(t, {
    patience: (milliseconds) => (milliseconds === 2_000 ? Promise.resolve() : new Promise(() => {})),
  });
  it.teams.faults.next('members', { kind: 'slow', until: late.promise });
  await it.mention(DANA, 'upgrade pool01');
  assert.match(
    it.said(OPS)[0] ?? '',
    /Could not verify you, press again or type it again \(Teams did not say in time who you are\)/,
  );
  assert.equal(await it.run(), null);
});

test('who somebody is holds for five minutes, and is asked again after that', async (t) => {
  const it = await inTeams(t);
  const looks = (): number => it.teams.calls.filter(({ kind, activity }) => kind === 'members' && activity !== null).length;
  await it.mention(DANA, 'pools');
  await it.mention(DANA, 'pools');
  assert.equal(looks(), 1);
  it.passed += 5 * 60_000 + 1;
  it.teams.state.people.set(DANA, { ...it.teams.state.person(DANA), guest: true });
  await it.mention(DANA, 'upgrade pool01');
  assert.equal(looks(), 2);
  assert.match(it.said(OPS).at(-1) ?? '', /a guest account has no rights/);
});

test('foreigners join after the card was posted: its buttons do nothing, and the next card goes elsewhere', async (t) => {
  const it = await asked(t);
  joins(it, OPS);
  const written = await it.written();
  for (const phone of [false, true]) {
    await it.approve(OMAR, { phone });
    const words = phone ? it.said(OPS).at(-1) : it.told(OMAR);
    assert.match(words ?? '', /This channel is shared with another organisation, so buttons do nothing in it/);
  }
  assert.equal(await it.written(), written);
  await it.mention(DANA, 'pause pool01');
  assert.match(it.titles(LAB).join('\n'), /Upgrade of pool01: paused/);
  const { card } = await it.messageAt('run-1', LAB);
  assert.match(JSON.stringify(card), /Resume/);
  assert.doesNotMatch(JSON.stringify((await it.messageAt('run-1')).card), /Resume/);
});

test('no card with buttons is posted where people of another tenant read along', async (t) => {
  const it = await inTeams(t);
  joins(it, OPS);
  await it.say(DANA, 'upgrade pool01');
  const posted = it.teams.state.conversation(OPS).messages.filter(({ by }) => by === null);
  assert.ok(!posted.some(({ card }) => JSON.stringify(card).includes('Action.Execute')));
  assert.match(it.titles(LAB).join(), /Approve\? pool01/);
});

test('a channel whose members cannot be read: no press, and cards with buttons wait until they can be', async (t) => {
  const it = await asked(t);
  const ofTheChannel = ({ activity }: { readonly activity: string | null }): boolean => activity === null;
  it.teams.faults.next('members', { kind: 'status', status: 502 }, 1, ofTheChannel);
  await it.approve(OMAR);
  assert.match(it.told(OMAR), /Could not verify this channel, press again/);
  assert.deepEqual(it.effects, []);
  it.teams.faults.next('members', { kind: 'status', status: 502 }, 3, ofTheChannel);
  it.passed += 6 * 60_000;
  await it.mention(DANA, 'pause pool01');
  assert.match(it.logged.join('\n'), /it is not known whether the channel is shared/);
  assert.match(await it.textAt('run-1'), /Upgrade of pool01: paused/);
  await it.press(OMAR, 'run-1', ['Resume']);
  assert.equal((await it.run())?.paused, null);
});

test('a channel with more members than are read is not known to be ours', async (t) => {
  const it = await asked(t);
  const { state } = it.teams;
  for (let number = 0; number < 5_001; number += 1) {
    const objectId = `e0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    state.addPerson({ objectId, name: `p${number}`, places: [OPS] });
  }
  await it.approve(OMAR);
  assert.match(it.told(OMAR), /Could not verify this channel, press again/);
  assert.deepEqual(it.effects, []);
});

test('a foreigner is found on whichever page of the members they are', async (t) => {
  const it = await asked(t);
  for (let number = 0; number < 600; number += 1) {
    const objectId = `e0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    it.teams.addPerson({ objectId, name: `p${number}`, places: [OPS] });
  }
  await it.approve(MALLORY);
  assert.match(it.told(MALLORY), /no pool lists you/, 'two pages of our own people');
  joins(it, OPS);
  await it.approve(OMAR);
  assert.match(it.told(OMAR), /shared with another organisation/);
});

test('alone with one person a button works whoever is in the channels', async (t) => {
  const it = await asked(t);
  joins(it, OPS);
  joins(it, LAB);
  await it.say(OMAR, 'home');
  const page = it.teams.state.personal(OMAR).messages.at(-1)?.id ?? '';
  await it.settledAfter(it.teams.press(it.url, { person: OMAR, messageId: page, path: ['Approve', 'Yes: Approve'] }));
  assert.match(it.told(OMAR), /approved by omar/);
  assert.deepEqual(it.effects, ['Stop-CsWindowsService fe1.sim.example']);
  assert.match((await it.run())?.request.by ?? '', /dana/);
  assert.ok(REQUEST.startsWith('run-1'));
});
