import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailoverDirection, FailoverRun, ServiceStatus } from '../../src/domain/sighting.ts';
import { conclude, DRAINING_TIMEOUT, FAILOVER_WAIT } from '../../src/domain/step.ts';
import { minutes } from '../../src/domain/time.ts';
import { server, serverLook, UP } from '../support.ts';

const fe1 = server(1);

/** How the services of the server are, and whether they are disabled (`d`): the columns of the table. */
const COLUMNS = 'R Rd P Pd S Sd T Td';
const SERVICES: Readonly<Record<string, ServiceStatus>> = { R: 'Running', P: 'StopPending', S: 'Stopped', T: 'StartPending' };
/** What the server tells of the cmdlet: the direction it was started in last, and where it stands. */
const RUNS: Readonly<Record<string, FailoverRun | null>> = {
  unread: null,
  none: { kind: 'none' },
  'over runs': { kind: 'running', direction: 'fail-over' },
  'over ended': { kind: 'ended', direction: 'fail-over', failed: null },
  'over failed': { kind: 'ended', direction: 'fail-over', failed: 'timed out' },
  'back runs': { kind: 'running', direction: 'fail-back' },
  'back ended': { kind: 'ended', direction: 'fail-back', failed: null },
  'back failed': { kind: 'ended', direction: 'fail-back', failed: 'timed out' },
};
const LETTERS = { done: 'D', 'still-going': '.', 'not-done': 'N', 'failover-failed': 'F', ask: '?' } as const;

/**
 * D done, N not done, F failed, ? a person is asked, . still going. From the cmdlets' pages: FailOver stops *and disables*
 * the services; if its -WaitTime expires "the cmdlet fails and no action is taken"; if FailBack's does, "services will not
 * be started or enabled"; and neither prints anything.
 */
const TABLE: readonly (readonly [direction: FailoverDirection, run: string, minute: number, expected: string])[] = [
  // Nobody can tell what became of the cmdlet: nothing is concluded from the services alone.
  ['fail-over', 'unread', 0, '. . . . . . . .'],
  ['fail-over', 'unread', 89.99, '. . . . . . . .'],
  ['fail-over', 'unread', 90, '? ? ? ? ? ? ? ?'],
  ['fail-back', 'unread', 89.99, '. . . . . . . .'],
  ['fail-back', 'unread', 90, '? ? ? ? ? ? ? ?'],
  // It runs: however the services are, for as long as it may.
  ['fail-over', 'over runs', 0, '. . . . . . . .'],
  ['fail-over', 'over runs', 60, '. . . . . . . .'],
  ['fail-over', 'over runs', 89.99, '. . . . . . . .'],
  ['fail-over', 'over runs', 90, '? ? ? ? ? ? ? ?'],
  ['fail-back', 'back runs', 0, '. . . . . . . .'],
  ['fail-back', 'back runs', 89.99, '. . . . . . . .'],
  ['fail-back', 'back runs', 90, '? ? ? ? ? ? ? ?'],
  // It failed: said at once, whatever the services are.
  ['fail-over', 'over failed', 0, 'F F F F F F F F'],
  ['fail-over', 'over failed', 60, 'F F F F F F F F'],
  ['fail-over', 'over failed', 120, 'F F F F F F F F'],
  ['fail-back', 'back failed', 0, 'F F F F F F F F'],
  ['fail-back', 'back failed', 120, 'F F F F F F F F'],
  // It ended: stopped and disabled is out of the pool, and nothing less is.
  ['fail-over', 'over ended', 0, '. . . . . D . .'],
  ['fail-over', 'over ended', 4.99, '. . . . . D . .'],
  ['fail-over', 'over ended', 5, 'N ? ? ? ? D ? ?'],
  ['fail-over', 'over ended', 120, 'N ? ? ? ? D ? ?'],
  // It ended: enabled and on its way up is in the pool again, and whether it accepts connections is seen after that.
  ['fail-back', 'back ended', 0, 'D . D . . . D .'],
  ['fail-back', 'back ended', 4.99, 'D . D . . . D .'],
  ['fail-back', 'back ended', 5, 'D ? D ? ? N D ?'],
  ['fail-back', 'back ended', 120, 'D ? D ? ? N D ?'],
  // No trace of it, or the trace of the other one from before: five minutes, then the services say it.
  ['fail-over', 'none', 0, '. . . . . D . .'],
  ['fail-over', 'none', 4.99, '. . . . . D . .'],
  ['fail-over', 'none', 5, 'N ? ? ? ? D ? ?'],
  ['fail-over', 'back ended', 4.99, '. . . . . D . .'],
  ['fail-over', 'back ended', 5, 'N ? ? ? ? D ? ?'],
  ['fail-over', 'back failed', 5, 'N ? ? ? ? D ? ?'],
  ['fail-back', 'none', 4.99, 'D . D . . . D .'],
  ['fail-back', 'none', 5, 'D ? D ? ? N D ?'],
  ['fail-back', 'over ended', 4.99, 'D . D . . . D .'],
  ['fail-back', 'over ended', 5, 'D ? D ? ? N D ?'],
  ['fail-back', 'over failed', 5, 'D ? D ? ? N D ?'],
];

