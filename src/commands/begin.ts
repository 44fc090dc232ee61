import { carriedFrom, carriedIn, leftWorks } from '../domain/carried.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { phaseOf } from '../domain/phase.ts';
import { refusedByConfiguration, SMALL_POOL_WARNING } from '../domain/plan.ts';
import { namesOf, type PersonId, shortName, unitName } from '../domain/pool.ts';
import { doneBefore, runName } from '../domain/purpose.ts';
import { type Carried, NOTHING_CARRIED, type Request } from '../domain/run.ts';
import type { PoolSighting } from '../domain/sighting.ts';
import { DRAINING_TIMEOUT } from '../domain/step.ts';
import { ticketObjection } from '../domain/ticket.ts';
import { minutes } from '../domain/time.ts';
import { frozenWords, THAW_GOES_ON } from '../messages/freeze-words.ts';
import type { Delivery } from '../ports.ts';
import { type Desk, type KnownRun, type Outcome, told } from './desk.ts';
import type { Command } from './grammar.ts';
import { howToGive, optionsOf, order, settingsOf } from './orders.ts';

/** `upgrade` or `restart`, as typed. */
type BeginCommand = Command & { kind: 'upgrade' | 'restart' };

/** What only one kind of run says of itself, and what it looks for before it begins: the answer that refuses it, or null. */
export interface Beginning {
  readonly says: Pick<Request, 'purpose' | 'knownServers'>;
  readonly refusal: () => Promise<Outcome | null>;
}

/** An upgrade looks for nothing more. */
export const UPGRADE: Beginning = { says: {}, refusal: async () => null };

/** Begins a run, or goes on with what an unfinished one of its kind left. Whether it can be done is seen in the first look. */
export async function begin(
  command: BeginCommand,
  beginning: Beginning,
  pool: ManagedPool,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const name = shortName(pool.fqdn);
  const refused = `${name}: ${command.kind} refused`;
  const refusal = refusedByConfiguration(settingsOf(pool));
  if (refusal !== null) return told(pool, `${refused}: ${refusal}`);
  if (command.stopMode === 'immediate' && pool.procedure === 'server-failover')
    return told(
      pool,
      `${refused}: there are no immediate stops by server-failover. Nothing was changed.`,
      `Invoke-CsComputerFailOver drains every server, and ends what is left after ${DRAINING_TIMEOUT / minutes(1)} minutes: type \`${command.kind} ${name}\``,
    );
  const freeze = await desk.freeze();
  if (freeze !== null) return told(pool, `${refused}: ${frozenWords(freeze, pool)}. Nothing was changed.`, THAW_GOES_ON);
  const latest = await desk.latestRun(pool.fqdn);
  if (latest !== null && latest.state.ended === null) return underWay(command, latest, pool, by, delivery, desk);
  const { stopMode, scope, ticket } = command;
  const unticketed = ticketObjection(ticket, pool.changeTicket);
  if (unticketed !== null && pool.changeTicket !== null)
    return told(
      pool,
      `${refused}: ${unticketed}. Nothing was changed.`,
      `Type ${howToGive(pool.changeTicket, `${command.kind} ${name}${optionsOf(command, command.kind === 'restart' ? 'servers' : 'domains')}`)}`,
    );
  const against = await beginning.refusal();
  if (against !== null) return against;
  // What it looked at may have shown that a server which was left down runs again.
  const left = await desk.latestRun(pool.fqdn);
  const carried = left === null ? NOTHING_CARRIED : carriedFrom(left.state);
  const computers = (await desk.lastLook(pool.fqdn))?.computers ?? null;
  const half = leftByOther(command.kind, carried, name, computers);
  if (half !== null) return told(pool, `${refused}: ${half.because}. Nothing was changed.`, half.goesOn);
  const ticketed = ticket === null ? {} : { ticket };
  const request = { pool: pool.fqdn, by, ...beginning.says, stopMode, scope, settings: settingsOf(pool), carried, ...ticketed };
  const opened = await desk.openRun(pool.fqdn, { kind: 'requested', at: delivery.at, request }, delivery);
  if (opened.kind === 'heard-before') return told(pool, `${name}: that was heard already`);
  if (opened.kind === 'active') return told(pool, `${name} is being ${doneWord(request)} already`);
  const under = ticket === null ? '' : ` under change ticket ${ticket}`;
  const title = `${name}: ${runName({ request })} asked for by ${by}${under}; checking the pool`;
  const size = (await desk.lastLook(pool.fqdn))?.computers?.length ?? 3;
  const small = size < 3 ? [`warning: ${SMALL_POOL_WARNING}`] : [];
  return { ...told(pool, title, ...small, ...beginLines(command, request, pool)), wake: [opened.run] };
}

const doneWord = ({ purpose }: Pick<Request, 'purpose'>): string => (purpose === 'restart' ? 'restarted' : 'upgraded');

function beginLines({ kind, stopMode, scope }: BeginCommand, request: Request, pool: ManagedPool): readonly string[] {
  const done = doneBefore(request);
  return [
    ...(scope.kind === 'left' && done.length > 0
      ? [
          `goes on with what is left: ${namesOf(done)} already ${doneWord(request)}${kind === 'restart' ? ' (all anew if the pool has other servers since)' : ''}; \`${kind} ${shortName(pool.fqdn)} all\` would start over`,
        ]
      : []),
    ...(stopMode === 'immediate' ? ['scheduled downtime: stops are immediate, and that is part of what is approved'] : []),
    ...(pool.rights.size > 0 ? [] : ['nobody is listed for this pool']),
  ];
}

/** A run of the pool has not ended: asked for once more, it is planned again if that is what it waits for. */
async function underWay(
  command: BeginCommand,
  latest: KnownRun,
  pool: ManagedPool,
  by: PersonId,
  delivery: Delivery,
  desk: Desk,
): Promise<Outcome> {
  const name = shortName(pool.fqdn);
  const { request, held } = latest.state;
  const under = request.ticket ?? null;
  const same = command.kind === (request.purpose ?? 'upgrade') && (command.ticket === null || command.ticket === under);
  if (same && held?.reason.kind === 'topology-changed') {
    const words = `${name}: planned again, with the pool as it is`;
    return order(latest, pool, { kind: 'retried', by, immediate: false }, delivery, desk, words);
  }
  return told(
    pool,
    `${name} is being ${doneWord(request)} already: ${phaseOf(latest.state)}, asked for by ${request.by}${under === null ? '' : `, under change ticket ${under}`}`,
    '`why` says what it waits for.',
  );
}

/** What a run of the other kind has in the middle of its way is for one of that kind to go on with; null where there is none. */
export function leftByOther(kind: BeginCommand['kind'], carried: Carried, name: string, computers: PoolSighting['computers']) {
  // What was left of servers that are in the pool no more is nobody's to go on with.
  const left = leftWorks(computers === null ? carried : carriedIn(carried, computers));
  const work = left.find(({ purpose = 'upgrade' }) => purpose !== kind);
  if (work === undefined) return null;
  const other = work.purpose ?? 'upgrade';
  const servers = namesOf(work.servers.map(({ server }) => server));
  const what = other === 'restart' ? 'a rolling restart' : 'an upgrade';
  return {
    because: `${what} left ${unitName(work.upgradeDomain)} in the middle of its way (${servers})`,
    goesOn: `\`${other} ${name}\` goes on with it; \`abort ${name}\` after that brings it back up as it is.`,
  };
}
