import type { ServerFqdn } from '../../domain/pool.ts';
import { type Instant, minutes, seconds } from '../../domain/time.ts';
import type { Examination, ExaminedPart } from './decode-examination.ts';
import { ask, bad, type Finding, fine, inOneLine } from './finding.ts';

/** Below this a disk is too full for an installer, its logs and a dump, in bytes. Our own number. */
const FREE_LEAST = 5e9;
/** A look is fresh for one minute, so clocks that are further apart cannot agree on it. */
const CLOCKS_APART = minutes(1);
const GIGABYTE = 1e9;
const WMF = 'Windows Management Framework 5.1';

/** How far the server's clock may be ahead of the bot's, at least and at most, in ms; behind is below zero. */
export interface ClockDifference {
  readonly least: number;
  readonly most: number;
}

/** What the times of one call say about the two clocks: the server's lie within the bot's, which were taken around it. */
export const clockDifference = (
  asked: Instant,
  { began, ended }: Pick<Examination, 'began' | 'ended'>,
  answered: Instant,
): ClockDifference => ({ least: ended - answered, most: began - asked });

/** A part that could not be read: on Windows that is wrong in itself, elsewhere it was never there. */
export function unreadPart({ windows, unread }: Examination, part: ExaminedPart, what: string, cure: string): Finding {
  const because = inOneLine(unread[part] ?? 'it gave no reason');
  return windows ? bad(`${what}: not read (${because})`, cure) : ask(`${what} (${because})`);
}

/** Whether the machine that answers is the one that was meant. */
export function judgeName(name: string, server: ServerFqdn): Finding {
  if (name === server) return fine(`it is ${server} that answers`);
  if (!/^[^.]+\../.test(name)) return ask(`which machine answers: it calls itself ${name.replace(/^\.|\.$/g, '') || 'nothing'}`);
  return bad(`it is ${name} that answers`, `set right in the pools file which machine is ${server}`);
}

/** The version, which decides whether the scripts run at all, and how much of PowerShell they are let have. */
export function judgePowerShell({ powershell, windows }: Examination): readonly Finding[] {
  const { version, edition, languageMode } = powershell;
  const [major = 0] = version.split('.').map(Number);
  const what = `PowerShell ${version}`;
  const found = !windows
    ? fine(`${what}, not on Windows`)
    : major < 3
      ? bad(what, `install ${WMF} and restart the server; 3.0 is the oldest that the scripts run on`)
      : major < 5
        ? fine(what, `it works; ${WMF} is what the scripts are tested on`)
        : edition === 'Core'
          ? bad(what, 'the product is for Windows PowerShell 5.1: name powershell.exe, not pwsh')
          : fine(what);
  if (languageMode === 'FullLanguage') return [found, fine('language mode FullLanguage')];
  const cure =
    'allow the scripts in AppLocker or App Control, or give the account a session configuration of its own (manifests/jea)';
  return [found, bad(`language mode ${languageMode}`, cure)];
}

const FORBIDDING = ['Restricted', 'AllSigned'];
/** Scopes that only Group Policy sets: no parameter of PowerShell goes against them. */
const BY_GROUP_POLICY = ['MachinePolicy', 'UserPolicy'];

/** The execution policy in force: of the first scope that has one, in the order in which PowerShell lists them. */
export function judgePolicy(examination: Examination): Finding {
  const { policies, windows } = examination;
  if (!windows) return ask('execution policy');
  if (policies === null) return unreadPart(examination, 'policies', 'execution policy', 'run Get-ExecutionPolicy -List there');
  const found = policies.find(({ policy }) => policy !== 'Undefined');
  if (found === undefined) return fine('execution policy: none is set');
  const { scope, policy } = found;
  const byGroup = BY_GROUP_POLICY.includes(scope);
  const what = `execution policy ${policy} (${scope}${byGroup ? ', set by Group Policy' : ''})`;
  if (!FORBIDDING.includes(policy)) return fine(what);
  return bad(
    what,
    byGroup
      ? 'in Group Policy let "Turn on Script Execution" allow local scripts and remote signed scripts on this server'
      : `run Set-ExecutionPolicy RemoteSigned -Scope ${scope} there`,
  );
}

/** Who the scripts run as, and whether that account may do what they do. */
export function judgeRights(examination: Examination): readonly Finding[] {
  const { rights } = examination;
  if (rights === null)
    return [unreadPart(examination, 'rights', 'rights of the account', 'run whoami /groups there, as that account')];
  const { account, administrator, serverAdmin } = rights;
  return [
    administrator
      ? fine(`${account} is an administrator of the server`)
      : bad(
          `${account} is no administrator of the server`,
          'add it to the local group Administrators; an open session has to begin again',
        ),
    serverAdmin
      ? fine(`${account} is in RTCUniversalServerAdmins`)
      : bad(`${account} is not in RTCUniversalServerAdmins`, 'add it to that group of the domain, and begin its sessions again'),
  ];
}

/** Whether the clocks agree well enough for a look to be fresh on both. */
export function judgeClock({ least, most }: ClockDifference): Finding {
  const nearest = least > 0 ? least : most < 0 ? most : 0;
  if (Math.abs(nearest) > CLOCKS_APART) {
    const apart = `${Math.round(Math.abs(nearest) / seconds(1))} s ${nearest > 0 ? 'ahead of' : 'behind'} the bot's`;
    return bad(`clock: ${apart}`, 'set both by the domain (w32tm /resync)');
  }
  const furthest = Math.max(Math.abs(least), Math.abs(most));
  if (furthest > CLOCKS_APART) return ask(`clock: the answer took ${Math.round((most - least) / seconds(1))} s`);
  return fine(`clock: within ${Math.ceil(furthest / seconds(1))} s of the bot's`);
}

/** Room for an installer on each disk that one writes to. */
export function judgeDisks(examination: Examination): readonly Finding[] {
  const { disks } = examination;
  if (disks === null) return [unreadPart(examination, 'disks', 'free disk space', 'look at the disks there')];
  return disks.map(({ root, free }) => {
    // Rounded down: what is too little does not look like enough.
    const what = `${(Math.floor((free / GIGABYTE) * 10) / 10).toFixed(1)} GB free on ${root}`;
    return free < FREE_LEAST ? bad(what, `make room: an update and its logs want ${FREE_LEAST / GIGABYTE} GB`) : fine(what);
  });
}

/** Whether Windows waits for a restart: an installer may refuse, or restart the server itself. */
export function judgeRestart(examination: Examination): Finding {
  const { restart } = examination;
  if (restart === null)
    return unreadPart(examination, 'restart', 'pending restart', 'look there whether Windows wants to be restarted');
  const wanted = [
    ...(restart.servicing ? ['Windows components'] : []),
    ...(restart.updates ? ['Windows Update'] : []),
    ...(restart.renames ? ['files to be renamed'] : []),
  ];
  if (wanted.length === 0) return fine('no restart is pending');
  return bad(
    `a restart is pending (${wanted.join(', ')})`,
    'restart the server before the night, one server of the pool at a time',
  );
}
