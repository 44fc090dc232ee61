import type { Logger } from 'pino';
import { renderCard } from '../adapters/console/render.ts';
import { Terminal } from '../adapters/console/terminal.ts';
import { type Lifeguard, lifeguard } from '../bot.ts';
import { COMMANDS } from '../commands/grammar.ts';
import type { Config } from '../config.ts';
import { type PersonId, shortName } from '../domain/pool.ts';
import { type Card, cardText } from '../messages/card.ts';
import { rehearsals } from '../session/rehearsal.ts';
import { shownAtOnce } from '../workflow/at-once.ts';
import { outside } from './chat-hands.ts';
import { Driver } from './driver.ts';
import { connect } from './pools.ts';
import { openRecord } from './record.ts';

/** The configuration, who types, where the record is, and the terminal. */
export interface LiveOptions {
  readonly config: Config;
  readonly person: PersonId;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly log: Logger;
  /** Ends the program at once: another Lifeguard may work on the record already. */
  readonly exit: (because: string) => void;
}

const TERMINAL = 'console:terminal';

/** Lifeguard on real pools, with the terminal as its channel. Everybody who types here is the one configured person. */
export async function live({ config, person, input, output, log, exit }: LiveOptions): Promise<void> {
  const say = (line: string) => void output.write(`${line}\n`);
  const record = await openRecord({ config, log, say, ended: new Promise(() => {}), exit });
  if (record === null) return;
  const { store } = record;
  const hands = connect(config, log);
  const colour = output.isTTY === true && process.env['NO_COLOR'] === undefined;
  const shown = new Map<string, string>();
  let delivered = 0;
  const bot: Lifeguard = lifeguard({
    ...hands,
    store,
    pools: config.pools,
    clock: { now: () => Date.now() },
    patience: outside.patience,
    rehearsal: rehearsals(),
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
  record.working();
  driver.again();
  await terminal.run();
  driver.stop();
  await hands.close();
  await record.close();
}
