import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallAnswer } from '../../../src/adapters/powershell/calls.ts';
import type { Examination } from '../../../src/adapters/powershell/decode-examination.ts';
import { examineServer, judgeExamination, type Readings } from '../../../src/adapters/powershell/examine.ts';
import { findingLine, inOneLine } from '../../../src/adapters/powershell/finding.ts';
import type { Expected } from '../../../src/adapters/powershell/judge-product.ts';
import { parsePoolFqdn } from '../../../src/domain/pool.ts';
import { FE1, POOL } from '../scripted-pool.ts';
import { DAY, EXPECTED, factsWith, GOOD, INSTALLER, NOW } from './examinations.ts';

const linesOf = (facts: Parameters<typeof judgeExamination>[0], expected: Expected = EXPECTED): readonly string[] =>
  judgeExamination(facts, expected).map(findingLine);

test('a server that lacks nothing is told of in one order, every line ok', () => {
  assert.deepEqual(linesOf(factsWith({})), [
    'ok    fe01: fe01.contoso.com leads to 10.0.0.1',
    'ok    fe01: answers over ssh',
    'ok    fe01: it is fe01.contoso.com that answers',
    'ok    fe01: PowerShell 5.1.14393.7254',
    'ok    fe01: language mode FullLanguage',
    'ok    fe01: execution policy RemoteSigned (Process)',
    'ok    fe01: module SkypeForBusiness 6.0.9319.0',
    'ok    fe01: Skype for Business Server 2015 (6.0.9319), as configured',
    'ok    fe01: procedure upgrade-domains is documented for it',
    'ok    fe01: all 23 scripts find their cmdlets and parameters',
    'ok    fe01: CONTOSO\\svc-lifeguard$ is an administrator of the server',
    'ok    fe01: CONTOSO\\svc-lifeguard$ is in RTCUniversalServerAdmins',
    "ok    fe01: clock: within 1 s of the bot's",
    'ok    fe01: 40.0 GB free on C:\\',
    'ok    fe01: no restart is pending',
    'ok    fe01: certificate Default, WebServicesInternal ends on 2026-12-28',
    'ok    fe01: certificate OAuthTokenIssuer ends on 2028-02-01',
    'ok    fe01: the file of the patch command is there: D:\\Updates\\SkypeServerUpdateInstaller.exe',
    'ok    fe01: fabric state read: 1 routing group(s)',
    'ok    fe01: backup pool pool02, as configured',
  ]);
});

const powershell = (version: string, edition = '', languageMode = 'FullLanguage'): Partial<Examination> => ({
  powershell: { version, edition, languageMode },
});
const policy = (...pairs: readonly (readonly [scope: string, policy: string])[]): Partial<Examination> => ({
  policies: pairs.map(([scope, each]) => ({ scope, policy: each })),
});
const certificate = (use: string, ends: number | null): Partial<Examination> => ({
  certificates: [{ use, thumbprint: 'A1', ends }],
});
const product = (text: string, patched: readonly string[] = []): Partial<Examination> => ({ version: text, patched });
const without = (...names: readonly string[]): Partial<Examination> => ({
  cmdlets: (GOOD.cmdlets ?? []).filter(({ name }) => !names.includes(name)),
});
const withoutParameter = (cmdlet: string, parameter: string): Partial<Examination> => ({
  cmdlets: (GOOD.cmdlets ?? []).map((each) =>
    each.name === cmdlet ? { ...each, parameters: each.parameters.filter((name) => name !== parameter) } : each,
  ),
});
const SE = 'Skype for Business Server 2019 (7.0.2046.0): Volume license key installed.';
const LB = 'D:\\lb.exe';
const WITH_LB: Partial<Expected> = {
  hooks: { before: true, after: true },
  commands: [{ whose: 'the hook before', file: LB }, ...EXPECTED.commands],
};
const on2019: Partial<Expected> = { version: '2019', procedure: 'server-failover' };

