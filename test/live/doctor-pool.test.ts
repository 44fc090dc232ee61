import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { CallAnswer } from '../../src/adapters/powershell/calls.ts';
import type { Readings } from '../../src/adapters/powershell/examine.ts';
import { parseServerFqdn, type ServerFqdn, shortName } from '../../src/domain/pool.ts';
import { doctorPool, type PoolDoctorOptions, resolveHere } from '../../src/live/doctor-pool.ts';
import { GOOD, NOW } from '../adapters/powershell/examinations.ts';
import { BACKUP_POOL, POOL } from '../adapters/scripted-pool.ts';

const serverOf = (name: string): ServerFqdn => parseServerFqdn(`${name}.contoso.com`) ?? assert.fail(name);
const SIX = ['fe01', 'fe02', 'fe03', 'fe04', 'fe05', 'fe06'].map(serverOf);

const answered = (value: unknown): CallAnswer => ({ kind: 'value', value, warnings: [], verbose: [], on: null, raw: '' });
const FABRIC = {
  text: [
    `Fabric state of pool ${POOL}`,
    `Routing group rg-1: primary ${SIX[0]}, secondaries none`,
    `Server ${SIX[0]}: OK, UP`,
  ].join('\n'),
};

/** What a good server says to each script. */
function says(server: ServerFqdn | null, script: string, topology: readonly ServerFqdn[]): unknown {
  switch (script) {
    case 'computers.ps1':
      return { computers: topology, pool: topology };
    case 'machine.ps1':
      return { host: shortName(server ?? assert.fail()), domain: 'contoso.com' };
    case 'fabric.ps1':
      return FABRIC;
    case 'backup-pool.ps1':
      return { relations: [{ properties: [{ name: 'BackupPoolFqdn', value: BACKUP_POOL }] }], failed: null };
    case 'examine.ps1':
      return { ...GOOD, began: NOW, ended: NOW };
    default:
      return assert.fail(script);
  }
}

const good = (topology: readonly ServerFqdn[]): Readings => ({
  read: async (_pool, server, { script }) => answered(says(server, script, topology)),
});

async function doctor(calls: Readings, others: Partial<PoolDoctorOptions> = {}) {
  const lines: string[] = [];
  const code = await doctorPool({
    pool: {
      fqdn: POOL,
      version: '2015',
      procedure: 'upgrade-domains',
      patchMode: 'by-hand',
      hooks: { before: false, after: false },
      backupPool: BACKUP_POOL,
      patchCommand: null,
      hookCommands: { before: null, after: null },
    },
    reachedBy: 'ssh',
    configured: SIX.slice(0, 2),
    hostOf: (server) => server,
    calls,
    resolve: async () => ({ kind: 'resolved', addresses: ['10.0.0.1'] }),
    now: () => NOW,
    out: (line) => lines.push(line),
    ...others,
  });
  return { code, lines };
}

test('a pool that lacks nothing is told of from its configuration to its last server, and the code is 0', async () => {
  const { code, lines } = await doctor(good(SIX));
  assert.equal(code, 0, lines.filter((line) => line.startsWith('BAD')).join('\n'));
  assert.deepEqual(lines.slice(0, 3), [
    'ok    pool01.contoso.com: version 2015, upgrade-domains, patched by-hand, reached by ssh (fe01, fe02)',
    'ok    topology, asked of fe01: fe01, fe02, fe03, fe04, fe05, fe06',
    'ok    fe01: fe01.contoso.com leads to 10.0.0.1',
  ]);
  assert.deepEqual([...new Set(lines.slice(2).map((line) => line.slice(6, 10)))], SIX.map(shortName));
});

test('servers are examined at the same time, four at most, and told of in topology order however long each takes', async () => {
  const order: string[] = [];
  const waiting: { readonly server: ServerFqdn; go(): void }[] = [];
  const calls: Readings = {
    read: async (_pool, server, { script }) => {
      if (script === 'machine.ps1' && server !== null) {
        const turn = Promise.withResolvers<void>();
        waiting.push({ server, go: turn.resolve });
        await turn.promise;
      }
      if (script === 'examine.ps1') order.push(shortName(server ?? assert.fail()));
      return answered(says(server, script, SIX));
    },
  };
  const done = doctor(calls);
  const most: number[] = [];
  while (order.length < SIX.length) {
    await setImmediate();
    most.push(waiting.length);
    // The last that came is the first that goes on.
    waiting.pop()?.go();
  }
  const { code, lines } = await done;
  assert.equal(code, 0);
  assert.equal(Math.max(...most), 4);
  assert.notDeepEqual(order, SIX.map(shortName));
  assert.deepEqual([...new Set(lines.slice(2).map((line) => line.slice(6, 10)))], SIX.map(shortName));
});

