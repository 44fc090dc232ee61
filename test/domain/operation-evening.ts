import { evolveOperation, replayOperation } from '../../src/domain/evolve-operation.ts';
import type { WithoutAt } from '../../src/domain/moves.ts';
import {
  needsTwo,
  OPERATION_OPEN_FOR,
  type Operation,
  type OperationEvent,
  type OperationSighting,
  type OperationStep,
  openOperationGate,
} from '../../src/domain/operation.ts';
import { findingsOf } from '../../src/domain/operation-checks.ts';
import { nextOperationMove, type OperationMove } from '../../src/domain/operation-moves.ts';
import type { OperationRun, PoolOperationKind } from '../../src/domain/pool-operation.ts';
import { type Instant, minutes } from '../../src/domain/time.ts';
import { allDown, OperationStory, wellSeen } from '../operation-story.ts';
import { dana, kim, must, omar, UP } from '../support.ts';

/** What is asked for, on which product: with the cmdlet, and where there is none with each server by itself. */
export interface Asked {
  readonly kind: PoolOperationKind;
  readonly version: '2013' | '2015';
}

const LOST = { groups: [{ id: 'a', primary: null, secondaries: [] }], serversNotUp: [] };
/** How a pool looks that this may be done to. */
const BEFORE: Readonly<Record<PoolOperationKind, OperationSighting>> = {
  failover: wellSeen(),
  failback: wellSeen(),
  start: allDown(),
  recover: wellSeen({ fabric: LOST }),
  reset: allDown(),
};

/**
 * One operation and the pool it is done to, with nothing between decisions and journal: what the pool answers, what people say and
 * whether a call arrives is read from a tape of numbers. Everything that may never happen is collected.
 */
export class OperationEvening {
  readonly violations: string[] = [];
  readonly events: OperationEvent[];
  /** Calls that were made, arrived or not. */
  performed = 0;
  #state: Operation;
  #now: Instant = 0;
  #frozen = false;
  #revision = 'r1';
  #at = 0;
  readonly #tape: readonly number[];
  readonly #asked: Asked;
  /** What runs or ran on the servers, by the token, or the server whose services were started. */
  readonly #arrived = new Map<string, { readonly at: Instant; readonly run: OperationRun }>();

  constructor(asked: Asked, tape: readonly number[]) {
    this.#asked = asked;
    this.#tape = tape;
    const story = new OperationStory(asked);
    this.events = [...story.events];
    this.#state = story.state;
  }

  get state(): Operation {
    return this.#state;
  }

