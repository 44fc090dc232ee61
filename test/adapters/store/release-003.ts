import { RELEASE_001 } from './release-001.ts';

/**
 * A record as the last version without operations on whole pools left it: that of release 0.1.0, frozen since, with a pool
 * that is watched. In SQL that SQLite and PostgreSQL both take. Never changed, for records like this are out there.
 */
export const RELEASE_003: readonly string[] = [
  ...RELEASE_001,
  `insert into "migrations" ("name", "timestamp") values
    ('002-freeze', '2025-11-21T05:00:00.000Z'), ('003-watch', '2025-11-21T05:00:00.001Z')`,
  'create table "freeze" ("one" integer primary key, "frozen" integer not null, "body" text not null)',
  'create table "watches" ("pool" text not null primary key, "seq" integer not null, "body" text not null)',
  `insert into "freeze" ("one", "frozen", "body") values
    (1, 1, '{"by":"dana","at":1900000000000,"because":"café \\"drill\\" \\\\ \\n 😀"}')`,
  `insert into "watches" ("pool", "seq", "body") values ('pool01.contoso.com', 7, '{"lookedAt":1763690400000}')`,
];
