import type { SimulatedPool } from '../adapters/simulator/pool.ts';
import type { Words } from './line-words.ts';

/** What may befall a whole pool, and what operations on it see of the farm. `pool` null is the first one. */
export type PoolWeatherLine =
  | { readonly kind: 'lose-quorum'; readonly count: number }
  | { readonly kind: 'whole-pool-down' | 'publish-topology'; readonly pool: string | null }
  | { readonly kind: 'holds-cms' | 'edge-next-hop'; readonly elsewhere: boolean }
  | { readonly kind: 'operation'; readonly becomes: 'fails' | 'hangs' };

/** Reads the rest of such a line; null for a verb that is none of these. */
export function poolWeather(verb: string, words: Words): PoolWeatherLine | null {
  switch (verb) {
    case 'lose-quorum':
      return { kind: verb, count: words.count('how many routing groups', 1) };
    case 'whole-pool':
      words.oneOf('what becomes of it', ['down'] as const);
      return { kind: 'whole-pool-down', pool: poolIn(words) };
    case 'publish-topology':
      return { kind: verb, pool: poolIn(words) };
    case 'holds-cms':
    case 'edge-next-hop':
      return { kind: verb, elsewhere: !words.done && words.oneOf('where it is', ['elsewhere'] as const) === 'elsewhere' };
    case 'operation':
      return { kind: verb, becomes: words.oneOf('what becomes of the next one', ['fails', 'hangs'] as const) };
    default:
      return null;
  }
}

const poolIn = (words: Words): string | null => (words.done ? null : words.name('a pool'));

/** Lets it happen, now; or says why that cannot be. */
export function happenToPool(line: PoolWeatherLine, pool: SimulatedPool): string | null {
  switch (line.kind) {
    case 'lose-quorum': {
      const groups = pool.fabric().groups.length;
      if (pool.computers().length < 3) return 'a pool of so few servers has no routing group with three replicas to lose two of';
      if (line.count > groups) return `the pool has ${groups} routing groups`;
      pool.loseQuorum(line.count);
      return null;
    }
    case 'whole-pool-down':
      pool.goDown();
      return null;
    case 'publish-topology':
      pool.publishTopology();
      return null;
    case 'holds-cms':
      pool.conditions.holdsCms = !line.elsewhere;
      return null;
    case 'edge-next-hop':
      pool.operations.edgeNextHop = !line.elsewhere;
      return null;
    case 'operation':
      pool.operations.next = line.becomes;
      return null;
  }
}
