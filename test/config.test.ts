import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { VARIABLES } from '../src/config/environment.ts';
import { readConfig } from '../src/config.ts';
import { mayDo, peopleWith } from '../src/domain/inventory.ts';
import { personId } from '../src/domain/pool.ts';
import { configured, faults, onlyPool, PEOPLE, poolsFile } from './config/samples.ts';

test('without a pools file it is the demo, with nothing to keep', () => {
  const config = readConfig({}, () => assert.fail('nothing to read'), 'linux');
  assert.deepEqual(config, {
    kind: 'configured',
    poolsFile: null,
    pools: [],
    people: new Map(),
    person: null,
    typedPersonas: true,
    storeFile: null,
    databaseUrl: null,
    health: null,
    slack: null,
    teams: null,
    powershell: { ssh: 'pwsh', others: 'pwsh' },
    logLevel: 'warn',
  });
});

test('an empty variable is one that nobody has set', () => {
  const empty = Object.fromEntries(VARIABLES.map((name) => [name, ' ']));
  assert.deepEqual(
    readConfig(empty, () => '', 'linux'),
    readConfig({}, () => '', 'linux'),
  );
});

test('pools over SSH and on this machine may stand beside each other, and WinRM is for Windows', () => {
  const rights = '{dana: [view, operate], omar: [approve]}';
  const ssh =
    '{kind: ssh, user: "CONTOSO\\\\svc$", servers: [FE1.contoso.com], key: /etc/lifeguard/key, port: 2222, addresses: {FE1.contoso.com: 10.0.0.1}}';
  const local = '{kind: local, server: fe9.contoso.com}';
  const winrm = '{kind: winrm, servers: [fe2.contoso.com], configuration: Lifeguard}';
  const text = poolsFile(
    { connection: ssh, rights },
    { fqdn: 'pool02.contoso.com', connection: local, rights },
    { fqdn: 'pool03.contoso.com', connection: winrm, rights },
  );
  const config = readConfig({ LIFEGUARD_POOLS: 'p', LIFEGUARD_PERSON: 'dana' }, () => text, 'win32');
  assert.deepEqual(config.kind === 'configured' && config.pools.map(({ connection }) => connection), [
    {
      kind: 'ssh',
      user: 'CONTOSO\\svc$',
      servers: ['fe1.contoso.com'],
      key: '/etc/lifeguard/key',
      port: 2222,
      addresses: [['fe1.contoso.com', '10.0.0.1']],
    },
    { kind: 'local', server: 'fe9.contoso.com' },
    { kind: 'winrm', servers: ['fe2.contoso.com'], configuration: 'Lifeguard', ssl: false, addresses: [] },
  ]);
  assert.match(
    JSON.stringify(readConfig({ LIFEGUARD_POOLS: 'p', LIFEGUARD_PERSON: 'dana' }, () => text, 'linux')),
    /from here take/,
  );
});

test('PowerShell is the one that the machine has, unless one is named', () => {
  const powershell = (platform: NodeJS.Platform, env = {}) => {
    const config = readConfig(env, () => '', platform);
    return config.kind === 'configured' ? config.powershell : null;
  };
  assert.deepEqual(powershell('win32'), { ssh: 'pwsh', others: 'powershell.exe' });
  assert.deepEqual(powershell('linux'), { ssh: 'pwsh', others: 'pwsh' });
  const named = 'D:\\pwsh.exe';
  assert.deepEqual(powershell('win32', { LIFEGUARD_POWERSHELL: named }), { ssh: named, others: named });
});

