import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackupModule, Part, PoolCondition, ServerCondition, ServiceSeen } from '../../src/domain/condition.ts';
import { judgeCondition } from '../../src/domain/preflight.ts';
import { PREFLIGHT_CHECKS } from '../../src/domain/preflight-finding.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import { aManagedPool, server } from '../support.ts';

const NOW = Date.parse('2026-03-03T22:00:00Z');
const DAY = hours(24);
const [fe1, fe2] = [server(1), server(2)];
const { fqdn: pool, backupPool } = aManagedPool();
const read = <Value>(value: Value): Part<Value> => ({ kind: 'read', value });
const unread: Part<never> = { kind: 'unread', because: 'access is denied' };

const running = (name: string): ServiceSeen => ({ name, state: 'Running', since: null });
const SERVICES = ['RTCSRV', 'FabricHostSvc', 'REPLICA', 'W3SVC'];
const GOOD: ServerCondition = {
  services: read(SERVICES.map(running)),
  events: read([]),
  ports: read([5061, 443, 4443, 5090].map((port) => ({ port: port as 443, open: true }))),
  restart: read([]),
  disks: read([{ root: 'C:\\', free: 40e9 }]),
  certificates: read([{ use: 'Default', ends: NOW + DAY * 300 }]),
  patchLevel: read('6.0.9319.598'),
};
const module = (name: string, exporting: string, importing = 'NormalState'): BackupModule => ({ name, exporting, importing });
const WELL: PoolCondition = {
  servers: [
    { server: fe1, seen: read(GOOD) },
    { server: fe2, seen: read(GOOD) },
  ],
  backup: read([
    module('UserServices.PresenceFocus', 'SteadyState'),
    module('ConfServices.DataConf', 'SteadyState'),
    module('CentralMgmt.CMSMaster', 'NotInitialized'),
  ]),
  holdsCms: read(false),
  replicas: read([
    { server: fe1, upToDate: true },
    { server: 'FE2.Contoso.com', upToDate: true },
  ]),
};
const judge = (condition: Partial<PoolCondition>, paired: typeof backupPool = pool) =>
  judgeCondition({ backupPool: paired, condition: { ...WELL, ...condition }, now: NOW });
/** What is found of fe1 beside a fe2 that lacks nothing; nothing that is OK. */
const foundOn = (found: Partial<ServerCondition>): readonly string[] =>
  judge({
    servers: [
      { server: fe1, seen: read({ ...GOOD, ...found }) },
      { server: fe2, seen: read(GOOD) },
    ],
  })
    .filter(({ mark }) => mark !== 'ok')
    .map(
      ({ mark, check, server: where, seen }) =>
        `${mark} ${check}${where === null ? '' : ` ${where === fe1 ? 'fe1' : where}`}: ${seen}`,
    );
const ofPool = (condition: Partial<PoolCondition>, paired: typeof backupPool = pool): readonly string[] =>
  judge(condition, paired)
    .filter(({ mark }) => mark !== 'ok')
    .map(({ mark, check, seen }) => `${mark} ${check}: ${seen}`);

test('a pool that lacks nothing is OK in every check', () => {
  const findings = judge({});
  assert.ok(findings.every(({ mark, cure }) => mark === 'ok' && cure === null));
  assert.deepEqual(new Set(findings.map(({ check }) => check)), new Set(PREFLIGHT_CHECKS));
});

const services = (name: string, state: string, since: number | null = null): Partial<ServerCondition> => ({
  services: read(SERVICES.map((each) => (each === name ? { name, state, since } : running(each)))),
});
const event = (id: number, text = '', times = 1): Partial<ServerCondition> => ({
  events: read(Array.from({ length: times }, (_, index) => ({ id, at: NOW - minutes(index), text }))),
});
const disk = (free: number): Partial<ServerCondition> => ({ disks: read([{ root: 'C:\\', free }]) });
const certificate = (ends: number | null): Partial<ServerCondition> => ({ certificates: read([{ use: 'Default', ends }]) });
/** The words of event 32174, from the posts about such nights. */
const PLACING = 'Number of groups potentially not yet placed: 2\nTotal number of groups: 3';

