import { approversFor } from '../domain/approval.ts';
import { blockersIn, runChecks } from '../domain/checks.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { LOOK_EVERY } from '../domain/moves.ts';
import { workPhase } from '../domain/phase.ts';
import { shortName } from '../domain/pool.ts';
import { checkQuestion } from '../domain/questions.ts';
import { nextUpgradeDomain, openGate, type Run } from '../domain/run.ts';
import type { Instant } from '../domain/time.ts';
import { standingAlarms } from '../domain/two-servers.ts';
import { frozenRunLines } from './freeze-words.ts';
import { holdWords } from './hold-words.ts';
import { topBlocker } from './run-words.ts';
import { alarmWords } from './two-words.ts';
import { witnessLine } from './witness-words.ts';
import { clockTime, span, type Voice } from './words.ts';

/** Every blocker: what, since when, what was seen, what clears it, and when it is looked at next. */
export function whyLines(run: Run, pool: ManagedPool, now: Instant, voice: Voice): readonly string[] {
  return [
    ...frozenRunLines(run, voice),
    topBlocker(run, approversFor(run, pool), voice),
    ...heldLines(run, now, voice),
    ...standingAlarms(run).map((alarm) => `alarm: ${alarmWords(alarm, voice).because}`),
    ...gateLines(run, voice),
    ...checkLines(run, now, voice),
    ...serverLines(run, now, voice),
    ...[witnessLine(run)].filter((line) => line !== null),
    ...(run.lastSeen?.raw.map((line) => `not read: ${line}`) ?? []),
  ];
}

function heldLines({ held }: Run, now: Instant, voice: Voice): readonly string[] {
  if (held === null) return [];
  return [
    `held since ${clockTime(held.at, voice)} (${span(now - held.at)})`,
    ...holdWords(held.reason, voice).lines,
    'next look: at `retry`',
  ];
}

function gateLines(run: Run, voice: Voice): readonly string[] {
  const opened = openGate(run);
  if (opened === null) return [];
  return [`request ${opened.gate.code} is open since ${clockTime(opened.at, voice)}; the pool is looked at again after the yes`];
}

function checkLines(run: Run, now: Instant, voice: Voice): readonly string[] {
  const domain = nextUpgradeDomain(run);
  const seen = run.lastSeen;
  if (domain === null || seen === null || workPhase(run) !== 'checking') return [];
  const question = checkQuestion({ ...run, seen }, domain, 'first');
  if (question === null) return [];
  const next = seen.verdict.kind === 'busy' ? seen.verdict.askAgainAt : seen.at + LOOK_EVERY;
  return blockersIn(runChecks(question)).map(({ check, seen: evidence, where, at, clears }) => {
    const since = run.failingSince[check] ?? at;
    const asked = where === null ? 'no server answered' : `${shortName(where)} at ${clockTime(at, voice)}`;
    const look = run.held === null && run.paused === null ? `; next look ${clockTime(Math.max(next, now), voice)}` : '';
    return `${check}: ${evidence}; since ${clockTime(since, voice)} (${span(now - since)}); seen by ${asked}; clears when ${clears}${look}`;
  });
}

function serverLines({ work, seenServers, held }: Run, now: Instant, voice: Voice): readonly string[] {
  const waiting = work?.servers.filter(({ stage }) => stage !== 'back' && stage !== 'up') ?? [];
  return waiting.map(({ server, stage, since }) => {
    const look = seenServers.find((each) => each.server === server);
    const seen =
      look === undefined
        ? 'not looked at yet'
        : look.answer === null
          ? `no answer at ${clockTime(look.at, voice)}`
          : `services ${look.answer.services} at ${clockTime(look.at, voice)}`;
    const next =
      held === null && look !== undefined ? `; next look ${clockTime(Math.max(look.at + LOOK_EVERY, now), voice)}` : '';
    return `${shortName(server)}: ${stage} since ${clockTime(since, voice)} (${span(now - since)}); ${seen}${next}`;
  });
}
