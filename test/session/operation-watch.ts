import type { SessionEvent } from '../../src/session/record.ts';
import { inside, strings } from './inside.ts';

const MINUTE = 60_000;
const CALLS = ['Invoke-CsPoolFailOver', 'Invoke-CsPoolFailBack', 'Start-CsPool', 'Reset-CsPoolRegistrarState'];
/** What is asked for, and how it is called: typed in from the cmdlets' pages. */
const CALLED: Readonly<Record<string, readonly string[]>> = {
  failover: ['Invoke-CsPoolFailOver'],
  failback: ['Invoke-CsPoolFailBack'],
  start: ['Start-CsPool'],
  recover: ['Reset-CsPoolRegistrarState', '-ResetType', 'QuorumLossRecovery'],
  reset: ['Reset-CsPoolRegistrarState', '-ResetType', 'ServiceReset'],
};
const NEVER = ['-Force', '-WhatIf', '-DisasterMode', '-SkipServer', '-SkipRoutingGroup', '-SkipDataVerification'];

/** Watches operations on whole pools from outside, by what a session prints: who said yes to what, and what was called. */
export class OperationWatch {
  readonly violations: string[] = [];
  calls = 0;
  #frozen = false;
  #kind = '';
  #requester = '';
  #voters = new Set<string>();
  #needed = Number.POSITIVE_INFINITY;
  #servers: readonly string[] = [];
  #calledOn = new Set<string>();
  #lookedAt = Number.NEGATIVE_INFINITY;
  #underWay = false;

  happened(event: SessionEvent): void {
    if (event.kind === 'freeze' || event.kind === 'thaw') this.#frozen = event.kind === 'freeze';
    if (event.kind === 'journal' && event['operation'] !== undefined) this.#journals(event, Date.parse(event.at));
    if (event.kind !== 'effect') return;
    const cmdlet = String(event['cmdlet']);
    const server = String(event['server']);
    if (CALLS.includes(cmdlet)) this.#called(cmdlet, server, strings(event['arguments']), Date.parse(event.at));
    else if (cmdlet === 'Start-CsWindowsService' && this.#underWay) this.#covers(cmdlet, server, Date.parse(event.at));
  }

  /** Whether this concerns an operation alone, and says nothing about an upgrade. */
  owns(event: SessionEvent): boolean {
    if (event.kind === 'journal') return event['operation'] !== undefined;
    if (event.kind !== 'effect') return false;
    const [cmdlet, server] = [String(event['cmdlet']), String(event['server'])];
    return CALLS.includes(cmdlet) || (cmdlet === 'Start-CsWindowsService' && this.#underWay && this.#servers.includes(server));
  }

  #expect(kept: boolean, violation: string): void {
    if (!kept) this.violations.push(violation);
  }
  #journals(event: SessionEvent, at: number): void {
    switch (event['type']) {
      case 'requested':
        this.#expect(!this.#frozen, 'an operation began while everything was frozen');
        this.#kind = String(inside(event, 'request', 'kind'));
        this.#requester = String(inside(event, 'request', 'by'));
        this.#asksAnew();
        this.#underWay = true;
        break;
      case 'approval-requested':
        this.#asksAnew();
        this.#needed = Number(inside(event, 'gate', 'votesNeeded'));
        this.#servers = (inside(event, 'gate', 'steps') as readonly { readonly server: string }[]).map(({ server }) => server);
        this.#expect(!this.#frozen, 'somebody was asked to approve while everything was frozen');
        this.#expect(
          !['recover', 'reset'].includes(this.#kind) || this.#needed >= 2,
          `a ${this.#kind} that ${this.#needed} may approve`,
        );
        break;
      case 'approved':
        this.#expect(event['by'] !== this.#requester, `${this.#requester} approved what they asked for`);
        this.#expect(!this.#voters.has(String(event['by'])), 'one person, two votes');
        this.#voters.add(String(event['by']));
        break;
      case 'looked':
        this.#lookedAt = at;
        break;
      case 'denied':
      case 'held':
        this.#needed = Number.POSITIVE_INFINITY;
        break;
      case 'ended':
        this.#underWay = false;
        this.#asksAnew();
        break;
    }
  }
  #asksAnew(): void {
    this.#voters = new Set();
    this.#calledOn = new Set();
    this.#needed = Number.POSITIVE_INFINITY;
    this.#servers = [];
  }
  #called(cmdlet: string, server: string, given: readonly string[], at: number): void {
    const [expected = '', ...more] = CALLED[this.#kind] ?? [];
    this.#expect(cmdlet === expected, `a ${this.#kind} called ${cmdlet}`);
    this.#expect(given.includes('-PoolFqdn'), `${cmdlet} without -PoolFqdn`);
    this.#expect(
      more.every((each) => given.includes(each)),
      `${cmdlet} ${given.join(' ')} without ${more.join(' ')}`,
    );
    this.#expect(!NEVER.some((each) => given.includes(each)), `${cmdlet} ${given.join(' ')}`);
    this.#covers(cmdlet, server, at);
  }
  #covers(cmdlet: string, server: string, at: number): void {
    this.calls += 1;
    const words = `${cmdlet} on ${server}`;
    this.#expect(!this.#frozen, `${words} while everything was frozen`);
    this.#expect(this.#voters.size >= this.#needed, `${words} with ${this.#voters.size} of ${this.#needed} approvals`);
    this.#expect(this.#servers.includes(server), `${words}, which nobody approved there`);
    this.#expect(!this.#calledOn.has(server), `${words} a second time under one yes`);
    this.#expect(at - this.#lookedAt <= MINUTE, `${words} on a look older than a minute`);
    this.#calledOn.add(server);
  }
}
