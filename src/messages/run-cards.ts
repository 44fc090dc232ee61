import { approversFor } from '../domain/approval.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { phaseOf, workPhase } from '../domain/phase.ts';
import { SMALL_POOL_WARNING, unitsOf } from '../domain/plan.ts';
import { namesOf, shortName, type UpgradeDomain, unitName } from '../domain/pool.ts';
import { doneBefore, isRestart } from '../domain/purpose.ts';
import { nextUpgradeDomain, type Run } from '../domain/run.ts';
import { isOfTwo, standingAlarms } from '../domain/two-servers.ts';
import { adoptButton } from './adopt-button.ts';
import { type Button, type Card, liveKey } from './card.ts';
import { frozenRunLines } from './freeze-words.ts';
import { milestoneCard } from './milestone-cards.ts';
import { requestCard } from './request-card.ts';
import { blockersOf, marginLine, serverWords, startLine, topBlocker, topologyLines } from './run-words.ts';
import { markSpan } from './spans.ts';
import { alarmWords } from './two-words.ts';
import { clockTime, runTitle, type Voice } from './words.ts';

/** Everything a run has to show, in the order it first came up: one live card, its requests, and a line for each milestone. */
export function cardsOf(run: number, state: Run, pool: ManagedPool, voice: Voice): readonly Card[] {
  const requests = state.gates.map((opened) => ({ at: opened.at, card: requestCard(run, opened, state, pool, voice) }));
  const milestones = state.milestones.map((milestone) => ({
    at: milestone.at,
    card: milestoneCard(run, milestone, state, pool, voice),
  }));
  const inOrder = [...requests, ...milestones].toSorted((left, right) => left.at - right.at).map(({ card }) => card);
  return [liveCard(run, state, pool, voice), ...inOrder];
}

/** The one live card of a run, edited in place: domains done, now and next, the margin, the timer, and last the top blocker. */
export function liveCard(run: number, state: Run, pool: ManagedPool, voice: Voice): Card {
  const word = phaseOf(state);
  const behind = word === 'held' || word === 'paused' ? ` while ${workPhase(state)}` : '';
  const aborting = state.aborting === null || state.ended !== null ? '' : ', aborting';
  const frozen = state.frozen === null || state.ended !== null ? '' : ', frozen';
  const mode = state.request.stopMode === 'immediate' ? ', scheduled downtime: immediate stops' : '';
  const started = `asked for by ${state.request.by} at ${clockTime(state.requestedAt, voice)}${mode}`;
  return {
    key: liveKey(run),
    under: null,
    tone: word === 'held' || standingAlarms(state).length > 0 ? 'alarm' : word === 'awaiting approval' ? 'ask' : 'calm',
    title: runTitle(
      `${isRestart(state) ? 'Rolling restart' : 'Upgrade'} of ${shortName(pool.fqdn)}: ${word}${aborting}${behind}${frozen}`,
      state.request,
      voice,
    ),
    lines: [
      ...frozenRunLines(state, voice),
      ...elsewhereLines(state, pool, voice),
      started,
      ...(isOfTwo(state) && state.ended === null ? [`warning: ${SMALL_POOL_WARNING}`] : []),
      ...topologyLines(state),
      ...domainLines(state),
      ...[marginLine(state), startLine(state)].filter((line) => line !== null),
      ...blockerLines(state),
      ...endLines(state),
      ...standingAlarms(state).map((alarm) => `alarm: ${alarmWords(alarm, voice).because}`),
      topBlocker(state, approversFor(state, pool), voice),
    ],
    buttons: buttonsOf(state, pool),
  };
}

/** Why a pool that is not well holds nothing up. */
function elsewhereLines({ failedOverAt, ended }: Run, { fqdn, backupPool }: ManagedPool, voice: Voice): readonly string[] {
  if (failedOverAt === undefined || ended !== null) return [];
  const where = backupPool === null ? 'its backup pool' : shortName(backupPool);
  return [`its users are at ${where} since ${clockTime(failedOverAt, voice)}: \`failback ${shortName(fqdn)}\` afterwards`];
}