const concluded = (action: FailoverDirection, run: string, minute: number, column: string, accepted = true) => {
  const answer = { ...UP, services: SERVICES[column.charAt(0)] ?? UP.services, disabled: column.endsWith('d') };
  const failoverRun = RUNS[run] ?? null;
  return conclude(
    { step: { action, server: fe1 }, at: 0, accepted },
    serverLook(fe1, { at: minutes(minute), answer, failoverRun }),
  );
};

for (const [direction, run, minute, expected] of TABLE)
  for (const accepted of [true, false])
    test(`${direction}, ${run}, after ${minute} min${accepted ? '' : ', not seen accepted'}: ${COLUMNS} -> ${expected}`, () => {
      const letters = COLUMNS.split(' ').map((column) => {
        const { kind } = concluded(direction, run, minute, column, accepted);
        return kind in LETTERS ? LETTERS[kind as keyof typeof LETTERS] : kind;
      });
      assert.equal(letters.join(' '), expected);
    });

test('a server that does not answer is waited for as long as the cmdlet may take, and then a person is asked', () => {
  for (const action of ['fail-over', 'fail-back'] as const) {
    const silent = (minute: number) =>
      conclude({ step: { action, server: fe1 }, at: 0, accepted: true }, serverLook(fe1, { at: minutes(minute), answer: null }));
    assert.deepEqual(silent(89.99), { kind: 'still-going' });
    assert.deepEqual(silent(90), { kind: 'ask', because: 'the server does not answer' });
  }
});
test('one that failed says why in the words of the cmdlet, and how it left the services', () => {
  for (const [column, services, disabled] of [
    ['R', 'Running', false],
    ['Rd', 'Running', true],
    ['S', 'Stopped', false],
    ['Sd', 'Stopped', true],
  ] as const) {
    const failed = { kind: 'failover-failed', because: 'timed out', services, disabled };
    assert.deepEqual(concluded('fail-over', 'over failed', 60, column), failed);
    assert.deepEqual(concluded('fail-back', 'back failed', 60, column), failed);
  }
});
test('a person who is asked is told what was seen', () => {
  for (const [direction, run, minute, column, because] of [
    ['fail-over', 'unread', 90, 'S', 'nobody can tell what became of the cmdlet'],
    ['fail-back', 'back runs', 90, 'S', 'the cmdlet still runs'],
    ['fail-over', 'over ended', 5, 'S', 'its services are Stopped'],
    ['fail-over', 'none', 5, 'Rd', 'its services are Running and disabled'],
    ['fail-back', 'back ended', 5, 'S', 'its services are Stopped'],
    ['fail-back', 'none', 5, 'Td', 'its services are StartPending and disabled'],
  ] as const)
    assert.deepEqual(concluded(direction, run, minute, column), { kind: 'ask', because });
});
test('the bounds are those of the pages: an hour of -WaitTime, half an hour of -DrainingTimeout', () => {
  assert.deepEqual([FAILOVER_WAIT, DRAINING_TIMEOUT], [minutes(60), minutes(30)]);
});
