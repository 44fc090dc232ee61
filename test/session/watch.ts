import type { SessionEvent } from '../../src/session/record.ts';

/** Pool size -> how many must run, of the first how many: the published table typed in once more, to check the code's own. */
const FUNCTIONAL: ReadonlyMap<number, readonly [needed: number, ofFirst: number]> = new Map([
  [3, [2, 3]],
  [4, [2, 4]],
  [5, [3, 5]],
  [6, [3, 6]],
  [7, [4, 7]],
  [8, [4, 7]],
  [9, [4, 7]],
  [10, [5, 9]],
  [11, [5, 9]],
  [12, [5, 9]],
]);
const MINUTE = 60_000;

/**
 * Watches a session from outside, by what it prints and nothing else, and knows the rules by their words. Violations are
 * collected and not thrown: what is thrown inside the bot would be taken for something else.
 */
export class Watch {
  readonly violations: string[] = [];
  stops = 0;
  readonly #domains: readonly (readonly string[])[];
  readonly #servers: readonly string[];
  readonly #state = new Map<string, string>();
  /** Down by the bot's hand: told to stop, not yet seen up again. */
  readonly #byUs = new Set<string>();
  readonly #patched = new Set<string>();
  readonly #lookedAt = new Map<string, number>();
  #requester = '';
  #approvedAfterRequest = false;
  #readyAt = Number.NEGATIVE_INFINITY;
  #quietSince: number | null = null;
  #lastReading = Number.NEGATIVE_INFINITY;
  #backAt: number | null = null;
  #held = false;
  #paused = false;
  #aborting = false;
  #frozen = false;
  #running = false;

