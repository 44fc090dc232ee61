import type { Hook } from '../../domain/inventory.ts';
import type { ServerFqdn } from '../../domain/pool.ts';
import type { FailoverDirection, FailoverRun, PatchRun, ServerAnswer, ServiceStatus } from '../../domain/sighting.ts';
import type { StopMode } from '../../domain/step.ts';
import { hours, type Instant } from '../../domain/time.ts';
import type { Chance } from './chance.ts';
import { drainedAt, type Failover, type FailoverBounds, interrupted, outOfTime, outOfTimeAt } from './failover.ts';
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
const HOOK_FAILED = 1;
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
  failoverRun: FailoverRun = { kind: 'none' };
  readonly hookRuns: Partial<Record<Hook, { readonly at: Instant; readonly exitCode: number }>> = {};
  readonly nextHookFails: Record<Hook, boolean> = { before: false, after: false };
  /** The start type of its services: a running one goes on, and a stopped one cannot be started. */
  disabled = false;
  viewerOpen = false;
  /** Its services would serve if the pool had enough servers. */
  awaitsQuorum = false;
  nextStartHangs = false;
  drainsForever = false;
  nextPatchFails = false;
  nextFailOverFails = false;
  nextFailBackFails = false;
  /** Gone by itself, not only stopped: it answers nothing. */
  #lost = false;
  #drainBegan: Instant = 0;
  /** When the last conference ends by itself; null when it never does. */
  #drainEnds: Instant | null = null;
  #failover: Failover | null = null;
  #failoverEnded = Promise.withResolvers<void>();
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
  /** When something next happens here by itself; null when nothing will. */
  get due(): Instant | null {
    const failover = this.#failoverDue();
    return this.until === null || failover === null ? (this.until ?? failover) : Math.min(this.until, failover);
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
    const { bootTime, services, disabled } = this;
    return { bootTime, services, rtcsrv: services, disabled, calls, conferences };
  }

  stop(stopMode: StopMode, now: Instant): void {
    if (!this.serves) return;
    if (stopMode === 'immediate') this.#become('down', null);
    else if (this.state === 'up') {
      this.#drain(now);
      this.until = this.#drainEnds;
    }
  }
  start(now: Instant): void {
    if (this.state === 'down') this.#become('starting', now + this.#takes('startServices'));
  }
  /** Whether starting its services would do anything. */
  get mayStart(): boolean {
    return !this.disabled && this.state !== 'patching';
  }
  /** Its services stop, whatever they are at, and start again. */
  restartServices(now: Instant): void {
    if (this.mayStart) this.#become('starting', now + this.#takes('startServices'));
  }
  /** Begins one. A FailBack enables and starts the services at once, and takes both back if they do not run in time. */
  failover(direction: FailoverDirection, bounds: FailoverBounds, now: Instant): void {
    const over = direction === 'fail-over';
    const doomed = over ? this.nextFailOverFails : this.nextFailBackFails;
    if (over) this.nextFailOverFails = false;
    else this.nextFailBackFails = false;
    const drains = over && this.state === 'up';
    this.#failover = { direction, bounds, began: now, drains, wasDisabled: this.disabled, doomed };
    this.#failoverEnded = Promise.withResolvers();
    this.failoverRun = { kind: 'running', direction };
    if (drains) this.#drain(now);
    if (over || doomed) return;
    this.disabled = false;
    if (this.state === 'up') this.#endFailover(null);
    else this.start(now);
  }
  /** A hook is over at once. */
  hook(hook: Hook, now: Instant): void {
    this.hookRuns[hook] = { at: now, exitCode: this.nextHookFails[hook] ? HOOK_FAILED : 0 };
    this.nextHookFails[hook] = false;
  }
  failoverEnds(): Promise<void> {
    return this.#failover === null ? Promise.resolve() : this.#failoverEnded.promise;
  }
  restart(now: Instant): void {
    this.#interrupt();
    const takes = this.#takes('restart');
    this.bootTime = now + Math.round(takes * SILENT_SHARE);
    if (this.disabled) this.#become('down', null);
    else this.#become('starting', now + takes);
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
  /** Ends what has run its time. */
  finish(now: Instant): void {
    if (this.until !== null && this.until <= now) this.#finishState();
    const due = this.#failoverDue();
    if (this.#failover !== null && due !== null && due <= now) this.#finishFailover(this.#failover);
  }
  #finishState(): void {
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
    this.#interrupt();
    this.#become('down', null);
  }
  /** Back by itself, at once; a lost one with a new boot. */
  comeUp(now: Instant): void {
    if (this.#lost || this.bootTime > now) this.bootTime = now;
    this.#lost = false;
    this.nextStartHangs = false;
    if (this.disabled) this.#become('down', null);
    else this.#awaitPool();
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
    this.#drainEnds = null;
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
    if (state === 'up' && this.#failover?.direction === 'fail-back') this.#endFailover(null);
  }
  #drain(now: Instant): void {
    this.#drainBegan = now;
    this.#drainEnds = this.drainsForever ? null : now + this.#takes('drain');
    this.#become('draining', null);
  }
  #failoverDue(): Instant | null {
    if (this.#failover === null) return null;
    return this.#drainedAt(this.#failover) ?? outOfTimeAt(this.#failover);
  }
  /** When a FailOver may stop and disable the services; one of a server that does not serve has nothing to wait for. */
  #drainedAt(failover: Failover): Instant | null {
    if (failover.direction === 'fail-back') return null;
    return drainedAt(failover, this.state === 'draining' ? this.#drainEnds : failover.began);
  }
  #finishFailover(failover: Failover): void {
    if (this.#drainedAt(failover) !== null) {
      this.disabled = true;
      if (this.state !== 'patching') this.#become('down', null);
      this.#endFailover(null);
      return;
    }
    if (failover.drains && this.state === 'draining') this.#become('up', null);
    if (failover.direction === 'fail-back') {
      this.disabled = failover.wasDisabled;
      if (this.state === 'starting' || this.state === 'stuck') this.#become('down', null);
    }
    this.#endFailover(outOfTime(failover));
  }
  /** Whoever ran it is gone with the boot. */
  #interrupt(): void {
    if (this.#failover !== null) this.#endFailover(interrupted(this.#failover.direction));
  }
  #endFailover(failed: string | null): void {
    if (this.#failover === null) return;
    this.failoverRun = { kind: 'ended', direction: this.#failover.direction, failed };
    this.#failover = null;
    this.#failoverEnded.resolve();
  }
  #takes(what: keyof typeof DURATIONS): number {
    const [least, most] = DURATIONS[what];
    return this.#chance.between(`${this.server} ${what}`, least / 1_000, most / 1_000) * 1_000;
  }
  #shareLeft(now: Instant): number {
    if (this.state !== 'draining') return 1;
    if (this.#drainEnds === null) return 0.5;
    return Math.max(0, (this.#drainEnds - now) / Math.max(1, this.#drainEnds - this.#drainBegan));
  }
}
