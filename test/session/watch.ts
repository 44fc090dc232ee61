import type { Procedure } from '../../src/domain/inventory.ts';
import type { SessionEvent } from '../../src/session/record.ts';
import { Covered } from './covered.ts';
import { inside, isAboutHook, strings } from './inside.ts';
import { neededIn } from './published-quorum.ts';
import { Restarted } from './restarted.ts';
import { Upgraded } from './upgraded.ts';

const MINUTE = 60_000;
const READINESS = ['Get-CsPoolUpgradeReadinessState', 'Get-CsUpgradeDomainInfo'];
/** What takes a server out of its pool by each procedure. */
const TAKES_DOWN: Readonly<Record<Procedure, string>> = {
  'upgrade-domains': 'Stop-CsWindowsService',
  'server-failover': 'Invoke-CsComputerFailOver',
};
const BRINGS_BACK = ['Restart-Computer', 'Start-CsWindowsService', 'hook-after'];
const FAIL_BACK = 'Invoke-CsComputerFailBack';

/** What is watched: servers by upgrade domain, and how they are to be upgraded. */
export interface Watched {
  readonly domains: readonly (readonly string[])[];
  readonly procedure: Procedure;
  readonly version: string;
}

/**
 * Watches a session from outside, by what it prints and nothing else, and knows the rules by their words. Violations are
 * collected and not thrown: what is thrown inside the bot would be taken for something else.
 */
export class Watch {
  readonly violations: string[] = [];
  stops = 0;
  backs = 0;
  /** Of servers in a rolling restart. */
  restarts = 0;
  readonly #watched: Watched;
  /** What may be down at the same time: an upgrade domain, or by server-failover one server. */
  readonly #units: readonly (readonly string[])[];
  #servers: readonly string[];
  readonly #state = new Map<string, string>();
  /** Down by the bot's hand: told to go down, not yet seen up again. */
  readonly #byUs = new Set<string>();
  /** Of these the ones that were out of the pool. */
  readonly #wereOut = new Set<string>();
  readonly #patched = new Set<string>();
  /** What somebody did by hand to these was taken as done: they may run while the others of their domain are patched. */
  readonly #adopted = new Set<string>();
  /** Servers looked at since something was last done to them: when, and whether their services were disabled. */
  readonly #looked = new Map<string, { readonly at: number; readonly disabled: boolean }>();
  #requester = '';
  #asked: readonly string[] = [];
  #votesMissing = 0;
  readonly #covered = new Covered();
  readonly #upgraded: Upgraded;
  readonly #restarted: Restarted;
  /** Something was taken down under that yes: what is left of its domain may follow. */
  #begun = false;
  #readyAt = Number.NEGATIVE_INFINITY;
  #quietSince: number | null = null;
  #lastReading = Number.NEGATIVE_INFINITY;
  #backAt: number | null = null;
  #held = false;
  #paused = false;
  #aborting = false;
  #frozen = false;
  #running = false;
  /** The pool's users are at its backup pool: it need not be Ready to be upgraded. */
  #elsewhere = false;