/** What is found instead, and the one line that is then another; what is not said stays as on a good server. */
const JUDGED: readonly (readonly [examination: Partial<Examination>, line: string | RegExp, expected?: Partial<Expected>])[] = [
  [powershell('2.0'), /^BAD {3}fe01: PowerShell 2\.0: install Windows Management Framework 5\.1/],
  [powershell('3.0'), /^ok {4}fe01: PowerShell 3\.0: it works; Windows Management Framework 5\.1/],
  [powershell('4.0'), /^ok {4}fe01: PowerShell 4\.0: it works/],
  [powershell('7.4.6', 'Core'), /^BAD {3}fe01: PowerShell 7\.4\.6: .*name powershell\.exe, not pwsh/],
  [
    powershell('5.1', 'Desktop', 'ConstrainedLanguage'),
    /^BAD {3}fe01: language mode ConstrainedLanguage: allow the scripts in AppLocker/,
  ],
  [
    policy(['MachinePolicy', 'AllSigned'], ['Process', 'RemoteSigned']),
    /^BAD {3}fe01: execution policy AllSigned \(MachinePolicy, set by Group Policy\): in Group Policy let/,
  ],
  [
    policy(['MachinePolicy', 'Undefined'], ['LocalMachine', 'Restricted']),
    'BAD   fe01: execution policy Restricted (LocalMachine): run Set-ExecutionPolicy RemoteSigned -Scope LocalMachine there',
  ],
  [policy(['MachinePolicy', 'Undefined'], ['LocalMachine', 'Undefined']), 'ok    fe01: execution policy: none is set'],
  [
    policy(['UserPolicy', 'Unrestricted'], ['LocalMachine', 'AllSigned']),
    'ok    fe01: execution policy Unrestricted (UserPolicy, set by Group Policy)',
  ],
  [{ modules: [] }, /^BAD {3}fe01: neither module Lync nor SkypeForBusiness: install/],
  [
    product('Microsoft Lync Server 2013 (5.0.8308.0): Volume license key installed.'),
    'ok    fe01: Lync Server 2013 (5.0.8308), as configured',
    { version: '2013' },
  ],
  [
    product('Microsoft Lync Server 2013 (5.0.8308.0)'),
    'BAD   fe01: Lync Server 2013 (5.0.8308), configured is 2015: set version: 2013 in the pools file',
  ],
  [product(SE, ['7.0.2046.553', '7.0.2046.524']), 'ok    fe01: Skype for Business Server 2019 (7.0.2046), as configured', on2019],
  [
    product(SE, ['7.0.2046.820', '6.0.9319.598']),
    'ok    fe01: Skype for Business Server 2019 or Subscription Edition (7.0.2046), as configured',
    on2019,
  ],
  [product(SE), 'ok    fe01: Skype for Business Server 2019 or Subscription Edition (7.0.2046), as configured', on2019],
  [
    product(SE),
    'BAD   fe01: procedure upgrade-domains is not documented for it: set procedure: server-failover in the pools file',
    { version: '2019' },
  ],
  [product('Lync Server 2010 (4.0.7577.0)'), /^BAD {3}fe01: product version: Lync Server 2010 \(4\.0\.7577\.0\): only 2013/],
  [product(''), /^BAD {3}fe01: product version: nothing printed: only 2013/],
  [product('build 16.0.93190.1'), /^BAD {3}fe01: product version: build 16\.0\.93190\.1/],
  [
    without('Get-CsPoolFabricState'),
    /^BAD {3}fe01: fabric\.ps1: no Get-CsPoolFabricState: install the product's latest cumulative update/,
  ],
  [
    withoutParameter('Get-CsWindowsService', 'ExcludeActivityLevel'),
    /^BAD {3}fe01: services\.ps1: Get-CsWindowsService has no -ExcludeActivityLevel: install the product/,
  ],
  [without('Get-CsUpgradeDomainInfo'), 'ok    fe01: all 23 scripts find their cmdlets and parameters'],
  [without('Get-CsPoolUpgradeReadinessState'), 'ok    fe01: all 23 scripts find their cmdlets and parameters'],
  [
    without('Get-CsUpgradeDomainInfo', 'Get-CsPoolUpgradeReadinessState'),
    /^BAD {3}fe01: readiness\.ps1: no Get-CsPoolUpgradeReadinessState and no Get-CsUpgradeDomainInfo/,
  ],
  [
    without('Test-NetConnection', 'Get-CsServerPatchVersion', 'Get-CsCertificate'),
    'ok    fe01: all 23 scripts find their cmdlets and parameters',
  ],
  [
    withoutParameter('Test-NetConnection', 'Port'),
    /^BAD {3}fe01: port\.ps1: Test-NetConnection has no -Port: install Windows Management Framework/,
  ],
  [without('Invoke-CsComputerFailBack'), 'ok    fe01: all 23 scripts find their cmdlets and parameters'],
  [
    without('Invoke-CsComputerFailBack'),
    /^BAD {3}fe01: failover\.ps1: no Invoke-CsComputerFailBack/,
    { procedure: 'server-failover' },
  ],
  [without('Start-Process'), /^BAD {3}fe01: patch\.ps1: no Start-Process/],
  [withoutParameter('Start-Process', 'PassThru'), /^BAD {3}fe01: patch\.ps1: Start-Process has no -PassThru/],
  [without('Reset-CsPoolRegistrarState'), /^BAD {3}fe01: pool-operation\.ps1: no Reset-CsPoolRegistrarState/],
  [withoutParameter('Invoke-CsPoolFailOver', 'PoolFqdn'), /^BAD {3}fe01: pool-operation\.ps1: .* has no -PoolFqdn/],
  [without('Start-CsPool'), 'ok    fe01: all 23 scripts find their cmdlets and parameters'],
  [
    withoutParameter('Start-Process', 'PassThru'),
    'ok    fe01: all 22 scripts find their cmdlets and parameters',
    { patchMode: 'by-hand', commands: [] },
  ],
  [
    { rights: { account: 'C\\a', administrator: false, serverAdmin: true } },
    /^BAD {3}fe01: C\\a is no administrator of the server: add it/,
  ],
  [
    { rights: { account: 'C\\a', administrator: true, serverAdmin: false } },
    /^BAD {3}fe01: C\\a is not in RTCUniversalServerAdmins: add it/,
  ],
  [{ disks: [{ root: 'C:\\', free: 4.99e9 }] }, /^BAD {3}fe01: 4\.9 GB free on C:\\: make room/],
  [{ disks: [{ root: 'C:\\', free: 5e9 }] }, 'ok    fe01: 5.0 GB free on C:\\'],
  [
    {
      disks: [
        { root: 'C:\\', free: 40e9 },
        { root: 'E:\\', free: 0 },
      ],
    },
    /^BAD {3}fe01: 0\.0 GB free on E:\\/,
  ],
  [
    { restart: { servicing: true, updates: true, renames: true } },
    /^BAD {3}fe01: a restart is pending \(Windows components, Windows Update, files to be renamed\): restart/,
  ],
  [certificate('Default', NOW + 30 * DAY), 'ok    fe01: certificate Default ends on 2026-04-02'],
  [certificate('Default', NOW + 30 * DAY - 1), 'ok    fe01: certificate Default ends on 2026-04-02, in 29 days: renew it before'],
  [certificate('Default', NOW + 1), 'ok    fe01: certificate Default ends on 2026-03-03, in 0 days: renew it before'],
  [certificate('Default', NOW), /^BAD {3}fe01: certificate Default ended on 2026-03-03: renew it/],
  [certificate('', null), 'ask   fe01: certificate without a use: its end: cannot be told here'],
  [{ certificates: [] }, /^BAD {3}fe01: no certificate is assigned/],
  [
    without('Start-Process'),
    /^BAD {3}fe01: hook\.ps1: no Start-Process/,
    { patchMode: 'by-hand', commands: [], hooks: { before: true, after: false } },
  ],
  [{ files: [{ file: INSTALLER, there: false }] }, /^BAD {3}fe01: the file of the patch command is not there: D:\\Updates\\/],
  [{ files: [] }, /^BAD {3}fe01: the file of the patch command is not there/],
  [{ files: [{ file: LB, there: true }] }, 'ok    fe01: the file of the hook before is there: D:\\lb.exe', WITH_LB],
  [{ files: [{ file: LB, there: true }] }, /^BAD {3}fe01: the file of the patch command is not there/, WITH_LB],
  [
    {
      files: [
        { file: INSTALLER, there: true },
        { file: LB, there: false },
      ],
    },
    /^BAD {3}fe01: the file of the hook before is not there: D:\\lb\.exe: copy it to the server/,
    WITH_LB,
  ],
];
for (const [examination, line, expected = {}] of JUDGED) {
  const [what] = Object.entries(examination).map(([part, found]) => `${part} ${JSON.stringify(found)?.slice(0, 70)}`);
  test(`${what} with ${JSON.stringify(expected)} is ${line}`, () => {
    const lines = linesOf(factsWith(examination), { ...EXPECTED, ...expected });
    const found = lines.filter((each) => (typeof line === 'string' ? each === line : line.test(each)));
    assert.equal(found.length, 1, lines.join('\n'));
  });
}

