import { renderCard } from '../adapters/console/render.ts';
import { Terminal } from '../adapters/console/terminal.ts';
import { openStore } from '../adapters/store/sqlite.ts';
import { COMMANDS } from '../commands/grammar.ts';
import type { ConfiguredPool } from '../config.ts';
import { CHECK_NAMES } from '../domain/checks.ts';
import { peopleWith } from '../domain/inventory.ts';
import { shortName } from '../domain/pool.ts';
import { minutes, seconds } from '../domain/time.ts';
import type { LogLine } from '../workflow/hands.ts';
import type { Venue } from './chat.ts';
import { parseLine } from './file.ts';
import { SessionFault } from './line-words.ts';
import { isoTime } from './record.ts';
import { Session } from './session.ts';
import type { InTurn } from './turns.ts';

/** The terminal, how fast time runs, and the pools. */
export interface DemoOptions {
  /** How many times faster than real time the simulated pools live. */
  readonly speed: number;
  /** Lines that set the pools up, as a session file has them. */
  readonly setUp: readonly string[];
  /** Simulated pools of the configuration: their people, rights, aliases and zone. Empty: the embedded default. */
  readonly configured: readonly ConfiguredPool[];
  /** Where people talk with the bot. */
  readonly chat: Venue;
  readonly inTurn: InTurn;
  /** SQLite file of the record; null keeps it in memory. */
  readonly storeFile: string | null;
  readonly input: NodeJS.ReadStream;
  /** With people elsewhere it goes on until then, even when nobody types here any more; null: it ends with what is typed. */
  readonly ended: Promise<void> | null;
  readonly output: NodeJS.WriteStream;
  readonly log: (line: LogLine, message: string) => void;
}

/** The pools of the embedded default: two that are paired with each other, and one that is upgraded by server-failover. */
const DEMO_POOLS: readonly string[] = [
  '! seed 7',
  '! pool pool01 version 2013 servers 6 domains fe1,fe2|fe3,fe4|fe5,fe6 paired pool02',
  '! pool pool02 version 2015 servers 3 domains fe11|fe12|fe13 paired pool01 patch by-command',
  '! pool pool03 version 2019 servers 4 domains fe21|fe22|fe23|fe24 patch by-command',
];

/** Simulated pools of the configuration as lines of a session; without any, the embedded default. */
export function setUpOf(pools: readonly ConfiguredPool[]): readonly string[] {
  const lines = pools.flatMap(({ fqdn, version, backupPool, patchMode, connection }) => {
    if (connection.kind !== 'simulated') return [];
    const domains = connection.upgradeDomains.map((servers) => servers.join(',')).join('|');
    const paired = backupPool === null ? '' : ` paired ${backupPool}`;
    return [
      `! pool ${fqdn} version ${version} servers ${connection.upgradeDomains.flat().length} domains ${domains}${paired} patch ${patchMode}`,
    ];
  });
  return lines.length === 0 ? DEMO_POOLS : lines;
}

const FIRST_PERSON = 'dana';
const SECOND_PERSON = 'omar';
/** How often the simulated pools catch up with real time. */
const TICK = seconds(0.25);
/** A computer that slept does not make the night pass in one jump that nobody saw. */
const CATCH_UP_MAX = minutes(10);

/** Lifeguard in a terminal on simulated pools: people are personas, the weather may be typed, and the clock runs fast. */
export async function demo(options: DemoOptions): Promise<void> {
  const colour = options.output.isTTY === true && process.env['NO_COLOR'] === undefined;
  let speaker = FIRST_PERSON;
  const { inTurn, input, output, storeFile } = options;
  const session = new Session({
    through: null,
    chat: options.chat,
    configured: options.configured,
    ...(storeFile === null ? {} : { storeFile }),
    audience: {
      happened: (event) => (event.kind === 'restarted' ? print('(the bot was killed and is started again)') : undefined),
      saw: (at, card, before) => {
        const text = renderCard(card, before, colour);
        if (text !== null) print(`${isoTime(at).slice(11, 16)} ${text}`);
      },
      log: options.log,
    },
  });
  const terminal = new Terminal({
    input,
    output,
    prompt: '> ',
    completions: () => completions(session),
    line: (text) =>
      inTurn(async () => {
        speaker = (await playTyped(session, text, speaker, print)) ?? speaker;
      }),
  });
  const print = (line: string): void => terminal.print(line);
  await session.play({ number: 0, text: '', kind: 'start', at: await startAt(storeFile) });
  for (const line of options.setUp) await session.play(parseLine(line, 0));
  const people = personasOf(options.configured);
  for (const person of people) session.world.meet(person);
  speaker = people[0] ?? FIRST_PERSON;
  print(banner(session, options.speed, people).join('\n'));
  await inTurn(() => session.begin());
  const ticker = tick(session, options.speed, inTurn);
  await untilEnd(terminal.run(), input, options.ended);
  clearInterval(ticker);
  terminal.close();
  await inTurn(() => session.close());
}

