import type { Hooks } from '../../src/domain/inventory.ts';
import type { SessionEvent } from '../../src/session/record.ts';
import { inside } from './watch.ts';

const TAKES_DOWN = ['Stop-CsWindowsService', 'Invoke-CsComputerFailOver'];

/** Watches what a pool's hooks are told, from outside and beside the `Watch`: in which order, and how often. */
export class HookWatch {
  readonly violations: string[] = [];
  runs = 0;
  readonly #hooks: Hooks;
  /** Taken out of something by the hook before, or by somebody's hand instead of it, and not put back. */
  readonly #out = new Set<string>();
  /** Told to go down, or found down when it was to be told so, and not put back by a hook after that stands alone. */
  readonly #down = new Set<string>();
  #heldOver = '';

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  happened(event: SessionEvent): void {
    if (event.kind === 'effect') this.#acts(String(event['cmdlet']), String(event['server']));
    if (event.kind === 'journal') this.#journals(event);
  }

  #expect(kept: boolean, violation: string): void {
    if (!kept) this.violations.push(violation);
  }
  #acts(cmdlet: string, server: string): void {
    const { before, after } = this.#hooks;
    if (cmdlet === 'hook-before' || cmdlet === 'hook-after') this.runs += 1;
    if (cmdlet === 'hook-before') this.#expect(before && !this.#out.has(server), `the hook before runs again on ${server}`);
    if (cmdlet === 'hook-after')
      this.#expect(
        after && (before ? this.#out : this.#down).has(server),
        `the hook after runs on ${server}, which was put back`,
      );
    if (!TAKES_DOWN.includes(cmdlet)) return;
    this.#expect(!before || this.#out.has(server), `${cmdlet} ${server} before its hook`);
    this.#down.add(server);
  }
  #journals(event: SessionEvent): void {
    const server = String(event['server'] ?? inside(event, 'step', 'server'));
    switch (event['type']) {
      case 'requested':
        this.#begins(inside(event, 'request', 'carried', 'work', 'servers') ?? []);
        break;
      case 'held':
        this.#heldOver = String(inside(event, 'reason', 'hook') ?? inside(event, 'reason', 'step', 'hook') ?? '');
        break;
      case 'adopted':
        this.#ran(this.#heldOver, server);
        break;
      case 'step-ended':
        if (event['conclusion'] !== 'done') break;
        this.#ran(String(inside(event, 'step', 'hook') ?? ''), server);
        if (['stop', 'fail-over'].includes(String(inside(event, 'step', 'action')))) this.#down.add(server);
        break;
      case 'server-back':
        this.#expect(!this.#hooks.after || !this.#out.has(server), `${server} is back, and was not put back`);
        this.#expect(!this.#owedAlone(server), `${server} is back without the hook after`);
        break;
      case 'ended':
        if (inside(event, 'ending', 'how') === 'aborted' && inside(event, 'ending', 'left', 'length') === 0)
          this.#expect(!this.#hooks.after || this.#out.size === 0, `an abort leaves ${[...this.#out].join()} out`);
        break;
    }
  }
  /** What an earlier run has left in the middle is taken on; of anything else before it a run knows nothing. */
  #begins(takenOn: unknown): void {
    const servers = (takenOn as readonly { readonly server: string }[]).map(({ server }) => server);
    for (const each of [this.#out, this.#down]) for (const server of each) if (!servers.includes(server)) each.delete(server);
  }
  #ran(hook: string, server: string): void {
    if (hook === 'before') this.#out.add(server);
    if (hook !== 'after') return;
    this.#out.delete(server);
    this.#down.delete(server);
  }
  #owedAlone(server: string): boolean {
    return this.#hooks.after && !this.#hooks.before && this.#down.has(server);
  }
}
