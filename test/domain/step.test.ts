import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceStatus } from '../../src/domain/sighting.ts';
import { conclude, type Step, sameBoot } from '../../src/domain/step.ts';
import { minutes, seconds } from '../../src/domain/time.ts';
import { server, serverLook, UP } from '../support.ts';

const fe1 = server(1);
const graceful: Step = { action: 'stop', server: fe1, stopMode: 'graceful' };
const immediate: Step = { action: 'stop', server: fe1, stopMode: 'immediate' };
const restart: Step = { action: 'restart', server: fe1, bootTimeSeen: UP.bootTime };
const start: Step = { action: 'start', server: fe1 };
const on2013: Step = { action: 'patch', server: fe1, levelBefore: null };
const on2015: Step = { action: 'patch', server: fe1, levelBefore: '6.0.9319.272' };

type Look = Parameters<typeof serverLook>[1];
const services = (status: ServiceStatus): Look => ({ answer: { ...UP, services: status } });
const silent: Look = { answer: null };
const boot = (at: number): Look => ({ answer: { ...UP, bootTime: at } });
const none = { patchRun: { kind: 'none' } } as const;
const running = { patchRun: { kind: 'running' } } as const;
const ended = (exitCode: number) => ({ patchRun: { kind: 'ended', exitCode } }) as const;
const same = { patchLevel: '6.0.9319.272' };
const raised = { patchLevel: '6.0.9319.516' };

/** The conclusion, and why a person is asked. */
function concluded(step: Step, minute: number, look: Look, accepted = true): string {
  const conclusion = conclude({ step, at: 0, accepted }, serverLook(fe1, { at: minutes(minute), ...look }));
  if (conclusion.kind === 'ask') return `ask: ${conclusion.because}`;
  return conclusion.kind === 'patch-failed' ? `patch-failed ${conclusion.exitCode}` : conclusion.kind;
}

const table = (
  what: string,
  rows: readonly (readonly [told: string, step: Step, minute: number, look: Look, expected: string])[],
) => {
  for (const [told, step, minute, look, expected] of rows)
    test(`${what}, ${told}, after ${minute} min: ${expected}`, () => {
      assert.equal(concluded(step, minute, look), expected);
    });
};

