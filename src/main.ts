import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pino, { type Logger } from 'pino';
import { whyItDoesNotAnswer } from './adapters/powershell/script-folder.ts';
import { onThisMachine, throughPowerShell } from './adapters/simulator/through-powershell.ts';
import { SlackRefused } from './adapters/slack/app.ts';
import { RecordRefused } from './adapters/store/sqlite.ts';
import { faultText } from './config/faults.ts';
import { type Config, readConfig } from './config.ts';
import { doctor } from './live/doctor.ts';
import { liveInSlack } from './live/slack.ts';
import { slackVenue } from './live/slack-venue.ts';
import { live } from './live/terminal.ts';
import { demo, setUpOf } from './session/demo.ts';
import { play } from './session/play.ts';
import { slackChat } from './session/slack-chat.ts';
import { terminalChat } from './session/terminal-chat.ts';
import { oneAfterAnother } from './session/turns.ts';
import type { LogLine } from './workflow/hands.ts';

const USAGE = `lifeguard                       the configured pools (LIFEGUARD_POOLS), or simulated ones, with a chat in this terminal
  --speed N                     how many times faster than real time simulated pools live (60)
lifeguard play FILE             plays a session file in virtual time; 0: every > line held, 1: one did not, 2: the file is wrong
  --events                      only JSON lines: what happened, in its order
  --surface slack               typed, clicked and submitted in a simulated Slack; events then have each payload as sent
  --through powershell          every reading and effect through PowerShell and the real scripts
lifeguard doctor                looks at what the configuration names: Slack's token, scopes, clock, channels, people, groups
  --send                        posts a test card in every channel
lifeguard help                  this`;

const out = (line: string) => void process.stdout.write(`${line}\n`);
const err = (line: string) => void process.stderr.write(`${line}\n`);

/** 0: done. 1: a `>` line of a session did not hold. 2: called wrongly, or the configuration or the file is wrong. */
async function main(args: readonly string[]): Promise<number> {
  const given = readArguments(args);
  if (given.kind === 'wrong') return usage(given.because);
  const { command, file, events, through, surface, send, speed } = given;
  if (command === 'help') {
    out(USAGE);
    return 0;
  }
  if (command === 'play') {
    const powershell = through ? powershellForPlay() : null;
    const mute = powershell === null ? null : await whyItDoesNotAnswer(powershell);
    if (mute !== null) {
      err(`${powershell} does not answer: ${mute}. Name another in LIFEGUARD_TEST_POWERSHELL or LIFEGUARD_POWERSHELL.`);
      return 2;
    }
    return play({
      file,
      events,
      through: powershell === null ? null : (pools) => throughPowerShell(pools, onThisMachine(powershell)),
      chat: surface === 'slack' ? slackChat() : terminalChat(),
      out,
      err,
    });
  }
  const config = readConfig(process.env, (path) => readFileSync(path, 'utf8'));
  if (config.kind === 'configured') return command === 'doctor' ? doctor({ config, send, out }) : chat(config, speed);
  for (const fault of config.faults) err(faultText(fault));
  return 2;
}

type Arguments =
  | { readonly kind: 'wrong'; readonly because: string }
  | {
      readonly kind: 'read';
      readonly command: 'chat' | 'play' | 'doctor' | 'help';
      readonly file: string;
      readonly events: boolean;
      readonly through: boolean;
      readonly surface: 'terminal' | 'slack';
      readonly send: boolean;
      readonly speed: number;
    };

function readArguments(args: readonly string[]): Arguments {
  const wrong = (because: string): Arguments => ({ kind: 'wrong', because });
  try {
    const options = {
      events: { type: 'boolean', default: false },
      surface: { type: 'string', default: 'terminal' },
      send: { type: 'boolean', default: false },
      through: { type: 'string' },
      speed: { type: 'string', default: '60' },
    } as const;
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [command = 'chat', file = '', ...rest] = positionals;
    if (command !== 'chat' && command !== 'play' && command !== 'doctor' && command !== 'help')
      return wrong(`there is no command "${command}"`);
    if (rest.length > 0 || (command !== 'play' && file !== '')) return wrong(`"${[file, ...rest].at(-1)}" is too much`);
    if (command === 'play' && file === '') return wrong('play needs a FILE');
    if (values.through !== undefined && values.through !== 'powershell') return wrong('--through takes powershell');
    const { surface } = values;
    if (surface !== 'terminal' && surface !== 'slack') return wrong('--surface takes terminal or slack');
    const speed = Number(values.speed);
    if (!(speed >= 1 && speed <= 3_600)) return wrong('--speed takes a number from 1 to 3600');
    return {
      kind: 'read',
      command,
      file,
      events: values.events,
      through: values.through !== undefined,
      surface,
      send: values.send,
      speed,
    };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

function usage(because: string): number {
  err(`${because}\n${USAGE}`);
  return 2;
}

/** A session needs no configuration, only a PowerShell: the one that tests use, or the one that a real bot would. */
function powershellForPlay(): string {
  return (
    process.env['LIFEGUARD_TEST_POWERSHELL'] ||
    process.env['LIFEGUARD_POWERSHELL'] ||
    (process.platform === 'win32' ? 'powershell.exe' : 'pwsh')
  );
}

async function chat(config: Config, speed: number): Promise<number> {
  const log = pino(
    { level: config.poolsFile === null && process.env['LOG_LEVEL'] === undefined ? 'warn' : config.logLevel },
    pino.destination(2),
  );
  try {
    await converse(config, speed, log);
    return 0;
  } catch (error) {
    if (!(error instanceof RecordRefused || error instanceof SlackRefused)) throw error;
    err(error.message);
    return 2;
  }
}

/** Real pools or simulated ones, in Slack or in this terminal. */
async function converse(config: Config, speed: number, log: Logger): Promise<void> {
  const { slack, person, storeFile } = config;
  const streams = { input: process.stdin, output: process.stdout };
  const ended = new Promise<void>((resolve) => {
    if (slack !== null) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  if (!config.typedPersonas && storeFile !== null) {
    if (slack !== null) return liveInSlack({ config, slack, storeFile, log, say: out, ended });
    if (person !== null) return live({ ...streams, config, person, storeFile, log });
  }
  const inTurn = oneAfterAnother();
  const night = { ...streams, speed, configured: config.pools, setUp: setUpOf(config.pools), inTurn };
  const logged = (line: LogLine, message: string) => log.info(line, message);
  if (slack === null) return demo({ ...night, chat: terminalChat(), storeFile: null, ended: null, log: logged });
  const chat = slackVenue({ config, slack, log, inTurn, say: out, ended });
  return demo({ ...night, chat, storeFile, ended, log: logged });
}

// Whoever read the output has gone, as behind `| head`: there is nobody left to talk to.
process.stdout.on('error', () => process.exit(0));
process.exitCode = await main(process.argv.slice(2));
