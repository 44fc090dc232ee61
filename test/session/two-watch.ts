import type { SessionEvent } from '../../src/session/record.ts';
import { inside } from './inside.ts';

const MINUTE = 60_000;

/** What a pool of two is to be treated by, told from what a session prints. Of another pool it says nothing. */
export class TwoWatch {
  readonly violations: string[] = [];
  /** How many stops and restarts in a pool of two it has seen. */
  stops = 0;
  restarts = 0;
  readonly #ofTwo: boolean;
  #planned = false;
  /** The last quick look: when, the back end, and the servers that ran. */
  #vitals: { readonly at: number; readonly backEnd: unknown; readonly running: readonly string[] } | null = null;
  #patchedAt: number | null = null;
  /** The one of the two that is down by the bot's hand, and since when the other one has to be watched. */
  #down: string | null = null;
  #watchedAt: number | null = null;

  constructor(servers: number) {
    this.#ofTwo = servers === 2;
  }

  happened(event: SessionEvent): void {
    if (!this.#ofTwo) return;
    const at = Date.parse(event.at);
    if (event.kind === 'effect') this.#acts(String(event['cmdlet']), String(event['server']), at);
    if (event.kind === 'journal') this.#journals(event, at);
    // What nobody may do anything in, or a fresh bot has to find out, counts for no delay.
    if (event.kind === 'freeze' || event.kind === 'thaw' || event.kind === 'restarted') this.#patchedAt = null;
  }

  #expect(kept: boolean, violation: string): void {
    if (!kept) this.violations.push(violation);
  }

  #acts(cmdlet: string, server: string, at: number): void {
    if (cmdlet === 'Stop-CsWindowsService') {
      this.stops += 1;
      const { running = [], backEnd = null } = this.#vitals ?? {};
      const age = at - (this.#vitals?.at ?? Number.NEGATIVE_INFINITY);
      if (this.#planned) {
        this.#expect(age <= MINUTE, `${server} of two is stopped without a look at the other one`);
        this.#expect(
          running.some((each) => each !== server),
          `${server} of two is stopped while the other does not run`,
        );
        this.#expect(backEnd === 'primary', `${server} of two is stopped with the back end ${backEnd}`);
      }
      [this.#down, this.#watchedAt] = [server, at];
    }
    if (cmdlet !== 'Restart-Computer') return;
    this.restarts += 1;
    const waited = this.#patchedAt === null ? 0 : at - this.#patchedAt;
    this.#expect(waited <= MINUTE, `${server} of two is restarted ${waited / MINUTE} minutes after its patch`);
    [this.#patchedAt, this.#watchedAt] = [null, at];
  }

  #journals(event: SessionEvent, at: number): void {
    switch (event['type']) {
      case 'planned':
        this.#planned = String(inside(event, 'topology', 'servers')).split(',').length === 2;
        this.#watchedAt = null;
        break;
      case 'vitals-observed':
        this.#looks(event, at);
        break;
      case 'patched':
        [this.#patchedAt, this.#watchedAt] = [at, null];
        break;
      case 'step-ended':
        if (inside(event, 'step', 'action') === 'patch' && event['conclusion'] === 'done')
          [this.#patchedAt, this.#watchedAt] = [at, null];
        // Somebody brought it back: it is not down.
        if (event['conclusion'] === 'not-done') [this.#down, this.#watchedAt] = [null, null];
        break;
      case 'held':
        this.#patchedAt = null;
        break;
      case 'aborted':
        this.#patchedAt = null;
        break;
      case 'requested':
      case 'retried':
      case 'adopted':
      case 'ended':
        [this.#down, this.#patchedAt, this.#watchedAt] = [null, null, null];
        break;
      case 'server-back':
        this.#watched(at);
        [this.#down, this.#watchedAt] = [null, null];
        break;
    }
  }

  #looks(event: SessionEvent, at: number): void {
    this.#watched(at);
    const listed = inside(event, 'sighting', 'services');
    const services: readonly unknown[] = Array.isArray(listed) ? listed : [];
    const running = services.filter((each) => inside(each, 'rtcsrv') === 'Running').map((each) => String(inside(each, 'server')));
    this.#vitals = { at: Number(inside(event, 'sighting', 'at')), backEnd: inside(event, 'sighting', 'backEnd'), running };
    if (this.#down !== null) this.#watchedAt = at;
  }

  /** "looked at every minute, in every phase". */
  #watched(at: number): void {
    if (!this.#planned || this.#down === null || this.#watchedAt === null) return;
    const gap = at - this.#watchedAt;
    this.#expect(gap <= MINUTE, `nobody looked at the other of two for ${gap / MINUTE} minutes`);
  }
}
