import type { OpenedOperationGate, Operation, OperationEvent } from './operation.ts';
import { openOperationGate } from './operation.ts';
import { unreachable } from './run.ts';

/** An operation as its journal tells it. An event that cannot follow is a bug or a damaged journal, so it throws. */
export function replayOperation(journal: readonly OperationEvent[]): Operation {
  const [first, ...rest] = journal;
  if (first?.kind !== 'requested') throw new Error('a journal starts with "requested"');
  const begun: Operation = {
    request: first.request,
    requestedAt: first.at,
    ticks: [],
    gates: [],
    approved: false,
    checkingSince: first.at,
    started: null,
    done: [],
    failed: [],
    timesNotDone: 0,
    held: null,
    ended: null,
    seen: null,
    lastSeen: null,
    told: [],
    seq: 1,
  };
  return rest.reduce(evolveOperation, begun);
}

type StepEvent = OperationEvent &
  ({ readonly kind: 'step-started' } | { readonly kind: 'step-accepted' } | { readonly kind: 'step-ended' });

/** Folds one event in. */
export function evolveOperation(operation: Operation, event: OperationEvent): Operation {
  if (operation.ended !== null) throw new Error(`"${event.kind}" cannot follow the end`);
  const after = fold(operation, event);
  const what = event.kind === 'ended' ? event.ending : after.held !== operation.held ? (after.held?.reason ?? null) : null;
  const told = what === null ? after.told : [...after.told, { seq: operation.seq, at: event.at, what }];
  return { ...after, told, seq: operation.seq + 1 };
}

function fold(operation: Operation, event: OperationEvent): Operation {
  switch (event.kind) {
    case 'requested':
      return unreachable('an operation is requested once');
    case 'looked':
      return { ...operation, seen: event.sighting, lastSeen: event.sighting };
    case 'ticked':
      return { ...operation, ticks: [...operation.ticks, { check: event.check, by: event.by, seen: event.seen }] };
    case 'approval-requested': {
      if (openOperationGate(operation) !== null) throw new Error('a request is open already');
      const opened = { gate: event.gate, at: event.at, findings: event.findings, votes: [], outcome: null };
      return { ...operation, gates: [...operation.gates, opened], approved: false };
    }
    case 'approved':
      return approved(operation, event);
    case 'denied':
      return {
        ...decided(operation, event.code, { kind: 'denied', at: event.at, by: event.by, because: event.because }),
        held: { reason: { kind: 'denied', by: event.by, because: event.because }, at: event.at },
      };
    case 'approval-expired':
      return {
        ...decided(operation, event.code, { kind: 'expired', at: event.at }),
        held: { reason: { kind: 'expired' }, at: event.at },
      };
    case 'step-started':
    case 'step-accepted':
    case 'step-ended':
      return step(operation, event);
    case 'held':
      return held(operation, event);
    case 'retried':
      return { ...operation, held: null, checkingSince: event.at, timesNotDone: 0, seen: null };
    case 'ended':
      return { ...operation, ended: { ending: event.ending, at: event.at }, held: null };
  }
}

function approved(operation: Operation, { code, by, at }: OperationEvent & { readonly kind: 'approved' }): Operation {
  const opened = openOf(operation, code);
  const votes = [...opened.votes, { by, at }];
  const enough = votes.length >= opened.gate.votesNeeded;
  const outcome = enough ? ({ kind: 'approved', at } as const) : null;
  return { ...replaced(operation, { ...opened, votes, outcome }), approved: enough, seen: enough ? null : operation.seen };
}

const decided = (operation: Operation, code: string, outcome: NonNullable<OpenedOperationGate['outcome']>): Operation => ({
  ...replaced(operation, { ...openOf(operation, code), outcome }),
  approved: false,
});

function openOf(operation: Operation, code: string): OpenedOperationGate {
  const opened = openOperationGate(operation);
  if (opened === null || opened.gate.code !== code) throw new Error(`no request ${code} is open`);
  return opened;
}

const replaced = (operation: Operation, last: OpenedOperationGate): Operation => ({
  ...operation,
  gates: [...operation.gates.slice(0, -1), last],
});

function step(operation: Operation, event: StepEvent): Operation {
  const { started } = operation;
  if (event.kind === 'step-started') {
    if (started !== null || !operation.approved) throw new Error('a step is begun once, and under a yes');
    return { ...operation, started: { step: event.step, at: event.at, accepted: false }, seen: null };
  }
  if (started === null) throw new Error(`"${event.kind}" without a step`);
  if (event.kind === 'step-accepted') return { ...operation, started: { ...started, accepted: true } };
  const ended = { ...operation, started: null, seen: null };
  return event.conclusion === 'done'
    ? { ...ended, done: [...operation.done, { step: started.step, at: event.at }], timesNotDone: 0 }
    : { ...ended, timesNotDone: operation.timesNotDone + 1 };
}

/** A cmdlet that failed or was refused has used its yes up: another is asked for. */
function held(operation: Operation, { reason, at }: OperationEvent & { readonly kind: 'held' }): Operation {
  const after: Operation = { ...operation, held: { reason, at } };
  if (reason.kind === 'refused') return { ...after, approved: false, started: null };
  if (reason.kind === 'failed') {
    const { started, failed } = operation;
    const ran = started === null ? failed : [...failed, { step: started.step, at }];
    return { ...after, approved: false, started: null, failed: ran };
  }
  if (reason.kind !== 'void') return after;
  const last = operation.gates.at(-1);
  const outcome = { kind: 'void', at, because: reason.because } as const;
  return { ...(last === undefined ? after : replaced(after, { ...last, outcome })), approved: false };
}
