import type { ServerFqdn } from '../../domain/pool.ts';
import type { PatchRun, ServerAnswer, ServiceStatus } from '../../domain/sighting.ts';
import type { StopMode } from '../../domain/step.ts';
import { hours, type Instant } from '../../domain/time.ts';
import type { Chance } from './chance.ts';
import { DURATIONS } from './placement.ts';

/** What has become of a simulated server. `up`: it accepts connections. */
export type MachineState = 'up' | 'draining' | 'down' | 'patching' | 'starting' | 'stuck';

/** What `Get-CsWindowsService` shows in each state. */
const SERVICES: Readonly<Record<MachineState, ServiceStatus>> = {
  up: 'Running',
  draining: 'StopPending',
  down: 'Stopped',
  patching: 'Stopped',
  starting: 'StartPending',
  stuck: 'StartPending',
};
const PATCH_FAILED = 1603;
/** A machine is silent for this share of its restart, then answers with its new boot while its services start. */
const SILENT_SHARE = 0.4;

/** One simulated Front End Server. */
export class Machine {
  readonly server: ServerFqdn;
  state: MachineState = 'up';
  /** When the present state ends by itself; null when it does not. */
  until: Instant | null = null;
  bootTime: Instant;
  level = 0;
  patchRun: PatchRun = { kind: 'none' };
  viewerOpen = false;
  /** Its services would serve if the pool had enough servers. */
  awaitsQuorum = false;
  nextStartHangs = false;
  drainsForever = false;
  nextPatchFails = false;
  /** Gone by itself, not only stopped: it answers nothing. */
  #lost = false;
  #drainBegan: Instant = 0;
  readonly #chance: Chance;
  readonly #calls: number;
  readonly #conferences: number;

  constructor(server: ServerFqdn, now: Instant, chance: Chance) {
    this.server = server;
    this.#chance = chance;
    this.bootTime = now - hours(24 * 30);
    this.#calls = chance.between(`${server} calls`, 3, 12);
    this.#conferences = chance.between(`${server} conferences`, 1, 4);
  }

  /** Its services run: it counts for quorum and serves its users. */
  get serves(): boolean {
    return this.state === 'up' || this.state === 'draining';
  }
  get services(): ServiceStatus {
    return SERVICES[this.state];
  }
  answersAt(now: Instant): boolean {
    return !this.#lost && now >= this.bootTime;
  }
  answer(now: Instant): ServerAnswer {
    const left = this.#shareLeft(now);
    const calls = this.serves ? Math.ceil(this.#calls * left) : 0;
    const conferences = this.serves ? Math.ceil(this.#conferences * left) : 0;
    return { bootTime: this.bootTime, services: this.services, rtcsrv: this.services, calls, conferences };
  }

  stop(stopMode: StopMode, now: Instant): void {
    if (!this.serves) return;
    if (stopMode === 'immediate') this.#become('down', null);
    else if (this.state === 'up') {
      this.#drainBegan = now;
      this.#become('draining', this.drainsForever ? null : now + this.#takes('drain'));
    }
  }
  start(now: Instant): void {
    if (this.state === 'down') this.#become('starting', now + this.#takes('startServices'));
  }
  restart(now: Instant): void {
    const takes = this.#takes('restart');
    this.bootTime = now + Math.round(takes * SILENT_SHARE);
    this.#become('starting', now + takes);
  }
  patch(now: Instant): void {
    if (this.state !== 'down') return;
    this.patchRun = { kind: 'running' };
    this.#become('patching', now + this.#takes('patch'));
  }
  /** A person installed the update by hand. */
  patchByHand(): void {
    if (this.state === 'down') this.level += 1;
  }
  /** The present state has run its time. */
  finish(): void {
    switch (this.state) {
      case 'draining':
        this.#become('down', null);
        break;
      case 'patching':
        this.#finishPatch();
        break;
      case 'starting':
        if (this.nextStartHangs) this.#become('stuck', null);
        else this.#awaitPool();
        this.nextStartHangs = false;
        break;
      case 'up':
      case 'down':
      case 'stuck':
        this.until = null;
    }
  }
  /** Lost by itself, at once. */
  goDown(): void {
    this.#lost = true;
    this.#become('down', null);
  }
  /** Back by itself, at once; a lost one with a new boot. */
  comeUp(now: Instant): void {
    if (this.#lost || this.bootTime > now) this.bootTime = now;
    this.#lost = false;
    this.nextStartHangs = false;
    this.#awaitPool();
  }
  /** The pool has no quorum: services stop, the machine goes on. */
  loseServices(): void {
    this.#become('down', null);
  }
  /** Its services are ready to serve and there are enough others: it accepts connections. */
  joinPool(): void {
    if (this.awaitsQuorum) this.#become('up', null);
  }
  drainForever(): void {
    this.drainsForever = true;
    if (this.state === 'draining') this.until = null;
  }

  #finishPatch(): void {
    this.patchRun = { kind: 'ended', exitCode: this.nextPatchFails ? PATCH_FAILED : 0 };
    if (!this.nextPatchFails) this.level += 1;
    this.nextPatchFails = false;
    this.#become('down', null);
  }
  /** Started, as far as it can by itself. */
  #awaitPool(): void {
    this.#become('starting', null);
    this.awaitsQuorum = true;
  }
  #become(state: MachineState, until: Instant | null): void {
    this.awaitsQuorum = false;
    this.state = state;
    this.until = until;
  }
  #takes(what: keyof typeof DURATIONS): number {
    const [least, most] = DURATIONS[what];
    return this.#chance.between(`${this.server} ${what}`, least / 1_000, most / 1_000) * 1_000;
  }
  #shareLeft(now: Instant): number {
    if (this.state !== 'draining') return 1;
    if (this.until === null) return 0.5;
    return Math.max(0, (this.until - now) / Math.max(1, this.until - this.#drainBegan));
  }
}
