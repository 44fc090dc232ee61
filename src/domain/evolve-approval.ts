import { leftWorks, withoutLeft } from './carried.ts';
import type { GateOutcome, OpenedGate } from './gate.ts';
import type { HoldReason } from './hold.ts';
import type { PatchMode } from './inventory.ts';
import type { ServerFqdn } from './pool.ts';
import { markOf } from './purpose.ts';
import { type DomainWork, openGate, type Run, type RunEvent, type ServerWork, type Settings, unreachable } from './run.ts';
import { outOf } from './server-work.ts';
import type { PoolSighting } from './sighting.ts';
import type { Instant } from './time.ts';

type ApprovalEvent = RunEvent & {
  readonly kind: 'approval-requested' | 'approved' | 'denied' | 'approval-expired' | 'reconfigured';
};

/** Requests for approval, votes, and what ends a request. */
export function evolveApproval(run: Run, event: ApprovalEvent): Run {
  switch (event.kind) {
    case 'approval-requested': {
      if (openGate(run) !== null) return unreachable('one request at a time is open');
      const evidence = run.seen ?? unreachable('an approval is requested on what was seen');
      const opened: OpenedGate = { gate: event.gate, at: event.at, evidence, checks: event.checks, votes: [], outcome: null };
      return { ...run, gates: [...run.gates, opened] };
    }
    case 'approved':
      return vote(run, event);
    case 'denied': {
      expectOpen(run, event.kind, event.code);
      const reason: HoldReason = { kind: 'approval-denied', by: event.by, because: event.because };
      return holdOn(closeGate(run, { kind: 'denied', by: event.by, because: event.because }, event.at), reason, event.at);
    }
    case 'approval-expired':
      expectOpen(run, event.kind, event.code);
      return holdOn(closeGate(run, { kind: 'expired' }, event.at), { kind: 'approval-expired' }, event.at);
    case 'reconfigured': {
      const work = run.work === null ? null : { ...run.work, approved: false };
      const reconfigured = {
        ...run,
        settings: { ...event.settings, patchMode: patchModeOn(run, event.settings) },
        work: work?.servers.some(({ stage }) => stage !== 'up') ? work : run.work,
      };
      if (openGate(run) === null) return reconfigured;
      const differences = ['the configuration of the pool is another'];
      return holdOn(
        closeGate(reconfigured, { kind: 'void', because: differences }, event.at),
        { kind: 'approval-void', differences },
        event.at,
      );
    }
  }
}

/** People who patch a domain are not joined by a command: the run goes on by hand. */
const patchModeOn = ({ work, settings }: Run, { patchMode }: Settings): PatchMode =>
  settings.patchMode === 'by-hand' && work?.servers.some(({ stage }) => stage === 'down') ? 'by-hand' : patchMode;

function expectOpen(run: Run, kind: string, code: string): OpenedGate {
  const opened = openGate(run);
  if (opened === null || opened.gate.code !== code) throw new Error(`"${kind}" cannot follow: request ${code} is not open`);
  return opened;
}

function vote(run: Run, { code, by, at }: RunEvent & { readonly kind: 'approved' }): Run {
  const opened = expectOpen(run, 'approved', code);
  const voted: OpenedGate = { ...opened, votes: [...opened.votes, { by, at }] };
  const gates = [...run.gates.slice(0, -1), voted];
  if (voted.votes.length < voted.gate.votesNeeded) return { ...run, gates };
  const approved = {
    ...run,
    gates: [...run.gates.slice(0, -1), { ...voted, outcome: { kind: 'approved', at } as const }],
    seen: null,
    seenServers: [],
  };
  // A domain whose turn it is may be one that an earlier run left, with what its hooks have done to it.
  const { upgradeDomain } = opened.gate;
  const isOf = (each: DomainWork) => each.upgradeDomain.servers.some((server) => upgradeDomain.servers.includes(server));
  const earlier = run.work === null ? (leftWorks(run.request.carried).find(isOf) ?? null) : null;
  return {
    ...approved,
    request: withoutLeft(run.request, earlier),
    work: { ...workAfterYes(run.work ?? earlier, opened, at), ...markOf(run) },
  };
}

function workAfterYes(work: DomainWork | null, { gate, evidence }: OpenedGate, at: Instant): DomainWork {
  switch (gate.kind) {
    case 'stop-domain': {
      const { upgradeDomain } = gate;
      const servers = gate.servers.map(
        (server) => ({ server, stage: 'up', since: at, patched: false, startTried: false, ...outIn(work, server) }) as const,
      );
      return {
        upgradeDomain,
        servers,
        started: null,
        timesNotDone: 0,
        approved: true,
        evidence,
        fabricAtFirstStop: null,
        immediate: 'no',
      };
    }
    case 'stop-rest':
      return restApproved(work ?? unreachable('the rest of a domain is stopped while it is worked on'), evidence);
    case 'immediate-stop':
      return { ...(work ?? unreachable('a drain is ended while its domain is worked on')), immediate: 'approved' };
  }
}

/** Another yes is another attempt. */
function restApproved({ spent: _used, ...work }: DomainWork, evidence: PoolSighting): DomainWork {
  return { ...work, approved: true, timesNotDone: 0, evidence };
}

/** What a hook before has done is still done when another yes is given. */
function outIn(work: DomainWork | null, server: ServerFqdn): Pick<ServerWork, 'prepared' | 'owesAfter'> {
  const own = work?.servers.find((each) => each.server === server);
  return own === undefined ? {} : outOf(own);
}

/** Ends the request that is open, or uses up the yes that was given last and has not been acted on. */
export function closeGate(run: Run, outcome: GateOutcome, at: Instant): Run {
  const last = run.gates.at(-1);
  if (last === undefined) return run;
  const work = run.work === null ? null : { ...run.work, immediate: 'no' as const };
  return { ...run, work, gates: [...run.gates.slice(0, -1), { ...last, outcome: { ...outcome, at } }] };
}

/** Stops the run for a person, with the reason that is told. */
export const holdOn = (run: Run, reason: HoldReason, at: Instant): Run => ({ ...run, held: { reason, at } });
