import type { FabricState } from '../../domain/fabric.ts';
import { type PoolFqdn, type ServerFqdn, shortName } from '../../domain/pool.ts';
import type { Instant } from '../../domain/time.ts';
import type { CallAnswer, PowerShellCalls } from './calls.ts';
import { type Entry, READINGS } from './catalogue.ts';
import { CMDLETS_USED } from './cmdlets.ts';
import { type Decoded, silent } from './decode.ts';
import { decodeExamination, type Examination } from './decode-examination.ts';
import { decodeFabric } from './decode-fabric.ts';
import { decodeBackupPool } from './decode-topology.ts';
import { bad, type Finding, fine, inOneLine } from './finding.ts';
import {
  type ClockDifference,
  clockDifference,
  judgeClock,
  judgeDisks,
  judgeName,
  judgePolicy,
  judgePowerShell,
  judgeRestart,
  judgeRights,
} from './judge-machine.ts';
import {
  type Expected,
  judgeBackup,
  judgeCertificates,
  judgeCmdlets,
  judgeCommands,
  judgeFabric,
  judgeProduct,
} from './judge-product.ts';

/** Reading alone: whoever is given this cannot change a server. */
export type Readings = Pick<PowerShellCalls, 'read'>;

/** Where a server's name leads from the bot's machine, or why it leads nowhere. */
export type Resolved =
  | { readonly kind: 'resolved'; readonly addresses: readonly string[] }
  | { readonly kind: 'unresolved'; readonly because: string };

/** What a server was asked and what came of it; `raw` is what was printed instead of an answer. */
export type Seen =
  | { readonly kind: 'no-answer'; readonly because: string; readonly raw: string }
  | {
      readonly kind: 'answered';
      /** What the machine calls itself, in lower case: host and domain. */
      readonly name: string;
      readonly examination: Decoded<Examination>;
      /** Null when the examination has no times. */
      readonly clock: ClockDifference | null;
      readonly fabric: Decoded<FabricState>;
      readonly backup: Decoded<PoolFqdn | null>;
    };

/** Everything that was found out about one Front End Server. */
export interface ServerFacts {
  readonly server: ServerFqdn;
  /** The name or address that it is reached at. */
  readonly host: string;
  /** How it is reached, such as `ssh`. */
  readonly reachedBy: string;
  readonly resolved: Resolved;
  readonly seen: Seen;
}

/** Asks one server everything, one question after the other, the examination last: its clock is told best by a warm process. */
export async function examineServer(
  calls: Readings,
  pool: PoolFqdn,
  server: ServerFqdn,
  files: readonly string[],
  now: () => Instant,
): Promise<Seen> {
  const read = <Values>(entry: Entry<Values>, values: Values) => calls.read(pool, server, entry, values);
  const machine = await read(READINGS.machine, {});
  if (machine.kind !== 'value') return { kind: 'no-answer', because: machine.because, raw: printedIn(machine) };
  const fabric = await read(READINGS.fabric, { PoolFqdn: pool, Detail: 'plain' });
  const backup = await read(READINGS.backupPool, { PoolFqdn: pool });
  const asked = now();
  const answer = await read(READINGS.examine, { Cmdlets: [...CMDLETS_USED], Files: [...files] });
  const answered = now();
  const examination = decoded(answer, ({ value }) => decodeExamination(value));
  return {
    kind: 'answered',
    name: nameIn(machine.value),
    examination,
    clock: examination.kind === 'understood' ? clockDifference(asked, examination.value, answered) : null,
    fabric: decoded(fabric, ({ value, warnings }) => decodeFabric(value, warnings, pool)),
    backup: decoded(backup, ({ value }) => decodeBackupPool(value, pool)),
  };
}

type Value = Extract<CallAnswer, { kind: 'value' }>;

const decoded = <T>(answer: CallAnswer, decode: (value: Value) => Decoded<T>): Decoded<T> =>
  answer.kind === 'value' ? decode(answer) : silent(answer.because);