  play(): this {
    while (this.#at < this.#tape.length && this.#state.ended === null) this.#take(this.#next());
    return this;
  }

  #next(): OperationMove {
    return nextOperationMove(this.#state, { now: this.#now, frozen: this.#frozen, revision: this.#revision });
  }

  /** The tape's next number as one of `count`. */
  #draw(count: number): number {
    this.#at += 1;
    return (this.#tape[this.#at - 1] ?? 0) % count;
  }

  #append(event: WithoutAt<OperationEvent>): void {
    const stamped = { ...event, at: this.#now } as OperationEvent;
    this.#state = evolveOperation(this.#state, stamped);
    this.events.push(stamped);
  }

  #take(move: OperationMove): void {
    switch (move.kind) {
      case 'look': {
        const sighting = this.#look();
        if (this.#draw(12) === 0) this.#now += minutes(2);
        this.#append({ kind: 'looked', sighting });
        return;
      }
      case 'record':
        this.#append(move.event);
        return;
      case 'request-approval': {
        this.#expect(!this.#frozen, 'asked for approval while everything is frozen');
        const attempt = this.#state.gates.length + 1;
        const token = `op-1-${attempt}`;
        this.#append({
          kind: 'approval-requested',
          findings: move.findings,
          gate: {
            attempt,
            code: `C${attempt}`,
            revision: this.#revision,
            steps: move.steps.map((step) =>
              step.action === 'cmdlet' ? { ...step, action: 'cmdlet', token } : { ...step, action: 'start-services' },
            ),
            expiresAt: this.#now + OPERATION_OPEN_FOR,
            votesNeeded: needsTwo(this.#asked.kind) ? 2 : 1,
          },
        });
        return;
      }
      case 'perform':
        this.#perform(move.step);
        return;
      case 'wait':
      case 'await-person':
      case 'finish':
        if (!this.#somebodySays()) this.#now = this.#later(move);
    }
  }

  /** Now and then nobody is there for an evening, or the bot is down. */
  #later(move: OperationMove): Instant {
    if (this.#draw(12) === 0) return this.#now + minutes(300);
    return move.kind === 'wait' ? Math.max(move.until, this.#now) : this.#now + minutes(3);
  }

  #perform(step: OperationStep): void {
    this.performed += 1;
    this.#judge(step);
    const key = step.action === 'cmdlet' ? step.token : step.server;
    this.#append({ kind: 'step-started', step });
    // Killed before the call, or lost on its way; refused; else it arrives, now or a while after the answer was waited for.
    const fate = this.#draw(7);
    if (fate === 0) return;
    if (fate === 1) {
      this.#append({ kind: 'held', reason: { kind: 'refused', because: 'access denied' } });
      return;
    }
    this.#expect(!this.#arrived.has(key), `${key} was done a second time under one yes`);
    this.#arrived.set(key, { at: this.#now + (fate === 2 ? minutes(this.#draw(5)) : 0), run: { kind: 'running', token: key } });
    // Whoever is killed after the call does not write that it was taken.
    if (fate < 4) return;
    this.#append({ kind: 'step-accepted', step });
    if (fate === 6) this.#arrived.set(key, { at: this.#now, run: { kind: 'none' } });
  }

  /** What has to be so at the very moment of a call. */
  #judge(step: OperationStep): void {
    const opened = must(this.#state.gates.at(-1));
    const voters = new Set(opened.votes.map(({ by }) => by));
    const lastOf = (...kinds: readonly OperationEvent['kind'][]) => this.events.findLastIndex(({ kind }) => kinds.includes(kind));
    this.#expect(!this.#frozen, 'called while everything is frozen');
    this.#expect(opened.outcome?.kind === 'approved', 'called without a yes');
    this.#expect(voters.size >= opened.gate.votesNeeded && !voters.has(dana), `called with the yes of ${[...voters].join()}`);
    this.#expect(opened.gate.steps.includes(step), 'called what nobody said yes to');
    this.#expect(this.#now < opened.gate.expiresAt, 'called after the yes had expired');
    this.#expect(this.#revision === opened.gate.revision, 'called in a pool that is configured otherwise');
    const usedUp = this.events.findLastIndex(
      (event) => event.kind === 'held' && ['refused', 'failed', 'void'].includes(event.reason.kind),
    );
    this.#expect(lastOf('approved') > usedUp, 'called under a yes that was used up');
    const since = this.events.slice(Math.max(lastOf('approved'), lastOf('retried')));
    const times = since.filter((event) => event.kind === 'step-started' && event.step.server === step.server).length;
    this.#expect(times < 2, `called a third time on ${step.server} without a word from anybody`);
    const looked = lastOf('looked');
    const changed = lastOf('approved', 'step-started', 'step-ended', 'held', 'retried');
    const sighting = must(this.#state.seen);
    this.#expect(looked > changed && this.#now - sighting.at <= minutes(1), 'called without a fresh look');
    const against = findingsOf(this.#state, sighting).filter(({ verdict }) => verdict !== 'ok');
    const first = this.#state.done.length === 0;
    this.#expect(!first || against.length === 0, `called against ${against.map(({ check }) => check).join()}`);
  }

  #expect(kept: boolean, violation: string): void {
    if (!kept) this.violations.push(violation);
  }

  #look(): OperationSighting {
    const { done, started } = this.#state;
    const worked = done.length > 0 && started === null && this.#draw(3) > 0;
    const well = worked ? wellSeen() : BEFORE[this.#asked.kind];
    const answers = well.answers.map((each) => {
      if (this.#draw(16) === 0) return { ...each, answer: null };
      return { ...each, answer: this.#hasArrived(each.server) ? UP : each.answer };
    });
    const bad = this.#draw(14) === 0 ? { underWay: 'pool02 is being worked on' } : {};
    return { ...well, answers, ...bad, run: this.#run(), at: this.#now };
  }

  #hasArrived(key: string): boolean {
    const arrived = this.#arrived.get(key);
    return arrived !== undefined && arrived.at <= this.#now;
  }

  /** What the server says of the cmdlet: nothing, that it runs, or its end; never of one that did not arrive. */
  #run(): OperationRun | null {
    const step = this.#state.started?.step;
    if (step?.action !== 'cmdlet' || this.#draw(8) === 0) return null;
    const { token } = step;
    const run = this.#hasArrived(token) ? must(this.#arrived.get(token)).run : { kind: 'none' as const };
    const fate = this.#draw(4);
    if (run.kind !== 'running' || fate > 1) return run;
    const ended = { kind: 'ended', token, failed: fate === 0 ? 'the backup service is behind' : null } as const;
    this.#arrived.set(token, { at: this.#now, run: ended });
    return ended;
  }

  /** Whether somebody said something that could be taken. */
  #somebodySays(): boolean {
    const { held, approved } = this.#state;
    const said = this.#draw(16);
    if (said < 6) return this.#votes([omar, kim, omar, kim, dana][said % 5] ?? omar);
    if (said === 6) this.#frozen = !this.#frozen;
    else if (said === 7 && this.#draw(4) === 0) this.#revision = `${this.#revision}+`;
    else if (said < 11 && !approved) this.#ticks();
    else if (said < 14 && held !== null) this.#append({ kind: 'retried', by: dana });
    else if (said === 15 && this.#draw(16) === 0) this.#append({ kind: 'ended', ending: { how: 'aborted', by: dana, left: [] } });
    else return false;
    return true;
  }

  #votes(by: typeof omar): boolean {
    const opened = openOperationGate(this.#state);
    if (opened === null || by === dana || opened.votes.some((vote) => vote.by === by)) return false;
    if (this.#now >= opened.gate.expiresAt || this.#frozen) return false;
    const { code } = opened.gate;
    if (this.#draw(10) === 0) this.#append({ kind: 'denied', code, by, because: 'not now' });
    else this.#append({ kind: 'approved', code, by });
    return true;
  }

  #ticks(): void {
    const seen = this.#state.seen ?? this.#state.lastSeen;
    const found = seen === null ? undefined : findingsOf(this.#state, seen).find(({ verdict }) => verdict === 'tickable');
    if (found !== undefined) this.#append({ kind: 'ticked', check: found.check, by: dana, seen: found.seen });
  }
}

/** What folds out of the journal has to be what was decided on, at every length. */
export function cutsOf(events: readonly OperationEvent[]): readonly Operation[] {
  return events.map((_event, index) => replayOperation(events.slice(0, index + 1)));
}
