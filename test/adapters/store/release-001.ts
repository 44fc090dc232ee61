/**
 * A record as release 0.1.0 left it, before any later migration: two runs of pool01, of which the second is under way, and a
 * reading. In SQL that SQLite and PostgreSQL both take. Never changed, for records like this are out there.
 */
export const RELEASE_001: readonly string[] = [
  'create table "migrations" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null)',
  'create table "migrations_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null)',
  `insert into "migrations_lock" ("id", "is_locked") values ('migration_lock', 0)`,
  `insert into "migrations" ("name", "timestamp") values ('001-record', '2025-11-21T04:00:00.000Z')`,
  'create table "runs" ("run" integer primary key, "pool" text not null, "ended" integer not null)',
  'create unique index "one_active_run_per_pool" on "runs" ("pool") where "ended" = 0',
  `create table "journal" ("run" integer not null references "runs" ("run"), "seq" integer not null, "at" bigint not null,
    "kind" text not null, "body" text not null, constraint "journal_once" primary key ("run", "seq"))`,
  'create table "deliveries" ("id" text not null primary key, "at" bigint not null)',
  `create table "readings" ("pool" text not null, "seq" integer not null, "at" bigint not null, "body" text not null,
    constraint "readings_once" primary key ("pool", "seq"))`,
  'create table "looks" ("pool" text not null primary key, "body" text not null)',
  `create table "posted" ("key" text not null, "place" text not null, "message_id" text not null, "digest" text not null,
    constraint "posted_once" primary key ("key", "place"))`,
  'create table "alive" ("one" integer primary key, "at" bigint not null)',
  `insert into "runs" ("run", "pool", "ended") values (1, 'pool01.contoso.com', 1), (2, 'pool01.contoso.com', 0)`,
  `insert into "journal" ("run", "seq", "at", "kind", "body") values
    (1, 0, 1763690400000, 'requested', '{"kind":"requested","at":1763690400000}'),
    (1, 1, 1763690460000, 'ended', '{"kind":"ended","at":1763690460000}'),
    (2, 0, 1763690520000, 'requested', '{"kind":"requested","at":1763690520000}'),
    (2, 1, 1763690580000, 'held', '{"kind":"held","at":1763690580000}')`,
  `insert into "deliveries" ("id", "at") values ('D1', 1763690400000)`,
  `insert into "readings" ("pool", "seq", "at", "body") values
    ('pool01.contoso.com', 0, 1763690400000, '{"at":1763690400000,"state":"Busy","disturbedByUs":false,"raw":"Busy"}')`,
];
