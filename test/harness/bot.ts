/**
 * One Lifeguard as a process: the real bot on a real record, on a pool that another process holds. It is told what people
 * type line by line, says line by line what came of it, and is made to be killed.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type OpenedStore, RecordRefused } from '../../src/adapters/store/opened.ts';
import { openPostgres } from '../../src/adapters/store/postgres.ts';
import { openStore } from '../../src/adapters/store/sqlite.ts';
import { type Lifeguard, lifeguard } from '../../src/bot.ts';
import { seconds } from '../../src/domain/time.ts';
import { cardText } from '../../src/messages/card.ts';
import type { Clock, PoolOperator, PoolReader } from '../../src/ports.ts';
import { shownAtOnce } from '../../src/workflow/at-once.ts';
import { forwarded, postTo } from './forward.ts';
import { type BotLine, type BotSettings, type HeardLine, LOST_CODE, pacedClock, REFUSED_CODE, worldOf } from './wire.ts';

const CHANNEL = 'harness:channel';
/** As the real one: the record says at least this often that somebody was there. */
const ALIVE_EVERY = seconds(30);

const settings = JSON.parse(process.argv[2] ?? '') as BotSettings;
/** Straight to the descriptor: a line that was written is out, whatever happens next. */
const say = (line: BotLine) => writeSync(1, `${JSON.stringify(line)}\n`);

try {
  await live(settings, await recordOf(settings));
} catch (error) {
  if (!(error instanceof RecordRefused)) throw error;
  writeSync(2, `${error.message}\n`);
  process.exit(REFUSED_CODE);
}

function recordOf({ record }: BotSettings): Promise<OpenedStore> {
  if (record.kind === 'file') return openStore(record.file);
  return openPostgres({
    url: record.url,
    waiting: () => say({ kind: 'waiting' }),
    // Another one may lead already: nothing more may leave this process.
    lost: () => process.exit(LOST_CODE),
    signal: new AbortController().signal,
  });
}

async function live({ name, poolUrl, token, pace, scenery }: BotSettings, store: OpenedStore): Promise<void> {
  const clock = pacedClock(pace);
  const post = postTo(poolUrl, token, name);
  const bot = lifeguard({
    pools: worldOf(scenery, { effect: () => {}, state: () => {} }).managed(),
    reader: forwarded<PoolReader>('reader', post),
    operator: forwarded<PoolOperator>('operator', post),
    store,
    clock,
    placeOf: () => CHANNEL,
    log: () => {},
    surface: shownAtOnce(CHANNEL, store, async (card) => {
      await post({ port: 'channel', method: 'show', args: [card.key, cardText(card)] });
      return card.key;
    }),
  });
  await bot.start();
  const again = driver(bot, clock, pace.speed);
  say({ kind: 'ready' });
  again();
  for await (const line of createInterface({ input: process.stdin })) {
    const heard = JSON.parse(line) as HeardLine;
    const { taken, follow } = await bot.hear(heard);
    say({ kind: 'heard', deliveryId: heard.deliveryId, taken });
    // A bug in it ends this process, as it would the real one.
    void follow().finally(again);
  }
  // Whoever started it is gone.
  process.exit(0);
}

/** Wakes the bot when something is due, as the real driver does, in its own time. To be called when something may have changed. */
function driver(bot: Lifeguard, clock: Clock, speed: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    clearTimeout(timer);
    const wait = Math.min((bot.nextDue() ?? Number.POSITIVE_INFINITY) - clock.now(), ALIVE_EVERY);
    timer = setTimeout(() => void bot.runDue().finally(again), Math.max(0, wait / speed));
  };
  return again;
}
