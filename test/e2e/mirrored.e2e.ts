import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mirroredRig } from './teams-rig.ts';
import { timed } from './timed.ts';

const REQUEST = /Approve\? pool01: take upgrade domain 1 down/;
/** A click on one platform is seen on the other within this. Requirement N2. */
const SEEN_WITHIN = 5;

test('a run in Slack and in Teams at once: a click in one is seen in the other, and a person has one vote', async (t) => {
  const { emulator, playground, page } = await mirroredRig(t, 60);
  const kims = await page('kim');
  await kims.openChat('channel');
  await emulator.command('U0DANA', 'upgrade pool01');
  const [inSlack, inTeams] = await Promise.all([emulator.seen(REQUEST), playground.seen(REQUEST)]);

  const inTheirPage = kims
    .card(REQUEST)
    .getByText(/approved by omar/)
    .waitFor();
  const toTeams = await timed(
    t,
    'from a click in Slack to Teams',
    emulator.press('U0OMAR', inSlack, 'press:approve'),
    inTheirPage,
  );
  assert.ok(toTeams < SEEN_WITHIN);
  const told = await playground.press('omar', inTeams, 'Yes: Approve');
  assert.match(told, /omar has approved already, .*one person is one vote, whatever account they use/);
  assert.match(await playground.press('dana', inTeams, 'Yes: Approve'), /you asked for this upgrade/);

  await kims.press(REQUEST, 'Approve');
  const click = kims.press(REQUEST, 'Yes: Approve');
  const toSlack = await timed(t, 'from a click in Teams to Slack', click, emulator.seen(/APPROVED at/));
  assert.ok(toSlack < SEEN_WITHIN);
  await kims
    .card(REQUEST)
    .getByText(/APPROVED at/)
    .waitFor();
});