/** One strip for each upgrade domain: done, now, next, later, and those this run does not take. */
function domainLines(state: Run): readonly string[] {
  const { plan, work, settling, settings, request } = state;
  if (plan === null) return [`the ${isRestart(state) ? 'servers' : 'upgrade domains'} have not been read yet`];
  const next = nextUpgradeDomain(state);
  return unitsOf(plan.topology, settings.procedure, request.purpose).map((domain) => {
    const { name, servers } = domain;
    if (work?.upgradeDomain.name === name)
      return `${markSpan('now')} ${named(domain)}now: ${work.servers.map((each) => serverWords(state, each)).join(', ')}`;
    if (settling?.upgradeDomain === name) return `${markSpan('now')} ${named(domain)}now: ${namesOf(servers)} back, settling`;
    return `${stripOf(state, domain, next)} ${namesOf(servers)}`;
  });
}

/** A server that is taken by itself has no other name. */
const named = (domain: UpgradeDomain): string => (unitName(domain).startsWith('server') ? '' : `${domain.name} `);

function stripOf(
  { plan, upgraded, request, ended, work, settling }: Run,
  domain: UpgradeDomain,
  next: UpgradeDomain | null,
): string {
  const { name, servers } = domain;
  const which = named(domain);
  if (servers.every((server) => upgraded.includes(server))) return `${markSpan('done')} ${which}done:`;
  if (!plan?.upgradeDomains.some((each) => each.name === name)) {
    const before = servers.every((server) => doneBefore(request).includes(server));
    return `${markSpan(before ? 'done' : 'later')} ${which}${before ? 'done by an earlier run' : 'not part of this run'}:`;
  }
  if (ended !== null) return `${markSpan('later')} ${which}not ${request.purpose === 'restart' ? 'restarted' : 'upgraded'}:`;
  return name === next?.name && work === null && settling === null
    ? `${markSpan('now')} ${which}next:`
    : `${markSpan('later')} ${which}later:`;
}

/** Everything that stands against the next stop, so that nobody fixes one thing only to meet the next. */
function blockerLines(state: Run): readonly string[] {
  const checking = state.ended === null && state.held === null && workPhase(state) === 'checking';
  return checking ? blockersOf(state).map(({ check, seen }) => `blocks ${check}: ${seen}`) : [];
}

function endLines(state: Run): readonly string[] {
  const { ended } = state;
  if (ended === null) return [];
  switch (ended.ending.how) {
    case 'finished':
      return [
        isRestart(state)
          ? 'every server of this run is restarted and settled'
          : 'every upgrade domain of this run is upgraded and settled',
        ...(ended.ending.left ?? []).map((each) => `left: ${each}`),
      ];
    case 'refused':
      return ended.ending.because.map((because) => `refused: ${because}`);
    case 'aborted':
      return ended.ending.left.length === 0 ? ['no server was left down'] : ended.ending.left.map((each) => `left: ${each}`);
  }
}

function buttonsOf(state: Run, { fqdn }: ManagedPool): Card['buttons'] {
  const pool = shortName(fqdn);
  if (state.ended !== null) return [];
  const waiting =
    state.held === null &&
    state.paused === null &&
    state.settings.patchMode === 'by-hand' &&
    workPhase(state) === 'patching' &&
    state.aborting === null;
  const patched = waiting ? (state.work?.servers.filter(({ stage }) => stage === 'down') ?? []) : [];
  return [
    ...patched.map(({ server }) => button(`Patched ${shortName(server)}`, `patched ${shortName(server)}`)),
    ...adoptButton(state),
    ...(state.held === null ? [] : [button('Retry', `retry ${pool}`)]),
    ...(state.held?.reason.kind === 'drain-overdue' ||
    (state.held?.reason.kind === 'checks-failed' && (state.work?.immediate ?? 'no') !== 'no')
      ? [button('Ask for immediate stop', `retry ${pool} immediate`)]
      : []),
    ...(state.paused === null ? [] : [button('Resume', `resume ${pool}`)]),
  ];
}

const button = (label: string, command: string): Button => ({
  id: command.replaceAll(' ', '-'),
  label,
  command,
  asks: null,
  confirm: null,
});
