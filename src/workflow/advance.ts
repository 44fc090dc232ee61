import { approvalCode } from '../domain/approval.ts';
import type { Move, WithoutAt } from '../domain/moves.ts';
import { nextMove } from '../domain/next-move.ts';
import { APPROVAL_OPEN_FOR, type Run, type RunEvent } from '../domain/run.ts';
import { isFresh } from '../domain/sighting.ts';
import type { Step } from '../domain/step.ts';
import type { Instant } from '../domain/time.ts';
import type { Told } from '../ports.ts';
import { aboutRun, type Hands, poolNamed } from './hands.ts';
import { askFor, lookAtPool, lookAtServer, lookAtVitals } from './look.ts';
import { failedOverAt as failedOverAtOf } from './operations-against.ts';
import type { Publisher } from './publisher.ts';
import type { Runs } from './runs.ts';

/** A domain needs a few dozen turns; a thousand without a pause means the state machine is going round. */
const TURNS_MAX = 1_000;
/** Looks one after the other that were older than a minute when they were whole, before a person is asked. */
const SLOW_LOOKS_MAX = 3;
/** And looks without a pause of which each is fresh, and never all: no domain needs as many to be seen at once. */
const LOOKS_MAX = 60;
const TOO_SLOW = { kind: 'record', event: { kind: 'held', reason: { kind: 'looks-too-slow' } } } as const;
/** How often a fact that must not be lost is offered to a journal that others write too. */
const OFFERS_MAX = 20;

/** A move that the runner cannot make: it waits for time, for a person, or for nothing any more. */
export type Pause = Move & { readonly kind: 'wait' | 'await-person' | 'finish' };

/** Drives one run from its journal until it must wait for time or for a person. */
export async function advance(run: number, hands: Hands, runs: Runs, publisher: Publisher): Promise<Pause> {
  const walk = new Walk(run, hands, runs, publisher);
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const state = await runs.load(run);
    if (await walk.learns(state)) continue;
    const now = hands.clock.now();
    const move = nextMove(state, now);
    if (move.kind === 'wait' && move.until <= now) throw new Error(`run ${run} waits for a time that has come: ${move.because}`);
    if (move.kind === 'wait' || move.kind === 'await-person' || move.kind === 'finish') return move;
    await walk.take(walk.goesRound(move, state) ? TOO_SLOW : move, state);
  }
  throw new Error(`run ${run} took ${TURNS_MAX} turns without a pause`);
}

class Walk {
  readonly #run: number;
  readonly #hands: Hands;
  readonly #runs: Runs;
  readonly #publisher: Publisher;
  /** Since this walk began, or something else was done. */
  #looks = 0;
  #slowLooks = 0;

  constructor(run: number, hands: Hands, runs: Runs, publisher: Publisher) {
    this.#run = run;
    this.#hands = hands;
    this.#runs = runs;
    this.#publisher = publisher;
  }