  constructor(domains: readonly (readonly string[])[]) {
    this.#domains = domains;
    this.#servers = domains.flat();
    for (const server of this.#servers) this.#state.set(server, 'up');
  }

  happened(event: SessionEvent): void {
    const at = Date.parse(event.at);
    if (event.kind === 'pool') this.#becomes(String(event['server']), String(event['state']), at);
    if (event.kind === 'reading') this.#reads(String(event['cmdlet']), String(event['outcome']), at);
    if (event.kind === 'journal') this.#journals(event, at);
    if (event.kind === 'freeze' || event.kind === 'thaw') this.#turns(event.kind === 'freeze');
    if (event.kind === 'effect') this.#acts(String(event['cmdlet']), String(event['server']), at);
    if (event.kind === 'said') this.#says(String(event['text']));
  }

  /** Everything that was seen before a thaw counts for nothing after it, and so does a Ready. */
  #turns(frozen: boolean): void {
    this.#frozen = frozen;
    this.#lookedAt.clear();
    this.#readyAt = Number.NEGATIVE_INFINITY;
  }
  #expect(kept: boolean, violation: string): void {
    if (!kept) this.violations.push(violation);
  }
  #becomes(server: string, state: string, at: number): void {
    this.#state.set(server, state);
    if (state !== 'up' || !this.#byUs.has(server)) return;
    this.#byUs.delete(server);
    this.#backAt = at;
    this.#quietSince = null;
  }
  #reads(cmdlet: string, outcome: string, at: number): void {
    if (cmdlet === 'Get-CsWindowsService') for (const server of this.#servers) this.#lookedAt.set(server, at);
    if (cmdlet !== 'Get-CsPoolUpgradeReadinessState') return;
    if (outcome === 'Ready') this.#readyAt = at;
    const broken = outcome !== 'Ready' || at - this.#lastReading > 5 * MINUTE;
    if (broken) this.#quietSince = null;
    if (outcome === 'Ready') this.#quietSince ??= at;
    this.#lastReading = at;
  }
  #journals(event: SessionEvent, at: number): void {
    switch (event['type']) {
      case 'requested':
        this.#expect(!this.#frozen, 'an upgrade began while everything was frozen');
        this.#requester = by(event['request']);
        [this.#running, this.#aborting, this.#held, this.#paused] = [true, false, false, false];
        break;
      case 'approval-requested':
        this.#approvedAfterRequest = false;
        if (String(JSON.stringify(event['gate'])).includes('"stop-domain"')) this.#asks(at);
        break;
      case 'approved':
        this.#expect(by(event) !== this.#requester, 'the requester approved');
        this.#expect(!this.#frozen, 'a request was approved while everything was frozen');
        this.#approvedAfterRequest = true;
        this.#readyAt = Number.NEGATIVE_INFINITY;
        break;
      case 'patched':
        this.#patched.add(String(event['server']));
        break;
      case 'step-ended':
        this.#endsStep(JSON.stringify(event['step']), String(event['conclusion']), serverIn(event['step']));
        break;
      case 'held':
      case 'denied':
      case 'approval-expired':
        this.#held = true;
        break;
      case 'retried':
        this.#held = false;
        break;
      case 'paused':
      case 'resumed':
        this.#paused = event['type'] === 'paused';
        break;
      case 'aborted':
        [this.#aborting, this.#held, this.#paused] = [true, false, false];
        break;
      case 'ended':
        this.#running = false;
        break;
    }
  }
  /** A stop that was seen not done has not used its yes up: it may be made once more. */
  #endsStep(step: string, conclusion: string, server: string): void {
    if (step.includes('"action":"patch"') && conclusion === 'done') this.#patched.add(server);
    if (step.includes('"action":"stop"') && conclusion === 'not-done') this.#approvedAfterRequest = true;
  }
  /** The next domain is asked for only after twenty quiet minutes since the last server came back. */
  #asks(at: number): void {
    if (this.#backAt === null) return;
    const quiet = this.#quietSince === null ? 0 : at - Math.max(this.#quietSince, this.#backAt);
    this.#expect(quiet >= 20 * MINUTE, `asked for the next domain after ${quiet / MINUTE} quiet minutes`);
    this.#backAt = null;
  }
  #acts(cmdlet: string, server: string, at: number): void {
    this.#expect(!this.#frozen, `${cmdlet} ${server} while everything is frozen`);
    this.#expect(this.#running && !this.#held && !this.#paused, `${cmdlet} ${server} while held, paused or ended`);
    const own = this.#domains.find((domain) => domain.includes(server)) ?? [];
    const elsewhere = [...this.#byUs].filter((each) => !own.includes(each));
    this.#expect(elsewhere.length === 0, `${cmdlet} ${server} while ${elsewhere.join()} of another domain is down by our hand`);
    if (cmdlet === 'Stop-CsWindowsService') this.#stops(server, own, at);
    if (cmdlet === 'patch')
      this.#expect(
        own.every((each) => this.#state.get(each) !== 'up'),
        `${server} is patched while its domain is up`,
      );
    if (cmdlet === 'Restart-Computer')
      this.#expect(
        this.#aborting || own.every((each) => this.#patched.has(each)),
        `${server} is restarted before its domain is patched`,
      );
  }
  #stops(server: string, own: readonly string[], at: number): void {
    this.stops += 1;
    const first = !own.some((each) => this.#byUs.has(each));
    if (first) {
      this.#expect(this.#approvedAfterRequest, `${server} is stopped without a yes`);
      this.#expect(at - this.#readyAt <= MINUTE, `${server} is stopped without a fresh Ready after the yes`);
      this.#approvedAfterRequest = false;
    }
    this.#expect(at - (this.#lookedAt.get(server) ?? Number.NEGATIVE_INFINITY) <= MINUTE, `${server} is stopped unseen`);
    const down = this.#servers.filter((each) => !own.includes(each) && this.#state.get(each) !== 'up');
    this.#expect(down.length === 0, `${server} is stopped while ${down.join()} is down`);
    const [needed, ofFirst] = FUNCTIONAL.get(this.#servers.length) ?? [Number.POSITIVE_INFINITY, 0];
    const left = this.#servers.slice(0, ofFirst).filter((each) => this.#state.get(each) === 'up' && !own.includes(each)).length;
    this.#expect(left >= needed, `${server} is stopped, and ${left} of ${needed} needed will run`);
    this.#byUs.add(server);
    this.#patched.delete(server);
  }
  #says(text: string): void {
    const at = text.toLowerCase().indexOf('pool problem:');
    this.#expect(at <= 0, `a message that is no prompt speaks of a problem: ${text.slice(0, 80)}`);
  }
}

const by = (value: unknown): string => (typeof value === 'object' && value !== null && 'by' in value ? String(value.by) : '');
const serverIn = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'server' in value ? String(value.server) : '';
