import type { PoolFqdn, ServerFqdn } from '../../domain/pool.ts';
import { commandLine, type Entry, type WayIn } from './catalogue.ts';
import type { Remarks } from './frame.ts';
import { type ReaderLimits, Readers } from './readers.ts';
import { Shell, type ShellAnswer, type ShellStart } from './shell.ts';
import { whyUnreached } from './unreached.ts';

/**
 * Where a shell for a server can be had. `unreachable`: not now. `elsewhere`: never from here, so nothing was tried.
 * `machine` names the one the shell stands on, so that warm processes of one machine are not used for another.
 */
export type Reached =
  | {
      readonly kind: 'reached';
      readonly on: ServerFqdn | null;
      readonly machine: string;
      /** The PowerShell to start on this machine. */
      readonly executable: string;
      readonly wayIn: WayIn;
      readonly environment: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'unreachable' | 'elsewhere'; readonly because: string };

/** How servers are reached. Asked before every call. */
export interface Reach {
  /** Null is any machine that can be asked about the pool. */
  server(pool: PoolFqdn, server: ServerFqdn | null): Reached;
  /** Whom to ask, in turn, while the pool's servers are not known yet; empty: no matter whom. */
  first(pool: PoolFqdn): readonly ServerFqdn[];
}

/** What a call brought. `not-asked`: no PowerShell ever saw it. */
export type CallAnswer =
  | ({ readonly kind: 'value'; readonly value: unknown } & Remarks & Asked)
  | ({ readonly kind: 'fault'; readonly because: string; readonly denied: boolean } & Remarks & Asked)
  | ({ readonly kind: 'lost'; readonly because: string; readonly timedOut: boolean } & Asked)
  | { readonly kind: 'not-asked'; readonly because: string; readonly reason: 'refused' | 'unreachable' | 'elsewhere' };

interface Asked {
  readonly on: ServerFqdn | null;
  readonly raw: string;
}

/** One call, for the log: never its values. */
export interface CallRecord {
  readonly script: string;
  readonly pool: PoolFqdn;
  readonly server: ServerFqdn | null;
  readonly outcome: CallAnswer['kind'];
  readonly because: string | null;
  /** In ms. */
  readonly took: number;
}

/** What the calls are made with: the scripts, how a server is reached, and how many processes may live. */
export interface CallSettings extends Pick<ShellStart, 'scripts'> {
  readonly reach: Reach;
  readonly limits: ReaderLimits;
  readonly log?: (call: CallRecord) => void;
}

/** The only way to a PowerShell: readings through warm processes, effects each through a fresh one. Never throws. */
export class PowerShellCalls {
  readonly #settings: CallSettings;
  readonly #readers: Readers;
  readonly #effects = new Set<Shell>();

  constructor(settings: CallSettings) {
    this.#settings = settings;
    this.#readers = new Readers(settings.limits);
  }

  /** Whom to ask, in turn, while the pool's servers are not known yet; null is no matter whom. */
  first(pool: PoolFqdn): readonly (ServerFqdn | null)[] {
    const servers = this.#settings.reach.first(pool);
    return servers.length === 0 ? [null] : servers;
  }

  read<Values>(pool: PoolFqdn, server: ServerFqdn | null, entry: Entry<Values>, values: Values): Promise<CallAnswer> {
    return this.#call(pool, server, entry, values, (machine, start, line) =>
      this.#readers.ask(machine, start, line, entry.timeOut),
    );
  }

  act<Values>(pool: PoolFqdn, server: ServerFqdn, entry: Entry<Values>, values: Values): Promise<CallAnswer> {
    return this.#call(pool, server, entry, values, async (_machine, start, line) => {
      const shell = new Shell(start);
      this.#effects.add(shell);
      try {
        return await shell.ask(line, entry.timeOut);
      } finally {
        this.#effects.delete(shell);
        await shell.end();
      }
    });
  }

  /** Ends every process, also one in the middle of a call: what that one did is then unknown. */
  async close(): Promise<void> {
    await Promise.all([this.#readers.close(), ...[...this.#effects].map((shell) => shell.end())]);
  }

  async #call<Values>(
    pool: PoolFqdn,
    server: ServerFqdn | null,
    entry: Entry<Values>,
    values: Values,
    ask: (machine: string, start: ShellStart, line: string) => Promise<ShellAnswer>,
  ): Promise<CallAnswer> {
    const began = performance.now();
    const answer = await this.#answer(pool, server, entry, values, ask);
    const because = answer.kind === 'value' ? null : answer.because;
    const took = Math.round(performance.now() - began);
    this.#settings.log?.({ script: entry.script, pool, server, outcome: answer.kind, because, took });
    return answer;
  }

  async #answer<Values>(
    pool: PoolFqdn,
    server: ServerFqdn | null,
    entry: Entry<Values>,
    values: Values,
    ask: (machine: string, start: ShellStart, line: string) => Promise<ShellAnswer>,
  ): Promise<CallAnswer> {
    const { scripts, reach } = this.#settings;
    const reached = reach.server(pool, server);
    const wayIn = reached.kind === 'reached' ? reached.wayIn : 'run.ps1';
    const line = commandLine(entry, values, wayIn);
    if (line.kind === 'refused') return { kind: 'not-asked', because: line.because, reason: 'refused' };
    if (reached.kind !== 'reached') return { kind: 'not-asked', because: reached.because, reason: reached.kind };
    const { machine, environment, executable, on } = reached;
    const answer = await ask(machine, { executable, scripts, environment }, line.text);
    return answer.kind === 'unreached'
      ? { kind: 'not-asked', because: whyUnreached(on, answer.raw, answer.because), reason: 'unreachable' }
      : { ...answer, on };
  }
}