for (const part of ['policies', 'modules', 'cmdlets', 'version', 'certificates', 'rights', 'disks', 'restart'] as const) {
  test(`${part} that could not be read are bad on Windows, cannot be told elsewhere, and spoil nothing else`, () => {
    const unread = { [part]: null, unread: { [part]: 'Requested registry access\r\nis not allowed.' } };
    const [there, elsewhere] = [true, false].map((windows) => linesOf(factsWith({ ...unread, windows })));
    assert.equal(
      there?.filter((line) => /^BAD {3}fe01: .*: not read \(Requested registry access is not allowed\.\): /.test(line)).length,
      1,
    );
    assert.equal(there?.filter((line) => line.startsWith('BAD')).length, 1);
    assert.ok(elsewhere?.some((line) => /^ask .*: cannot be told here$/.test(line)));
    assert.deepEqual(
      elsewhere?.filter((line) => line.startsWith('BAD')),
      [],
    );
  });
}

for (const [least, most, line] of [
  [-59_000, 60_000, "ok    fe01: clock: within 60 s of the bot's"],
  [60_001, 61_000, "BAD   fe01: clock: 60 s ahead of the bot's: set both by the domain (w32tm /resync)"],
  [-90_500, -75_400, "BAD   fe01: clock: 75 s behind the bot's: set both by the domain (w32tm /resync)"],
  [-10_000, 80_000, 'ask   fe01: clock: the answer took 90 s: cannot be told here'],
] as const) {
  test(`a clock that is between ${least} and ${most} ms ahead is ${line}`, () => {
    assert.ok(linesOf(factsWith({}, { clock: { least, most } })).includes(line));
  });
}

