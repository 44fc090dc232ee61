import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '../../src/domain/time.ts';
import { cardText } from '../../src/messages/card.ts';
import { parseLine } from '../../src/session/file.ts';
import { Session } from '../../src/session/session.ts';
import { terminalChat } from '../../src/session/terminal-chat.ts';

/** A pool of three whose first domain settles since 22:10 or so, and everything the channel is shown from then on. */
async function settling(): Promise<{ session: Session; seen: string[] }> {
  const seen: string[] = [];
  const session = new Session({
    through: null,
    chat: terminalChat(),
    audience: { happened: () => {}, saw: (_at, card) => seen.push(cardText(card)), log: () => {} },
  });
  const lines = [
    '! seed 5',
    '! pool pool01 version 2013 servers 3 domains fe1|fe2|fe3',
    '@dana upgrade pool01',
    '@omar approve',
    '+6m',
    '@dana patched fe1',
    '+24m',
  ];
  for (const line of lines) await session.play(parseLine(line, 0));
  assert.ok(seen.some((text) => text.includes('settling: 20 minutes of Ready since')));
  return { session, seen: seen.splice(0) };
}

for (const [away, restarted] of [
  [4, false],
  [6, true],
] as const) {
  test(`nobody looked for ${away} minutes of the settle time: it ${restarted ? 'starts again, and says why' : 'goes on'}`, async () => {
    const { session } = await settling();
    const told: string[] = [];
    const asked = () => session.said().filter((text) => text.includes('take upgrade domain 2 down')).length;
    // The pool lives on while nobody drives the bot: the process was stopped, or the machine slept.
    session.world.moveTo(session.world.now() + minutes(away));
    await session.play(parseLine('+1m', 0));
    told.push(...session.said());
    assert.equal(
      told.some((text) => text.includes('nobody looked for more than 5 minutes')),
      restarted,
    );
    await session.play(parseLine('+18m', 0));
    assert.equal(asked() > 0, !restarted, 'the next domain is asked for');
    await session.play(parseLine('+5m', 0));
    assert.ok(asked() > 0);
    await session.close();
  });
}