table('graceful stop', [
  ['stopped at once', graceful, 0, services('Stopped'), 'done'],
  ['stopped late', graceful, 90, services('Stopped'), 'done'],
  ['draining', graceful, 1, services('StopPending'), 'still-going'],
  ['draining', graceful, 59.99, services('StopPending'), 'still-going'],
  ['draining for an hour', graceful, 60, services('StopPending'), 'drain-overdue'],
  ['running still', graceful, 4.99, services('Running'), 'still-going'],
  ['running still', graceful, 5, services('Running'), 'not-done'],
  ['running still', graceful, 61, services('Running'), 'not-done'],
  ['starting', graceful, 10, services('StartPending'), 'still-going'],
  ['starting', graceful, 60, services('StartPending'), 'ask: its services are StartPending'],
  ['silent', graceful, 10, silent, 'still-going'],
  ['silent', graceful, 60, silent, 'ask: the server does not answer'],
]);
table('immediate stop', [
  ['stopped', immediate, 0, services('Stopped'), 'done'],
  ['stopping', immediate, 9.99, services('StopPending'), 'still-going'],
  ['stopping', immediate, 10, services('StopPending'), 'ask: its services are StopPending'],
  ['running still', immediate, 4.99, services('Running'), 'still-going'],
  ['running still', immediate, 5, services('Running'), 'not-done'],
  ['silent', immediate, 9.99, silent, 'still-going'],
  ['silent', immediate, 10, silent, 'ask: the server does not answer'],
]);
table('restart', [
  ['another boot', restart, 3, boot(minutes(2)), 'done'],
  ['another boot', restart, 45, boot(minutes(2)), 'done'],
  ['another boot, services not up', restart, 3, { answer: { ...UP, bootTime: minutes(2), services: 'Stopped' } }, 'done'],
  ['boot unchanged', restart, 4.99, boot(UP.bootTime), 'still-going'],
  ['boot unchanged', restart, 5, boot(UP.bootTime), 'not-done'],
  ['boot unchanged', restart, 45, boot(UP.bootTime), 'not-done'],
  ['the clock was corrected by 59 seconds', restart, 4, boot(UP.bootTime + seconds(59)), 'still-going'],
  ['the clock was corrected back by 59 seconds', restart, 4, boot(UP.bootTime - seconds(59)), 'still-going'],
  ['a boot one minute later', restart, 4, boot(UP.bootTime + seconds(60)), 'done'],
  ['silent', restart, 29.99, silent, 'still-going'],
  ['silent', restart, 30, silent, 'ask: the server does not answer'],
]);
table('start', [
  ['starting', start, 0, services('StartPending'), 'done'],
  ['running', start, 1, services('Running'), 'done'],
  ['stopped still', start, 4.99, services('Stopped'), 'still-going'],
  ['stopped still', start, 5, services('Stopped'), 'not-done'],
  ['silent', start, 29.99, silent, 'still-going'],
  ['silent', start, 30, silent, 'ask: the server does not answer'],
]);
table('patch on Lync Server 2013, which cannot tell its level', [
  ['the command runs', on2013, 30, running, 'still-going'],
  ['the command runs', on2013, 120, running, 'ask: the patch command still runs'],
  ['it ended with 0', on2013, 7, ended(0), 'done'],
  ['it ended with 3010', on2013, 7, ended(3010), 'done'],
  ['it ended with 1603', on2013, 7, ended(1603), 'patch-failed 1603'],
  ['it ended with -1', on2013, 7, ended(-1), 'patch-failed -1'],
  ['no trace', on2013, 4.99, none, 'still-going'],
  ['no trace', on2013, 5, none, 'ask: no trace of the patch command, and this product cannot tell its patch level'],
  ['nobody can tell', on2013, 119, {}, 'still-going'],
  ['nobody can tell', on2013, 120, {}, 'ask: nobody can tell what became of the patch command'],
  ['silent', on2013, 119, silent, 'still-going'],
  ['silent', on2013, 120, silent, 'ask: the server does not answer'],
]);
table('patch on 2015, which can', [
  ['the command runs', on2015, 119, { ...running, ...same }, 'still-going'],
  ['the command runs and the level is raised', on2015, 20, { ...running, ...raised }, 'still-going'],
  ['ended with 0, level raised', on2015, 7, { ...ended(0), ...raised }, 'done'],
  ['ended with 3010, level raised', on2015, 7, { ...ended(3010), ...raised }, 'done'],
  [
    'ended with 0, level the same',
    on2015,
    7,
    { ...ended(0), ...same },
    'ask: the patch command ended with 0, and the version is still 6.0.9319.272',
  ],
  ['ended with 1603, level raised', on2015, 7, { ...ended(1603), ...raised }, 'patch-failed 1603'],
  ['no trace, level raised', on2015, 1, { ...none, ...raised }, 'done'],
  ['no trace, level the same', on2015, 4.99, { ...none, ...same }, 'still-going'],
  ['no trace, level the same', on2015, 5, { ...none, ...same }, 'not-done'],
  ['no trace, level unread', on2015, 5, none, 'ask: no trace of the patch command, and this product cannot tell its patch level'],
]);

test('a crash before the command was seen accepted, on 2013: its end proves nothing, so a person is asked', () => {
  assert.match(concluded(on2013, 7, ended(0), false), /^ask: the patch command ended with 0, .* cannot tell its patch level$/);
  assert.match(concluded(on2013, 7, ended(3010), false), /^ask: /);
  assert.equal(concluded(on2013, 7, ended(1603), false), 'patch-failed 1603');
});
test('a crash before the command was seen accepted, where the level tells: the level decides', () => {
  assert.equal(concluded(on2015, 7, { ...ended(0), ...raised }, false), 'done');
  assert.match(concluded(on2015, 7, { ...ended(0), ...same }, false), /^ask: /);
});
test('no trace, and the level before was never read: nobody knows whether it is raised, so a person is asked', () => {
  assert.match(concluded({ ...on2013 }, 10, { ...none, ...raised }), /^ask: /);
});
test('for any other step, what was accepted changes nothing: the look alone decides', () => {
  for (const step of [graceful, immediate, restart, start])
    for (const look of [services('Stopped'), services('Running'), services('StopPending'), boot(minutes(2)), silent])
      for (const minute of [0, 5, 10, 30, 60])
        assert.equal(concluded(step, minute, look, false), concluded(step, minute, look, true));
});
test('a boot is the same within a minute: Windows corrects its clock', () => {
  assert.ok(sameBoot(0, seconds(59)) && sameBoot(seconds(59), 0));
  assert.ok(!sameBoot(0, seconds(60)) && !sameBoot(seconds(60), 0));
});
