import type { ManagedPool } from '../domain/inventory.ts';
import type { LookAlso } from '../domain/moves.ts';
import { type PoolFqdn, type ServerFqdn, shortName, type UpgradeDomain } from '../domain/pool.ts';
import { isRestart } from '../domain/purpose.ts';
import { judgeReadiness, type PoolReadiness } from '../domain/readiness.ts';
import { disturbedByUs, nextUpgradeDomain, type Run } from '../domain/run.ts';
import {
  type PoolSighting,
  runningServers,
  type ServerService,
  type ServerSighting,
  type Viewers,
  type Vitals,
} from '../domain/sighting.ts';
import { minutes } from '../domain/time.ts';
import { withoutPrompt } from '../messages/words.ts';
import type { Answer, Ask, Clock, PoolReader } from '../ports.ts';
import type { Eyes } from './hands.ts';
import { operationsAgainst, whereUsersAre } from './operations-against.ts';
import type { Runs } from './runs.ts';

/** What a look should cover. `quiet` is what a settle time is judged on; `whole` is all that stands before a stop. */
export interface LookFor {
  readonly scope: 'whole' | 'quiet';
  /** The domain that is to go down: its servers are asked for open viewers. */
  readonly upgradeDomain: UpgradeDomain | null;
  readonly ask: Ask;
  /** Servers to ask about when the topology cannot be read. */
  readonly servers: readonly ServerFqdn[];
  /** Servers that are down by our hand: one of them that runs may be disabled all the same. */
  readonly downByUs: readonly ServerFqdn[];
  /** The run that looks, so that it is not held up by itself. */
  readonly run: number | null;
}

/**
 * Looks at a pool. Readiness goes first, for it may take minutes, so that nothing in the look is older than its time.
 * Its reading is added to the pool's own, whoever asked.
 */
export async function lookAtPool(pool: ManagedPool, wanted: LookFor, eyes: Eyes, runs: Runs): Promise<PoolSighting> {
  const { reader, clock, store } = eyes;
  const { ask } = wanted;
  const readiness = await readReadiness(pool, ask, eyes, runs);
  const at = clock.now();
  const verdict = judgeReadiness(await store.readings(pool.fqdn));
  const whole = wanted.scope === 'whole';
  const computers = whole ? await reader.computers(pool.fqdn, ask) : null;
  const product = whole ? await reader.product(pool.fqdn, ask) : null;
  const servers = (computers === null ? null : understood(computers)) ?? wanted.servers;
  const services = servers.length === 0 ? null : await reader.services(pool.fqdn, ask, servers);
  const disabled = services === null ? [] : await disabledOf(pool, understood(services) ?? [], wanted, eyes);
  const fabric = await reader.fabric(pool.fqdn, ask, 'plain');
  const backEnd = whole ? await reader.backEnd(pool.fqdn, ask) : null;
  const backup = whole ? await reader.backupPool(pool.fqdn, ask) : null;
  const viewers =
    whole && wanted.upgradeDomain !== null ? await lookForViewers(pool.fqdn, wanted.upgradeDomain.servers, eyes) : [];
  const elsewhere = await whereUsersAre(pool.fqdn, ask, eyes);
  const against = whole ? await operationsAgainst(pool, eyes) : null;
  const sighting: PoolSighting = {
    at,
    readiness: understood(readiness),
    verdict,
    askedOf: readiness.askedOf,
    computers: computers === null ? null : understood(computers),
    product: product === null ? null : understood(product),
    services: services === null ? null : understood(services),
    ...(disabled.length === 0 ? {} : { disabled }),
    fabric: understood(fabric),
    backEnd: backEnd === null ? null : understood(backEnd),
    viewers,
    backupPool: backup?.kind === 'understood' ? backup.value : 'unread',
    ...(elsewhere === null ? {} : { elsewhere }),
    ...(against === null ? {} : { operationAgainst: against }),
    ...(whole ? await pairUnderWay(pool, wanted.run, eyes, runs) : NO_PAIR_UNDER_WAY),
    raw: [
      ...unread('readiness', readiness),
      ...unread('Get-CsComputer', computers),
      ...unread('Get-CsServerVersion', product),
      ...unread('Get-CsWindowsService', services),
      ...unread('Get-CsPoolFabricState', fabric),
      ...unread('Get-CsDatabaseMirrorState', backEnd),
      // A backup pool that could not be read is a check's to tell.
      ...(backup?.kind === 'understood' ? unread('Get-CsPoolBackupRelationship', backup) : []),
    ],
  };
  if (whole) await store.saveLook(pool.fqdn, sighting);
  return sighting;
}