const printedIn = (answer: Exclude<CallAnswer, Value>): string => (answer.kind === 'not-asked' ? '' : answer.raw);

function nameIn(machine: unknown): string {
  const told = typeof machine === 'object' && machine !== null ? machine : {};
  const [host, domain] = ['host' in told ? told.host : '', 'domain' in told ? told.domain : ''];
  return `${host}.${domain}`.toLowerCase();
}

/** What stops a call before any script of ours can say so, by the words that PowerShell and ssh print in every language. */
const TRAPS: readonly (readonly [words: RegExp, cure: string])[] = [
  [
    /PSSecurityException|UnauthorizedAccess\b|running scripts is disabled|not digitally signed/,
    'its execution policy forbids scripts: allow RemoteSigned ones, in Group Policy if that sets it',
  ],
  [
    /ConstrainedLanguage|InConstrainedLanguage/,
    'its language mode is ConstrainedLanguage: allow the scripts in AppLocker or App Control',
  ],
  [
    /RedirectionNotSupported|MissingFileSpecification/,
    'its PowerShell is older than 3.0: install Windows Management Framework 5.1',
  ],
  [
    /host key verification failed|identification has changed/i,
    'put its host key, looked up on the server itself, into the known_hosts file',
  ],
  [
    /permission denied|access is denied|AccessDenied|LogonFailure/i,
    'let the account in: its key or password, and its rights on that server',
  ],
  [/subsystem request failed/i, 'name PowerShell as a subsystem in its sshd_config'],
  [/refused|timed out|unreachable|no route/i, 'look at its firewall, and whether it listens'],
  [/can ask no other machine/, 'reach this pool by ssh or winrm: the bot on one of its servers reaches no other'],
];

/** Judges everything about one server, always in the same order. */
export function judgeExamination(
  { server, host, reachedBy, resolved, seen }: ServerFacts,
  expected: Expected,
): readonly Finding[] {
  const findings = [judgeResolved(host, resolved), ...(seen.kind === 'no-answer' ? [silence(seen, reachedBy)] : [])];
  if (seen.kind === 'answered') {
    const { name, examination, clock, fabric, backup } = seen;
    findings.push(fine(`answers over ${reachedBy}`), judgeName(name, server));
    findings.push(
      ...(examination.kind === 'understood' ? judgeFound(examination.value, clock, expected) : [unexamined(examination)]),
    );
    findings.push(judgeFabric(fabric), judgeBackup(backup, expected));
  }
  return findings.map((finding) => ({ ...finding, what: `${shortName(server)}: ${finding.what}` }));
}

function judgeResolved(host: string, resolved: Resolved): Finding {
  if (resolved.kind === 'resolved') return fine(`${host} leads to ${resolved.addresses.join(', ')}`);
  return bad(
    `${host} leads nowhere (${inOneLine(resolved.because)})`,
    'look at DNS, or give its address under connection in the pools file',
  );
}

function silence({ because, raw }: Extract<Seen, { kind: 'no-answer' }>, reachedBy: string): Finding {
  const cure = TRAPS.find(([words]) => words.test(`${because}\n${raw}`))?.[1];
  const by = 'open a PowerShell on it the same way, as the account of the bot';
  return bad(`no answer over ${reachedBy} (${inOneLine(because)})`, cure ?? by);
}

const unexamined = ({ because }: { readonly because: string }): Finding =>
  bad(`not examined (${inOneLine(because)})`, 'look at the log, and ask again');

function judgeFound(examination: Examination, clock: ClockDifference | null, expected: Expected): readonly Finding[] {
  return [
    ...judgePowerShell(examination),
    judgePolicy(examination),
    ...judgeProduct(examination, expected),
    ...judgeCmdlets(examination, expected),
    ...judgeRights(examination),
    ...(clock === null ? [] : [judgeClock(clock)]),
    ...judgeDisks(examination),
    judgeRestart(examination),
    ...judgeCertificates(examination, expected),
    ...judgeCommands(examination, expected),
  ];
}
