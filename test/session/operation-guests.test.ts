import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from '../../src/session/file.ts';
import { Session, type SessionOptions } from '../../src/session/session.ts';
import { terminalChat } from '../../src/session/terminal-chat.ts';
import { OperationNight } from './operation-night.ts';

const PAIR = [
  '! pool pool01 version 2015 servers 3 domains fe1|fe2|fe3 paired pool02',
  '! pool pool02 version 2015 servers 3 domains fe11|fe12|fe13 paired pool01',
];

async function tickedIn(requests: readonly string[]): Promise<readonly string[]> {
  const night = new OperationNight(PAIR, null);
  await night.pass(requests);
  assert.equal(night.operation.ended?.ending.how, 'done');
  const last = night.events.slice(night.events.findLastIndex(({ kind }) => kind === 'requested'));
  const [look] = last.flatMap((event) => (event.kind === 'looked' ? [event.sighting] : []));
  return [String(look?.leftRunning), ...last.flatMap((event) => (event.kind === 'ticked' ? [event.check] : []))];
}

test('a pool that has the users of another one is failed over only when somebody lets that stand by name', async () => {
  const ticked = await tickedIn(['failover pool01', 'failover pool02']);
  assert.deepEqual(ticked, ['the users of pool01 are here, failed over', 'nothing-under-way', 'edge-next-hop']);
});

test('once they are home again there is nothing to let stand', async () => {
  assert.deepEqual(await tickedIn(['failover pool01', 'failback pool01', 'failover pool02']), ['null', 'edge-next-hop']);
});

/** What is called, and what is held, when these lines are said. */
async function calledAfter(lines: readonly string[]): Promise<readonly string[]> {
  const told: string[] = [];
  const happened: SessionOptions['audience']['happened'] = (event) => {
    if (event.kind === 'effect') told.push(`${event['cmdlet']} ${event['server']}`);
    if (event.kind === 'journal' && event['type'] === 'held') told.push(`held ${event['pool']}`);
  };
  const session = new Session({ through: null, chat: terminalChat(), audience: { happened, saw: () => {}, log: () => {} } });
  for (const name of ['dana', 'omar', 'eve']) session.world.meet(name);
  for (const line of ['! seed 5', ...PAIR, ...lines]) await session.play(parseLine(line, 0));
  await session.close();
  return told;
}

test('of two pools that are each to be failed over to the other the one asked for first goes, and its yes stays good', async () => {
  const both = [
    '@dana failover pool01',
    '@dana tick edge-next-hop pool01',
    '@eve failover pool02',
    '@eve tick edge-next-hop pool02',
  ];
  assert.deepEqual(await calledAfter([...both, '+2m', '@omar approve', '+5m']), ['Invoke-CsPoolFailOver fe1']);
  const later = await calledAfter([
    ...both,
    '+2m',
    '@omar approve',
    '+1h',
    '@eve tick nothing-under-way pool02',
    '@omar approve',
    '+5m',
  ]);
  assert.deepEqual(later, ['Invoke-CsPoolFailOver fe1', 'Invoke-CsPoolFailOver fe11']);
});
