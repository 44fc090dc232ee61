import { adoptable } from '../domain/by-hand.ts';
import { carriedFrom } from '../domain/carried.ts';
import type { CheckName } from '../domain/checks.ts';
import { runChecks } from '../domain/checks.ts';
import { waitsForPatched } from '../domain/evolve-step.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import type { WithoutAt } from '../domain/moves.ts';
import { phaseOf, workPhase } from '../domain/phase.ts';
import { refusedByConfiguration } from '../domain/plan.ts';
import { namesOf, type PersonId, type ServerFqdn, shortName } from '../domain/pool.ts';
import { checkQuestion } from '../domain/questions.ts';
import { NOTHING_CARRIED, nextUpgradeDomain, type RunEvent, type Settings } from '../domain/run.ts';
import { DRAINING_TIMEOUT } from '../domain/step.ts';
import { ticketExample, ticketObjection } from '../domain/ticket.ts';
import { minutes } from '../domain/time.ts';
import { frozenLines, frozenWords, THAW_GOES_ON } from '../messages/freeze-words.ts';
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

/** Begins an upgrade, or goes on with what an unfinished one left. Whether it can be done is seen in the first look. */
export async function upgrade(
  command: Command & { kind: 'upgrade' },
  pool: ManagedPool,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const name = shortName(pool.fqdn);
  const refusal = refusedByConfiguration(settingsOf(pool));
  if (refusal !== null) return told(pool, `${name}: upgrade refused: ${refusal}`);
  if (command.stopMode === 'immediate' && pool.procedure === 'server-failover')
    return told(
      pool,
      `${name}: upgrade refused: there are no immediate stops by server-failover. Nothing was changed.`,
      `Invoke-CsComputerFailOver drains every server, and ends what is left after ${DRAINING_TIMEOUT / minutes(1)} minutes: type \`upgrade ${name}\``,
    );
  const freeze = await desk.freeze();
  if (freeze !== null)
    return told(pool, `${name}: upgrade refused: ${frozenWords(freeze, pool)}. Nothing was changed.`, THAW_GOES_ON);
  const latest = await desk.latestRun(pool.fqdn);
  if (latest !== null && latest.state.ended === null) {
    const under = latest.state.request.ticket ?? null;
    if (latest.state.held?.reason.kind === 'topology-changed' && (command.ticket === null || command.ticket === under))
      return order(
        latest,
        pool,
        { kind: 'retried', by, immediate: false },
        delivery,
        desk,
        `${name}: planned again, with the pool as it is`,
      );
    return told(
      pool,
      `${name} is being upgraded already: ${phaseOf(latest.state)}, asked for by ${latest.state.request.by}${under === null ? '' : `, under change ticket ${under}`}`,
      '`why` says what it waits for.',
    );
  }
  const { stopMode, scope, ticket } = command;
  const unticketed = ticketObjection(ticket, pool.changeTicket);
  if (unticketed !== null && pool.changeTicket !== null)
    return told(
      pool,
      `${name}: upgrade refused: ${unticketed}. Nothing was changed.`,
      `Type ${howToGive(pool.changeTicket, `upgrade ${name}${optionsOf(command)}`)}`,
    );
  const carried = latest === null ? NOTHING_CARRIED : carriedFrom(latest.state);
  const ticketed = ticket === null ? {} : { ticket };
  const request = { pool: pool.fqdn, by, stopMode, scope, settings: settingsOf(pool), carried, ...ticketed };
  const opened = await desk.openRun(pool.fqdn, { kind: 'requested', at: delivery.at, request }, delivery);
  if (opened.kind === 'heard-before') return told(pool, `${name}: that was heard already`);
  if (opened.kind === 'active') return told(pool, `${name} is being upgraded already`);
  const left = scope.kind === 'left' && carried.upgraded.length > 0;
  const lines = [
    ...(left
      ? [`goes on with what is left: ${namesOf(carried.upgraded)} already upgraded; \`upgrade ${name} all\` would start over`]
      : []),
    ...(stopMode === 'immediate' ? ['scheduled downtime: stops are immediate, and that is part of what is approved'] : []),
    ...(pool.rights.size > 0 ? [] : ['nobody is listed for this pool']),
  ];
  const under = ticket === null ? '' : ` under change ticket ${ticket}`;
  return { ...told(pool, `${name}: upgrade asked for by ${by}${under}; checking the pool`, ...lines), wake: [opened.run] };
}

/** How a ticket is given to a pool that wants such ones: the line to type, with an example where there is a plain one. */
export function howToGive(pattern: RegExp, line: string): string {
  const example = ticketExample(pattern);
  const like = pattern.source.replace(/^\^\(\?:(.*)\)\$$/, '$1');
  return example === null
    ? `\`${line} ticket …\` with one that matches ${like}`
    : `\`${line} ticket ${example}\` with the number of your change for ${example}`;
}

/** The rest of what was typed, to be typed once more. */
function optionsOf({ stopMode, scope }: Command & { kind: 'upgrade' }): string {
  const which = scope.kind === 'domains' ? ` domains ${scope.names.join(',')}` : scope.kind === 'all' ? ' all' : '';
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
    { kind: 'ticked', check, server: first.server, by },
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
