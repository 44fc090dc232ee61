import { approversFor } from '../domain/approval.ts';
import type { OpenedGate } from '../domain/gate.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { SMALL_POOL_WARNING } from '../domain/plan.ts';
import { namesOf, shortName, unitName } from '../domain/pool.ts';
import { doneBefore, isRestart } from '../domain/purpose.ts';
import { startMinimum } from '../domain/quorum.ts';
import type { Run } from '../domain/run.ts';
import { runningServers } from '../domain/sighting.ts';
import { type Card, liveKey } from './card.ts';
import { frozenRunLines } from './freeze-words.ts';
import { type PoolMap, poolMapOf } from './pool-map.ts';
import { markSpan, personSpan } from './spans.ts';
import { witnessOf, witnessWords } from './witness-words.ts';
import { clockTime, runTitle, type Voice, withoutPrompt } from './words.ts';

/** The key of a run's request. */
export const requestKey = (run: number, attempt: number): string => `${liveKey(run)}-request-${attempt}`;

/** A request for approval. Once it is decided it keeps its text, and its buttons give way to the outcome. */
export function requestCard(run: number, opened: OpenedGate, state: Run, pool: ManagedPool, voice: Voice): Card {
  const { gate, evidence, checks, votes, outcome } = opened;
  const voted = votes.map(({ by, at }) => `approved by ${by} at ${clockTime(at, voice)}`);
  const closed = outcome === null ? [] : [outcomeLine(opened, voice)];
  const asked = evidence.askedOf === null ? 'nobody answered' : `${shortName(evidence.askedOf)} asked`;
  const who = approversFor(state, pool);
  const need = gate.votesNeeded === 1 ? '1 approval' : `${gate.votesNeeded} different people`;
  return {
    key: requestKey(run, gate.attempt),
    under: liveKey(run),
    tone: outcome === null ? 'ask' : 'calm',
    title: runTitle(`Approve? ${shortName(pool.fqdn)}: ${whatHappens(opened, state)}`, state.request, voice),
    lines: [
      ...(outcome === null ? frozenRunLines(state, voice) : []),
      stopInWords(opened, state),
      ...(evidence.computers?.length === 2 ? [`warning: ${SMALL_POOL_WARNING}`, ofTwoLine(opened, state)] : []),
      ...restartLines(state),
      ...hookLine(state),
      ...ticketLine(state),
      ...leftLine(state),
      `seen at ${clockTime(evidence.at, voice)} (${asked}):`,
      ...evidenceLines(checks),
      ...witnessLines(opened, state),
      ...startLine(opened, state),
      `${need} by ${who.length === 0 ? 'nobody: no other person may approve' : who.map(personSpan).join(', ')}; not by ${state.request.by}, who asked`,
      `open until ${clockTime(gate.expiresAt, voice)}; code ${gate.code}`,
      ...voted,
      ...closed,
    ],
    picture: mapOf(opened, state, pool, voice),
    buttons:
      outcome === null
        ? [
            { id: 'approve', label: 'Approve', command: `approve ${gate.code}`, asks: null, confirm: stopInWords(opened, state) },
            { id: 'deny', label: 'Deny', command: `deny ${gate.code} `, asks: 'Why not?', confirm: null },
          ]
        : [],
  };
}

/** What the request stands on: what a person let stand first, and then what is well by itself. */
export const evidenceLines = (
  checks: readonly { readonly check: string; readonly seen: string; readonly ticked?: true }[],
): readonly string[] =>
  checks
    .toSorted((one, other) => Number(other.ticked ?? false) - Number(one.ticked ?? false))
    .map(({ check, seen, ticked }) => `${markSpan(ticked ? 'ticked' : 'done')} ${check}: ${seen}`);

/** The pool as it was seen when this was asked, with the domain at hand about to go down. */
function mapOf({ gate, evidence }: OpenedGate, { plan }: Run, pool: ManagedPool, voice: Voice): PoolMap | undefined {
  if (plan === null) return undefined;
  const { topology } = plan;
  return poolMapOf({ pool, topology, seen: evidence, atHand: gate.upgradeDomain.servers, goingDown: true, before: null }, voice);
}

const stopInWords = ({ gate }: OpenedGate, { settings, request }: Run): string =>
  settings.procedure === 'server-failover'
    ? `Invoke-CsComputerFailOver of ${namesOf(gate.servers)} (users move, conferences end after 30 minutes at most, services are disabled); then ${patchWords(settings, request)}restart and Invoke-CsComputerFailBack`
    : `${gate.stopMode === 'graceful' ? 'graceful stop' : 'IMMEDIATE stop (calls are cut)'} of ${namesOf(gate.servers)}${whatFollows(gate, settings, request)}`;

