import { fileURLToPath } from 'node:url';
import { parseServerFqdn, type ServerFqdn } from '../../domain/pool.ts';
import type { Reach } from './calls.ts';
import { commandLine, READINGS } from './catalogue.ts';
import type { ReaderLimits } from './readers.ts';
import { minimalEnvironment, Shell } from './shell.ts';

/** The folder of the scripts that PowerShell may be asked for. */
export const SCRIPTS = fileURLToPath(new URL('scripts', import.meta.url));

/** On the bot's own machine: one for readiness, which may block for minutes, and two for everything else. */
export const LOCAL_READERS: ReaderLimits = { perMachine: 3, alive: 3, calls: 200 };

/**
 * Reaches the machine that the bot runs on and no other: there is no second hop. A question for another server is
 * answered with why it cannot be asked.
 */
export const reachLocally =
  (machine: ServerFqdn): Reach =>
  (_pool, server) =>
    server === null || server === machine
      ? { kind: 'reached', on: machine, machine, environment: minimalEnvironment(process.env) }
      : { kind: 'elsewhere', because: `the bot runs on ${machine} and can ask no other machine, so ${server} was not asked` };

/** Whether this PowerShell can be started and answers our wrapper at all; the reason when it does not. */
export async function whyItDoesNotAnswer(executable: string): Promise<string | null> {
  const line = commandLine(READINGS.machine, {});
  const shell = new Shell({ executable, scripts: SCRIPTS, environment: minimalEnvironment(process.env) });
  try {
    const answer = line.kind === 'line' ? await shell.ask(line.text, READINGS.machine.timeOut) : null;
    return answer?.kind === 'lost' ? answer.because.replace(/\s+/g, ' ') : null;
  } finally {
    await shell.end();
  }
}

/** The full name of the machine the bot runs on, as Windows has it; null when there is no PowerShell or no domain. */
export async function nameOfThisMachine(executable: string): Promise<ServerFqdn | null> {
  const line = commandLine(READINGS.machine, {});
  const shell = new Shell({ executable, scripts: SCRIPTS, environment: minimalEnvironment(process.env) });
  try {
    const answer = line.kind === 'line' ? await shell.ask(line.text, READINGS.machine.timeOut) : null;
    const value = answer?.kind === 'value' ? answer.value : null;
    if (typeof value !== 'object' || value === null || !('host' in value) || !('domain' in value)) return null;
    return parseServerFqdn(`${value.host}.${value.domain}`);
  } finally {
    await shell.end();
  }
}