const ON_A_SERVER: readonly (readonly [found: Partial<ServerCondition>, ...lines: readonly string[]])[] = [
  [services('RTCSRV', 'Stopped'), 'bad services fe1: RTCSRV is Stopped'],
  [services('FabricHostSvc', 'Stop Pending'), 'bad services fe1: FabricHostSvc is Stop Pending'],
  [services('W3SVC', ''), 'unknown services fe1: W3SVC has no state'],
  [services('REPLICA', 'Start Pending'), 'look services fe1: REPLICA is Starting, nobody knows since when'],
  [services('RTCSRV', 'Start Pending', NOW - hours(1)), 'look services fe1: RTCSRV is Starting for 60 minutes'],
  [services('RTCSRV', 'Start Pending', NOW - hours(1) - 1), 'bad services fe1: RTCSRV is Starting for 60 minutes'],
  [services('RTCSRV', 'Start Pending', NOW - hours(48)), 'bad services fe1: RTCSRV is Starting for 2880 minutes'],
  [{ services: read(SERVICES.slice(1).map(running)) }, 'unknown services fe1: RTCSRV is not listed'],
  [{ services: unread }, 'unknown services fe1: not read (access is denied)'],
  [event(32169), 'bad events fe1: 32169 waits for quorum to start'],
  [event(32163), 'bad events fe1: 32163 lost its pool manager'],
  [event(32170, '', 3), 'bad events fe1: 32170 no connection to its pool manager, 3 times'],
  [event(32173), 'bad events fe1: 32173 shut down, fabric not initialised'],
  [event(32174, PLACING), 'look events fe1: 32174 routing groups not placed 2 of 3'],
  [event(32174, 'im Aufbau'), 'look events fe1: 32174 routing groups not placed'],
  [event(61029), 'bad events fe1: 61029 invalid certificate'],
  [event(1), 'look events fe1: 1 not one that was asked for'],
  [{ events: unread }, 'unknown events fe1: not read (access is denied)'],
  [
    {
      ports: read([
        { port: 5061, open: true },
        { port: 443, open: false },
        { port: 5090, open: false },
      ]),
    },
    'bad ports fe1: TCP 443, 5090 closed',
  ],
  [{ ports: read([]) }, 'unknown ports fe1: no port was tried'],
  [{ ports: unread }, 'unknown ports fe1: not read (access is denied)'],
  [{ restart: read(['Windows Update']) }, 'bad pending-restart fe1: restart pending: Windows Update'],
  [{ restart: unread }, 'unknown pending-restart fe1: not read (access is denied)'],
  [disk(0), 'bad disk fe1: 0.0 GB free on C:\\'],
  [disk(4_999_999_999), 'bad disk fe1: 4.9 GB free on C:\\'],
  [disk(5e9), 'look disk fe1: 5.0 GB free on C:\\'],
  [disk(9_999_999_999), 'look disk fe1: 9.9 GB free on C:\\'],
  [disk(10e9)],
  [{ disks: read([]) }, 'unknown disk fe1: no disk is listed'],
  [certificate(NOW), 'bad certificates fe1: Default ended on 2026-03-03'],
  [certificate(NOW + 1), 'bad certificates fe1: Default ends in 0 days, on 2026-03-03'],
  [certificate(NOW + DAY * 7 - 1), 'bad certificates fe1: Default ends in 6 days, on 2026-03-10'],
  [certificate(NOW + DAY * 7), 'look certificates fe1: Default ends in 7 days, on 2026-03-10'],
  [certificate(NOW + DAY * 30)],
  [certificate(null), 'unknown certificates fe1: Default: its end is not known'],
  [{ certificates: read([]) }, 'bad certificates fe1: none is assigned'],
  [{ patchLevel: read(null) }, 'unknown patch-levels: this product cannot tell'],
  [{ patchLevel: unread }, 'unknown patch-levels fe1: not read (access is denied)'],
  [{ patchLevel: read('6.0.9319.102') }, 'look patch-levels: they differ: fe1 6.0.9319.102; fe2 6.0.9319.598'],
];
for (const [found, ...lines] of ON_A_SERVER)
  test(`on a server: ${lines[0] ?? `well: ${JSON.stringify(found)}`}`, () => assert.deepEqual(foundOn(found), lines));

