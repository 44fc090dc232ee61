import { readFileSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import { whyItDoesNotAnswer } from './adapters/powershell/script-folder.ts';
import { onThisMachine, throughPowerShell } from './adapters/simulator/through-powershell.ts';
import { SlackRefused } from './adapters/slack/app.ts';
import { RecordRefused } from './adapters/store/opened.ts';
import { faultText } from './config/faults.ts';
import { type Config, readConfig } from './config.ts';
import { type Arguments, readArguments, USAGE } from './live/arguments.ts';
import { backupTo, restoreFrom } from './live/backup.ts';
import { inSomeChat } from './live/chats.ts';
import { chatsVenue } from './live/chats-venue.ts';
import { doctor } from './live/doctor.ts';
import { liveInChats } from './live/in-chats.ts';
import { doctorOf, probeOf } from './live/pool-tools.ts';
import { live } from './live/terminal.ts';
import { demo, setUpOf } from './session/demo.ts';
import { play } from './session/play.ts';
import { slackChat } from './session/slack-chat.ts';
import { teamsChat } from './session/teams-chat.ts';
import { terminalChat } from './session/terminal-chat.ts';
import { oneAfterAnother } from './session/turns.ts';
import type { LogLine } from './workflow/hands.ts';

/** The exit code of a bot that has lost its place: a supervisor starts it again, as a standby. */
const LEADS_NO_MORE = 75;

const out = (line: string) => void process.stdout.write(`${line}\n`);
const err = (line: string) => void process.stderr.write(`${line}\n`);

/** 0: done. 1: something did not hold, or is bad. 2: called wrongly, or the configuration or the file is wrong. */
async function main(args: readonly string[]): Promise<number> {
  const given = readArguments(args);
  switch (given.command) {
    case 'wrong':
      err(`${given.because}\n${USAGE}`);
      return 2;
    case 'help':
      out(USAGE);
      return 0;
    case 'play':
      return playFile(given);
    default: {
      const config = readConfig(process.env, (path) => readFileSync(path, 'utf8'));
      if (config.kind === 'configured') return work(given, config);
      for (const fault of config.faults) err(faultText(fault));
      return 2;
    }
  }
}

async function work(given: Exclude<Arguments, { command: 'wrong' | 'help' | 'play' }>, config: Config): Promise<number> {
  const log = loggerFor(config);
  switch (given.command) {
    case 'chat':
      return chat(config, given.speed, log);
    case 'doctor':
      if (given.pool === null) return doctor({ config, send: given.send, out });
      return doctorOf({ config, named: given.pool, log, out, err });
    case 'probe': {
      const { pool, server, folder, scrub } = given;
      return probeOf({ config, named: pool, server, folder, scrubbed: scrub, log, out, err });
    }
    case 'backup':
      return backupTo({ config, file: given.file, out, err });
    case 'restore':
      return restoreFrom({ config, file: given.file, out, err });
  }
}

async function playFile({ file, events, through, surface }: Arguments & { command: 'play' }): Promise<number> {
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
    chat: { terminal: terminalChat, slack: slackChat, teams: teamsChat }[surface](),
    out,
    err,
  });
}

/** A session needs no configuration, only a PowerShell: the one that tests use, or the one that a real bot would. */
function powershellForPlay(): string {
  return (
    process.env['LIFEGUARD_TEST_POWERSHELL'] ||
    process.env['LIFEGUARD_POWERSHELL'] ||
    (process.platform === 'win32' ? 'powershell.exe' : 'pwsh')
  );
}

const loggerFor = (config: Config): Logger =>
  pino(
    { level: config.poolsFile === null && process.env['LOG_LEVEL'] === undefined ? 'warn' : config.logLevel },
    pino.destination(2),
  );

async function chat(config: Config, speed: number, log: Logger): Promise<number> {
  try {
    await converse(config, speed, log);
    return 0;
  } catch (error) {
    if (!(error instanceof RecordRefused || error instanceof SlackRefused)) throw error;
    err(error.message);
    return 2;
  }
}

/** Real pools or simulated ones, in chats or in this terminal. */
async function converse(config: Config, speed: number, log: Logger): Promise<void> {
  const { person, storeFile } = config;
  const inChats = inSomeChat(config);
  const streams = { input: process.stdin, output: process.stdout };
  const ended = new Promise<void>((resolve) => {
    if (inChats) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  if (!config.typedPersonas) {
    if (inChats) return liveInChats({ config, log, say: out, ended, exit: leave });
    if (person !== null) return live({ ...streams, config, person, log, exit: leave });
  }
  const inTurn = oneAfterAnother();
  const night = { ...streams, speed, configured: config.pools, setUp: setUpOf(config.pools), inTurn };
  const logged = (line: LogLine, message: string) => log.info(line, message);
  if (!inChats) return demo({ ...night, chat: terminalChat(), storeFile: null, ended: null, log: logged });
  const chat = chatsVenue({ config, log, inTurn, say: out, ended });
  return demo({ ...night, chat, storeFile, ended, log: logged });
}

/** What was begun is in the record, and whoever leads now looks at it; nothing more may be done here. */
function leave(because: string): void {
  err(because);
  process.exit(LEADS_NO_MORE);
}

// Whoever read the output has gone, as behind `| head`: there is nobody left to talk to.
process.stdout.on('error', () => process.exit(0));
process.exitCode = await main(process.argv.slice(2));
