import type { Scope } from '../domain/run.ts';
import type { StopMode } from '../domain/step.ts';
import type { Entry } from './grammar.ts';
import { readUpgrade } from './upgrade-words.ts';

/** `rehearse pool01`: what `upgrade` would come to. `pool` is a word as typed. */
export interface RehearseCommand {
  readonly kind: 'rehearse';
  readonly pool: string;
  readonly stopMode: StopMode;
  readonly scope: Scope;
}

/** Typed as an upgrade is, for that is what it plays. */
export const REHEARSE: Entry = {
  verb: 'rehearse',
  usage: 'rehearse <pool> [downtime] [all | domains 2,3 | servers fe2,fe3]',
  about: 'Plays the upgrade on a simulated pool: who is needed when, and what is in the way.',
  needs: 'view',
  example: 'rehearse pool01',
  read: (words) => {
    const read = readUpgrade(words);
    if (typeof read === 'string' || read.kind !== 'upgrade' || read.pool === null) return read;
    const { pool, stopMode, scope, ticket } = read;
    return ticket === null ? { kind: 'rehearse', pool, stopMode, scope } : 'A rehearsal has no ticket.';
  },
};
