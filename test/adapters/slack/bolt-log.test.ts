import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boltLogger } from '../../../src/adapters/slack/bolt-log.ts';

function logged(say: (logger: ReturnType<typeof boltLogger>) => void): readonly string[] {
  const lines: string[] = [];
  say(boltLogger((level, line) => lines.push(`${level} ${line}`)));
  return lines;
}

for (const secret of [
  'xoxb-12-34-abcDEF',
  'xoxp-12-34-abcDEF',
  'xapp-1-A0-12-abc',
  'https://hooks.slack.com/commands/T0/1/abc',
  'wss://wss-primary.slack.com/link/?app_id=1&ticket=abc',
]) {
  test(`what opens a door is hidden wherever it stands: ${secret.slice(0, 12)}…`, () => {
    const lines = logged((logger) => {
      logger.error(new Error(`request to ${secret} failed`));
      logger.warn('token', secret, { toString: () => secret });
    });
    assert.equal(lines.length, 2);
    assert.doesNotMatch(lines.join(), /abc/);
    assert.match(lines.join(), /\[hidden\]/);
  });
}

test("Bolt's debug lines, which hold whole payloads, are never written", () => {
  assert.deepEqual(
    logged((logger) => logger.debug('{"trigger_id":"1"}')),
    [],
  );
});

test('how much is logged is not for Bolt to say, and no line is endless', () => {
  const [line = ''] = logged((logger) => {
    logger.setLevel('debug' as never);
    logger.info('x'.repeat(5_000));
  });
  assert.ok(line.length <= 1_010);
});