/** A server that FailOver took out stays out, across crashes of ours and restarts of its own, until somebody fails it back. */
async function disabledOf(
  pool: ManagedPool,
  services: readonly ServerService[],
  { scope, downByUs }: LookFor,
  { reader }: Eyes,
): Promise<readonly ServerFqdn[]> {
  const disabled: ServerFqdn[] = [];
  if (pool.procedure !== 'server-failover') return disabled;
  for (const { server, rtcsrv } of services)
    if (
      ((scope === 'whole' && rtcsrv === 'Stopped') || downByUs.includes(server)) &&
      understood(await reader.server(pool.fqdn, server))?.disabled === true
    )
      disabled.push(server);
  return disabled;
}

/** Enough of an answer nobody understands for a person to see what came; the whole is with the reading. */
const RAW_SHOWN = 300;

/** What was asked in vain, of which server, why nothing came of it, and the words that came; or what of it was in vain. */
function unread(asked: string, answer: Answer<unknown> | null): readonly string[] {
  if (answer === null) return [];
  const server = answer.askedOf === null ? '' : ` asked of ${shortName(answer.askedOf)}`;
  if (answer.kind === 'understood') {
    const unknown = shownWords((answer.notUnderstood ?? []).join(', '));
    return unknown === '' ? [] : [`${asked}${server}, in part: not understood: ${unknown}`];
  }
  const words = shownWords(answer.raw);
  return [`${asked}${server}: ${answer.because}${words === '' ? '' : `; it printed: ${words}`}`];
}

const shownWords = (raw: string): string => withoutPrompt(raw).replace(/\s+/g, ' ').trim().slice(0, RAW_SHOWN);

/** Asks for readiness and keeps the reading with the pool, stamped with whether our own servers disturb it. */
export async function readReadiness(
  pool: ManagedPool,
  ask: Ask,
  { reader, clock, store }: Eyes,
  runs: Runs,
): Promise<Answer<PoolReadiness>> {
  const answer = await readinessInTime(pool.fqdn, ask, reader, clock);
  const at = clock.now();
  const state = understood(answer)?.state ?? null;
  await store.addReading(pool.fqdn, { at, state, disturbedByUs: await runs.disturbs(pool.fqdn, at), raw: answer.raw });
  return answer;
}

/** Longer than readiness may take, whose own time-out is a quarter of an hour. */
const READINESS_WITHIN = minutes(20);

/** An answer that was too long on its way is from before this process stood still, as a frozen machine does: asked once more. */
async function readinessInTime(pool: PoolFqdn, ask: Ask, reader: PoolReader, clock: Clock): Promise<Answer<PoolReadiness>> {
  for (const _time of ['first', 'once more']) {
    const asked = clock.now();
    const answer = await reader.readiness(pool, ask);
    if (clock.now() - asked <= READINESS_WITHIN) return answer;
  }
  return { kind: 'silent', because: `no answer within ${READINESS_WITHIN / minutes(1)} minutes, twice`, askedOf: null, raw: '' };
}

/**
 * Looks at one server, and beyond it as far as the step needs. The look is as old as its first question: the answer may have
 * lain there while this process stood still.
 */
export async function lookAtServer(
  pool: ManagedPool,
  server: ServerFqdn,
  also: LookAlso,
  ask: Ask,
  { reader, clock }: Eyes,
): Promise<ServerSighting> {
  const { fqdn } = pool;
  const at = clock.now();
  const answer = understood(await reader.server(fqdn, server));
  const blank: ServerSighting = {
    at,
    server,
    answer,
    sipPortOpen: null,
    inFabric: null,
    patchLevel: null,
    patchRun: null,
    failoverRun: null,
    hookRun: null,
  };
  if (answer === null || also === 'nothing') return blank;
  if (also === 'hook-before') return { ...blank, hookRun: understood(await reader.hookRun(fqdn, server, 'before')) };
  if (also === 'hook-after') return { ...blank, hookRun: understood(await reader.hookRun(fqdn, server, 'after')) };
  if (also === 'failover') return { ...blank, failoverRun: understood(await reader.failoverRun(fqdn, server)) };
  if (also === 'patch') {
    const patchLevel = understood(await reader.patchLevel(fqdn, server));
    const patchRun = pool.patchMode === 'by-command' ? understood(await reader.patchRun(fqdn, server)) : null;
    return { ...blank, patchLevel, patchRun };
  }
  if (answer.rtcsrv !== 'Running') return blank;
  const sipPortOpen = understood(await reader.sipPort(fqdn, ask, server));
  const fabric = understood(await reader.fabric(fqdn, ask, 'plain'));
  return { ...blank, sipPortOpen, inFabric: fabric === null ? null : !fabric.serversNotUp.includes(server) };
}

