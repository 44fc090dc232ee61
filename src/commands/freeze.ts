import { phaseOf } from '../domain/phase.ts';
import { type PersonId, shortName } from '../domain/pool.ts';
import { frozenWords, THAW_GOES_ON } from '../messages/freeze-words.ts';
import { clockTime, voiceForAll } from '../messages/words.ts';
import type { Delivery } from '../ports.ts';
import { authorizeForAll } from './authorize.ts';
import { type Desk, type KnownRun, type Outcome, told } from './desk.ts';

/** `freeze <reason>`: from now on nothing is started on any server of any pool. What a server was told already goes on. */
export async function freeze(because: string, by: PersonId, delivery: Delivery, desk: Desk): Promise<Outcome> {
  const may = authorizeForAll(by, desk.pools);
  if (may.kind === 'refused') return told(null, `Not allowed: ${may.because}. Nothing was changed.`);
  const voice = voiceForAll(desk.pools);
  const wanted = { by, at: delivery.at, because };
  const outcome = await desk.setFreeze(wanted, delivery);
  if (outcome === 'heard-before') return told(null, 'That was heard already');
  if (outcome === 'as-it-is') {
    const standing = await desk.freeze();
    const words = standing === null ? 'It was frozen just now, and thawed again' : `Already ${frozenWords(standing, voice)}`;
    return told(null, `${words}. Nothing was changed.`);
  }
  const runs = await desk.activeRuns();
  return {
    wakeOperations: await operationsUnderWay(desk),
    ...told(null, frozenWords(wanted, voice), THAW_GOES_ON, ...runs.map(underWay)),
    wake: runs.map(({ run }) => run),
  };
}

/** `thaw`: every run looks anew, and goes on. */
export async function thaw(by: PersonId, delivery: Delivery, desk: Desk): Promise<Outcome> {
  const may = authorizeForAll(by, desk.pools);
  if (may.kind === 'refused') return told(null, `Not allowed: ${may.because}. Nothing was changed.`);
  const voice = voiceForAll(desk.pools);
  const stood = await desk.freeze();
  const outcome = await desk.endFreeze({ by, at: delivery.at }, delivery);
  if (outcome === 'heard-before') return told(null, 'That was heard already');
  if (outcome === 'as-it-is') {
    const last = await desk.lastThaw();
    const since = last === null ? 'and never was' : `since ${last.by} thawed it at ${clockTime(last.at, voice)}`;
    return told(null, `Nothing is frozen, ${since}. Nothing was changed.`);
  }
  const runs = await desk.activeRuns();
  return {
    wakeOperations: await operationsUnderWay(desk),
    ...told(
      null,
      `Thawed by ${by}: every pool is looked at anew before anything is started`,
      ...(stood === null ? [] : [`ends: ${frozenWords(stood, voice)}`]),
      ...runs.map(({ state }) => `${shortName(state.request.pool)}: ${phaseOf(state)}`),
    ),
    wake: runs.map(({ run }) => run),
  };
}

async function operationsUnderWay(desk: Desk): Promise<readonly number[]> {
  const active = await Promise.all(desk.pools.map(({ fqdn }) => desk.activeOperation(fqdn)));
  return active.filter((each) => each !== null).map(({ operation }) => operation);
}

function underWay({ state }: KnownRun): string {
  const step = state.work?.started?.step;
  const told = step === undefined ? '' : `; ${shortName(step.server)} was told to ${step.action} already, which goes on`;
  return `${shortName(state.request.pool)}: ${phaseOf(state)}${told}`;
}