const backup = (name: string, exporting: string, importing = 'NormalState'): Partial<PoolCondition> => ({
  backup: read([module(name, exporting, importing)]),
});
const FOCUS = 'UserServices.PresenceFocus';
const MASTER = 'CentralMgmt.CMSMaster';
const OF_A_POOL: readonly (readonly [condition: Partial<PoolCondition>, ...lines: readonly string[]])[] = [
  [backup(FOCUS, 'SteadyState')],
  [backup(FOCUS, 'NonSteadyState'), `look backup-service: ${FOCUS}: NonSteadyState, NormalState`],
  [backup(FOCUS, 'FinalState'), `look backup-service: ${FOCUS}: FinalState, NormalState`],
  [backup(FOCUS, 'ErrorState'), `bad backup-service: ${FOCUS}: ErrorState, NormalState`],
  [backup(FOCUS, 'SteadyState', 'ErrorState'), `bad backup-service: ${FOCUS}: SteadyState, ErrorState`],
  [backup(FOCUS, 'NotInitialized'), `bad backup-service: ${FOCUS}: NotInitialized, NormalState`],
  [backup(FOCUS, 'Sleeping'), `unknown backup-service: ${FOCUS}: Sleeping, NormalState`],
  [backup(FOCUS, 'SteadyState', ''), `unknown backup-service: ${FOCUS}: SteadyState, `],
  [backup(MASTER, 'NotInitialized')],
  [
    { ...backup(MASTER, 'NotInitialized'), holdsCms: read(true) },
    `bad backup-service: ${MASTER}: NotInitialized, NormalState, and this pool holds the CMS`,
  ],
  [
    { ...backup(MASTER, 'NotInitialized'), holdsCms: unread },
    `unknown backup-service: ${MASTER}: NotInitialized, NormalState; who holds the CMS: not read (access is denied)`,
  ],
  [{ backup: read([]) }, 'unknown backup-service: no module is listed'],
  [{ backup: unread }, 'unknown backup-service: not read (access is denied)'],
  [{ replicas: unread }, 'unknown replication: not read (access is denied)'],
  [
    { replicas: read([{ server: fe1, upToDate: false }]) },
    'bad replication: not up to date',
    'unknown replication: not among the replicas',
  ],
];
for (const [condition, ...lines] of OF_A_POOL)
  test(`of a pool: ${lines[0] ?? `well: ${JSON.stringify(condition)}`}`, () => assert.deepEqual(ofPool(condition), lines));

test('where fewer than three of a pool run, it says what not to begin; who did not answer may run', () => {
  const three = (...states: readonly (string | null)[]) =>
    ofPool({
      servers: states.map((state, index) => {
        const services = read([{ name: 'RTCSRV', state: state ?? '', since: null }, ...SERVICES.slice(1).map(running)]);
        return { server: server(index + 1), seen: state === null ? unread : read({ ...GOOD, services }) };
      }),
    }).filter((line) => line.includes('fewer than'));
  assert.deepEqual(three('Running', 'Running', 'Stopped'), ['look services: fewer than 3 servers run RTCSRV']);
  assert.deepEqual(three('Running', 'Running', null), []);
  assert.deepEqual(three('Running', 'Running', 'Running', 'Stopped'), []);
  assert.deepEqual(three('Running', 'Stopped'), [], 'a pool of two cannot follow the advice');
});

test('the backup service of a pool without a backup pool is not waited for', () =>
  assert.deepEqual(ofPool({ backup: unread, holdsCms: unread }, null), []));

test('a server that does not answer is not known, and no finding of it is OK', () => {
  const findings = judge({
    servers: [
      { server: fe1, seen: unread },
      { server: fe2, seen: read(GOOD) },
    ],
    replicas: unread,
  });
  assert.deepEqual(
    findings.filter((each) => each.server === fe1).map(({ mark, check, seen }) => [mark, check, seen]),
    [['unknown', 'answers', 'no answer (access is denied)']],
  );
});

test('the worst stands first: bad, not known, to be looked at, OK', () => {
  const found = { ...GOOD, ...disk(1e9), events: unread, ...certificate(NOW + DAY * 20) };
  const marks = judge({ servers: [{ server: fe1, seen: read(found) }] }).map(({ mark }) => mark);
  assert.deepEqual([...new Set(marks)], ['bad', 'unknown', 'look', 'ok']);
  assert.deepEqual(
    marks,
    marks.toSorted((left, right) => ORDER.indexOf(left) - ORDER.indexOf(right)),
  );
});
const ORDER = ['bad', 'unknown', 'look', 'ok'];
