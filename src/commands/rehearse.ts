import { carriedFrom, leftWorks } from '../domain/carried.ts';
import { blockersIn, type CheckResult, runChecks } from '../domain/checks.ts';
import { type ManagedPool, peopleWith } from '../domain/inventory.ts';
import { type Planned, planUpgrade, refusedByConfiguration } from '../domain/plan.ts';
import { type PersonId, shortName } from '../domain/pool.ts';
import { runName } from '../domain/purpose.ts';
import { REHEARSED_ON, whoMayAsk } from '../domain/rehearsal.ts';
import { type Carried, NOTHING_CARRIED, type Run } from '../domain/run.ts';
import type { PoolSighting } from '../domain/sighting.ts';
import { ticketExample } from '../domain/ticket.ts';
import { rehearsalLines } from '../messages/rehearsal.ts';
import { span } from '../messages/words.ts';
import { leftByOther } from './begin.ts';
import { type Desk, type Outcome, told } from './desk.ts';
import type { Command } from './grammar.ts';
import { optionsOf, settingsOf } from './orders.ts';

type Asked = Pick<Command & { readonly kind: 'rehearse' }, 'stopMode' | 'scope'>;

/**
 * `rehearse pool01`: the upgrade that `upgrade` would begin now, played on a simulated pool that is made from the last look.
 * Nothing is asked of the pool, unless there is no look of the last day, and nothing is written.
 */
export async function rehearse(asked: Asked, pool: ManagedPool, desk: Desk): Promise<Outcome> {
  const name = shortName(pool.fqdn);
  const latest = await desk.latestRun(pool.fqdn);
  if (latest !== null && latest.state.ended === null)
    return told(pool, `${name} has ${aRun(latest.state)} under way, so nothing is rehearsed`, WHY);
  if ((await desk.activeOperation(pool.fqdn)) !== null)
    return told(pool, `${name} as a whole is being operated on, so nothing is rehearsed`, WHY);
  const carried = latest === null ? NOTHING_CARRIED : carriedFrom(latest.state);
  const configured = refusedByConfiguration(settingsOf(pool)) ?? refusedStop(asked, pool);
  if (configured !== null) return refused(pool, [configured]);
  const half = leftByOther('upgrade', carried, name, (await desk.lastLook(pool.fqdn))?.computers ?? null);
  if (half !== null) return refused(pool, [half.because], half.goesOn);
  const [by] = [...whoMayAsk(pool), ...peopleWith(pool, 'operate')];
  if (by === undefined) return refused(pool, ['nobody may operate on it']);
  const { seen, because } = await lookOfTheDay(pool, desk);
  const planned = planFor(asked, pool, carried, seen, by);
  if (planned.kind === 'refused') return refused(pool, planned.because);
  if (planned.kind === 'unread')
    return told(pool, `${name} cannot be rehearsed: ${planned.because}`, ...seen.raw.map((line) => `not read: ${line}`));
  const { stopMode, scope } = asked;
  const now = desk.clock.now();
  const rehearsed = await desk.rehearse({ pool, stopMode, scope, seen, carried: withoutWork(carried), by, at: now });
  if (rehearsed.kind === 'broken-off') return told(pool, `Rehearsal of ${name} broke off: ${rehearsed.because}`);
  const line = `upgrade ${name}${optionsOf(asked)}${ticketOf(pool)}`;
  const upgraded = scope.kind === 'left' ? carried.upgraded : [];
  const on = { pool, seen, lookedBecause: because, line, upgraded, now, freeze: await desk.freeze() };
  const left = leftWorks(carried).map(({ upgradeDomain }) => upgradeDomain);
  const blockers = blockersNow(planned, pool, carried, seen);
  return told(pool, titleOf(pool), ...rehearsalLines({ ...on, blockers, left }, rehearsed));
}

/** A simulated pool is marked as one on every card, and a rehearsal always is one. */
const titleOf = ({ fqdn, simulated }: ManagedPool): string =>
  simulated
    ? `Rehearsal of ${shortName(fqdn)}: nothing was touched`
    : `Rehearsal of ${shortName(fqdn)} (simulated; nothing was touched)`;

const WHY = '`why` says what it waits for.';

const aRun = (run: Run): string => (runName(run) === 'upgrade' ? 'an upgrade' : `a ${runName(run)}`);

const refused = (pool: ManagedPool, because: readonly string[], ...more: readonly string[]): Outcome =>
  told(
    pool,
    `${shortName(pool.fqdn)}: nothing to rehearse, \`upgrade\` would be refused`,
    ...because.map((each) => `refused: ${each}`),
    ...more,
  );

const refusedStop = ({ stopMode }: Asked, { procedure }: ManagedPool): string | null =>
  stopMode === 'immediate' && procedure === 'server-failover' ? 'there are no immediate stops by server-failover' : null;

/** The last look, or with the reason for it a new one: on an old look, or one that did not see the servers, nothing is rehearsed. */
async function lookOfTheDay(
  pool: ManagedPool,
  desk: Desk,
): Promise<{ readonly seen: PoolSighting; readonly because: string | null }> {
  const last = await desk.lastLook(pool.fqdn);
  if (last === null) return { seen: await desk.look(pool, null), because: 'nobody had looked before' };
  const age = desk.clock.now() - last.at;
  if (age > REHEARSED_ON) return { seen: await desk.look(pool, null), because: `the last one was ${span(age)} old` };
  if (last.computers === null || last.product === null || last.readiness === null)
    return { seen: await desk.look(pool, null), because: 'the last one had not read the servers and upgrade domains' };
  return { seen: last, because: null };
}

function planFor({ stopMode, scope }: Asked, pool: ManagedPool, carried: Carried, seen: PoolSighting, by: PersonId): Planned {
  const settings = settingsOf(pool);
  const done = scope.kind === 'left' ? carried.upgraded : [];
  return planUpgrade({ pool: pool.fqdn, by, stopMode, scope, settings, carried }, settings, done, seen);
}

/** What was seen against the first stop. Windows that nobody has looked for are not in the way. */
function blockersNow(
  { topology, upgradeDomains }: Planned & { readonly kind: 'planned' },
  { backupPool, version }: ManagedPool,
  { downByUs }: Carried,
  seen: PoolSighting,
): readonly CheckResult[] {
  const [upgradeDomain] = upgradeDomains;
  if (upgradeDomain === undefined) return [];
  const question = { backupPool, version, topology, upgradeDomain, seen, stop: 'first', downByUs } as const;
  const looked = (server: CheckResult['server']) => seen.viewers.some((each) => each.server === server);
  return blockersIn(runChecks({ ...question, fabricAtFirstStop: null, ticks: [] })).filter(
    ({ check, server }) => check !== 'viewers-closed' || looked(server),
  );
}

/** What earlier runs left in the middle is not played on: its servers have boots that the simulated ones do not. */
function withoutWork({ others: _others, ...carried }: Carried): Carried {
  return { ...carried, work: null };
}

const ticketOf = ({ changeTicket }: ManagedPool): string =>
  changeTicket === null ? '' : ` ticket ${ticketExample(changeTicket) ?? '…'}`;