test('a pool with nothing said has the careful defaults', () => {
  const { revision, ...pool } = onlyPool(poolsFile({}));
  assert.match(revision, /^[0-9a-f]{12}$/);
  assert.deepEqual(pool, {
    fqdn: 'pool01.contoso.com',
    aliases: [],
    version: '2013',
    procedure: 'upgrade-domains',
    backupPool: null,
    patchMode: 'by-hand',
    hooks: { before: false, after: false },
    approvalsNeeded: 1,
    changeTicket: null,
    rights: new Map([
      ['dana', new Set(['view', 'operate', 'approve'])],
      ['omar', new Set(['approve'])],
    ]),
    called: ['dana'],
    timeZone: 'UTC',
    simulated: true,
    connection: { kind: 'simulated', upgradeDomains: [['fe1.contoso.com'], ['fe2.contoso.com']] },
    patchCommand: null,
    hookCommands: { before: null, after: null },
    slackChannels: [],
    teamsConversations: [],
  });
});

test('a real pool with everything said', () => {
  const text = poolsFile({
    fqdn: 'POOL01.Contoso.com',
    aliases: '[London, hq]',
    version: '"2015"',
    connection: '{kind: local, server: FE1.contoso.com}',
    backupPool: 'pool02.contoso.com',
    patch: "{command: 'C:\\Patches\\update.exe', arguments: [/silentmode]}",
    approvals: '2',
    rights: '{Dana: [view, operate], omar: [approve], kim: [approve]}',
    call: '[omar]',
    slack: '{channels: [C024BE91L, c0FALLBACK]}',
    timeZone: 'Europe/London',
  });
  const config = configured(text, { LIFEGUARD_PERSON: 'DANA', LIFEGUARD_STORE: 'D:\\record.db', LOG_LEVEL: 'Debug' });
  assert.deepEqual(
    [config.person, config.typedPersonas, config.storeFile, config.logLevel],
    ['dana', false, 'D:\\record.db', 'debug'],
  );
  assert.deepEqual(
    [...config.people],
    [
      ['dana', { name: 'Dana', slack: [], slackGroup: null, teams: [] }],
      ['omar', { name: null, slack: [], slackGroup: null, teams: [] }],
      ['kim', { name: null, slack: [], slackGroup: null, teams: [] }],
    ],
  );
  const [pool] = config.pools;
  assert.ok(pool);
  assert.deepEqual(
    [pool.fqdn, pool.aliases, pool.version, pool.simulated],
    ['pool01.contoso.com', ['london', 'hq'], '2015', false],
  );
  assert.deepEqual(pool.connection, { kind: 'local', server: 'fe1.contoso.com' });
  assert.deepEqual(pool.patchCommand, { file: 'C:\\Patches\\update.exe', arguments: ['/silentmode'] });
  assert.deepEqual([pool.patchMode, pool.approvalsNeeded, pool.backupPool], ['by-command', 2, 'pool02.contoso.com']);
  assert.deepEqual([pool.slackChannels, pool.called, pool.timeZone], [['C024BE91L', 'C0FALLBACK'], ['omar'], 'Europe/London']);
  assert.deepEqual(peopleWith(pool, 'approve'), ['omar', 'kim']);
  assert.equal(mayDo(pool, personId('dana'), 'operate'), true);
  assert.equal(mayDo(pool, personId('dana'), 'approve'), false);
});

test('an empty list of rights means nobody, and a pool nobody operates needs no approvers', () => {
  const pool = onlyPool(poolsFile({ rights: '{dana: []}' }));
  assert.deepEqual(peopleWith(pool, 'view'), []);
  onlyPool(poolsFile({ rights: '{}', approvals: '3' }));
});

test('personas are typed only while every pool is simulated, and simulated pools stand beside no real one', () => {
  const local = '{kind: local, server: fe9.contoso.com}';
  assert.equal(configured(poolsFile({})).typedPersonas, true);
  assert.equal(configured(poolsFile({ connection: local }), { LIFEGUARD_PERSON: 'dana' }).typedPersonas, false);
  assert.deepEqual(faults(poolsFile({ connection: local })), [
    'environment: LIFEGUARD_PERSON is missing: pool01.contoso.com is real, so the terminal must speak as one of the people',
  ]);
  const beside = faults(poolsFile({}, { fqdn: 'pool02.contoso.com', connection: local }));
  assert.ok(
    beside.some((fault) => fault.includes('they do not stand beside real ones')),
    beside.join('\n'),
  );
});

