import type { ManagedPool } from '../domain/inventory.ts';
import { parsePoolFqdn, parseServerFqdn, type ServerFqdn, shortName } from '../domain/pool.ts';
import { nearest } from './grammar.ts';
import { shown } from './quoted.ts';

/** What a typed name stands for, or what its person is told instead. */
export type Resolved<Value> =
  | { readonly kind: 'found'; readonly value: Value }
  | { readonly kind: 'unknown'; readonly tell: string };

/** The pool somebody means: its name, its first label, or an alias. Nothing typed: the only one there is. */
export function resolvePool(word: string | null, pools: readonly ManagedPool[]): Resolved<ManagedPool> {
  const names = pools.map(({ fqdn }) => shortName(fqdn));
  if (word === null) {
    const [only, ...others] = pools;
    return only !== undefined && others.length === 0
      ? found(only)
      : { kind: 'unknown', tell: `Which pool? ${names.join(', ')}.` };
  }
  const lower = word.toLowerCase();
  const [first, ...others] = pools.filter(
    ({ fqdn, aliases }) => fqdn === parsePoolFqdn(lower) || shortName(fqdn) === lower || aliases.includes(lower),
  );
  if (first !== undefined && others.length === 0) return found(first);
  // A beginning is asked about and never taken for the whole name, for what follows may stop servers.
  const meant =
    first === undefined
      ? pools.filter(({ fqdn, aliases }) => [fqdn, ...aliases].some((name) => name.startsWith(lower)))
      : [first, ...others];
  if (meant.length > 0)
    return { kind: 'unknown', tell: `Which pool: ${meant.map(({ fqdn }) => fqdn).join(', ')}? Nothing was changed.` };
  return {
    kind: 'unknown',
    tell: `There is no pool "${shown(word)}". Nearest: ${nearest(word, names).join(', ')}. Nothing was changed.`,
  };
}

/** The server somebody means among those that are known: its name or its first label. */
export function resolveServer(word: string, servers: readonly ServerFqdn[]): Resolved<ServerFqdn> {
  const lower = word.toLowerCase();
  const [first, ...others] = servers.filter((server) => server === parseServerFqdn(lower) || shortName(server) === lower);
  if (first === undefined) {
    const known =
      servers.length === 0 ? 'No server is known yet' : `Nearest: ${nearest(word, servers.map(shortName)).join(', ')}`;
    return { kind: 'unknown', tell: `There is no server "${shown(word)}". ${known}. Nothing was changed.` };
  }
  return others.length === 0
    ? found(first)
    : { kind: 'unknown', tell: `Which server: ${[first, ...others].join(', ')}? Nothing was changed.` };
}

const found = <Value>(value: Value): Resolved<Value> => ({ kind: 'found', value });
