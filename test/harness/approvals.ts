import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Chance } from '../../src/adapters/simulator/chance.ts';
import { personId } from '../../src/domain/pool.ts';
import { keep } from './figures.ts';
import { newRecord } from './records.ts';
import { assertWhole } from './verdict.ts';
import { LIVE_CARD, Walk, type Way } from './walk.ts';

/**
 * When the bot is killed that somebody says yes to: once it has said that it was heard; when it has written the yes and
 * not said so; before it can have read the line; and within these ms of it, wherever that falls.
 */
const MOMENTS = ['heard', 'written', 'sent', 'soon'] as const;
const SOON_MAX = 12;
/** One request that so many people have to approve, so that each of them may lose their bot. */
const VOTERS = Array.from({ length: 16 }, (_, index) => `voter${index + 1}`);

/** A yes whose bot is killed counts once: it is delivered again, as a chat does, unless it was acknowledged. */
export async function everyYesCounts(t: TestContext, way: Way): Promise<void> {
  const chance = new Chance(3);
  let doomed: string | null = null;
  const asked = Promise.withResolvers<void>();
  const walk = await Walk.begin(t, {
    way,
    record: newRecord(),
    bots: 1,
    approvers: VOTERS,
    meddler: (walk) => ({
      done: ({ bot, port, args: [key, text] }) => {
        if (port !== 'channel' || key !== `${LIVE_CARD}-request-1`) return 'goes';
        asked.resolve();
        if (doomed === null || !String(text).includes(`approved by ${doomed} `)) return 'goes';
        walk.bots.kill(bot);
        return 'gone';
      },
    }),
  });
  await walk.ask();
  await asked.promise;
  let [again, hadCounted] = [0, 0];
  for (const [index, voter] of VOTERS.entries()) {
    const heard = { text: 'approve', by: personId(voter), deliveryId: `yes of ${voter}` };
    const moment = MOMENTS[index % MOMENTS.length] ?? 'heard';
    doomed = moment === 'written' ? voter : null;
    const bot = await walk.bots.working();
    const answer = bot.hear(heard);
    if (moment === 'soon') await pause(chance.between('soon', 0, SOON_MAX));
    if (moment === 'soon' || moment === 'sent') walk.bots.kill(bot.name);
    const taken = await answer;
    walk.bots.kill(bot.name);
    await walk.bots.endOf(bot.name);
    doomed = null;
    if (moment === 'heard') assert.equal(taken, true, voter);
    if (taken !== null) continue;
    again += 1;
    if (!(await walk.bots.deliver(heard)).taken) hadCounted += 1;
  }
  assert.ok(hadCounted >= VOTERS.length / MOMENTS.length, `${hadCounted} had been written and not acknowledged`);
  await walk.finished();
  const counted = await assertWhole(walk, { votes: VOTERS.length });
  const journal = await walk.journal();
  assert.deepEqual(
    journal.flatMap((event) => (event.kind === 'approved' ? [event.by] : [])),
    VOTERS.map((voter) => personId(voter)),
  );
  keep('every yes counts', walk, counted, `${VOTERS.length} yeses, ${again} delivered again, of which ${hadCounted} had counted`);
}
