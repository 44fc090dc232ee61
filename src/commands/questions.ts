import { carriedFrom } from '../domain/carried.ts';
import { CHECKS } from '../domain/check-list.ts';
import { runChecks } from '../domain/checks.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { planUpgrade, refusedByConfiguration } from '../domain/plan.ts';
import { joinTopology, shortName, type Topology, type UpgradeDomain, unitName } from '../domain/pool.ts';
import { judgeCondition } from '../domain/preflight.ts';
import { countedIn } from '../domain/purpose.ts';
import { domainsOf } from '../domain/readiness.ts';
import { NOTHING_CARRIED, nextUpgradeDomain, type Run, upgradedSoFar } from '../domain/run.ts';
import { isFresh, type PoolSighting, sizeSeen } from '../domain/sighting.ts';
import { checksLines, fabricLines, planLines, quorumLines } from '../messages/answers.ts';
import { frozenLines } from '../messages/freeze-words.ts';
import { historyLines } from '../messages/history.ts';
import { poolProblemPrompt } from '../messages/hold-words.ts';
import { operationWhy } from '../messages/operation-cards.ts';
import { operationHistory, operationName, operationStatus } from '../messages/operation-words.ts';
import { preflightLines } from '../messages/preflight.ts';
import { readinessLines } from '../messages/readiness-lines.ts';
import { statusLines } from '../messages/status.ts';
import { mutedLines, watchLines } from '../messages/watch-cards.ts';
import { whyLines } from '../messages/why.ts';
import { PHONE_COLUMNS, shortened, simulatedTitle } from '../messages/words.ts';
import { type Desk, type Outcome, told } from './desk.ts';
import type { Asking } from './grammar.ts';
import { howToGive, settingsOf } from './orders.ts';

/** Answers a question about one pool. Nothing here can change one: the desk has no operator. */
export async function answer(asked: Asking, pool: ManagedPool, desk: Desk): Promise<Outcome> {
  const name = shortName(pool.fqdn);
  switch (asked) {
    case 'status':
      return status(pool, desk);
    case 'readiness':
      return readiness(pool, desk);
    case 'fabric': {
      const seen = await desk.fabric(pool);
      return told(pool, `Fabric of ${name}`, ...fabricLines(seen, sizeOf(await desk.lastLook(pool.fqdn))));
    }
    case 'quorum': {
      const look = await desk.look(pool, null);
      return told(pool, `Quorum of ${name}`, ...quorumLines(pool, look, topologyIn(look)));
    }
    case 'plan':
      return plan(pool, desk);
    case 'why': {
      const run = await desk.latestRun(pool.fqdn);
      const operation = await desk.activeOperation(pool.fqdn);
      if (operation !== null)
        return told(
          pool,
          `Why ${operationName(operation.state.request)} waits`,
          ...frozenLines(await desk.freeze(), voiceOf(pool)),
          ...operationWhy(operation.state, pool),
        );
      return run === null || run.state.ended !== null
        ? told(
            pool,
            `${name} is not being upgraded, so nothing is waited for`,
            ...frozenLines(await desk.freeze(), voiceOf(pool)),
            ...watchLines(await desk.watched(pool.fqdn), pool),
          )
        : told(
            pool,
            `Why ${name} waits`,
            ...whyLines(run.state, pool, desk.clock.now(), voiceOf(pool)),
            ...mutedLines(await desk.watched(pool.fqdn), pool),
          );
    }
    case 'history': {
      const run = await desk.latestRun(pool.fqdn);
      const operations = await desk.operationsOf(pool.fqdn, OPERATIONS_SHOWN);
      const lines = operationHistory(
        operations.map(({ state }) => state),
        voiceOf(pool),
      );
      if (run === null && lines.length === 0) return told(pool, `${name} has no history yet`);
      return run === null
        ? told(pool, `History of ${name}`, ...lines)
        : told(pool, `History of ${name}, run ${run.run}`, ...historyLines(run.state, voiceOf(pool)), ...lines);
    }
    case 'checks':
      return checks(pool, desk);
    case 'preflight':
      return preflight(pool, desk);
  }
}

const sizeOf = (look: PoolSighting | null): number => (look === null ? 3 : sizeSeen(look));

/** How many of a pool's operations its history shows. */
const OPERATIONS_SHOWN = 5;

const voiceOf = ({ timeZone, simulated }: ManagedPool) => ({ timeZone, simulated });

/** Answered at once: from a look of the last minute, from a new one if it comes in a second, else from the last. It says when it was looked. */
async function status(pool: ManagedPool, desk: Desk): Promise<Outcome> {
  const last = await desk.lastLook(pool.fqdn);
  const run = await desk.latestRun(pool.fqdn);
  const operation = await desk.activeOperation(pool.fqdn);
  const seen = isFresh(last, desk.clock.now()) ? last : await desk.soon(pool, last);
  const lines = statusLines(seen, run?.state ?? null, pool, desk.clock.now(), voiceOf(pool), await desk.freeze());
  return told(
    pool,
    shortened(`${shortName(pool.fqdn)} ${lines.worst}`, PHONE_COLUMNS - (pool.simulated ? simulatedTitle('').length : 0)),
    ...[
      ...mutedLines(await desk.watched(pool.fqdn), pool),
      ...operationStatus(operation?.state ?? null, await desk.failedOverAt(pool.fqdn), pool, voiceOf(pool)),
    ].map((line) => shortened(`? ${line}`, PHONE_COLUMNS - 2)),
    ...lines.lines,
  );
}

