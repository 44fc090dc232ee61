import { LogLevel } from '@slack/bolt';

/** What Bolt logs to. Its levels are fixed here: how much is logged is this program's own setting. */
export interface BoltLogger {
  debug(...words: unknown[]): void;
  info(...words: unknown[]): void;
  warn(...words: unknown[]): void;
  error(...words: unknown[]): void;
  setLevel(level: LogLevel): void;
  getLevel(): LogLevel;
  setName(name: string): void;
}

/** Tokens, addresses for answers and tickets of Socket Mode, as they might stand in the message of an error. */
const SECRETS = /xox[a-z]-[\w-]+|xapp-[\w-]+|https?:\/\/hooks\.slack\.com\/\S+|ticket=[^\s&"']+/giu;

/** Bolt's log as lines of ours, without payloads and without anything that opens a door. */
export function boltLogger(log: (level: 'info' | 'warn' | 'error', line: string) => void): BoltLogger {
  const said =
    (level: 'info' | 'warn' | 'error') =>
    (...words: unknown[]): void =>
      log(level, words.map(inWords).join(' ').replace(SECRETS, '[hidden]').slice(0, 1_000));
  return {
    // Bolt's debug lines carry whole payloads, with response addresses and trigger ids in them.
    debug: () => {},
    info: said('info'),
    warn: said('warn'),
    error: said('error'),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}

const inWords = (word: unknown): string => (word instanceof Error ? `${word.name}: ${word.message}` : String(word));
