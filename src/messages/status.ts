import { notFullyServed } from '../domain/fabric.ts';
import type { Freeze } from '../domain/freeze.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { phaseOf } from '../domain/phase.ts';
import { namesOf, shortName, unitName } from '../domain/pool.ts';
import { isRestart } from '../domain/purpose.ts';
import { judgeQuorum } from '../domain/quorum.ts';
import { openGate, type Run } from '../domain/run.ts';
import { type PoolSighting, runningServers, sizeSeen } from '../domain/sighting.ts';
import type { Instant } from '../domain/time.ts';
import { witnessOf } from './witness-words.ts';
import { clockTime, PHONE_COLUMNS, shortened, span, type Voice, withoutPrompt } from './words.ts';

/** A line of the status, and how bad it is: the worst stands first. */
interface Ranked {
  readonly rank: 0 | 1 | 2;
  readonly line: string;
}

const LINES_MAX = 11;
/** A card indents its lines by two. */
const INDENTED_COLUMNS = PHONE_COLUMNS - 2;

/** A pool on a phone: at most 11 lines under a title, 45 characters wide, worst first, no colour needed. */
export function statusLines(
  seen: PoolSighting,
  run: Run | null,
  pool: ManagedPool,
  now: Instant,
  voice: Voice,
  freeze: Freeze | null,
): { readonly worst: string; readonly lines: readonly string[] } {
  const ranked = [
    ...readiness(seen),
    ...servers(seen),
    ...fabric(seen),
    ...quorum(seen, pool),
    ...backEnd(seen, pool),
    ...walk(run, now, voice),
  ].toSorted((left, right) => right.rank - left.rank);
  const worst = ['is OK', 'needs a look', 'is NOT OK'][ranked[0]?.rank ?? 0] ?? 'is OK';
  const age =
    now - seen.at < 60_000
      ? `seen ${clockTime(seen.at, voice)}`
      : `seen ${clockTime(seen.at, voice)}, ${span(now - seen.at)} ago`;
  // A freeze says nothing about how the pool is: it stands first and makes no pool worse.
  const lines = [...frozen(freeze, voice), ...ranked]
    .map(({ rank, line }) => shortened(`${['ok', '?', '!!'][rank] ?? ''} ${line}`, INDENTED_COLUMNS))
    .slice(0, LINES_MAX - 1);
  return { worst, lines: [...lines, shortened(age, INDENTED_COLUMNS)] };
}

const ok = (line: string): readonly Ranked[] => [{ rank: 0, line }];
const unsure = (line: string): readonly Ranked[] => [{ rank: 1, line }];
const bad = (line: string): readonly Ranked[] => [{ rank: 2, line }];

/** What clears it stands before the reason, which a phone may cut. */
const frozen = (freeze: Freeze | null, voice: Voice): readonly Ranked[] =>
  freeze === null
    ? []
    : bad(`FROZEN by ${freeze.by} ${clockTime(freeze.at, voice)} (\`thaw\`): ${withoutPrompt(freeze.because)}`);

function readiness({ verdict }: PoolSighting): readonly Ranked[] {
  switch (verdict.kind) {
    case 'ready':
      return ok('Ready');
    case 'busy':
      return unsure(`Busy, counted ${verdict.counted} of 3`);
    case 'pool-problem':
      return bad(verdict.cause === 'busy-streak' ? 'Busy 3 times: ask `readiness`' : 'InsufficientActiveFrontEnds');
    case 'our-servers-are-down':
      return bad('InsufficientActiveFrontEnds (ours down)');
    case 'no-answer':
      return bad(`readiness: no answer, ${verdict.inARow} in a row`);
  }
}

function servers(seen: PoolSighting): readonly Ranked[] {
  const running = runningServers(seen);
  if (running === null || seen.services === null) return bad('services could not be read');
  const missing = seen.services.filter(({ rtcsrv }) => rtcsrv !== 'Running');
  return missing.length === 0
    ? ok(`all ${running.length} servers run`)
    : bad(`not running: ${namesOf(missing.map(({ server }) => server))}`);
}

function fabric(seen: PoolSighting): readonly Ranked[] {
  const { fabric: state } = seen;
  if (state === null) return bad('fabric could not be read');
  const without = notFullyServed(state, sizeSeen(seen));
  return without.length === 0
    ? ok('all users have service')
    : bad(`${without.length} of ${state.groups.length} groups lack replicas`);
}

function quorum(seen: PoolSighting, { version }: ManagedPool): readonly Ranked[] {
  const running = runningServers(seen);
  if (running === null || seen.computers === null || seen.backEnd === null || seen.backEnd === 'down')
    return bad('quorum: cannot be judged');
  const verdict = judgeQuorum({ version, servers: seen.computers, running, stopping: [], backEnd: seen.backEnd });
  if (verdict.kind === 'unknown') return unsure('quorum: no published number');
  const line = `quorum margin ${verdict.margin} (any ${verdict.counts[0]?.running ?? '?'} needed)`;
  return verdict.margin < 0 ? bad(line) : verdict.margin === 0 ? unsure(line) : ok(line);
}

function backEnd(seen: PoolSighting, { version }: ManagedPool): readonly Ranked[] {
  const { backEnd: state, computers: servers } = seen;
  const running = runningServers(seen);
  const witness = servers === null || running === null ? null : witnessOf({ version, servers, running, stopping: [] }, state);
  const without = witness === null ? '' : `; without it margin ${witness.without}`;
  if (state === 'primary') return ok(`back end: primary${without}`);
  const inCharge = witness === null ? 'mirror in charge' : `mirror; by primary margin ${witness.withIt}`;
  return state === 'mirror' ? unsure(`back end: ${inCharge}`) : bad('back end: not reached');
}

function walk(run: Run | null, now: Instant, voice: Voice): readonly Ranked[] {
  if (run === null || run.ended !== null) return [];
  const word = phaseOf(run);
  const opened = openGate(run);
  const line =
    opened === null
      ? `${isRestart(run) ? 'restart' : 'upgrade'}: ${word}`
      : `approve ${opened.gate.code}: open until ${clockTime(opened.gate.expiresAt, voice)}`;
  const since = run.held === null ? [] : bad(`held for ${span(now - run.held.at)}: \`why\``);
  const under =
    run.work === null
      ? []
      : unsure(
          `${unitName(run.work.upgradeDomain)}: ${run.work.servers.map(({ server, stage }) => `${shortName(server)} ${stage}`).join(', ')}`,
        );
  return [...(word === 'held' ? since : unsure(line)), ...under];
}