/** The reading is kept with the pool. When it makes a problem, the answer is the prompt to fail over. */
async function readiness(pool: ManagedPool, desk: Desk): Promise<Outcome> {
  const asked = await desk.readiness(pool);
  const lines = readinessLines(asked.answer, asked.verdict, asked.disturbed, desk.clock.now(), voiceOf(pool));
  const elsewhere = operationStatus(null, await desk.failedOverAt(pool.fqdn), pool, voiceOf(pool));
  if (asked.verdict.kind !== 'pool-problem' || elsewhere.length > 0)
    return told(pool, `Readiness of ${shortName(pool.fqdn)}`, ...elsewhere, ...lines);
  const prompt = poolProblemPrompt(
    pool.fqdn,
    pool.backupPool,
    asked.verdict.cause,
    asked.verdict.seenAt,
    voiceOf(pool),
    pool.called,
  );
  return { reply: { title: prompt.title, lines: [...prompt.lines, ...lines], tone: 'alarm', pool }, wake: [] };
}

async function plan(pool: ManagedPool, desk: Desk): Promise<Outcome> {
  const name = shortName(pool.fqdn);
  const latest = await desk.latestRun(pool.fqdn);
  const seen = await desk.look(pool, null);
  const refusal = refusedByConfiguration(settingsOf(pool));
  const carried = latest === null ? NOTHING_CARRIED : carriedFrom(latest.state);
  const active = latest !== null && latest.state.ended === null ? latest.state : null;
  const purpose = active?.request.purpose;
  const request = {
    pool: pool.fqdn,
    by: NOBODY,
    ...(purpose === undefined ? {} : { purpose }),
    stopMode: 'graceful',
    scope: { kind: 'left' },
    settings: settingsOf(pool),
    carried,
  } as const;
  const done =
    active === null ? carried.upgraded : upgradedSoFar(seen.computers === null ? active : countedIn(active, seen.computers));
  const planned = planUpgrade(request, settingsOf(pool), done, seen);
  return told(
    pool,
    `Plan for ${purpose === undefined ? '' : 'the rolling restart of '}${name}`,
    ...frozenLines(await desk.freeze(), voiceOf(pool)),
    ...ticketLine(pool),
    ...(refusal === null ? [] : [`refused for now: ${refusal}`]),
    ...planLines(planned, done, pool, seen, purpose),
  );
}

/** Said before anybody asks: what `upgrade` will want. */
const ticketLine = ({ changeTicket, fqdn }: ManagedPool): readonly string[] =>
  changeTicket === null ? [] : [`needs a change ticket: ${howToGive(changeTicket, `upgrade ${shortName(fqdn)}`)}`];

/** A plan is not a request: nobody asks for anything by reading one. */
const NOBODY = '' as Parameters<typeof planUpgrade>[0]['by'];

async function checks(pool: ManagedPool, desk: Desk): Promise<Outcome> {
  const latest = await desk.latestRun(pool.fqdn);
  const state = latest?.state.ended === null ? latest.state : null;
  const known = await desk.lastLook(pool.fqdn);
  const domain = domainAtHand(state, known);
  const seen = await desk.look(pool, domain);
  const topology = topologyIn(seen) ?? state?.plan?.topology ?? null;
  const upgradeDomain = domain ?? topology?.upgradeDomains[0] ?? null;
  const protects = CHECKS.map((check) => `${check.name}: ${check.protects}`);
  if (topology === null || upgradeDomain === null)
    return told(pool, `Checks on ${shortName(pool.fqdn)}: the pool could not be read`, ...protects);
  const looked = domain === null ? await desk.look(pool, upgradeDomain) : seen;
  const results = runChecks({
    backupPool: pool.backupPool,
    version: pool.version,
    topology: state?.plan?.topology ?? topology,
    upgradeDomain,
    seen: looked,
    stop: 'first',
    downByUs: state?.downByUs ?? [],
    fabricAtFirstStop: null,
    ticks: state?.ticks ?? [],
  });
  return told(
    pool,
    `Checks on ${shortName(pool.fqdn)}, before ${unitName(upgradeDomain)}`,
    ...checksLines(results, voiceOf(pool)),
    ...looked.raw.map((line) => `not read: ${line}`),
  );
}

/** Everything a person would look at before a night, server by server. Nothing is kept: it is asked anew each time. */
async function preflight(pool: ManagedPool, desk: Desk): Promise<Outcome> {
  const condition = await desk.condition(pool);
  const now = desk.clock.now();
  const name = shortName(pool.fqdn);
  if (condition.servers.length === 0)
    return told(pool, `Pre-flight of ${name}: no server is known`, 'NOT KNOWN: Get-CsComputer gave no answer. Do: `status`');
  const findings = judgeCondition({ backupPool: pool.backupPool, condition, now });
  const { worst, lines } = preflightLines(findings, condition, now, voiceOf(pool));
  return told(pool, `Pre-flight: ${name} ${worst}`, ...lines);
}

function domainAtHand(state: Run | null, seen: PoolSighting | null): UpgradeDomain | null {
  if (state !== null) return state.work?.upgradeDomain ?? nextUpgradeDomain(state);
  return (seen === null ? null : topologyIn(seen))?.upgradeDomains[0] ?? null;
}

function topologyIn({ computers, readiness: answered }: PoolSighting): Topology | null {
  if (computers === null || answered === null) return null;
  const read = joinTopology(computers, domainsOf(answered));
  return read.kind === 'agreed' ? read.topology : null;
}
