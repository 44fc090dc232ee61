import type { Logger } from 'pino';
import { renderCard } from './adapters/console/render.ts';
import { Terminal } from './adapters/console/terminal.ts';
import { type CallRecord, PowerShellCalls } from './adapters/powershell/calls.ts';
import { LOCAL_READERS, reachLocally, SCRIPTS } from './adapters/powershell/local.ts';
import { PowerShellOperator, PowerShellReader } from './adapters/powershell/pool.ts';
import { openStore } from './adapters/store/sqlite.ts';
import { type Lifeguard, lifeguard } from './bot.ts';
import { COMMANDS } from './commands/grammar.ts';
import type { Config, ConfiguredPool } from './config.ts';
import { type PersonId, type PoolFqdn, shortName } from './domain/pool.ts';
import { seconds } from './domain/time.ts';
import { type Card, cardText } from './messages/card.ts';
import type { PoolOperator, PoolReader } from './ports.ts';
import { shownAtOnce } from './workflow/at-once.ts';

/** The configuration, who types, where the record is, and the terminal. */
export interface LiveOptions {
  readonly config: Config;
  readonly person: PersonId;
  readonly storeFile: string;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly log: Logger;
}

const TERMINAL = 'console:terminal';
/** The record says at least this often that somebody was there, so that an outage is told to the half minute. */
const ALIVE_EVERY = seconds(30);

/** Lifeguard on real pools, with the terminal as its channel. Everybody who types here is the one configured person. */
export async function live({ config, person, storeFile, input, output, log }: LiveOptions): Promise<void> {
  const store = await openStore(storeFile);
  const hands = connect(config, log);
  const colour = output.isTTY === true && process.env['NO_COLOR'] === undefined;
  const shown = new Map<string, string>();
  let delivered = 0;
  const bot: Lifeguard = lifeguard({
    ...hands,
    store,
    pools: config.pools,
    clock: { now: () => Date.now() },
    placeOf: () => TERMINAL,
    log: (line, message) => log.info(line, message),
    surface: shownAtOnce(TERMINAL, store, async (card, messageId) => show(card, messageId ?? card.key)),
  });
  const show = (card: Card, messageId: string): string => {
    const text = renderCard(card, shown.get(messageId) ?? null, colour);
    shown.set(messageId, cardText(card));
    if (text !== null) terminal.print(text);
    return messageId;
  };
  const hear = async (text: string, deliveryId: string): Promise<void> => {
    const { card, follow } = await bot.hear({ text, by: person, deliveryId });
    show(card, card.key);
    await follow();
  };
  const driver = new Driver(bot);
  const terminal = new Terminal({
    input,
    output,
    prompt: `${person}> `,
    completions: () => [...COMMANDS.map(({ verb }) => verb), ...config.pools.map(({ fqdn }) => shortName(fqdn))],
    line: async (text) => {
      if (/^\s*@/.test(text)) {
        terminal.print(`These pools are real: whoever types here is ${person}. Nothing was changed.`);
        return;
      }
      delivered += 1;
      const deliveryId = `terminal-${process.pid}-${Date.now()}-${delivered}`;
      const heard = hear(text, deliveryId).finally(() => driver.again());
      // A walk may take minutes; a person at a prompt may type meanwhile. A pipe is read no faster than it is answered.
      if (!terminal.interactive) await heard;
      else driver.watch(heard);
    },
  });
  await bot.start();
  driver.again();
  await terminal.run();
  driver.stop();
  await hands.close();
  await store.close();
}

/** Wakes the bot when something is due. A bug in it ends the process: the record is whole, and the next one goes on. */
class Driver {
  readonly #bot: Lifeguard;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(bot: Lifeguard) {
    this.#bot = bot;
  }

  again(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#stopped) return;
    const wait = Math.max(0, Math.min((this.#bot.nextDue() ?? Number.POSITIVE_INFINITY) - Date.now(), ALIVE_EVERY));
    this.#timer = setTimeout(() => this.watch(this.#bot.runDue().finally(() => this.again())), wait);
  }
  watch(work: Promise<void>): void {
    work.catch((bug: unknown) => {
      throw bug;
    });
  }
  stop(): void {
    this.#stopped = true;
    this.again();
  }
}

interface Connected {
  readonly reader: PoolReader;
  readonly operator: PoolOperator;
  close(): Promise<void>;
}

/** The one machine that is reached: the Front End Server that the bot runs on. */
function connect(config: Config, log: Logger): Connected {
  const [machine] = config.pools.flatMap(({ connection }) => (connection.kind === 'local' ? [connection.server] : []));
  if (machine === undefined) throw new Error('no configured pool is reached from this machine');
  const calls = new PowerShellCalls({
    executable: config.powershell,
    scripts: SCRIPTS,
    reach: reachLocally(machine),
    limits: LOCAL_READERS,
    log: (call: CallRecord) => log.info(call, 'powershell'),
  });
  const patchCommandOf = (pool: PoolFqdn) =>
    config.pools.find((each: ConfiguredPool) => each.fqdn === pool)?.patchCommand ?? null;
  return {
    reader: new PowerShellReader(calls),
    operator: new PowerShellOperator(calls, patchCommandOf),
    close: () => calls.close(),
  };
}
