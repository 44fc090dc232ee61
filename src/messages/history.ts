import type { OpenedGate } from '../domain/gate.ts';
import type { Milestone } from '../domain/milestone.ts';
import { namesOf, unitName } from '../domain/pool.ts';
import { isRestart } from '../domain/purpose.ts';
import type { Run } from '../domain/run.ts';
import { holdWords } from './hold-words.ts';
import { alarmWords, principalWords } from './two-words.ts';
import { dayAndTime, type Voice, withoutPrompt } from './words.ts';

/** The last run in the order things happened: requests, votes, milestones, holds, the end. */
export function historyLines(run: Run, voice: Voice): readonly string[] {
  const told = [
    { at: run.requestedAt, line: `${isRestart(run) ? 'rolling restart ' : ''}asked for by ${run.request.by}${ticketWords(run)}` },
    ...run.gates.flatMap(requestLines),
    ...run.ticks.map(({ at, check, by }) => ({ at, line: `${check} ticked by ${by}` })),
    ...run.milestones.map((milestone) => ({ at: milestone.at, line: milestoneLine(milestone, voice) })),
  ];
  return told.toSorted((left, right) => left.at - right.at).map(({ at, line }) => `${dayAndTime(at, voice)} ${line}`);
}

const ticketWords = ({ request: { ticket } }: Run): string => (ticket === undefined ? '' : `, change ticket ${ticket}`);

function requestLines({ gate, at, votes, outcome }: OpenedGate): readonly { readonly at: number; readonly line: string }[] {
  const asked = { at, line: `approval ${gate.code} asked for: ${unitName(gate.upgradeDomain)} (${namesOf(gate.servers)})` };
  const voted = votes.map((vote) => ({ at: vote.at, line: `${gate.code} approved by ${vote.by}` }));
  const because =
    outcome?.kind === 'denied'
      ? ` by ${outcome.by}: ${withoutPrompt(outcome.because)}`
      : outcome?.kind === 'void'
        ? `: ${outcome.because.join('; ')}`
        : '';
  return [
    asked,
    ...voted,
    ...(outcome === null || outcome.kind === 'approved'
      ? []
      : [{ at: outcome.at, line: `${gate.code} ${outcome.kind}${because}` }]),
  ];
}

function milestoneLine(milestone: Milestone, voice: Voice): string {
  switch (milestone.kind) {
    case 'down':
    case 'back':
    case 'settled':
      return `${unitName(milestone.upgradeDomain)} ${milestone.kind}`;
    case 'settle-restarted':
      return `settle time started again${milestone.times === 1 ? '' : ` ${milestone.times} times`}: ${milestone.because}`;
    case 'principal-moved':
      return principalWords(milestone.to);
    case 'no-answer':
      return 'no answer about readiness three times in a row';
    case 'held':
      return `held: ${holdWords(milestone.reason, voice).because}`;
    case 'alarmed':
      return alarmWords(milestone.reason, voice).because;
    case 'frozen':
      return `frozen by ${milestone.freeze.by}: ${withoutPrompt(milestone.freeze.because)}`;
    case 'thawed':
      return `thawed by ${milestone.by}`;
    case 'ended':
      return milestone.ending.how;
  }
}