test('the revision is another as soon as the meaning is, and only then', () => {
  const revision = (text: string) => onlyPool(text).revision;
  const before = revision(poolsFile({}));
  const same = [
    poolsFile({ approvals: '1', patch: 'by-hand', timeZone: 'UTC', version: '"2013"' }),
    poolsFile({ rights: '{OMAR: [approve], dana: [approve, operate, view, view]}' }),
    poolsFile({ fqdn: 'POOL01.contoso.com # the old one' }),
    // The watch starts nothing: a yes that was given stays one.
    poolsFile({ watch: '{every: 10m}' }),
    poolsFile({ watch: "{every: 2h, quietHours: '22:00-06:00', examineEvery: 1h}" }),
  ];
  for (const text of same) assert.equal(revision(text), before, text);
  const changed = [
    { fqdn: 'pool09.contoso.com' },
    { aliases: '[hq]' },
    { version: '2015' },
    { connection: '{kind: simulated, upgradeDomains: [[fe2.contoso.com], [fe1.contoso.com]]}' },
    { backupPool: 'pool02.contoso.com' },
    { patch: '{command: /opt/patch}' },
    { patch: '{command: /opt/patch, arguments: [now]}' },
    { rights: '{dana: [view, operate], omar: [approve]}' },
    { rights: '{dana: [operate, approve], omar: [approve], kim: [approve]}', approvals: '2' },
    { hooks: '{before: {command: /opt/lb}}' },
    { hooks: '{before: {command: /opt/lb, arguments: [out]}}' },
    { hooks: '{after: {command: /opt/lb}}' },
    { hooks: '{before: {command: /opt/lb}, after: {command: /opt/lb}}' },
    { changeTicket: 'CHG[0-9]{7}' },
    { call: '[omar]' },
    { slack: '{channels: [C024BE91L]}' },
    { teams: "{conversations: ['19:ops@thread.tacv2']}" },
    { teams: "{conversations: ['19:OPS@thread.tacv2']}" },
    { timeZone: 'Europe/London' },
  ];
  const revisions = changed.map((change) => revision(poolsFile(change)));
  assert.equal(new Set([before, ...revisions]).size, changed.length + 1);
});

test('a pool has the hooks that are said, one of them alone too', () => {
  const lb = { file: 'C:\\Tools\\lb.exe', arguments: [] };
  for (const [said, hooks, hookCommands] of [
    ["{before: {command: 'C:\\Tools\\lb.exe'}}", { before: true, after: false }, { before: lb, after: null }],
    ["{after: {command: 'C:\\Tools\\lb.exe'}}", { before: false, after: true }, { before: null, after: lb }],
    [
      "{before: {command: 'C:\\Tools\\lb.exe', arguments: [out, '10']}, after: {command: 'C:\\Tools\\lb.exe'}}",
      { before: true, after: true },
      { before: { ...lb, arguments: ['out', '10'] }, after: lb },
    ],
  ] as const) {
    const pool = onlyPool(poolsFile({ hooks: said }));
    assert.deepEqual([pool.hooks, pool.hookCommands], [hooks, hookCommands]);
  }
});

test('a change ticket has to match as a whole, whether or not its pattern says so', () => {
  assert.equal(onlyPool(poolsFile({})).changeTicket, null);
  for (const pattern of ["'^CHG[0-9]{7}$'", "'CHG[0-9]{7}'"]) {
    const { changeTicket } = onlyPool(poolsFile({ changeTicket: pattern }));
    assert.deepEqual([changeTicket?.test('CHG0012345'), changeTicket?.test('CHG00123456')], [true, false]);
  }
});

