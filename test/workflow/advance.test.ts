import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replay } from '../../src/domain/evolve.ts';
import { nextMove } from '../../src/domain/next-move.ts';
import { personId } from '../../src/domain/pool.ts';
import type { RunEvent } from '../../src/domain/run.ts';
import { minutes } from '../../src/domain/time.ts';
import { Night } from '../session/night.ts';

const POOL = '! pool pool01 version 2015 servers 3 domains fe1|fe2|fe3 patch by-command';

/** The journal of a whole night up to and without its first event of this kind. */
async function journalBefore(kind: RunEvent['kind']): Promise<readonly RunEvent[]> {
  const night = new Night(POOL, null);
  await night.pass('upgrade pool01 domains 1');
  return night.events.slice(
    0,
    night.events.findIndex((event) => event.kind === kind),
  );
}

test('a stop is made on a look of the last minute; after an outage the pool and the server are looked at again', async () => {
  const journal = await journalBefore('step-started');
  const run = replay(journal);
  const at = journal.at(-1)?.at ?? 0;
  const stop = { kind: 'perform', step: { action: 'stop', server: 'fe1.sim.example', stopMode: 'graceful' } };
  assert.deepEqual(nextMove(run, at), stop);
  assert.deepEqual(nextMove(run, at + minutes(1)), stop);
  assert.equal(nextMove(run, at + minutes(1) + 1).kind, 'observe-pool');
  assert.equal(nextMove(run, at - 1).kind, 'observe-pool', 'a clock that was set back shows nothing new');
});

for (const [action, effect] of [
  ['stop', 'Stop-CsWindowsService'],
  ['patch', 'patch'],
  ['restart', 'Restart-Computer'],
] as const) {
  test(`a ${action} that was decided on an old state loses its append, and nothing is done`, async () => {
    const night = new Night(POOL, null);
    let intruded = false;
    night.intruder = async (store, run, seq, event) => {
      if (intruded || event.kind !== 'step-started' || event.step.action !== action) return null;
      intruded = true;
      const first: RunEvent = { kind: 'aborted', at: event.at, by: personId('eve'), how: 'leave' };
      await store.append(run, seq, first, null);
      return first;
    };
    await night.pass('upgrade pool01 domains 1');
    assert.ok(intruded);
    assert.equal(night.run.ended?.ending.how, 'aborted');
    assert.deepEqual(
      night.effects.filter((each) => each.startsWith(effect)),
      [],
    );
  });
}

test('a command that is judged while the run moves on is judged again, and what it said is kept', async () => {
  const night = new Night(POOL, null);
  let intruded = false;
  night.intruder = async (store, run, seq, event) => {
    if (intruded || event.kind !== 'approved') return null;
    intruded = true;
    const first: RunEvent = { kind: 'ticked', at: event.at, check: 'pair-quiet', server: null, by: personId('eve') };
    await store.append(run, seq, first, null);
    return first;
  };
  await night.pass('upgrade pool01 domains 1');
  assert.ok(intruded);
  assert.equal(night.run.ended?.ending.how, 'finished');
  assert.equal(night.events.filter(({ kind }) => kind === 'approved').length, 1);
});
