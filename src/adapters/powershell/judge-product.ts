import type { FabricState } from '../../domain/fabric.ts';
import type { Hooks, PatchMode, Procedure } from '../../domain/inventory.ts';
import { type PoolFqdn, type ProductVersion, shortName } from '../../domain/pool.ts';
import { hours, type Instant } from '../../domain/time.ts';
import { scriptsFor, type Use, usesOfScript } from './cmdlets.ts';
import type { Decoded } from './decode.ts';
import type { Examination } from './decode-examination.ts';
import { ask, bad, type Finding, fine, inOneLine } from './finding.ts';
import { unreadPart } from './judge-machine.ts';
import { productIn } from './products.ts';

/** A command of the pool's own: whose file it is that has to be on the servers, such as `the patch command`. */
export interface CommandFile {
  readonly whose: string;
  readonly file: string;
}

/** What is configured, and has to fit what is found. */
export interface Expected {
  readonly version: ProductVersion;
  readonly procedure: Procedure;
  readonly patchMode: PatchMode;
  readonly hooks: Hooks;
  readonly backupPool: PoolFqdn | null;
  readonly commands: readonly CommandFile[];
  readonly now: Instant;
}

/** Subscription Edition began with 7.0.2046.820, of the same branch as 2019: only its updates tell them apart. */
const SUBSCRIPTION_EDITION_FROM = 820;
/** Each procedure is documented for some products only. */
const PROCEDURES: Readonly<Record<ProductVersion, readonly Procedure[]>> = {
  '2013': ['upgrade-domains'],
  '2015': ['upgrade-domains', 'server-failover'],
  '2019': ['server-failover'],
};
/** Long enough before its end to have a certificate renewed by people with other things to do. Our own number. */
const RENEWED_BEFORE = hours(24) * 30;

/** The module, the product, and whether the configured version and procedure are right for it. */
export function judgeProduct(examination: Examination, expected: Expected): readonly Finding[] {
  return [judgeModule(examination), ...judgeVersion(examination, expected)];
}

function judgeModule(examination: Examination): Finding {
  const { modules } = examination;
  if (modules === null) return unreadPart(examination, 'modules', 'module', 'run Get-Module -ListAvailable there');
  if (modules.length > 0) return fine(`module ${modules.map(({ name, version }) => `${name} ${version}`).join(', ')}`);
  return bad(
    'neither module Lync nor SkypeForBusiness',
    "install the product's management tools, or let the account use their module",
  );
}

function judgeVersion(examination: Examination, expected: Expected): readonly Finding[] {
  const { version, patched } = examination;
  if (version === null) return [unreadPart(examination, 'version', 'product version', 'run Get-CsServerVersion there')];
  const printed = inOneLine(version);
  const found = productIn(version);
  if (found === null)
    return [bad(`product version: ${printed || 'nothing printed'}`, 'only 2013, 2015, 2019 and Subscription Edition are known')];
  const { number, version: detected, name } = found;
  // Components of other products, such as the runtime of its API, count by numbers of their own.
  const own = (patched ?? []).filter((each) => each.startsWith(`${number}.`));
  const builds = own.map((each) => Number(each.split('.')[3]));
  const which = builds.some((build) => build < SUBSCRIPTION_EDITION_FROM) ? name : `${name} or Subscription Edition`;
  const what = `${detected === '2019' ? which : name} (${number})`;
  const fits = PROCEDURES[detected];
  return [
    detected === expected.version
      ? fine(`${what}, as configured`)
      : bad(`${what}, configured is ${expected.version}`, `set version: ${detected} in the pools file`),
    fits.includes(expected.procedure)
      ? fine(`procedure ${expected.procedure} is documented for it`)
      : bad(`procedure ${expected.procedure} is not documented for it`, `set procedure: ${fits.join(' or ')} in the pools file`),
  ];
}

