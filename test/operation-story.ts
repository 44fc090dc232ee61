import type { PoolCopies } from '../src/domain/condition.ts';
import { evolveOperation, replayOperation } from '../src/domain/evolve-operation.ts';
import type {
  Operation,
  OperationEvent,
  OperationGate,
  OperationRequest,
  OperationSighting,
  OperationStep,
} from '../src/domain/operation.ts';
import { findingsOf } from '../src/domain/operation-checks.ts';
import type { PersonId } from '../src/domain/pool.ts';
import type { ServerAnswer } from '../src/domain/sighting.ts';
import { type Instant, minutes } from '../src/domain/time.ts';
import { dana, must, omar, POOL01, POOL02, server, UP } from './support.ts';

/** A paired pool of four whose backup service is steady and that holds no Central Management Store. */
export const COPIES: PoolCopies = {
  backup: {
    kind: 'read',
    value: [{ name: 'UserServices.PresenceFocus', exporting: 'SteadyState', importing: 'NormalState' }],
  },
  holdsCms: { kind: 'read', value: false },
  replicas: { kind: 'read', value: [] },
};

/** The backup pool, whose servers are so. */
export const paired = (...states: readonly ('Running' | 'Stopped' | null)[]): NonNullable<OperationSighting['backup']> => {
  const services = states.map((rtcsrv, index) => ({ server: server(index + 1), rtcsrv }));
  return { version: '2015', servers: services.map((each) => each.server), services, backEnd: 'primary' };
};

/** What is said of the Edge next hop, and what somebody who ticked it has seen. */
export const EDGE = 'whether an Edge pool has pool01 as its next hop is not for a cmdlet to tell';

const FOUR = [server(1), server(2), server(3), server(4)];
/** A server whose machine answers while its services are stopped. */
export const STOPPED: ServerAnswer = { ...UP, services: 'Stopped', rtcsrv: 'Stopped' };

/** A look at a pool of four of which everything is well, with these changes. */
export const wellSeen = (changes: Partial<OperationSighting> = {}): OperationSighting => ({
  at: 0,
  askedOf: server(1),
  computers: FOUR,
  services: FOUR.map((each) => ({ server: each, rtcsrv: 'Running' })),
  fabric: { groups: FOUR.map((primary, index) => ({ id: `rg${index}`, primary, secondaries: [] })), serversNotUp: [] },
  backEnd: 'primary',
  backupPool: POOL02,
  copies: COPIES,
  answers: FOUR.map((each) => ({ server: each, answer: UP })),
  backup: paired('Running'),
  underWay: null,
  leftRunning: null,
  run: null,
  stuck: [],
  ...changes,
});

/** The same pool with the services of every server stopped. */
export const allDown = (changes: Partial<OperationSighting> = {}): OperationSighting =>
  wellSeen({
    services: FOUR.map((each) => ({ server: each, rtcsrv: 'Stopped' })),
    answers: FOUR.map((each) => ({ server: each, answer: STOPPED })),
    fabric: null,
    ...changes,
  });

/** An operation's journal, told step by step; each is a minute after the one before. */
export class OperationStory {
  readonly events: OperationEvent[];
  now: Instant = 0;

  constructor(asked: Partial<OperationRequest> = {}) {
    const request: OperationRequest = {
      pool: POOL01,
      kind: 'failover',
      by: dana,
      version: '2015',
      backupPool: POOL02,
      revision: 'r1',
      failedOver: false,
      wentDown: [],
      ...asked,
    };
    this.events = [{ at: 0, kind: 'requested', request }];
  }

  get state(): Operation {
    return replayOperation(this.events);
  }
  get gate(): OperationGate {
    return must(this.state.gates.at(-1)).gate;
  }
  say(event: OperationEvent extends infer Each ? (Each extends OperationEvent ? Omit<Each, 'at'> : never) : never): this {
    this.now += minutes(1);
    const stamped = { ...event, at: this.now } as OperationEvent;
    evolveOperation(this.state, stamped);
    this.events.push(stamped);
    return this;
  }
  look(seen: OperationSighting = wellSeen()): this {
    return this.say({ kind: 'looked', sighting: { ...seen, at: this.now + minutes(1) } });
  }
  ask(votesNeeded = 1, steps: readonly OperationStep[] = [{ action: 'cmdlet', server: server(1), token: 'op-1-1-x' }]): this {
    const findings = findingsOf(this.state, must(this.state.lastSeen));
    const gate = { attempt: 1, code: '7KQ4', revision: 'r1', steps, expiresAt: this.now + minutes(240), votesNeeded };
    return this.say({ kind: 'approval-requested', gate, findings });
  }
  approve(by: PersonId = omar): this {
    return this.say({ kind: 'approved', code: this.gate.code, by });
  }
  start(): this {
    return this.look().say({ kind: 'step-started', step: must(this.gate.steps[0]) });
  }
}
