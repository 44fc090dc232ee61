import type { ServerFqdn } from '../../domain/pool.ts';

/** PowerShell's whole account of an `ssh` that ended without a session, whatever the reason; seen of 7.6 in English. */
const ENDED = /SSH transport process has abruptly terminated/;

/**
 * Why a server was not reached, as a person is told it: what `ssh` itself printed, which PowerShell does not repeat, and what
 * PowerShell says besides, unless that is only that `ssh` ended. Where nobody gave a reason, the server does not answer.
 */
export function whyUnreached(server: ServerFqdn | null, raw: string, because: string): string {
  const reasons = [...besides(raw), ...(ENDED.test(because) ? [] : [because])];
  return reasons.length === 0 ? `${server ?? 'the server'} does not answer` : reasons.join(': ');
}

/** Every line that is neither an answer nor a mark of where one ends. */
const besides = (raw: string): readonly string[] =>
  raw
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('<<lifeguard ') && !/^[A-Za-z0-9_-]{16}$/.test(line));