/** Whether each script of the catalogue would find its cmdlets and parameters. None of them is run. */
export function judgeCmdlets(examination: Examination, { procedure, patchMode, hooks }: Expected): readonly Finding[] {
  const { cmdlets, windows } = examination;
  if (cmdlets === null) return [unreadPart(examination, 'cmdlets', 'cmdlets', 'run Get-Command there')];
  const there = new Map(cmdlets.map(({ name, parameters }) => [name, new Set(parameters.map((each) => each.toLowerCase()))]));
  // A stand-in on another system has cmdlets of the product; those of Windows are what they are there.
  const judged = ({ cmdlet }: Use): boolean => windows || cmdlet.includes('-Cs');
  const scripts = scriptsFor(procedure, patchMode, hooks);
  const faults = scripts.flatMap((script) => {
    const { needs, either, optional } = usesOfScript(script);
    const chosen = either.filter(({ cmdlet }) => there.has(cmdlet));
    const some = optional.filter(({ cmdlet }) => there.has(cmdlet));
    const none = either.length > 0 && chosen.length === 0 ? [`no ${either.map(({ cmdlet }) => cmdlet).join(' and no ')}`] : [];
    const missing = [...none, ...[...needs, ...chosen, ...some].filter(judged).flatMap((use) => missingOf(use, there))];
    return missing.length === 0 ? [] : [bad(`${script}: ${[...new Set(missing)].join(', ')}`, cureOfMissing(missing))];
  });
  return faults.length === 0 ? [fine(`all ${scripts.length} scripts find their cmdlets and parameters`)] : faults;
}

function missingOf({ cmdlet, parameters }: Use, there: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const known = there.get(cmdlet);
  if (known === undefined) return [`no ${cmdlet}`];
  return parameters.filter((each) => !known.has(each.toLowerCase())).map((each) => `${cmdlet} has no -${each}`);
}

const cureOfMissing = (missing: readonly string[]): string =>
  missing.some((each) => each.includes('-Cs'))
    ? "install the product's latest cumulative update, and let the account use its cmdlets"
    : 'install Windows Management Framework 5.1';

/** Whether the fabric state is read, and in words that are understood. */
export function judgeFabric(read: Decoded<FabricState>): Finding {
  if (read.kind === 'understood') return fine(`fabric state read: ${read.value.groups.length} routing group(s)`);
  const cure =
    read.kind === 'garbage'
      ? 'record it with `lifeguard probe`: nothing is stopped on a text that is not understood'
      : 'run Get-CsPoolFabricState there, as the account';
  return bad(`fabric state: ${inOneLine(read.because)}`, cure);
}

/** Whether the pool is paired as configured. */
export function judgeBackup(read: Decoded<PoolFqdn | null>, { backupPool }: Expected): Finding {
  if (read.kind !== 'understood')
    return bad(`backup relationship: ${inOneLine(read.because)}`, 'run Get-CsPoolBackupRelationship there, as the account');
  const { value: found } = read;
  const [is, configured] = [found, backupPool].map((pool) => (pool === null ? 'none' : pool));
  if (found === backupPool)
    return fine(found === null ? 'no backup pool, as configured' : `backup pool ${shortName(found)}, as configured`);
  return bad(`backup pool: ${is}, configured is ${configured}`, 'set backupPool in the pools file');
}

/** Each certificate by its end; one that serves several uses is one. */
export function judgeCertificates(examination: Examination, { now }: Expected): readonly Finding[] {
  const { certificates } = examination;
  if (certificates === null) return [unreadPart(examination, 'certificates', 'certificates', 'run Get-CsCertificate there')];
  if (certificates.length === 0) return [bad('no certificate is assigned', 'assign one with the Deployment Wizard')];
  const byThumbprint = Map.groupBy(certificates, ({ thumbprint, use }) => thumbprint || use);
  return [...byThumbprint.values()].map((same) => {
    const what = `certificate ${[...new Set(same.map(({ use }) => use || 'without a use'))].join(', ')}`;
    const ends = same[0]?.ends ?? null;
    if (ends === null) return ask(`${what}: its end`);
    const day = new Date(ends).toISOString().slice(0, 10);
    if (ends <= now) return bad(`${what} ended on ${day}`, 'renew it: services do not start with it');
    const left = Math.floor((ends - now) / hours(24));
    return ends - now < RENEWED_BEFORE
      ? fine(`${what} ends on ${day}, in ${left} days`, 'renew it before')
      : fine(`${what} ends on ${day}`);
  });
}

/** Whether the file of each command is where it will be looked for; nothing when there is no command. */
export function judgeCommands({ files }: Examination, { commands }: Expected): readonly Finding[] {
  return commands.map(({ whose, file }) =>
    files.some((each) => each.file === file && each.there)
      ? fine(`the file of ${whose} is there: ${file}`)
      : bad(
          `the file of ${whose} is not there: ${file}`,
          'copy it to the server, on a disk of its own: a share is not reached from there',
        ),
  );
}