test('one server that does not answer is bad by itself: the others are told of as ever, and the code is 1', async () => {
  const calls = good(SIX.slice(0, 3));
  const { code, lines } = await doctor({
    read: async (pool, server, entry, values) =>
      server === SIX[1]
        ? { kind: 'not-asked', because: 'Connection refused', reason: 'unreachable' }
        : calls.read(pool, server, entry, values),
  });
  assert.equal(code, 1);
  assert.deepEqual(
    lines.filter((line) => line.startsWith('BAD')),
    ['BAD   fe02: no answer over ssh (Connection refused): look at its firewall, and whether it listens'],
  );
  assert.ok(lines.filter((line) => line.startsWith('ok    fe03: ')).length > 10);
});

test('the next configured server is asked for the topology, and a configured one that is not in it is told of', async () => {
  const calls = good(SIX.slice(1, 4));
  const { code, lines } = await doctor({
    read: async (pool, server, entry, values) =>
      server === SIX[0]
        ? { kind: 'lost', because: 'PowerShell\nended', timedOut: false, on: server, raw: '' }
        : calls.read(pool, server, entry, values),
  });
  assert.equal(code, 1);
  assert.deepEqual(lines.slice(1, 3), [
    'ok    topology, asked of fe02: fe02, fe03, fe04',
    'BAD   fe01.contoso.com is not in the topology of pool01: take it out of the pools file',
  ]);
  assert.ok(!lines.some((line) => line.includes(' fe01: ')), 'a server of no pool of ours is left alone');
});

test('when nobody can tell the topology, the configured servers are examined and each says why', async () => {
  const { code, lines } = await doctor({ read: async () => ({ kind: 'not-asked', because: 'no route', reason: 'unreachable' }) });
  assert.equal(code, 1);
  assert.equal(lines[1], 'BAD   topology: not read (fe01: no route; fe02: no route): see what is said of each server');
  assert.deepEqual(
    lines.filter((line) => line.includes('no answer over ssh')).map((line) => line.slice(6, 10)),
    ['fe01', 'fe02'],
  );
  const none = await doctor({ read: () => assert.fail() }, { configured: [] });
  assert.deepEqual(
    [none.code, none.lines.at(-1)],
    [1, 'BAD   topology: not read (no server is configured): see what is said of each server'],
  );
});

test('what cannot be told here is nothing bad', async () => {
  const calls = good(SIX.slice(0, 2));
  const { code, lines } = await doctor({
    read: async (pool, server, entry, values) => {
      const answer = await calls.read(pool, server, entry, values);
      if (entry.script !== 'examine.ps1' || answer.kind !== 'value') return answer;
      return answered({ ...GOOD, began: NOW, ended: NOW, windows: false, rights: null, unread: { rights: 'it is no Windows' } });
    },
  });
  assert.equal(code, 0);
  assert.ok(lines.includes('ask   fe01: rights of the account (it is no Windows): cannot be told here'));
});

test('a server is looked up by the name or address that it is reached at, and asked for the file of each configured command', async () => {
  const looked: string[] = [];
  const files: unknown[] = [];
  const calls = good(SIX.slice(0, 2));
  const [file, lb] = ['D:\\Updates\\patch.exe', 'D:\\lb.exe'];
  const { lines } = await doctor(
    {
      read: async (pool, server, entry, values) => {
        if (entry.script !== 'examine.ps1') return calls.read(pool, server, entry, values);
        const { Files } = values as { Files: readonly string[] };
        files.push(Files);
        return answered({ ...GOOD, began: NOW, ended: NOW, files: Files.map((each) => ({ file: each, there: each !== lb })) });
      },
    },
    {
      pool: {
        fqdn: POOL,
        version: '2015',
        procedure: 'upgrade-domains',
        patchMode: 'by-command',
        hooks: { before: true, after: true },
        backupPool: BACKUP_POOL,
        patchCommand: { file, arguments: [] },
        hookCommands: { before: { file: lb, arguments: ['out'] }, after: { file: lb, arguments: ['in'] } },
      },
      hostOf: (server) => (server === SIX[0] ? '192.0.2.1' : server),
      resolve: async (host) => {
        looked.push(host);
        return { kind: 'resolved', addresses: [host] };
      },
    },
  );
  assert.deepEqual(
    [looked, files],
    [
      ['192.0.2.1', SIX[1]],
      [
        [lb, file],
        [lb, file],
      ],
    ],
  );
  const copy = 'copy it to the server, on a disk of its own: a share is not reached from there';
  assert.deepEqual(
    lines.filter((line) => line.includes('fe01: the file of')),
    [
      `BAD   fe01: the file of the hook before is not there: ${lb}: ${copy}`,
      `ok    fe01: the file of the patch command is there: ${file}`,
      `BAD   fe01: the file of the hook after is not there: ${lb}: ${copy}`,
    ],
  );
});

test('a name leads where this machine says, or nowhere', async () => {
  assert.deepEqual(await resolveHere('127.0.0.1'), { kind: 'resolved', addresses: ['127.0.0.1'] });
  const none = await resolveHere('no..such..machine');
  assert.match(none.kind === 'unresolved' ? none.because : '', /no\.\.such/);
});
