import assert from 'node:assert/strict';
import { shortName } from '../../src/domain/pool.ts';
import type { RunEvent } from '../../src/domain/run.ts';
import { FRESH_FOR } from '../../src/domain/sighting.ts';
import type { Step } from '../../src/domain/step.ts';
import { minutes } from '../../src/domain/time.ts';
import type { Death } from './bots.ts';
import type { Effect } from './served-pool.ts';
import type { Walk } from './walk.ts';

/** What a walk did to its pool, against what it should have. */
export interface Counted {
  readonly effects: number;
  readonly doubled: number;
  readonly lost: number;
}

/** The step in the journal that each effect has to have. */
const ACTION: Readonly<Record<string, Step['action']>> = {
  'Stop-CsWindowsService': 'stop',
  'Start-CsWindowsService': 'start',
  'Restart-Computer': 'restart',
  patch: 'patch',
  'Invoke-CsComputerFailOver': 'fail-over',
  'Invoke-CsComputerFailBack': 'fail-back',
};
const TAKES_DOWN: readonly string[] = ['Stop-CsWindowsService', 'Invoke-CsComputerFailOver'];
/** At this speed a minute is half a second: what may lie between the decision and the server on a busy machine. */
const ON_ITS_WAY = minutes(1);

/** What a walk may show besides: how many had to approve, and of which bots it is known that they ended by themselves. */
interface Expected {
  readonly votes?: number;
  readonly mayEnd?: (death: Death) => boolean;
}

/** Nothing twice, nothing left out, nothing that the journal does not know or that was not looked at, nobody asked twice. */
export async function assertWhole(walk: Walk, { votes = 1, mayEnd = () => false }: Expected = {}): Promise<Counted> {
  const journal = await walk.journal();
  const done = walk.pool.effects.map(({ cmdlet, server }) => `${cmdlet} ${server}`);
  const doubled = done.length - new Set(done).size;
  const lost = walk.way.effects.filter((effect) => !done.includes(effect)).length;
  assert.deepEqual(done, walk.way.effects, 'what was done to servers, in its order');
  assertKnown(walk.pool.effects, journal);
  assertSeen(walk.pool.effects);
  assertOneAtATime(walk.pool.effects);
  assert.equal(journal.filter(({ kind }) => kind === 'approval-requested').length, 1, 'a yes was asked for twice');
  assert.equal(journal.filter(({ kind }) => kind === 'approved').length, votes, 'each yes stands once');
  const last = journal.at(-1);
  assert.deepEqual(last?.kind === 'ended' && last.ending, { how: 'finished' });
  assert.deepEqual(
    walk.bots.deaths.filter((death) => !death.killed && !mayEnd(death)),
    [],
    'ended by itself',
  );
  return { effects: done.length, doubled, lost };
}

/** Every effect was written down before it happened. */
export function assertKnown(effects: readonly Effect[], journal: readonly RunEvent[]): void {
  const started = journal.flatMap((event) => (event.kind === 'step-started' ? [event] : []));
  for (const [index, { cmdlet, server, at }] of effects.entries()) {
    const like = effects.slice(0, index + 1).filter((each) => each.cmdlet === cmdlet && each.server === server);
    const written = started.filter(
      ({ step, at: writtenAt }) => step.action === ACTION[cmdlet] && shortName(step.server) === server && writtenAt <= at,
    );
    assert.ok(
      written.length >= like.length,
      `${cmdlet} ${server} happened ${like.length} times, written ${written.length} times`,
    );
  }
}

/** Nothing is started on an old look: by when the server itself told how it is, whatever time the look carries. */
function assertSeen(effects: readonly Effect[]): void {
  for (const { cmdlet, server, bot, lookAge, readinessAge } of effects) {
    const what = `${cmdlet} ${server} by ${bot}`;
    assert.ok(lookAge !== null && lookAge <= FRESH_FOR + ON_ITS_WAY, `${what}: the server told how it is ${lookAge} ms before`);
    if (!TAKES_DOWN.includes(cmdlet)) continue;
    const fresh = readinessAge !== null && readinessAge <= FRESH_FOR + ON_ITS_WAY;
    assert.ok(fresh, `${what}: the pool told whether it is ready ${readinessAge} ms before`);
  }
}

/** Whoever has acted after another bot is not followed by that one again. */
function assertOneAtATime(effects: readonly Effect[]): void {
  const turns = effects.map(({ bot }) => bot).filter((bot, index, bots) => bot !== bots[index - 1]);
  assert.equal(new Set(turns).size, turns.length, `they took turns: ${turns.join(', ')}`);
}
