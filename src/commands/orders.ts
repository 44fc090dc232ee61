import { adoptable } from '../domain/by-hand.ts';
import type { CheckName } from '../domain/checks.ts';
import { runChecks } from '../domain/checks.ts';
import { waitsForPatched } from '../domain/evolve-step.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import type { WithoutAt } from '../domain/moves.ts';
import { phaseOf, workPhase } from '../domain/phase.ts';
import { type PersonId, type ServerFqdn, shortName } from '../domain/pool.ts';
import { isRestart } from '../domain/purpose.ts';
import { checkQuestion } from '../domain/questions.ts';
import { nextUpgradeDomain, type RunEvent, type Settings } from '../domain/run.ts';
import { ticketExample } from '../domain/ticket.ts';
import { frozenLines } from '../messages/freeze-words.ts';
import type { Delivery } from '../ports.ts';
import { type Desk, type KnownRun, type Outcome, told } from './desk.ts';
import type { Command } from './grammar.ts';

/** The pool's configuration as a run keeps it. */
export const settingsOf = ({
  version,
  procedure,
  backupPool,
  patchMode,
  hooks,
  approvalsNeeded,
  revision,
}: ManagedPool): Settings => ({
  version,
  procedure,
  backupPool,
  patchMode,
  hooks,
  approvalsNeeded,
  revision,
});

/** How a ticket is given to a pool that wants such ones: the line to type, with an example where there is a plain one. */
export function howToGive(pattern: RegExp, line: string): string {
  const example = ticketExample(pattern);
  const like = pattern.source.replace(/^\^\(\?:(.*)\)\$$/, '$1');
  return example === null
    ? `\`${line} ticket …\` with one that matches ${like}`
    : `\`${line} ticket ${example}\` with the number of your change for ${example}`;
}

/** The rest of what was typed, to be typed once more. */
export function optionsOf(
  { stopMode, scope }: Pick<Command & { kind: 'upgrade' }, 'stopMode' | 'scope'>,
  named: 'domains' | 'servers' = 'domains',
): string {
  const which = scope.kind === 'domains' ? ` ${named} ${scope.names.join(',')}` : scope.kind === 'all' ? ' all' : '';
  return `${stopMode === 'immediate' ? ' downtime' : ''}${which}`;
}

/** `patched fe1`: only for a server that waits for it. */
export async function patched(
  server: ServerFqdn,
  run: KnownRun | null,
  pool: ManagedPool,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const name = shortName(server);
  if (run === null)
    return told(
      pool,
      `${name} does not wait for \`patched\`: ${shortName(pool.fqdn)} is not being upgraded. Nothing was changed.`,
    );
  if (isRestart(run.state))
    return told(
      pool,
      `${name} does not wait for \`patched\`: ${shortName(pool.fqdn)} is being restarted, and nothing is patched in that. Nothing was changed.`,
    );
  if (!waitsForPatched(run.state, server)) {
    const stage = run.state.work?.servers.find((each) => each.server === server)?.stage;
    const because =
      stage === undefined
        ? `it is not in the domain under way (${phaseOf(run.state)})`
        : `it is ${stage}, and the run is ${workPhase(run.state)}`;
    return told(pool, `${name} does not wait for \`patched\`: ${because}. Nothing was changed.`);
  }
  return order(run, pool, { kind: 'patched', server, by }, delivery, desk, `${name}: patched, says ${by}`);
}

/** `adopt fe1`: only for the server that the run is held about, and that somebody else has worked on. */
export async function adopt(
  server: ServerFqdn,
  run: KnownRun | null,
  pool: ManagedPool,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const name = shortName(server);
  if (run === null || adoptable(run.state) !== server)
    return told(
      pool,
      `Nothing was seen on ${name} that could be adopted. Nothing was changed.`,
      '`why` says what is waited for.',
    );
  return order(
    run,
    pool,
    { kind: 'adopted', server, by },
    delivery,
    desk,
    `${name}: what was done by hand is adopted, says ${by}`,
  );
}

/** `tick viewers-closed fe1`: only where that check stands against the next stop and a person may let it. */
export async function tick(
  check: CheckName,
  server: ServerFqdn | null,
  run: KnownRun,
  pool: ManagedPool,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const { state } = run;
  const domain = state.work?.upgradeDomain ?? nextUpgradeDomain(state);
  const latest = state.seen ?? state.lastSeen;
  const question = domain === null ? null : checkQuestion({ ...state, seen: latest }, domain, 'first');
  const tickable =
    question === null ? [] : runChecks(question).filter((each) => each.check === check && each.verdict === 'tickable');
  const named = tickable.filter((each) => each.server === null || each.server === server);
  if (tickable.length === 0 || (server !== null && named.length === 0))
    return told(
      pool,
      `There is nothing to tick: ${check}${server === null ? '' : ` on ${shortName(server)}`} does not wait for a person. Nothing was changed.`,
    );
  const [first] = named;
  if (first === undefined)
    return told(
      pool,
      `Which server? ${tickable.flatMap((each) => (each.server === null ? [] : [`\`tick ${check} ${shortName(each.server)}\``])).join(', ')}. Nothing was changed.`,
    );
  return order(
    run,
    pool,
    { kind: 'ticked', check, server: first.server, by, seen: first.seen },
    delivery,
    desk,
    `${shortName(pool.fqdn)}: ${check} may stand, says ${by}: ${first.seen}`,
  );
}

/** Appends what a person said to the run as it was judged; another event in between means: judge again. */
export async function order(
  run: KnownRun,
  pool: ManagedPool,
  event: WithoutAt<RunEvent>,
  delivery: Delivery,
  desk: Desk,
  words: string,
): Promise<Outcome> {
  const outcome = await desk.append(run.run, run.state, { ...event, at: delivery.at }, delivery);
  if (outcome === 'heard-before') return told(pool, `${shortName(pool.fqdn)}: that was heard already`);
  if (outcome === 'taken') throw new JudgeAgain();
  return { ...told(pool, words, ...frozenLines(await desk.freeze(), pool)), wake: [run.run] };
}

/** Thrown when a run moved on between judging a command and writing it; the whole command is judged again. */
export class JudgeAgain extends Error {}
