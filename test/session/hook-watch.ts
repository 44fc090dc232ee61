import type { Hooks } from '../../src/domain/inventory.ts';
import type { SessionEvent } from '../../src/session/record.ts';
import { inside } from './inside.ts';

const TAKES_DOWN = ['Stop-CsWindowsService', 'Invoke-CsComputerFailOver'];

/** Watches what a pool's hooks are told, from outside and beside the `Watch`: in which order, and how often. */
export class HookWatch {
  readonly violations: string[] = [];
  runs = 0;
  readonly #hooks: Hooks;
  /** Taken out of something by the hook before, or by somebody's hand instead of it, and not put back. */
  readonly #out = new Set<string>();
  /** Told to run the hook before, however far it came, and not put back. */
  readonly #tried = new Set<string>();
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
    if (cmdlet === 'hook-before') this.#tried.add(server);
    if (cmdlet === 'hook-after')
      this.#expect(after && this.#owed().has(server), `the hook after runs on ${server}, which was put back`);
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
      case 'step-started':
        // It may have been told, and nobody has seen it.
        if (['stop', 'fail-over'].includes(String(inside(event, 'step', 'action')))) this.#down.add(server);
        break;
      case 'server-back':
        this.#expect(!this.#hooks.after || !this.#owed().has(server), `${server} is back, and was not put back`);
        this.#ran('after', server);
        break;
      case 'ended':
        this.#ends(inside(event, 'ending'));
        break;
    }
  }
  /** What the hook after is still to put back: by itself what was told to go down, else what the hook before may have taken out. */
  #owed(): ReadonlySet<string> {
    return this.#hooks.before ? new Set([...this.#out, ...this.#tried]) : this.#down;
  }
  /** What an earlier run has left is handed on until it is put back. */
  #begins(takenOn: unknown): void {
    const servers = (takenOn as readonly { readonly server: string }[]).map(({ server }) => server);
    const forgotten = [...this.#owed()].filter((server) => !servers.includes(server));
    this.#expect(!this.#hooks.after || forgotten.length === 0, `a run begins that does not know that ${forgotten.join()} is out`);
    for (const each of [this.#out, this.#tried, this.#down])
      for (const server of each) if (!servers.includes(server)) each.delete(server);
  }
  /** A run that says it is finished or aborted names what it leaves. */
  #ends(ending: unknown): void {
    const how = inside(ending, 'how');
    if (how === 'refused' || !this.#hooks.after) return;
    const left = JSON.stringify(inside(ending, 'left') ?? []);
    const unnamed = [...this.#owed()].filter((server) => !left.includes(`"${server.split('.', 1)[0]}:`));
    this.#expect(unnamed.length === 0, `a run is ${how}, and leaves ${unnamed.join()} out without a word`);
  }
  #ran(hook: string, server: string): void {
    if (hook === 'before') this.#out.add(server);
    if (hook !== 'after') return;
    for (const each of [this.#out, this.#tried, this.#down]) each.delete(server);
  }
}