  /** Tells the run how the switch for all pools stands and where the pool's users are, if it does not know; what it then does is decided anew. */
  async learns(state: Run): Promise<boolean> {
    const untold = (await this.#runs.untold(state)) ?? (await this.#whereUsersAre(state));
    if (untold !== null) await this.#append(state, untold);
    return untold !== null;
  }

  async #whereUsersAre({ request, failedOverAt, ended }: Run): Promise<WithoutAt<RunEvent> | null> {
    if (ended !== null) return null;
    const since = (await failedOverAtOf(request.pool, this.#hands.store)) ?? undefined;
    if (since === failedOverAt) return null;
    return since === undefined ? { kind: 'failed-back' } : { kind: 'failed-over', since };
  }

  /** Whether it looks again and again because no look is ever fresh enough to act on. What has its own bound may look slowly. */
  goesRound(move: Move, { settling, work, held }: Run): boolean {
    const looks = move.kind.startsWith('observe-');
    if (!looks) [this.#looks, this.#slowLooks] = [0, 0];
    const bounded = settling !== null || (work !== null && work.started !== null && work.immediate === 'no');
    if (!looks || bounded || held !== null) return false;
    this.#looks += 1;
    return this.#slowLooks >= SLOW_LOOKS_MAX || this.#looks > LOOKS_MAX;
  }

  /** The one place where a move becomes an effect. */
  async take(move: Exclude<Move, Pause>, state: Run): Promise<void> {
    const pool = poolNamed(this.#hands.pools, state.request.pool);
    const ask = askFor(state, state.lastSeen);
    switch (move.kind) {
      case 'observe-pool': {
        const servers = state.plan?.topology.servers ?? state.lastSeen?.computers ?? [];
        const wanted = {
          scope: move.scope,
          upgradeDomain: move.upgradeDomain,
          ask,
          servers,
          downByUs: state.downByUs,
          run: this.#run,
        };
        await this.#looked(state, { kind: 'pool-observed', sighting: await lookAtPool(pool, wanted, this.#hands, this.#runs) });
        return;
      }
      case 'observe-vitals': {
        const servers = state.plan?.topology.servers ?? [];
        // Whoever is down may still answer for the pool, when the other one does not.
        const anybody = [...ask, ...servers.filter((server) => !ask.includes(server))];
        await this.#looked(state, { kind: 'vitals-observed', sighting: await lookAtVitals(pool, anybody, servers, this.#hands) });
        return;
      }
      case 'observe-server':
        await this.#looked(state, {
          kind: 'server-observed',
          sighting: await lookAtServer(pool, move.server, move.also, ask, this.#hands),
        });
        return;
      case 'request-approval':
        await this.#append(state, { kind: 'approval-requested', gate: this.#gate(move.gate, state), checks: move.checks });
        return;
      case 'record':
        await this.#append(state, move.event);
        return;
      case 'perform':
        await this.#perform(move.step, state);
    }
  }

  async #looked(
    state: Run,
    event: WithoutAt<RunEvent & { readonly kind: 'pool-observed' | 'vitals-observed' | 'server-observed' }>,
  ): Promise<void> {
    if (!isFresh(event.sighting, this.#hands.clock.now())) this.#slowLooks += 1;
    await this.#append(state, event);
  }

  #gate(asked: (Move & { kind: 'request-approval' })['gate'], { gates, settings, request }: Run) {
    const attempt = gates.length + 1;
    const code = approvalCode(`${request.pool} ${this.#run}`, attempt);
    return {
      ...asked,
      attempt,
      code,
      revision: settings.revision,
      votesNeeded: poolNamed(this.#hands.pools, request.pool).approvalsNeeded,
      expiresAt: this.#hands.clock.now() + APPROVAL_OPEN_FOR,
    };
  }

  /** Written, then done, then looked at. What the server answers is a fact, and kept whatever else was said meanwhile. */
  async #perform(step: Step, state: Run): Promise<void> {
    // The record and nothing else: a freeze that was written a moment ago stops this very step.
    if ((await this.#hands.store.freeze()) !== null) return;
    if (!(await this.#append(state, { kind: 'step-started', step }))) return;
    // It was written, and then this process stood still: nobody is told any more, and a look finds the step not done.
    const look = state.seenServers.find(({ server }) => server === step.server) ?? null;
    if (!isFresh(look, this.#hands.clock.now())) return;
    const told = await tell(state, step, this.#hands);
    if (told.kind === 'accepted')
      await this.#insist((now) => (now.work?.started?.step.server === step.server ? { kind: 'step-accepted', step } : null));
    if (told.kind === 'refused')
      await this.#insist((now) =>
        now.held === null && now.ended === null
          ? { kind: 'held', reason: { kind: 'step-refused', step, because: told.because } }
          : null,
      );
    this.#hands.log({ ...aboutRun(this.#run, state), event: `${step.action} ${step.server}` }, told.kind);
  }

  /** False when another event came first: what was decided without it is not done, and the next turn decides again. */
  async #append(state: Run, event: WithoutAt<RunEvent>): Promise<boolean> {
    const after = await this.#runs.append(this.#run, state, at(event, this.#hands.clock.now()), null);
    if (after === 'taken' || after === 'heard-before') return false;
    await this.#publisher.publish(this.#run, after);
    return true;
  }

  async #insist(event: (state: Run) => WithoutAt<RunEvent> | null): Promise<void> {
    for (let offer = 0; offer < OFFERS_MAX; offer += 1) {
      const state = await this.#runs.load(this.#run);
      const fact = event(state);
      if (fact === null || (await this.#append(state, fact))) return;
    }
    throw new Error(`run ${this.#run} took ${OFFERS_MAX} other events before a fact`);
  }
}

const at = (event: WithoutAt<RunEvent>, now: Instant): RunEvent => ({ ...event, at: now });

function tell({ request: { pool } }: Run, step: Step, { operator }: Hands): Promise<Told> {
  switch (step.action) {
    case 'stop':
      return operator.stopServices(pool, step.server, step.stopMode);
    case 'start':
      return operator.startServices(pool, step.server);
    case 'restart':
      return operator.restart(pool, step.server, step.bootTimeSeen);
    case 'patch':
      return operator.patch(pool, step.server);
    case 'hook':
      return operator.hook(pool, step.server, step.hook);
    case 'fail-over':
    case 'fail-back':
      return operator.failover(pool, step.server, step.action);
  }
}
