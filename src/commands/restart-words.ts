import type { Scope } from '../domain/run.ts';
import type { StopMode } from '../domain/step.ts';
import type { Entry } from './grammar.ts';
import { readUpgrade } from './upgrade-words.ts';

/** `restart pool01`: every Front End Server, one at a time. `pool` is a word as typed. */
export interface RestartCommand {
  readonly kind: 'restart';
  readonly pool: string;
  readonly stopMode: StopMode;
  /** Never upgrade domains: `domains` has the names of servers. */
  readonly scope: Scope;
  readonly ticket: string | null;
}

/** Typed as an upgrade is, without its domains. */
export const RESTART: Entry = {
  verb: 'restart',
  usage: 'restart <pool> [downtime] [all | servers fe2,fe3] [ticket CHG0012345]',
  about:
    'Restarts every Front End Server after a published topology, one at a time and without a patch; each is approved by somebody else. `downtime`: immediate stops. `all`: start over.',
  needs: 'operate',
  example: 'restart pool01',
  read: (words) => {
    const read = readUpgrade(words);
    if (typeof read === 'string' || read.kind !== 'upgrade' || read.pool === null) return read;
    if (read.scope.kind === 'domains' && words.slice(1).some((word) => /^domains?$/i.test(word)))
      return 'A rolling restart takes servers, and no upgrade domains.';
    const { pool, stopMode, scope, ticket } = read;
    return { kind: 'restart', pool, stopMode, scope, ticket };
  },
};
