import type { Desk } from './commands/desk.ts';
import { handle } from './commands/handle.ts';
import { settingsOf } from './commands/orders.ts';
import { type Card, cardText } from './messages/card.ts';
import { simulatedTitle } from './messages/words.ts';
import type { Heard } from './ports.ts';
import { Bot } from './workflow/bot.ts';
import type { Hands } from './workflow/hands.ts';

/** One Lifeguard over its ports: lines go in, cards come out, and time is told by the clock it was given. */
export interface Lifeguard {
  /** To be called once before anything else: takes up what a killed one left. */
  start(): Promise<void>;
  /**
   * One line. The returned promise is settled once it is answered and what it led to has gone as far as it can; the
   * answer itself does not wait for that.
   */
  hear(heard: Heard): Promise<void>;
  /** When something is next due, and doing it. */
  nextDue(): number | null;
  runDue(): Promise<void>;
}

/** Puts commands and workflow together over the ports; neither knows of the other. */
export function lifeguard(hands: Hands): Lifeguard {
  const bot = new Bot(hands, settingsOf);
  const desk: Desk = {
    pools: hands.pools,
    clock: hands.clock,
    activeRuns: () => bot.runs.active(),
    latestRun: (pool) => bot.runs.latestOf(pool),
    openRun: (pool, first, delivery) => bot.runs.open(pool, first, delivery),
    append: (run, state, event, delivery) => bot.append(run, state, event, delivery),
    look: (pool, upgradeDomain) => bot.look(pool, upgradeDomain),
    lastLook: (pool) => hands.store.lastLook(pool),
    readiness: (pool) => bot.readiness(pool),
    fabric: (pool) => bot.fabric(pool),
  };
  return {
    start: () => bot.start(),
    nextDue: () => bot.nextDue(),
    runDue: () => bot.runDue(),
    hear: async ({ text, by, place, deliveryId }) => {
      await hands.store.sayAlive(hands.clock.now());
      const { reply, wake } = await handle(text, by, { id: deliveryId, at: hands.clock.now() }, desk);
      const simulated = reply.pool?.simulated ?? hands.pools.every((pool) => pool.simulated);
      const title = simulated ? simulatedTitle(reply.title) : reply.title;
      const card: Card = { key: `reply-${deliveryId}`, tone: reply.tone, title, lines: reply.lines, buttons: [] };
      await hands.surface.show(place, card, null);
      hands.log({ event: cardText(card).split('\n')[0] ?? '' }, 'answered');
      await Promise.all(wake.map((run) => bot.wake(run)));
    },
  };
}
