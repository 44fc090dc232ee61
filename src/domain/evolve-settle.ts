import { blockersIn, runChecks } from './checks.ts';
import { movesBetween, notFullyServed } from './fabric.ts';
import { namesOf, type ServerFqdn, shortName } from './pool.ts';
import { checkQuestion } from './questions.ts';
import type { PoolUpgradeState } from './readiness.ts';
import { nextUpgradeDomain, openGate, type Run, type Settling } from './run.ts';
import { isOut, isWhole } from './server-work.ts';
import { type PoolSighting, runningServers } from './sighting.ts';
import { type Instant, minutes } from './time.ts';
import { downBy, principalBy } from './two-servers.ts';

/** Longer without a look, and nobody can say that the pool was quiet meanwhile: the settle time starts again. */
export const LOOK_GAP_MAX = minutes(5);

/** A look at the pool: it is what the next decision stands on, and a settle time lives or dies by it. */
export function evolveLook(run: Run, sighting: PoolSighting): Run {
  const wentDown = downBy(run.wentDown, sighting);
  const principal = principalBy(run.principal, sighting.backEnd);
  const seen = { ...run, seen: sighting, lastSeen: sighting, wentDown, principal };
  const settling = run.settling === null ? null : settleBy(seen, run.settling, sighting);
  return withFailing(noticeReturned({ ...seen, settling }, sighting));
}

/** A server that an earlier run left down, and that is not being worked on, was brought back by somebody else. */
function noticeReturned(run: Run, sighting: PoolSighting): Run {
  const worked = run.work?.servers.filter(({ stage }) => stage !== 'up').map(({ server }) => server) ?? [];
  const started = run.work?.started?.step.server;
  const running = runningServers(sighting) ?? [];
  // One that FailOver disabled is not back, whoever started it: it would stay off after its next restart.
  const runs = (server: ServerFqdn) => running.includes(server) && !(sighting.disabled ?? []).includes(server);
  const returned = run.downByUs.filter((server) => runs(server) && !worked.includes(server) && server !== started);
  if (returned.length === 0) return run;
  const downByUs = run.downByUs.filter((server) => !returned.includes(server));
  const settles = downByUs.length === 0 && run.work === null && run.plan !== null;
  const settling = settles ? (run.settling ?? settlingFrom(null, sighting.at)) : run.settling;
  const after = { ...run, downByUs, lastBackAt: sighting.at, unsettled: true, settling };
  const { work } = run;
  // A failover that a person took back has used its yes up.
  const takenBack = run.settings.procedure === 'server-failover' && work?.servers.some((each) => returned.includes(each.server));
  return work !== null && takenBack ? withoutUntouched({ ...after, work: { ...work, approved: false } }, sighting.at) : after;
}

/** A domain of which nothing is down, and that nobody has approved, comes in its turn; what came back settles first. */
export function withoutUntouched(run: Run, at: Instant): Run {
  const { work, downByUs, unsettled } = run;
  if (work === null || work.approved || work.started !== null || openGate(run) !== null) return run;
  if (!isWhole(run, work)) return run;
  const settling = unsettled && downByUs.length === 0 ? settlingFrom(null, at) : run.settling;
  // A hook before has taken a server out of something: that is not forgotten.
  return { ...run, work: work.servers.some(isOut) ? work : null, settling };
}

/** A settle time that has not begun: there was no quiet, Ready look yet. */
export const settlingFrom = (upgradeDomain: string | null, began: Instant): Settling => ({
  upgradeDomain,
  began,
  since: null,
  fabricThen: null,
  lookedAt: null,
  starts: 0,
  because: null,
});

/** Somebody else's reading of the pool while it settles: anything but Ready starts the time again, whoever asked. */
export function notReadyRead(run: Run, state: PoolUpgradeState | null, at: Instant): Run {
  if (run.settling === null || run.failedOverAt !== undefined) return run;
  const because = state === null ? 'the readiness cmdlet gave no answer' : `the pool reported ${state}`;
  return { ...run, settling: { ...run.settling, since: null, fabricThen: null, lookedAt: at, because } };
}