test('a pool is looked at outside runs as often as is said, and not at all when nothing is', () => {
  assert.equal(onlyPool(poolsFile({})).watch, undefined);
  assert.deepEqual(onlyPool(poolsFile({ watch: '{every: 10m}' })).watch, { every: 600_000, quietHours: null });
  const { watch } = onlyPool(poolsFile({ watch: "{every: 2h, quietHours: '22:00-06:30'}" }));
  assert.deepEqual(watch, { every: 7_200_000, quietHours: { from: 1320, to: 390 } });
  const rarely = onlyPool(poolsFile({ watch: '{every: 10m, examineEvery: 7d}' })).watch;
  assert.deepEqual(rarely, { every: 600_000, quietHours: null, examineEvery: 604_800_000 });
});

test('an absolute path is one on Windows, in a share, or on the simulated pool of a Linux machine', () => {
  for (const command of ['C:\\a.exe', 'd:/a.exe', '\\\\files\\lync\\a.exe', '/opt/a']) {
    assert.equal(onlyPool(poolsFile({ patch: `{command: '${command}'}` })).patchCommand?.file, command);
  }
});

test('one block may be written once and referred to', () => {
  const text = `${PEOPLE}pools:\n  - {fqdn: a.contoso.com, version: 2013, procedure: upgrade-domains, connection: {kind: simulated, upgradeDomains: [[fe1.a.b]]}, rights: &team {dana: [operate], omar: [approve]}}
  - {fqdn: b.contoso.com, version: 2013, procedure: upgrade-domains, connection: {kind: simulated, upgradeDomains: [[fe2.a.b]]}, rights: *team}\n`;
  assert.deepEqual(
    configured(text).pools.map((pool) => peopleWith(pool, 'approve')),
    [['omar'], ['omar']],
  );
});

test('a person may be called by a number', () => {
  const text = poolsFile({ rights: '{1234: [view]}' }).replace('kim:', '1234:');
  assert.equal(mayDo(onlyPool(text), personId('1234'), 'view'), true);
});

test('a pools file that cannot be read is said to be just that', () => {
  const config = readConfig({ LIFEGUARD_POOLS: 'gone.yaml' }, () => {
    throw new Error('ENOENT: no such file');
  });
  assert.deepEqual(config, {
    kind: 'faults',
    faults: [{ file: 'gone.yaml', line: null, column: null, because: 'cannot be read: ENOENT: no such file' }],
  });
});

test('the demo refuses a mistyped variable too', () => {
  const config = readConfig({ LIFEGUARD_POLS: 'pools.yaml' }, () => assert.fail('nothing to read'));
  assert.equal(config.kind, 'faults');
});

const example = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

test('.env.example has every variable, each with a comment, and no other', () => {
  const lines = example('.env.example').split('\n');
  const variables = lines.flatMap((line, index) => {
    const [, name] = /^([A-Z_]+)=/.exec(line) ?? [];
    if (name === undefined) return [];
    assert.match(lines[index - 1] ?? '', /^# \w/, `${name} has no comment`);
    return [name];
  });
  assert.deepEqual(variables.toSorted(), VARIABLES.toSorted());
});

test('.env.example as it is starts the demo', () => {
  const env = Object.fromEntries(
    [...example('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
  assert.equal(readConfig(env, () => assert.fail('nothing to read')).kind, 'configured');
});

test('pools.example.yaml is accepted, and shows every key', () => {
  const text = example('pools.example.yaml');
  const config = configured(text, { LIFEGUARD_PERSON: 'dana' });
  assert.deepEqual(
    config.pools.map(({ simulated }) => simulated),
    [false],
  );
  const [pool] = parse(text).pools;
  const keys = [
    'fqdn',
    'aliases',
    'version',
    'procedure',
    'connection',
    'backupPool',
    'patch',
    'hooks',
    'approvals',
    'changeTicket',
    'rights',
    'call',
    'slack',
    'teams',
    'watch',
    'timeZone',
  ];
  assert.deepEqual(Object.keys(pool), keys);
});