for (const [seen, line] of [
  [{ name: 'fe02.contoso.com' }, /^BAD {3}fe01: it is fe02\.contoso\.com that answers: set right/],
  [{ name: 'fe01.' }, 'ask   fe01: which machine answers: it calls itself fe01: cannot be told here'],
  [{ name: '.' }, 'ask   fe01: which machine answers: it calls itself nothing: cannot be told here'],
  [
    { fabric: { kind: 'garbage', because: 'a line that is not understood' } },
    /^BAD {3}fe01: fabric state: a line that is not understood: record it with `lifeguard probe`/,
  ],
  [
    { fabric: { kind: 'silent', because: 'Access denied' } },
    /^BAD {3}fe01: fabric state: Access denied: run Get-CsPoolFabricState/,
  ],
  [
    { backup: { kind: 'silent', because: 'no CMS' } },
    /^BAD {3}fe01: backup relationship: no CMS: run Get-CsPoolBackupRelationship/,
  ],
  [
    { backup: { kind: 'understood', value: null } },
    'BAD   fe01: backup pool: none, configured is pool02.contoso.com: set backupPool in the pools file',
  ],
  [
    { backup: { kind: 'understood', value: parsePoolFqdn('pool03.contoso.com') } },
    /^BAD {3}fe01: backup pool: pool03\.contoso\.com, configured is/,
  ],
  [
    { examination: { kind: 'silent', because: 'no answer within 120 s' }, clock: null },
    /^BAD {3}fe01: not examined \(no answer within 120 s\): /,
  ],
] as const) {
  test(`a server of which ${JSON.stringify(seen)} is seen is ${line}`, () => {
    const lines = linesOf(factsWith({}, seen));
    assert.equal(
      lines.filter((each) => (typeof line === 'string' ? each === line : line.test(each))).length,
      1,
      lines.join('\n'),
    );
  });
}