/** Plays one typed line; a line without a sign is said by whoever spoke last. Gives back who speaks now. */
async function playTyped(session: Session, text: string, speaker: string, print: (line: string) => void): Promise<string | null> {
  const typed = /^\s*[#!@+>]/.test(text) ? text : `@${speaker} ${text.trim()}`;
  try {
    const line = parseLine(typed, 1);
    if (line.kind === 'expect' || line.kind === 'expect-not') {
      const said = session.said().some((each) => each.toLowerCase().includes(line.words.toLowerCase()));
      print(said === (line.kind === 'expect') ? '(that holds)' : '(that does not hold)');
      return null;
    }
    await session.play(line);
    if (line.kind === 'clock') print(`(it is ${isoTime(session.world.now()).slice(11, 16)})`);
    return line.kind === 'said' ? line.by : null;
  } catch (error) {
    if (!(error instanceof SessionFault)) throw error;
    print(`Not understood at column ${error.column}: ${error.message}. Nothing was changed.`);
    return null;
  }
}

/** Whoever types `exit` at a terminal ends it; the end of a pipe does not, while there are people elsewhere. */
async function untilEnd(typed: Promise<void>, input: NodeJS.ReadStream, ended: Promise<void> | null): Promise<void> {
  if (ended === null) return typed;
  await (input.isTTY === true ? Promise.race([typed, ended]) : ended);
}

/** Now; or when the bot of this record was last there, for a night that runs fast may be ahead of the day outside. */
async function startAt(storeFile: string | null): Promise<number> {
  const now = Math.floor(Date.now() / minutes(1)) * minutes(1);
  if (storeFile === null) return now;
  const store = await openStore(storeFile);
  const lastAlive = await store.lastAlive();
  await store.close();
  return Math.max(now, lastAlive ?? now);
}

function tick(session: Session, speed: number, inTurn: InTurn): NodeJS.Timeout {
  let last = performance.now();
  return setInterval(() => {
    const now = performance.now();
    const passed = Math.min((now - last) * speed, CATCH_UP_MAX);
    last = now;
    void inTurn(() => session.moveTo(session.world.now() + Math.round(passed)));
  }, TICK);
}

/** Who may be typed: everybody the configuration lists, operators first; in the embedded default, two. */
function personasOf(configured: readonly ConfiguredPool[]): readonly string[] {
  const listed = configured.flatMap((pool) => [
    ...peopleWith(pool, 'operate'),
    ...peopleWith(pool, 'approve'),
    ...pool.rights.keys(),
  ]);
  return listed.length === 0 ? [FIRST_PERSON, SECOND_PERSON] : [...new Set(listed)];
}

function banner(
  { world }: Session,
  speed: number,
  [first = FIRST_PERSON, second = SECOND_PERSON]: readonly string[],
): readonly string[] {
  const [pool] = world.pools;
  const name = pool === undefined ? 'pool01' : shortName(pool.fqdn);
  const servers = pool?.readiness();
  const inFirst = typeof servers === 'object' ? (servers.upgradeDomains[0]?.servers ?? []) : [];
  const pools = world.pools
    .map((pool) => `${shortName(pool.fqdn)} (${pool.version}, ${pool.computers().length} servers)`)
    .join(', ');
  return [
    `Lifeguard, on simulated pools: ${pools}. Nothing here is real; ${speed === 1 ? 'time runs as it does outside' : `time runs ${speed} times as fast as outside`}.`,
    `Type  @${first} upgrade ${name}   then  @${second} approve   and, once asked to,  ${inFirst.map((server) => `@${first} patched ${shortName(server)}`).join('  ')}`,
    `Ask  help, status ${name}, why ${name}.`,
    'Move the clock: +20m.  Make weather: ! readiness Busy, ! down fe4, ! stuck fe2, ! kill.  Leave: exit.',
  ];
}

function completions({ world }: Session): readonly string[] {
  const servers = world.pools.flatMap((pool) => pool.computers().map(shortName));
  return [...COMMANDS.map(({ verb }) => verb), ...world.pools.map(({ fqdn }) => shortName(fqdn)), ...servers, ...CHECK_NAMES];
}
