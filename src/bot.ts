import { commandBehind } from './commands/buttons.ts';
import { type Desk, type Outcome, told } from './commands/desk.ts';
import { handle } from './commands/handle.ts';
import { settingsOf } from './commands/orders.ts';
import { type Card, cardText } from './messages/card.ts';
import { homePage, type KnownPool } from './messages/home.ts';
import { simulatedTitle } from './messages/words.ts';
import type { Answered, Delivery, Listener } from './ports.ts';
import { Bot } from './workflow/bot.ts';
import type { Hands } from './workflow/hands.ts';
import { failedOverAt } from './workflow/operations-against.ts';

/** One Lifeguard over its ports: lines and presses go in, cards come out, and time is told by the clock it was given. */
export interface Lifeguard extends Listener {
  /** To be called once before anything else: takes up what a killed one left. */
  start(): Promise<void>;
  /** When something is next due, and doing it. */
  nextDue(): number | null;
  runDue(): Promise<void>;
  /** To be called before the record is closed. */
  stop(): void;
}

/** Puts commands and workflow together over the ports; neither knows of the other. */
export function lifeguard(hands: Hands): Lifeguard {
  const bot = new Bot(hands, settingsOf);
  const desk = deskOf(bot, hands);
  const answer = ({ reply, wake, wakeOperations = [] }: Outcome, deliveryId: string): Answered => {
    const simulated = reply.pool?.simulated ?? hands.pools.every((pool) => pool.simulated);
    const title = simulated ? simulatedTitle(reply.title) : reply.title;
    const card: Card = { key: `reply-${deliveryId}`, under: null, tone: reply.tone, title, lines: reply.lines, buttons: [] };
    hands.log({ event: cardText(card).split('\n')[0] ?? '' }, 'answered');
    return {
      kind: 'answered',
      card,
      taken: wake.length + wakeOperations.length > 0,
      follow: async () => {
        const woken = [...wake.map((run) => bot.wake(run)), ...wakeOperations.map((each) => bot.operations.wake(each))];
        await Promise.all(woken);
      },
    };
  };
  const now = async (deliveryId: string): Promise<Delivery> => {
    await hands.store.sayAlive(hands.clock.now());
    return { id: deliveryId, at: hands.clock.now() };
  };
  return {
    start: () => bot.start(),
    nextDue: () => bot.nextDue(),
    runDue: () => bot.runDue(),
    stop: () => bot.stop(),
    hear: async ({ text, by, deliveryId }) => answer(await handle(text, by, await now(deliveryId), desk), deliveryId),
    press: async (pressed) => {
      const { by, deliveryId } = pressed;
      const delivery = await now(deliveryId);
      const behind = await commandBehind(pressed, desk);
      if (behind.kind === 'asking') return behind;
      if (behind.kind === 'stale') return answer(told(behind.pool, `${behind.tell} Nothing was changed.`), deliveryId);
      return answer(await handle(behind.text, by, delivery, desk), deliveryId);
    },
    home: async (person) => {
      const known: KnownPool[] = [];
      for (const pool of hands.pools)
        known.push({
          pool,
          seen: await hands.store.lastLook(pool.fqdn),
          run: await bot.runs.latestOf(pool.fqdn),
          operation: await bot.operations.activeOf(pool.fqdn),
        });
      return homePage(person, known, hands.clock.now(), await hands.store.freeze());
    },
  };
}

function deskOf(bot: Bot, hands: Hands): Desk {
  return {
    pools: hands.pools,
    clock: hands.clock,
    activeRuns: () => bot.runs.active(),
    latestRun: (pool) => bot.runs.latestOf(pool),
    openRun: (pool, first, delivery) => bot.runs.open(pool, first, delivery),
    append: (run, state, event, delivery) => bot.append(run, state, event, delivery),
    activeOperation: (pool) => bot.operations.activeOf(pool),
    operationsOf: (pool, limit) => bot.operations.of(pool, limit),
    openOperation: (pool, first, delivery) => bot.operations.open(pool, first, delivery),
    appendOperation: async (operation, state, event, delivery) => {
      const after = await bot.operations.append(operation, state, event, delivery);
      return typeof after === 'string' ? after : 'appended';
    },
    failedOverAt: (pool) => failedOverAt(pool, hands.store),
    freeze: () => hands.store.freeze(),
    lastThaw: () => hands.store.lastThaw(),
    setFreeze: async (freeze, delivery) => {
      const outcome = await hands.store.setFreeze(freeze, delivery);
      hands.log({ event: `freeze by ${freeze.by}`, because: freeze.because }, outcome);
      return outcome;
    },
    endFreeze: async (thaw, delivery) => {
      const outcome = await hands.store.endFreeze(thaw, delivery);
      hands.log({ event: `thaw by ${thaw.by}` }, outcome);
      return outcome;
    },
    watched: (pool) => bot.watch.of(pool),
    mute: async (pool, mute, delivery) => {
      const before = await bot.watch.mute(pool, mute, delivery);
      hands.log({ pool: pool.fqdn, event: mute === null ? 'unmute' : `mute by ${mute.by}` }, 'said');
      return before;
    },
    look: (pool, upgradeDomain) => bot.look(pool, upgradeDomain),
    soon: (pool, last) => bot.soon(pool, last),
    lastLook: (pool) => hands.store.lastLook(pool),
    readiness: (pool) => bot.readiness(pool),
    fabric: (pool) => bot.fabric(pool),
    condition: (pool) => bot.condition(pool),
    rehearse: (asked) => bot.rehearse(asked),
  };
}
