import { blockersIn, type CheckName, runChecks } from './checks.ts';
import { waitsForPatched } from './evolve-step.ts';
import type { Gate, OpenedGate } from './gate.ts';
import type { HoldReason } from './hold.ts';
import { type ManagedPool, peopleWith } from './inventory.ts';
import type { PersonId, ServerFqdn, UpgradeDomain } from './pool.ts';
import { checkQuestion } from './questions.ts';
import { judgeQuorum, type QuorumVerdict } from './quorum.ts';
import { type Carried, nextUpgradeDomain, openGate, type Run, type Scope } from './run.ts';
import { type PoolSighting, runningServers } from './sighting.ts';
import type { StopMode } from './step.ts';
import { hours, type Instant } from './time.ts';

/** A look that is older is not rehearsed on: a pool is another one after a day. Our own number. */
export const REHEARSED_ON = hours(24);

/** What an upgrade is played ahead from. Nothing in it leads to the pool. */
export interface Rehearsable {
  readonly pool: ManagedPool;
  /** The look that the simulated pool is made from: its topology and readiness were read. */
  readonly seen: PoolSighting;
  readonly stopMode: StopMode;
  readonly scope: Scope;
  /** What the run before has left, without a domain in the middle of its way. */
  readonly carried: Carried;
  /** Who asks for the upgrade in it. */
  readonly by: PersonId;
  /** When it begins. */
  readonly at: Instant;
}

/** Something that only a person can do for a run to go on. */
export type PersonDoes =
  | {
      readonly kind: 'approve';
      readonly gate: Pick<Gate, 'kind' | 'upgradeDomain' | 'servers' | 'votesNeeded'>;
      /** The pool as it is once the yes was carried out. */
      readonly quorum: QuorumVerdict;
      /** How many servers the pool has. */
      readonly poolSize: number;
    }
  | { readonly kind: 'patched'; readonly servers: readonly ServerFqdn[] }
  | { readonly kind: 'tick'; readonly check: CheckName; readonly server: ServerFqdn | null; readonly seen: string };

/** When a person is needed, in ms from the beginning, if everybody does at once what is theirs. */
export type PersonNeeded = PersonDoes & { readonly after: number };

/** How far an upgrade came that was played ahead. `not-approved`: too few people may. `not-over`: it was given up on. */
export type PlayedEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'refused'; readonly because: readonly string[] }
  | { readonly kind: 'held'; readonly reason: HoldReason }
  | { readonly kind: 'not-approved'; readonly upgradeDomain: UpgradeDomain }
  | { readonly kind: 'not-over' };

/** One upgrade as it was played ahead. */
export interface Played {
  readonly needed: readonly PersonNeeded[];
  readonly end: PlayedEnd;
  /** From the beginning to the end, in ms. */
  readonly lasts: number;
}

/** The same upgrade twice: everything takes the least that the simulated pool knows, and the middle of it. */
export interface Rehearsed {
  readonly kind: 'rehearsed';
  readonly earliest: Played;
  readonly likely: Played;
  /** Least and most of what the simulated pool takes, in ms. */
  readonly assumed: Readonly<Record<'drain' | 'patch' | 'restart' | 'replicas', readonly [number, number]>>;
}

/** A rehearsal, or why there is none: it is a fault of ours, and says nothing about the pool. */
export type RehearsedOrNot = Rehearsed | { readonly kind: 'broken-off'; readonly because: string };

/** Who may ask for an upgrade that enough others can then approve. */
export const whoMayAsk = (pool: ManagedPool): readonly PersonId[] =>
  peopleWith(pool, 'operate').filter((person) => othersToApprove(pool, person).length >= pool.approvalsNeeded);

/** Who can say yes to what this person asks for. */
export const othersToApprove = (pool: ManagedPool, by: PersonId): readonly PersonId[] =>
  peopleWith(pool, 'approve').filter((person) => person !== by);

/** What a run waits for people to do now; nothing while it waits for its pool, or holds. */
export function awaitedOfPeople(run: Run): readonly PersonDoes[] {
  if (run.held !== null || run.ended !== null) return [];
  const opened = openGate(run);
  if (opened !== null) return [approvalOf(run, opened)];
  const servers = run.work?.servers.map(({ server }) => server).filter((server) => waitsForPatched(run, server)) ?? [];
  if (servers.length > 0) return run.settings.patchMode === 'by-hand' ? [{ kind: 'patched', servers }] : [];
  return run.work === null && run.settling === null ? ticksFor(run) : [];
}

function approvalOf({ settings, plan }: Run, { gate, evidence }: OpenedGate): PersonDoes {
  const servers = plan?.topology.servers ?? [];
  const quorum = judgeQuorum({
    version: settings.version,
    servers,
    running: runningServers(evidence) ?? [],
    stopping: gate.servers,
    backEnd: evidence.backEnd ?? 'down',
  });
  return { kind: 'approve', gate, quorum, poolSize: servers.length };
}

/** People let stand what they may, once nothing else is in the way. */
function ticksFor(run: Run): readonly PersonDoes[] {
  const domain = nextUpgradeDomain(run);
  const question = domain === null ? null : checkQuestion(run, domain, 'first');
  const blockers = question === null ? [] : blockersIn(runChecks(question));
  return blockers.every(({ verdict }) => verdict === 'tickable')
    ? blockers.map(({ check, server, seen }) => ({ kind: 'tick', check, server, seen }))
    : [];
}
