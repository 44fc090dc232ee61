import type { Logger } from 'pino';
import { lifeguard } from '../bot.ts';
import type { Config } from '../config.ts';
import { rehearsals } from '../session/rehearsal.ts';
import { outside } from './chat-hands.ts';
import { type Chats, openChats, placesOf } from './chats.ts';
import { Driver } from './driver.ts';
import { connect } from './pools.ts';
import { openRecord } from './record.ts';

/** The configuration, where the record is, and who is told that the bot is there. */
export interface LiveInChatsOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly say: (line: string) => void;
  /** Comes when the program is to end. */
  readonly ended: Promise<void>;
  readonly exit: (because: string) => void;
}

/** Lifeguard on real pools, with Slack, Teams or both as its channel. Everybody speaks for themselves. */
export async function liveInChats({ config, log, say, ended, exit }: LiveInChatsOptions): Promise<void> {
  const record = await openRecord({ config, log, say, ended, exit });
  if (record === null) return;
  const { store } = record;
  const hands = connect(config, log);
  const chats = await openChats({ config, store, log, ended, wait: outside.wait });
  if (chats !== null) await converse(chats);
  await hands.close();
  await record.close();

  async function converse(chats: Chats): Promise<void> {
    const bot = lifeguard({
      ...hands,
      store,
      pools: config.pools,
      clock: { now: () => Date.now() },
      patience: outside.patience,
      rehearsal: rehearsals(),
      placeOf: (pool) => placesOf(config, pool),
      log: (line, message) => log.info(line, message),
      surface: chats.surface,
    });
    const driver = new Driver(bot);
    await bot.start();
    driver.again();
    await chats.start(driver.driving(bot), say);
    record?.working();
    await ended;
    driver.stop();
    await chats.stop();
  }
}
