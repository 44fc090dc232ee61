import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked, CHANNEL, inSlack, REQUEST, shownIn, TEAM } from './in-slack.ts';

test('Deny asks for the reason, takes none that is empty, and tells everybody', async (t) => {
  const it = await asked(t);
  const { says, state } = it.workspace;
  await it.click('U0OMAR', REQUEST, 'deny');
  const [form] = state.views.values();
  assert.ok(form !== undefined && form.user === 'U0OMAR');
  const submit = (words: string) => it.bring(says.submit('U0OMAR', form.id, { reason: { words } }));
  assert.deepEqual(await submit('   '), { response_action: 'errors', errors: { reason: 'A reason is needed.' } });
  assert.equal((await it.run())?.held, null);
  assert.equal(await submit('the backup pool\nis not steady & @here'), undefined);
  assert.match(it.told('U0OMAR'), /denied by omar: the backup pool is not steady/);
  const { text, blocks } = state.message(state.channel(CHANNEL), await it.at(REQUEST));
  assert.match(text, /DENIED by omar at 22:00: the backup pool is not steady &amp; @here$/);
  assert.doesNotMatch(JSON.stringify(blocks), /<!(?!date)|"verbatim":false/);
  assert.match(shownIn(await submit('once more')), /is no longer open: omar denied it/);
});

test('a form that was opened before somebody else decided says what stands, and stays open', async (t) => {
  const it = await asked(t);
  await it.click('U0OMAR', REQUEST, 'deny');
  await it.slash('U0DANA', 'abort pool01 now');
  const [form] = it.workspace.state.views.values();
  const answer = await it.bring(it.workspace.says.submit('U0OMAR', form?.id ?? '', { reason: { words: 'too late' } }));
  assert.equal(Object(answer).response_action, 'errors');
  assert.match(shownIn(answer), /no longer open|is over|moved on/);
});

test('a form is judged when it is sent: who sends it, and where it belongs', async (t) => {
  const it = await asked(t);
  const { says, state } = it.workspace;
  await it.click('U0OMAR', REQUEST, 'deny');
  const [form] = state.views.values();
  const sent = says.submit('U0OMAR', form?.id ?? '', { reason: { words: 'not tonight' } });
  const submit = (user: string) => it.bring({ ...sent, user: { id: user, team_id: TEAM } });
  assert.match(shownIn(await submit('U0GUEST')), /a guest account has no rights/);
  assert.match(shownIn(await submit('U0KIM')), /you do not have it/);
  it.workspace.fail('users.info', { kind: 'status', status: 500 });
  assert.match(shownIn(await submit('U0MALLORY')), /Could not verify you, press again/);
  state.channel(CHANNEL).shared = true;
  assert.match(shownIn(await submit('U0OMAR')), /shared with another organisation/);
  assert.equal((await it.run())?.held, null);
});

test('a press that comes too late for a form says so instead', async (t) => {
  const it = await asked(t);
  const click = it.workspace.says.click('U0OMAR', { channel: CHANNEL, ts: await it.at(REQUEST) }, 'press:deny');
  it.world.moveTo(it.world.now() + 4_000);
  await it.bring(click);
  assert.match(
    it.workspace.state.direct('U0OMAR').messages.at(-1)?.text ?? '',
    /^Slack did not open the form, so nothing was changed/,
  );
});

test('the shortcut asks what a message asks, and never carries out what somebody else wrote', async (t) => {
  const it = await inSlack(t);
  const { says, state } = it.workspace;
  const written = (text: string) => {
    says.mention('U0MALLORY', CHANNEL, text);
    return state.channel(CHANNEL).messages.at(-1)?.ts ?? '';
  };
  const point = (text: string) => it.bring(says.shortcut('U0DANA', { channel: CHANNEL, ts: written(text) }, 'ask-lifeguard'));
  await point('quorum pool01');
  assert.match(it.told('U0DANA'), /^Quorum of pool01/);
  await point('upgrade pool01');
  assert.match(it.told('U0DANA'), /A shortcut only asks/);
  assert.equal(await it.run(), null);
});

test('what is typed with the three characters that Slack encodes is read as typed', async (t) => {
  const it = await inSlack(t);
  await it.bring(it.workspace.says.direct('U0KIM', 'status <pool01>'));
  assert.match(it.workspace.state.direct('U0KIM').messages.at(-1)?.text ?? '', /^pool01 is OK/);
});

test("a page of one's own: what waits, my runs, the pools; Approve and Status are one tap away", async (t) => {
  const it = await asked(t);
  const { says, state } = it.workspace;
  const pageOf = async (user: string) => {
    await it.bring(says.homeOpened(user));
    return JSON.stringify(state.homes.get(user)?.view);
  };
  assert.match(
    await pageOf('U0OMAR'),
    /Waiting for you.*Approve\? pool01.*press:approve:0.*press:deny:1.*My runs.*no upgrade under way.*Pool health.*ask:status:0/,
  );
  assert.match(await pageOf('U0DANA'), /Nothing waits for you.*My runs.*Upgrade of pool01: awaiting approval/);
  assert.match(await pageOf('U0MALLORY'), /Nothing waits for you.*There is no pool that you may look at/);
  assert.match(await pageOf('U0GUEST'), /You may do nothing here: a guest account has no rights/);
  await it.bring(says.clickAtHome('U0OMAR', 'ask:status:0'));
  assert.match(JSON.stringify([...state.views.values()].at(-1)?.view), /pool01 needs a look.*ok Ready/);
  await it.bring(says.clickAtHome('U0OMAR', 'press:approve:0'));
  assert.match(JSON.stringify([...state.views.values()].at(-1)?.view), /approved by omar/);
  assert.deepEqual(it.effects, ['Stop-CsWindowsService fe1.sim.example']);
});