/** Looks at the back end and the services of these servers, and at nothing that may take minutes to answer. */
export async function lookAtVitals(
  { fqdn }: ManagedPool,
  ask: Ask,
  servers: readonly ServerFqdn[],
  { reader, clock }: Eyes,
): Promise<Vitals> {
  const at = clock.now();
  const backEnd = await reader.backEnd(fqdn, ask);
  const services = await reader.services(fqdn, ask, servers);
  return { at, askedOf: services.askedOf, services: understood(services), backEnd: understood(backEnd) };
}

/** The Front End Servers to ask for a run's pool, those that stay up first; never one of the domain that is being taken down. */
export function askFor(run: Run, latest: PoolSighting | null): Ask {
  const known = run.plan?.topology.servers ?? latest?.computers ?? [];
  const running = latest === null ? known : (runningServers(latest) ?? known);
  const goingDown = (run.work?.upgradeDomain ?? nextUpgradeDomain(run))?.servers ?? [];
  const best = known.filter(
    (server) => running.includes(server) && !goingDown.includes(server) && !run.downByUs.includes(server),
  );
  const beingStopped = run.work?.upgradeDomain.servers ?? [];
  const others = known.filter((server) => !run.downByUs.includes(server) && !beingStopped.includes(server));
  return [...best, ...others.filter((server) => !best.includes(server))];
}

async function lookForViewers(pool: PoolFqdn, servers: readonly ServerFqdn[], { reader }: Eyes): Promise<readonly Viewers[]> {
  const viewers: Viewers[] = [];
  for (const server of servers) viewers.push({ server, open: understood(await reader.viewers(pool, server)) });
  return viewers;
}

type PairUnderWay = Pick<PoolSighting, 'pairUnderWay' | 'pairRestarts' | 'pairLeftDown'>;
const NO_PAIR_UNDER_WAY: PairUnderWay = { pairUnderWay: null };

/** A pool paired with this one, either way round, whose run began first and has not ended, or is not long over. */
async function pairUnderWay(pool: ManagedPool, run: number | null, { pools, clock }: Eyes, runs: Runs): Promise<PairUnderWay> {
  const backupsOfUs = pools.filter(({ backupPool }) => backupPool === pool.fqdn).map(({ fqdn }) => fqdn);
  const pair = [...backupsOfUs, ...(pool.backupPool === null ? [] : [pool.backupPool])];
  const own = (await runs.latestOf(pool.fqdn))?.state ?? null;
  // With servers in hand this pool waits for none that has only been asked for: that one waits for us.
  const begun = own !== null && own.ended === null && own.work !== null;
  for (const fqdn of pair) {
    const latest = await runs.latestOf(fqdn);
    if (latest === null) continue;
    const { ended, work, settling, downByUs } = latest.state;
    // Who began first goes first; but a younger run may have taken up what an earlier one left.
    const underWay = ended === null && (run === null || (latest.run < run && !begun) || work !== null || settling !== null);
    // A pool whose servers a run left down, or only just brought back, is no place for users to go.
    if (underWay || disturbedByUs(latest.state, clock.now()))
      return {
        pairUnderWay: fqdn,
        ...(isRestart(latest.state) ? { pairRestarts: true } : {}),
        ...(ended === null ? {} : { pairLeftDown: downByUs }),
      };
  }
  return NO_PAIR_UNDER_WAY;
}

/** The value, or null for an answer that is none: silence and garbage are never a yes. */
export const understood = <Value>(answer: Answer<Value>): Value | null => (answer.kind === 'understood' ? answer.value : null);