/** The end of a drain is asked for by itself: what follows was approved before, or is an abort. */
function whatFollows({ kind }: OpenedGate['gate'], settings: Run['settings'], request: Run['request']): string {
  if (kind === 'immediate-stop') return '';
  return request.purpose === 'restart'
    ? '; then restart, and no patch'
    : `, one after the other; then patch (${settings.patchMode}) and restart`;
}

function whatHappens({ gate }: OpenedGate, state: Run): string {
  const unit = unitName(gate.upgradeDomain);
  switch (gate.kind) {
    case 'stop-domain':
      if (isRestart(state)) return `${state.settings.procedure === 'server-failover' ? 'fail over' : 'stop'} and restart ${unit}`;
      return unit === `domain ${gate.upgradeDomain.name}`
        ? `take upgrade ${unit} down (${namesOf(gate.servers)})`
        : `fail over ${unit}`;
    case 'stop-rest':
      return `go on taking ${unit} down (${namesOf(gate.servers)} still up)`;
    case 'immediate-stop':
      return `stop ${namesOf(gate.servers)} at once, it does not drain`;
  }
}

const patchWords = ({ patchMode }: Run['settings'], { purpose }: Run['request']): string =>
  purpose === 'restart' ? '' : `patch (${patchMode}), `;

/** Why so many restarts one after the other: Microsoft's own pages differ, and who approves should know. */
const restartLines = (state: Run): readonly string[] =>
  isRestart(state)
    ? [
        "Microsoft's pages conflict: both on high availability say one at a time, Manage Front End Servers restarts all at once.",
        'One at a time: all at once is an outage, and a server that does not come back is then one of many.',
      ]
    : [];

/** What runs on each server besides, as part of what is approved. */
function hookLine({ settings: { hooks } }: Run): readonly string[] {
  const when = [
    ...(hooks?.before ? ['before it goes down'] : []),
    ...(hooks?.after ? ['once it accepts connections again'] : []),
  ];
  return when.length === 0 ? [] : [`the pool's hook runs on each server ${when.join(', and ')}`];
}

const ticketLine = ({ request: { ticket, by } }: Run): readonly string[] =>
  ticket === undefined ? [] : [`under change ticket ${ticket}, as ${by} says`];

function leftLine(state: Run): readonly string[] {
  if (state.request.scope.kind !== 'left' || doneBefore(state.request).length === 0) return [];
  return [
    `goes on with what is left: ${namesOf(doneBefore(state.request))} already ${isRestart(state) ? 'restarted' : 'upgraded'}`,
  ];
}

/** What the yes means in a pool of two. Source: Front End pool with two Front End servers. */
function ofTwoLine({ gate, evidence }: OpenedGate, state: Run): string {
  const others = evidence.computers?.filter((server) => !gate.servers.includes(server)) ?? [];
  const alone = `${namesOf(others)} then serves alone and no pause holds the way back up`;
  if (isRestart(state)) return alone;
  return `${alone}: have the update at hand, and bring ${namesOf(gate.servers)} back at once`;
}

/** Which copy of the back end is in charge, and what its vote does to the margin. */
function witnessLines({ gate, evidence }: OpenedGate, { settings }: Run): readonly string[] {
  const running = runningServers(evidence);
  const servers = evidence.computers;
  if (servers === null || running === null) return [];
  const asked = { version: settings.version, servers, running, stopping: gate.upgradeDomain.servers };
  // Where its vote is no question, the check of the back end has said all there is.
  return witnessOf(asked, evidence.backEnd) === null ? [] : [witnessWords(asked, evidence.backEnd)];
}

const startLine = ({ evidence }: OpenedGate, { settings }: Run): readonly string[] => {
  const size = evidence.computers?.length ?? 0;
  const start = startMinimum(settings.version, size);
  return start === null ? [] : [`to start the pool from cold, ${start} of ${size} must run (shown, not a gate)`];
};

function outcomeLine({ gate, outcome }: OpenedGate, voice: Voice): string {
  if (outcome === null) return '';
  const at = clockTime(outcome.at, voice);
  switch (outcome.kind) {
    case 'approved':
      return `APPROVED at ${at}`;
    case 'denied':
      return `DENIED by ${outcome.by} at ${at}: ${withoutPrompt(outcome.because)}`;
    case 'expired':
      return `EXPIRED at ${at}`;
    case 'void':
      return `VOID since ${at}: ${outcome.because.join('; ')} (code ${gate.code} opens nothing)`;
  }
}
