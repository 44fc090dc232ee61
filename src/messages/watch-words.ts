import type { ManagedPool } from '../domain/inventory.ts';
import { namesOf, shortName } from '../domain/pool.ts';
import { functionalRule } from '../domain/quorum.ts';
import { minutes } from '../domain/time.ts';
import { STARTING_MAX } from '../domain/watch.ts';
import type { Area, CertificateStep, Finding, Note } from '../domain/watch-finding.ts';
import { SERVERS_WANTED } from '../domain/watch-pairing.ts';
import { problemSeen } from './hold-words.ts';
import { shortened, type Voice, withoutPrompt } from './words.ts';

const READ_BY: Readonly<Record<Area, string>> = {
  readiness: 'readiness',
  topology: 'the servers of the pool',
  services: 'the services',
  fabric: 'the fabric',
  'back-end': 'the back end',
  quorum: 'quorum',
};

const ENDS: Readonly<Record<CertificateStep, string>> = {
  soon: 'ends within 30 days',
  'at-last': 'ends within 7 days',
  ended: 'has ended',
};
const EXAMINED: Readonly<Record<'certificates' | 'patch-levels', string>> = {
  certificates: 'certificates',
  'patch-levels': 'patch level',
};
/** Enough of the components that differ to see which they are. */
const LEVEL_SHOWN = 80;

/** A finding of the watch in one line. */
export function findingWords(finding: Finding, voice: Voice): string {
  switch (finding.kind) {
    case 'busy':
      return 'Busy';
    case 'short-of-front-ends':
      if (finding.failedOver) return 'InsufficientActiveFrontEnds, while the pool is failed over';
      return 'InsufficientActiveFrontEnds, while servers that a run took down are not long back (our inference)';
    case 'pool-problem':
      return problemSeen(finding.cause, finding.seenAt, voice);
    case 'unread':
      return `${READ_BY[finding.area]}: no answer that is understood`;
    case 'server-down':
      return `${shortName(finding.server)}: RTCSRV is not Running`;
    case 'server-starting':
      return `${shortName(finding.server)}: RTCSRV is Starting for more than ${STARTING_MAX / minutes(1)} minutes`;
    case 'down-for-days':
      return `${shortName(finding.server)} is down for 3 days`;
    case 'replicas-missing':
      return `${finding.groups} of ${finding.of} routing groups lack a replica${finding.unserved === 0 ? '' : `, ${finding.unserved} of them a primary or every secondary`}`;
    case 'back-end-down':
      return 'the back end is not reached: no quorum number holds without it';
    case 'mirror-in-charge':
      return `the mirror is in charge of the back end: margin ${finding.margin ?? 'unknown'}, with the primary ${finding.before ?? 'unknown'}`;
    case 'quorum':
      return finding.level === 'lost'
        ? `quorum is lost by the published numbers: margin ${finding.margin}`
        : `quorum at risk: margin ${finding.margin}, not one more server may go down`;
    default:
      return noteWords(finding);
  }
}

function noteWords(note: Note): string {
  switch (note.kind) {
    case 'three-servers':
      return `paired with ${shortName(note.backupPool)}, and ${SERVERS_WANTED} servers have not run together since`;
    case 'certificate':
      return `certificate of ${namesOf(note.servers)} ${ENDS[note.step]}, on ${note.day}`;
    case 'patch-levels': {
      const [most, ...others] = note.levels.map(({ servers }) => namesOf(servers));
      return `patch levels differ: ${others.join(' and ')} from ${most}`;
    }
    case 'unexamined':
      return `${EXAMINED[note.what]} of ${namesOf(note.servers)}: not read for 3 days`;
  }
}

/** What a person may do about it; nothing where the line says it. */
export function adviceFor(finding: Finding, pool: ManagedPool): readonly string[] {
  switch (finding.kind) {
    case 'server-down':
      return finding.running === undefined
        ? []
        : [`Until ${SERVERS_WANTED} servers run: move no users here for the first time, and pair it with no pool.`];
    case 'server-starting':
      return finding.why === undefined ? [] : [withoutPrompt(finding.why)];
    case 'down-for-days':
      return removalAdvice(finding, pool);
    case 'unread':
      return finding.because === null ? [] : [`That is not the same as fine: ${finding.because}`];
    case 'quorum':
      return finding.level === 'lost'
        ? ['The remaining servers stop their services below that. Look at the servers that are down.']
        : [];
    case 'three-servers':
      return [
        `${finding.running} run now. Have ${SERVERS_WANTED} run at the same time once: only then its data is synchronized with the backup pool.`,
      ];
    case 'certificate':
      return [`Used as ${finding.uses.join(', ')}. Renew it: services do not start without it.`];
    case 'patch-levels':
      return [...levelLines(finding.levels), 'Bring those that are behind to the level of the others.'];
    case 'unexamined':
      return [`That is not the same as fine: ${withoutPrompt(finding.because)}`];
    default:
      return [];
  }
}

/** Of each level the components that not all of them have in this version: a pool has some twenty, and most are alike. */
function levelLines(levels: Extract<Finding, { kind: 'patch-levels' }>['levels']): readonly string[] {
  const components = levels.map(({ level }) => level.split('; '));
  return levels.map(({ servers }, index) => {
    const own = components[index]?.filter((each) => !components.every((others) => others.includes(each))) ?? [];
    const words = own.length === 0 ? 'lacks components that the others have' : own.join('; ');
    return `${namesOf(servers)}: ${shortened(withoutPrompt(words), LEVEL_SHOWN)}`;
  });
}

/** What it means to take a server out, for whoever has to decide that. */
function removalAdvice(
  { server, of }: Extract<Finding, { kind: 'down-for-days' }>,
  { fqdn, version }: ManagedPool,
): readonly string[] {
  return [
    `Advice: if ${shortName(server)} will not be replaced soon, remove it from the topology, and add it again once it is back.`,
    ...(of === undefined ? [] : [sizeAfter(of - 1, version)]),
    `After each publishing, every Front End Server is restarted, one at a time: \`restart ${shortName(fqdn)}\`.`,
  ];
}

function sizeAfter(size: number, version: ManagedPool['version']): string {
  const pool = `Without it the pool has ${size}`;
  if (size < SERVERS_WANTED) return `${pool}: the documents recommend at least ${SERVERS_WANTED}.`;
  const rule = functionalRule(version, size);
  if (rule === null) return `${pool}: no quorum number is published for that.`;
  return `${pool}: any ${rule.running}${rule.ofFirst < size ? ` of the first ${rule.ofFirst}` : ''} have to run.`;
}
