/**
 * What a bot that is killed, frozen or cut off from its record does to a pool, with real processes and in some minutes:
 * `npm run harness`. The figures come last. Not for Windows, where nothing can be frozen.
 */
import assert from 'node:assert/strict';
import { after, describe, type TestContext, test } from 'node:test';
import { type Postgres, startPostgres } from '../database.ts';
import { everyYesCounts } from './approvals.ts';
import { diskFull, limitedFile, smallDisk } from './disk.ts';
import { databaseRestarted, leadersKilled } from './election.ts';
import { table } from './figures.ts';
import { frozenAlone, frozenLeader, MOMENTS } from './frozen.ts';
import { afterEveryEffect, atAnyTime, atEveryStep, beforeEveryEffect, betweenRecordAndEffect } from './kills.ts';
import { forgetFolders, newDatabase } from './records.ts';
import { SERVER_FAILOVER, UPGRADE_DOMAINS, type Way } from './walk.ts';

/** Bots that are killed all the time are started all the time, which takes a processor each. */
const KILLING_AT_ONCE = 3;

const [server, restarted] = await Promise.all([startPostgres(), startPostgres()]);

after(async () => {
  await Promise.all([server?.stop(), restarted?.stop()]);
  forgetFolders();
  process.stdout.write(`${table()}\n`);
});

const WAYS = [UPGRADE_DOMAINS, SERVER_FAILOVER];
const inTurn = (index: number): Way => (index % 2 === 0 ? UPGRADE_DOMAINS : SERVER_FAILOVER);

describe('no effect lost or doubled, no yes lost', { concurrency: true }, () => {
  describe('frozen for a minute', { concurrency: true }, () => {
    for (const [index, moment] of MOMENTS.entries()) {
      const way = inTurn(index);
      test(`${moment.name}, ${way.name}`, (t) => frozenAlone(t, way, moment));
    }
  });

  describe('one bot on SQLite', { concurrency: KILLING_AT_ONCE }, () => {
    for (const way of WAYS) {
      test(`killed at every step, ${way.name}`, (t) => atEveryStep(t, way));
      test(`killed at any time, ${way.name}`, (t) => atAnyTime(t, way));
      test(`killed before every effect, ${way.name}`, (t) => beforeEveryEffect(t, way));
      test(`killed between record and effect, ${way.name}`, (t) => betweenRecordAndEffect(t, way));
      test(`killed after every effect, ${way.name}`, (t) => afterEveryEffect(t, way));
      test(`killed after every yes, ${way.name}`, (t) => everyYesCounts(t, way));
    }
    test('disk full', (t) => fullDisk(t, UPGRADE_DOMAINS, smallDisk(t) ?? limitedFile()));
    test('file as large as it may be', (t) => fullDisk(t, SERVER_FAILOVER, limitedFile()));
  });

  if (server === null || restarted === null) withoutPostgres();
  else {
    describe('bots on PostgreSQL', { concurrency: 1 }, () => {
      test('two, the leader killed', (t) => leadersKilled(t, UPGRADE_DOMAINS, 2, server));
      test('three, the leader killed', (t) => leadersKilled(t, SERVER_FAILOVER, 3, server));
      test('two, the database restarted', (t) => databaseRestarted(t, SERVER_FAILOVER, restarted));
    });
    frozenLeaders(server);
  }
});

function frozenLeaders({ url }: Postgres): void {
  describe('two bots on PostgreSQL, the leader frozen for a minute', { concurrency: true }, () => {
    for (const [index, moment] of MOMENTS.entries()) {
      const way = inTurn(index + 1);
      test(`${moment.name}, ${way.name}`, async (t) => frozenLeader(t, way, moment, await newDatabase(url)));
    }
  });
}

/** Where no space can be taken away from a bot this was not tried, and that is said. */
async function fullDisk(t: TestContext, way: Way, disk: ReturnType<typeof smallDisk>): Promise<void> {
  if (disk === null) t.skip('NO DISK CAN BE FILLED HERE: neither mount nor prlimit works');
  else await diskFull(t, way, disk);
}

/** Where it is required that it is tried, a skip is a failure. */
function withoutPostgres(): void {
  const because = 'there is no PostgreSQL on this machine: apt-get install postgresql';
  const required = process.env['LIFEGUARD_REQUIRE_POSTGRES'] === '1';
  test('TWO AND THREE BOTS ARE NOT TRIED', { skip: required ? false : because }, () => assert.fail(because));
}
