import type { Operation, OperationRequest, OperationSighting } from './operation.ts';
import { namesOf, shortName } from './pool.ts';
import { judgeEvents } from './preflight-server.ts';
import { TRACE_BOUND } from './step.ts';
import { minutes } from './time.ts';

/** "up to 60 minutes for a pool of 20,000 users" (Failing back a pool); half as long again, and a person is asked. */
export const OPERATION_BOUND = minutes(90);
/** A server that is starting for so long is asked for its events, which say why. */
export const STUCK_AFTER = minutes(10);

/** Where a started step stands. */
export type OperationConclusion =
  | { readonly kind: 'done' | 'still-going' | 'not-done' }
  | { readonly kind: 'failed' | 'unclear'; readonly because: string };

/** What a look says about a started step: the same question after a crash of ours as in any other minute. */
export function concludeOperation(
  { step, at, accepted }: NonNullable<Operation['started']>,
  seen: OperationSighting,
): OperationConclusion {
  const { at: seenAt, run, answers } = seen;
  const since = seenAt - at;
  const still = { kind: 'still-going' } as const;
  const unclear = (because: string) => ({ kind: 'unclear', because }) as const;
  if (step.action === 'start-services') {
    const answer = answers.find(({ server }) => server === step.server)?.answer ?? null;
    if (answer !== null && answer.services !== 'Stopped') return { kind: 'done' };
    if (since < TRACE_BOUND) return still;
    return answer === null ? unclear(`${shortName(step.server)} does not answer`) : { kind: 'not-done' };
  }
  const name = shortName(step.server);
  if (run === null) return since < OPERATION_BOUND ? still : unclear(`${name} does not tell what became of the cmdlet`);
  if (run.kind === 'none' || run.token !== step.token) {
    if (since < TRACE_BOUND) return still;
    // A cmdlet that was taken and left no trace may have done its work.
    return accepted ? unclear(`${name} took it, and has no trace of it`) : { kind: 'not-done' };
  }
  if (run.kind === 'running') return since < OPERATION_BOUND ? still : unclear(`the cmdlet still runs on ${name}`);
  return run.failed === null ? { kind: 'done' } : { kind: 'failed', because: `${run.failed}${whyStuck(seen)}` };
}

/** Whether what the operation is for can be seen, and what of it cannot. */
export type Goal =
  | { readonly kind: 'reached'; readonly seen: readonly string[] }
  | { readonly kind: 'waiting'; readonly because: string };

/** The cmdlets print nothing that proves anything: the pool is looked at. */
export function goalOf({ kind }: OperationRequest, seen: OperationSighting): Goal {
  if (kind === 'failover' || kind === 'failback') return { kind: 'reached', seen: [backupWords(seen)] };
  const { answers, fabric } = seen;
  const there = answers.filter(({ answer }) => answer !== null);
  const up = there.filter(({ answer }) => answer?.rtcsrv === 'Running');
  const waiting = there.filter(({ answer }) => answer?.rtcsrv !== 'Running').map(({ server }) => server);
  if (up.length === 0 || waiting.length > 0)
    return { kind: 'waiting', because: `not running: ${namesOf(waiting)}${whyStuck(seen)}` };
  if (fabric === null) return { kind: 'waiting', because: 'the fabric state could not be read' };
  const lost = fabric.groups.filter(({ primary }) => primary === null).length;
  if (lost > 0) return { kind: 'waiting', because: `${lost} routing groups have no primary yet` };
  const silent = answers.filter(({ answer }) => answer === null).map(({ server }) => server);
  return {
    kind: 'reached',
    seen: [
      `${up.length} of ${answers.length} servers run, every routing group has a primary`,
      ...(silent.length === 0 ? [] : [`did not answer: ${namesOf(silent)}`]),
    ],
  };
}

/** What the backup service says of each module, in its own words. */
export function backupWords({ copies }: Pick<OperationSighting, 'copies'>): string {
  if (copies?.backup.kind !== 'read') return 'the backup service could not be read';
  return copies.backup.value.map(({ name, exporting, importing }) => `${name}: ${exporting}, ${importing}`).join('; ');
}

/** Why servers do not come up, by their own events; empty where none was found. */
export function whyStuck({ stuck }: Pick<OperationSighting, 'stuck'>): string {
  const said = stuck.flatMap(({ server, events }) =>
    events.length === 0 ? [] : judgeEvents(events).map(({ seen }) => ({ server, seen })),
  );
  const words = [...Map.groupBy(said, ({ seen }) => seen)].map(
    ([seen, same]) => `${namesOf(same.map(({ server }) => server))}: event ${seen}`,
  );
  return words.length === 0 ? '' : `; ${words.join('; ')}`;
}
