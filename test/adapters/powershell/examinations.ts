import { CMDLETS_USED, scriptsFor, usesOfScript } from '../../../src/adapters/powershell/cmdlets.ts';
import type { Examination } from '../../../src/adapters/powershell/decode-examination.ts';
import type { Seen, ServerFacts } from '../../../src/adapters/powershell/examine.ts';
import type { Expected } from '../../../src/adapters/powershell/judge-product.ts';
import { BACKUP_POOL, FE1, FE2, FE3 } from '../scripted-pool.ts';

export const NOW = Date.parse('2026-03-03T22:00:00Z');
export const DAY = 86_400_000;

/** Of the patch command. */
export const INSTALLER = 'D:\\Updates\\SkypeServerUpdateInstaller.exe';

/** What is configured for the pool of the examined server. */
export const EXPECTED: Expected = {
  version: '2015',
  procedure: 'upgrade-domains',
  patchMode: 'by-command',
  hooks: { before: false, after: false },
  backupPool: BACKUP_POOL,
  commands: [{ whose: 'the patch command', file: INSTALLER }],
  now: NOW,
};

const all = ['run.ps1', ...scriptsFor('server-failover', 'by-command', { before: true, after: true })].map(usesOfScript);
const parametersOf = (cmdlet: string): readonly string[] => [
  ...new Set(
    all
      .flatMap(({ needs, either, optional }) => [...needs, ...either, ...optional])
      .filter((use) => use.cmdlet === cmdlet)
      .flatMap(({ parameters }) => parameters),
  ),
];

/** A Front End Server of Skype for Business Server 2015 that lacks nothing. */
export const GOOD: Examination = {
  began: NOW + 100,
  ended: NOW + 900,
  windows: true,
  powershell: { version: '5.1.14393.7254', edition: 'Desktop', languageMode: 'FullLanguage' },
  policies: [
    { scope: 'MachinePolicy', policy: 'Undefined' },
    { scope: 'UserPolicy', policy: 'Undefined' },
    { scope: 'Process', policy: 'RemoteSigned' },
    { scope: 'CurrentUser', policy: 'Undefined' },
    { scope: 'LocalMachine', policy: 'RemoteSigned' },
  ],
  modules: [{ name: 'SkypeForBusiness', version: '6.0.9319.0' }],
  cmdlets: CMDLETS_USED.map((name) => ({ name, parameters: parametersOf(name) })),
  version: 'Skype for Business Server 2015 (6.0.9319.0): Volume license key installed.',
  patched: ['6.0.9319.272', '6.0.9319.281'],
  certificates: [
    { use: 'Default', thumbprint: 'A1', ends: NOW + 300 * DAY },
    { use: 'WebServicesInternal', thumbprint: 'A1', ends: NOW + 300 * DAY },
    { use: 'OAuthTokenIssuer', thumbprint: 'B2', ends: NOW + 700 * DAY },
  ],
  rights: { account: 'CONTOSO\\svc-lifeguard$', administrator: true, serverAdmin: true },
  disks: [{ root: 'C:\\', free: 40e9 }],
  restart: { servicing: false, updates: false, renames: false },
  files: [{ file: INSTALLER, there: true }],
  unread: {},
};

type Answered = Extract<Seen, { kind: 'answered' }>;

/** Everything about that server, with these parts of it otherwise. */
export const factsWith = (examination: Partial<Examination>, seen: Partial<Answered> = {}): ServerFacts => ({
  server: FE1,
  host: FE1,
  reachedBy: 'ssh',
  resolved: { kind: 'resolved', addresses: ['10.0.0.1'] },
  seen: {
    kind: 'answered',
    name: FE1,
    examination: { kind: 'understood', value: { ...GOOD, ...examination } },
    clock: { least: -900, most: 900 },
    fabric: { kind: 'understood', value: { groups: [{ id: 'rg-1', primary: FE1, secondaries: [FE2, FE3] }], serversNotUp: [] } },
    backup: { kind: 'understood', value: BACKUP_POOL },
    ...seen,
  },
});
