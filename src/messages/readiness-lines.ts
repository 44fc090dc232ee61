import { shortName } from '../domain/pool.ts';
import type { PoolReadiness, ReadinessVerdict } from '../domain/readiness.ts';
import type { Instant } from '../domain/time.ts';
import { type Answered, notUnderstoodLines, rawLines } from './answers.ts';
import { clockTime, type Voice } from './words.ts';

/** What the readiness cmdlet said, of whom it was asked, and what it counts for. */
export function readinessLines(
  answer: Answered<PoolReadiness>,
  verdict: ReadinessVerdict,
  disturbed: boolean,
  now: Instant,
  voice: Voice,
): readonly string[] {
  const asked =
    answer.askedOf === null
      ? 'no Front End Server answered'
      : `asked of ${shortName(answer.askedOf)} at ${clockTime(now, voice)}`;
  if (answer.value === undefined)
    return [
      `no answer (${answer.because ?? 'nothing came'}): neither Ready nor Busy, ${noAnswers(verdict)}`,
      asked,
      ...rawLines(answer.raw),
    ];
  const { state, upgradeDomains } = answer.value;
  const uncounted =
    disturbed && state !== 'Ready' ? ' (not counted: our own servers are down or not long back; our inference)' : '';
  return [
    `PoolUpgradeState: ${state}${uncounted}`,
    ...upgradeDomains.map(
      ({ name, readyForUpgrade, servers }) =>
        `domain ${name} (${servers.map(shortName).join(', ')}): ReadyforUpgrade ${readyForUpgrade ? 'True' : 'False'}`,
    ),
    ...notUnderstoodLines(answer),
    ...countedLine(verdict, voice),
    asked,
  ];
}

const noAnswers = (verdict: ReadinessVerdict): string =>
  verdict.kind === 'no-answer' ? `${verdict.inARow} in a row` : 'not counted';

function countedLine(verdict: ReadinessVerdict, voice: Voice): readonly string[] {
  switch (verdict.kind) {
    case 'busy':
      return [
        `Busy counted ${verdict.counted} of 3${verdict.countedAt.length === 0 ? '' : ` (${verdict.countedAt.map((at) => clockTime(at, voice)).join(', ')})`}; the next counts from ${clockTime(verdict.askAgainAt, voice)} on`,
      ];
    case 'our-servers-are-down':
      return ['Our own servers are down or not long back, which may explain it: our inference.'];
    default:
      return [];
  }
}
