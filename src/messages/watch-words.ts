import { shortName } from '../domain/pool.ts';
import { minutes } from '../domain/time.ts';
import { STARTING_MAX } from '../domain/watch.ts';
import type { Area, Finding } from '../domain/watch-finding.ts';
import { problemSeen } from './hold-words.ts';
import type { Voice } from './words.ts';

const READ_BY: Readonly<Record<Area, string>> = {
  readiness: 'readiness',
  topology: 'the servers of the pool',
  services: 'the services',
  fabric: 'the fabric',
  'back-end': 'the back end',
  quorum: 'quorum',
};

/** A finding of the watch in one line. */
export function findingWords(finding: Finding, voice: Voice): string {
  switch (finding.kind) {
    case 'busy':
      return 'Busy';
    case 'short-of-front-ends':
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
  }
}

/** What a person may do about it; nothing where the line says it. */
export function adviceFor(finding: Finding): readonly string[] {
  switch (finding.kind) {
    case 'down-for-days': {
      const server = shortName(finding.server);
      return [
        `Advice: if ${server} will not be replaced soon, remove it from the topology, and add it again once it is back.`,
        'After each publishing, every Front End Server is restarted, one at a time.',
      ];
    }
    case 'unread':
      return finding.because === null ? [] : [`That is not the same as fine: ${finding.because}`];
    case 'quorum':
      return finding.level === 'lost'
        ? ['The remaining servers stop their services below that. Look at the servers that are down.']
        : [];
    default:
      return [];
  }
}