/** Since when each failing check of the next domain has failed, so that `why` can say it. */
function withFailing(run: Run): Run {
  const domain = run.work?.upgradeDomain ?? nextUpgradeDomain(run);
  const question =
    domain === null ? null : checkQuestion(run, domain, run.downByUs.length > 0 && run.work !== null ? 'further' : 'first');
  if (question === null) return run;
  const failing = blockersIn(runChecks(question)).map(({ check }) => check);
  const since = failing.map((check) => [check, run.failingSince[check] ?? question.seen.at] as const);
  return { ...run, failingSince: Object.fromEntries(since) };
}

/** While settling, anything but a quiet Ready starts the time again, and so does not having looked. */
function settleBy(run: Run, settling: Settling, sighting: PoolSighting): Settling {
  const { plan } = run;
  const elsewhere = run.failedOverAt !== undefined && sighting.elsewhere === 'confirmed';
  const { at, fabric } = sighting;
  const servers = plan?.topology.servers ?? sighting.services?.map(({ server }) => server) ?? [];
  const own = plan?.upgradeDomains.find(({ name }) => name === settling.upgradeDomain)?.servers ?? [];
  const unquiet = elsewhere ? notRunning(sighting, own) : unquietness(sighting, servers);
  if (unquiet !== null) return { ...settling, since: null, fabricThen: null, lookedAt: at, because: unquiet };

  const { fabricThen, lookedAt, since, starts } = settling;
  const afresh = (because: string | null): Settling => ({
    ...settling,
    since: at,
    fabricThen: fabric,
    lookedAt: at,
    starts: starts + 1,
    because,
  });
  if (since === null || lookedAt === null || (fabricThen === null && !elsewhere))
    return afresh(starts === 0 ? null : settling.because);
  if (at - lookedAt > LOOK_GAP_MAX || at < lookedAt) return afresh('nobody looked for more than 5 minutes');
  // Where nobody is served nothing is disturbed by a move.
  const moves = fabric === null || fabricThen === null || elsewhere ? [] : movesBetween(fabricThen, fabric);
  if (moves.length === 0) return { ...settling, lookedAt: at };
  const shown = moves.slice(0, 3).map(({ id, before, after }) => `${id} ${placed(before)} -> ${placed(after)}`);
  return afresh(
    `${moves.length === 1 ? 'a primary or secondary' : 'primaries or secondaries'} moved: ${shown.join('; ')}${moves.length > 3 ? '; …' : ''}`,
  );
}

const placed = (group: { readonly primary: Parameters<typeof shortName>[0] | null } | null): string =>
  group?.primary == null ? 'no primary' : shortName(group.primary);

/** Why this look does not count towards the settle time; null when it does. */
function unquietness(sighting: PoolSighting, servers: readonly ServerFqdn[]): string | null {
  const { readiness, fabric } = sighting;
  if (readiness === null) return 'the readiness cmdlet gave no answer';
  if (readiness.state !== 'Ready') return `the pool reported ${readiness.state}`;
  if (fabric === null) return 'the fabric state could not be read';
  const bad = notFullyServed(fabric, servers.length);
  if (bad.length > 0) return `${bad.length} routing groups lack a primary or any secondary`;
  return notRunning(sighting, servers);
}

function notRunning(sighting: PoolSighting, servers: readonly ServerFqdn[]): string | null {
  const running = runningServers(sighting);
  if (running === null) return 'the services could not be read';
  const missing = servers.filter((server) => !running.includes(server));
  return missing.length === 0 ? null : `not running: ${namesOf(missing)}`;
}

/** The settle time is over: the next upgrade domain may be looked at. */
export function settleOn(run: Run, upgradeDomain: string | null, at: Instant): Run {
  if (run.settling === null || run.settling.upgradeDomain !== upgradeDomain)
    throw new Error('"settled" cannot follow: nothing of that name settles');
  return {
    ...run,
    settling: null,
    unsettled: false,
    checkingSince: at,
    ticks: [],
    failingSince: {},
    seen: null,
    seenServers: [],
  };
}