const GPO =
  'File run.ps1 cannot be loaded.\n + CategoryInfo : (:) [], PSSecurityException\n + FullyQualifiedErrorId : UnauthorizedAccess';
for (const [because, raw, cure] of [
  ['PowerShell gave no answer', GPO, /its execution policy forbids scripts/],
  [
    'PowerShell gave no answer',
    'FullyQualifiedErrorId : MethodInvocationNotSupportedInConstrainedLanguage',
    /its language mode is ConstrainedLanguage/,
  ],
  ['dana@fe01: Permission denied (publickey).', '', /let the account in/],
  ['Host key verification failed.', '', /known_hosts/],
  ['subsystem request failed on channel 0', '', /name PowerShell as a subsystem/],
  ['connect to host fe01 port 22: Connection refused', '', /firewall/],
  [`the bot runs on fe02 and can ask no other machine, so ${FE1} was not asked`, '', /by ssh or winrm/],
  ['something else', '', /open a PowerShell on it the same way/],
] as const) {
  test(`a server that gives no answer (${because}) is told what to do about it`, () => {
    const [, line = '', ...others] = linesOf({ ...factsWith({}), seen: { kind: 'no-answer', because, raw } });
    assert.match(line, /^BAD {3}fe01: no answer over ssh \(/);
    assert.match(line, cure);
    assert.deepEqual(others, []);
  });
}

test('a name that leads nowhere is told of, and the server is asked all the same', () => {
  const lines = linesOf({ ...factsWith({}), resolved: { kind: 'unresolved', because: 'getaddrinfo ENOTFOUND fe01' } });
  assert.match(lines[0] ?? '', /^BAD {3}fe01: fe01\.contoso\.com leads nowhere \(getaddrinfo ENOTFOUND fe01\): look at DNS/);
  assert.equal(lines.length, 20);
});

test('what somebody else prints is one line of a bounded length', () => {
  assert.equal(inOneLine(' a\r\n\tb '), 'a b');
  assert.equal(inOneLine('x'.repeat(1_000)).length, 160);
});

const said = (value: unknown): CallAnswer => ({ kind: 'value', value, warnings: [], verbose: [], on: FE1, raw: '' });

test('the clock is judged by the examination, whose call is the last: whatever came before has made the process warm', async () => {
  let now = NOW;
  const asked: string[] = [];
  const calls: Readings = {
    read: async (_pool, _server, { script }) => {
      asked.push(script);
      now += script === 'machine.ps1' ? 45_000 : 1_000;
      if (script === 'machine.ps1') return said({ host: 'FE01', domain: 'Contoso.com' });
      return said(script === 'examine.ps1' ? { ...GOOD, began: now - 900, ended: now - 100 } : {});
    },
  };
  const seen = await examineServer(calls, POOL, FE1, [], () => now);
  assert.deepEqual([asked.length, asked.at(-1)], [4, 'examine.ps1']);
  assert.deepEqual(seen.kind === 'answered' && [seen.name, seen.clock], [FE1, { least: -100, most: 100 }]);
  assert.deepEqual(seen.kind === 'answered' && [seen.fabric.kind, seen.backup.kind], ['garbage', 'garbage']);
});

test('a server that does not say its name is asked nothing more', async () => {
  let asked = 0;
  const lost: CallAnswer = { kind: 'lost', because: 'PowerShell ended', timedOut: false, raw: GPO, on: FE1 };
  const calls: Readings = {
    read: async () => {
      asked += 1;
      return lost;
    },
  };
  assert.deepEqual(await examineServer(calls, POOL, FE1, [], () => NOW), {
    kind: 'no-answer',
    because: 'PowerShell ended',
    raw: GPO,
  });
  assert.equal(asked, 1);
});
