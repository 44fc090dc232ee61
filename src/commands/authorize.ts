import { type ManagedPool, mayDo, peopleWith, type Right } from '../domain/inventory.ts';
import { type PersonId, shortName } from '../domain/pool.ts';
import { COMMANDS, type Command, type Needs, parse } from './grammar.ts';

/** Whether somebody may, or which right they lack and who has it. */
export type Authorized = { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly because: string };

/** What a command takes; null: being listed anywhere is enough. */
export const needsOf = (command: Command): Needs | null => COMMANDS.find(({ verb }) => verb === command.kind)?.needs ?? null;

/**
 * The one way to an effect. Default deny: rights come from the configuration by immutable id; being in the channel gives
 * none, and an empty list means nobody.
 */
export function authorize(person: PersonId, needs: Right, pool: ManagedPool): Authorized {
  if (mayDo(pool, person, needs)) return { kind: 'allowed' };
  const who = peopleWith(pool, needs);
  const others = who.length === 0 ? 'nobody has it' : `${who.join(', ')} may`;
  return {
    kind: 'refused',
    because: `that needs the right to ${needs} on ${shortName(pool.fqdn)}, and you do not have it; ${others}`,
  };
}

const EITHER: readonly Right[] = ['operate', 'approve'];

/** For what concerns every pool at once: who may operate or approve any of them may turn the switch for all. */
export function authorizeForAll(person: PersonId, pools: readonly ManagedPool[]): Authorized {
  if (pools.some((pool) => EITHER.some((right) => mayDo(pool, person, right)))) return { kind: 'allowed' };
  const who = [...new Set(pools.flatMap((pool) => EITHER.flatMap((right) => peopleWith(pool, right))))];
  const others = who.length === 0 ? 'nobody has either' : `${who.join(', ')} may`;
  return { kind: 'refused', because: `that needs the right to operate or approve on some pool, and you have neither; ${others}` };
}

/** Whether the person may use such a command on any pool. */
export const mayUse = (person: PersonId, needs: Needs | null, pools: readonly ManagedPool[]): boolean =>
  needs === null ||
  (needs === 'operate or approve'
    ? authorizeForAll(person, pools).kind === 'allowed'
    : pools.some((pool) => mayDo(pool, person, needs)));

/** Whether the person is listed at all: what help, pools and whoami take. */
export const isListed = (person: PersonId, pools: readonly ManagedPool[]): boolean =>
  pools.some(({ rights }) => (rights.get(person)?.size ?? 0) > 0);

/** Whether a line changes no run, whoever says it: a question, or one that is not understood. */
export function onlyAsks(text: string): boolean {
  const parsed = parse(text);
  if (parsed.kind === 'misread') return true;
  const needs = needsOf(parsed.command);
  return needs === null || needs === 'view';
}
