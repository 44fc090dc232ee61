import { fileURLToPath } from 'node:url';
import { commandLine, READINGS } from './catalogue.ts';
import { minimalEnvironment, Shell } from './shell.ts';

/** The folder of the scripts that PowerShell may be asked for. */
export const SCRIPTS = fileURLToPath(new URL('scripts', import.meta.url));

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