  constructor(watched: Watched) {
    this.#watched = watched;
    this.#servers = watched.domains.flat();
    this.#upgraded = new Upgraded(this.#servers);
    this.#restarted = new Restarted(this.#servers);
    this.#units = watched.procedure === 'server-failover' ? this.#servers.map((server) => [server]) : watched.domains;
    for (const server of this.#servers) this.#state.set(server, 'up');
  }

  happened(event: SessionEvent): void {
    const at = Date.parse(event.at);
    if (event.kind === 'pool') this.#becomes(String(event['server']), String(event['state']), at);
    if (event.kind === 'reading') this.#reads(String(event['cmdlet']), String(event['outcome']), at);
    if (event.kind === 'journal') this.#journals(event, at);
    if (event.kind === 'freeze' || event.kind === 'thaw') this.#turns(event.kind === 'freeze');
    if (event.kind === 'effect') this.#acts(String(event['cmdlet']), String(event['server']), at, strings(event['arguments']));
    if (event.kind === 'said') this.#says(String(event['text']));
  }

  /** Everything that was seen before a thaw counts for nothing after it, and so does a Ready. */
  #turns(frozen: boolean): void {
    this.#frozen = frozen;
    this.#looked.clear();
    this.#readyAt = Number.NEGATIVE_INFINITY;
  }
  #expect(kept: boolean, violation: string): void {
    if (!kept) this.violations.push(violation);
  }
  #becomes(server: string, state: string, at: number): void {
    this.#state.set(server, state);
    if (!this.#byUs.has(server)) return;
    if (state === 'down') this.#wereOut.add(server);
    if (state !== 'up') return;
    this.#byUs.delete(server);
    // A FailOver that failed took no action: nothing came back.
    if (!this.#wereOut.delete(server) && this.#watched.procedure === 'server-failover') return;
    this.#backAt = at;
    this.#quietSince = null;
  }
  #reads(cmdlet: string, outcome: string, at: number): void {
    if (!READINESS.includes(cmdlet)) return;
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
        this.#requester = String(inside(event, 'request', 'by'));
        this.#covered.clear();
        this.#begins(inside(event, 'request', 'purpose') === 'restart', String(inside(event, 'request', 'scope', 'kind')));
        [this.#running, this.#aborting, this.#held, this.#paused] = [true, false, false, false];
        break;
      case 'approval-requested':
        this.#asked = strings(inside(event, 'gate', 'servers'));
        this.#covered.askedUntil = Number(inside(event, 'gate', 'expiresAt'));
        this.#votesMissing = Number(inside(event, 'gate', 'votesNeeded'));
        if (inside(event, 'gate', 'kind') !== 'stop-domain') break;
        this.#begun = false;
        this.#quietSinceBack(at);
        break;
      case 'approved':
        this.#expect(inside(event, 'by') !== this.#requester, 'the requester approved');
        this.#expect(!this.#frozen, 'a request was approved while everything was frozen');
        this.#votesMissing -= 1;
        if (this.#votesMissing === 0) this.#covered.add(this.#asked);
        this.#readyAt = Number.NEGATIVE_INFINITY;
        break;
      case 'pool-observed': {
        // A server that has left the pool is nobody's to bring back.
        const services: unknown = event['services'];
        const listed = Array.isArray(services) ? services.map((each) => String(inside(each, 'server'))) : [];
        for (const server of this.#byUs) if (listed.length > 0 && !listed.includes(server)) this.#byUs.delete(server);
        break;
      }
      case 'planned':
        this.#servers = strings(inside(event, 'topology', 'servers'));
        for (const server of this.#servers) if (!this.#state.has(server)) this.#state.set(server, 'up');
        this.#restarted.plansFor(this.#servers);
        break;
      case 'patched':
        this.#patched.add(String(event['server']));
        break;
      case 'settled':
        this.#quietSinceBack(at);
        break;
      case 'server-observed':
        this.#looked.set(String(inside(event, 'sighting', 'server')), {
          at: Number(inside(event, 'sighting', 'at')),
          disabled: inside(event, 'sighting', 'answer', 'disabled') === true,
        });
        break;
      case 'step-started':
      case 'step-accepted':
        this.#covered.heard = event['type'] === 'step-accepted';
        break;
      case 'step-ended':
        this.#endsStep(event);
        break;
      case 'server-back':
        if (this.#restarted.running) this.#restarted.comesBack(String(event['server']));
        else if (this.#patched.has(String(event['server']))) this.#upgraded.add(String(event['server']));
        break;
      case 'reconfigured':
        this.#covered.clear();
        break;
      case 'failed-over':
      case 'failed-back':
        this.#elsewhere = event['type'] === 'failed-over';
        break;
      case 'held':
      case 'denied':
      case 'approval-expired':
        this.#held = true;
        // A hook of the pool's own says nothing about the pool.
        if (!this.#begun && this.#byUs.size === 0 && !isAboutHook(event)) this.#covered.clear();
        break;
      case 'adopted':
        // One that was left failed over, and not held about, counts as not upgraded.
        if (!this.#held) this.#patched.delete(String(event['server']));
        this.#held = false;
        this.#adopted.add(String(event['server']));
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
        this.#covered.clear();
        break;
      case 'ended':
        this.#running = false;
        this.#ends(inside(event, 'ending', 'how') === 'finished');
        this.#covered.clear();
        break;
    }
  }
  get #done(): Upgraded {
    return this.#restarted.running ? this.#restarted : this.#upgraded;
  }
  #ends(finished: boolean): void {
    const out = finished ? this.#restarted.leftOut() : [];
    this.#expect(out.length === 0, `a rolling restart finished without ${out.join()}`);
    this.#done.ends(finished);
  }
  #begins(restarts: boolean, scope: string): void {
    const other = [...this.#byUs].filter((server) => this.#state.get(server) !== 'up');
    this.#expect(
      restarts === this.#restarted.running || other.length === 0,
      `another kind of run began with ${other.join()} down`,
    );
    this.#restarted.running = restarts;
    this.#done.begins(scope);
  }
  #endsStep(event: SessionEvent): void {
    const [action, server] = [inside(event, 'step', 'action'), String(inside(event, 'step', 'server'))];
    if (action === 'patch' && event['conclusion'] === 'done') this.#patched.add(server);
    if (action === 'restart' && event['conclusion'] === 'done') this.#restarted.boots(server);
    if (action !== 'stop' && action !== 'fail-over') return;
    if (event['conclusion'] !== 'not-done') this.#begun = true;
    else this.#covered.notDone(server);
  }
  /** A domain has settled, and the next is asked for, only after twenty quiet minutes since the last server came back. */
  #quietSinceBack(at: number): void {
    if (this.#backAt === null || this.#elsewhere) return;
    const quiet = this.#quietSince === null ? 0 : at - Math.max(this.#quietSince, this.#backAt);
    this.#expect(quiet >= 20 * MINUTE, `settled, or the next asked for, after ${quiet / MINUTE} quiet minutes`);
    this.#backAt = null;
  }
  #acts(cmdlet: string, server: string, at: number, args: readonly string[]): void {
    this.#expect(!this.#frozen, `${cmdlet} ${server} while everything is frozen`);
    // One of two servers is brought back whatever is paused.
    const paused = this.#paused && !(this.#servers.length === 2 && BRINGS_BACK.includes(cmdlet));
    this.#expect(this.#running && !this.#held && !paused, `${cmdlet} ${server} while held, paused or ended`);
    this.#expect(!args.some((each) => /^-(force|whatif)/i.test(each)), `${cmdlet} ${server} with ${args.join(' ')}`);
    const unit = this.#restarted.running ? undefined : this.#units.find((each) => each.includes(server));
    // A rolling restart takes each server by itself, whatever the procedure.
    const own = unit ?? [server];
    const elsewhere = [...this.#byUs].filter((each) => !own.includes(each));
    this.#expect(elsewhere.length === 0, `${cmdlet} ${server} while ${elsewhere.join()} is down by our hand`);
    const look = this.#looked.get(server);
    this.#looked.delete(server);
    this.#expect(look !== undefined && at - look.at <= MINUTE, `${cmdlet} ${server} unseen, or twice without a look in between`);
    this.#actsByProcedure(cmdlet, server, look?.disabled === true);
    if (cmdlet === TAKES_DOWN[this.#watched.procedure]) this.#takesDown(cmdlet, server, own, at);
    if (cmdlet === 'hook-before')
      this.#expect(this.#covered.has(server, at) && !this.#aborting, `${cmdlet} ${server} without a yes`);
    if (cmdlet === 'hook-after') this.#expect(this.#state.get(server) === 'up', `${cmdlet} ${server}, which is not up`);
    if (cmdlet === 'patch')
      this.#expect(
        !this.#restarted.running &&
          own.every((each) => this.#state.get(each) !== 'up' || this.#adopted.has(each) || this.#upgraded.has(each)),
        `${server} is patched while its domain is up, or in a rolling restart`,
      );
    if (cmdlet === 'Restart-Computer' && this.#restarted.running) this.restarts += 1;
    if (cmdlet === 'Restart-Computer')
      this.#expect(
        this.#aborting ||
          (this.#restarted.running && this.#state.get(server) !== 'up') ||
          own.every((each) => this.#patched.has(each) || this.#adopted.has(each) || this.#upgraded.has(each)),
        `${server} is restarted before its domain is patched`,
      );
  }
  /** A pool has one procedure: they are never mixed. And what FailOver disabled only FailBack starts. */
  #actsByProcedure(cmdlet: string, server: string, disabled: boolean): void {
    const failover = this.#watched.procedure === 'server-failover';
    const other = failover ? ['Stop-CsWindowsService'] : ['Invoke-CsComputerFailOver', FAIL_BACK];
    this.#expect(!other.includes(cmdlet), `${cmdlet} ${server} in a pool of the other procedure`);
    if (cmdlet === 'Start-CsWindowsService') this.#expect(!disabled, `${server} is started while its services are disabled`);
    if (cmdlet !== FAIL_BACK) return;
    this.backs += 1;
    this.#expect(disabled, `${server} is failed back, and its services were not seen disabled`);
  }
  #takesDown(cmdlet: string, server: string, own: readonly string[], at: number): void {
    this.stops += 1;
    const told = `${cmdlet} ${server}`;
    const first = !own.some((each) => this.#byUs.has(each));
    // All that an abort may have people agree to is the end of a drain.
    this.#expect(!this.#aborting || this.#byUs.has(server), `${told} while aborting`);
    this.#expect(this.#covered.has(server, at), `${told} without a yes`);
    this.#covered.uses(server);
    this.#expect(!this.#done.stays(server), `${told}, which is ${this.#restarted.running ? 'restarted' : 'upgraded'}`);
    if (first && !this.#elsewhere) this.#expect(at - this.#readyAt <= MINUTE, `${told} without a fresh Ready after the yes`);
    const disabled = [...this.#looked].filter(([each, look]) => look.disabled && !own.includes(each)).map(([each]) => each);
    this.#expect(disabled.length === 0, `${told} while ${disabled.join()} is disabled`);
    const down = this.#servers.filter((each) => !own.includes(each) && this.#state.get(each) !== 'up');
    this.#expect(down.length === 0, `${told} while ${down.join()} is down`);
    const [needed, ofFirst] = neededIn(this.#watched.version, this.#servers.length);
    const left = this.#servers.slice(0, ofFirst).filter((each) => this.#state.get(each) === 'up' && !own.includes(each)).length;
    this.#expect(left >= needed, `${told}, and ${left} of ${needed} needed will run`);
    this.#byUs.add(server);
    this.#wereOut.delete(server);
    for (const each of [this.#patched, this.#done, this.#adopted]) each.delete(server);
  }
  #says(text: string): void {
    const at = text.toLowerCase().indexOf('pool problem:');
    this.#expect(at <= 0, `a message that is no prompt speaks of a problem: ${text.slice(0, 80)}`);
  }
}
