import { KEY_SERVICES, type Part, type ServerCondition, TELLING_EVENTS } from './condition.ts';
import { type ServerFqdn, shortName } from './pool.ts';
import { bad, look, ok, type PreflightFinding, part, type Told, unknown } from './preflight-finding.ts';
import { hours, type Instant } from './time.ts';

/** A cold start may place routing groups for an hour in a large pool (event 32174); longer is stuck. */
const STARTING_MOST = hours(1);
/** Below the first a disk is too full for an installer, its logs and a dump; below the second it soon is. In bytes. Our own numbers. */
const FREE_LEAST = 5e9;
const FREE_BETTER = 10e9;
const GIGABYTE = 1e9;
/** Long enough before its end to have a certificate renewed by people with other things to do, and once more. Our own numbers. */
export const RENEWED_BEFORE = hours(24) * 30;
export const RENEWED_AT_LAST = hours(24) * 7;

/** What is found on one server; one that does not answer is nothing but that. */
export function judgeServer(server: ServerFqdn, seen: Part<ServerCondition>, now: Instant): readonly PreflightFinding[] {
  if (seen.kind === 'unread')
    return [
      {
        mark: 'unknown',
        check: 'answers',
        server,
        seen: `no answer (${seen.because.replaceAll(server, shortName(server))})`,
        cure: 'look whether it runs and is reached',
      },
    ];
  const { services, events, ports, restart, disks, certificates } = seen.value;
  const told: readonly Told[] = [
    ok('answers', 'answered'),
    ...part('services', services, 'look at its services there', (value) => judgeServices(value, now)),
    ...part('events', events, 'look at the log Lync Server there', judgeEvents),
    ...part('ports', ports, 'try its ports from another server', judgePorts),
    ...part('pending-restart', restart, 'look there whether Windows wants a restart', judgeRestart),
    ...part('disk', disks, 'look at its disks there', judgeDisks),
    ...part('certificates', certificates, 'run Get-CsCertificate there', (value) => judgeCertificates(value, now)),
  ];
  return told.map((each) => ({ ...each, server }));
}

type Read<Name extends keyof ServerCondition> = Extract<ServerCondition[Name], { kind: 'read' }>['value'];

/** Every key service has to be there and to run. */
function judgeServices(services: Read<'services'>, now: Instant): readonly Told[] {
  const faults = KEY_SERVICES.flatMap((name): readonly Told[] => {
    const found = services.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (found === undefined) return [unknown('services', `${name} is not listed`, 'look at its services there')];
    switch (found.state) {
      case 'Running':
        return [];
      case 'Start Pending':
        return [judgeStarting(name, found.since, now)];
      case '':
        return [unknown('services', `${name} has no state`, 'look at its services there')];
      default:
        return [bad('services', `${name} is ${found.state}`, 'find out who stopped it, and start it')];
    }
  });
  return faults.length === 0 ? [ok('services', `${KEY_SERVICES.join(', ')} run`)] : faults;
}

function judgeStarting(name: string, since: Instant | null, now: Instant): Told {
  if (since === null) return look('services', `${name} is Starting, nobody knows since when`, 'ask again; look at its events');
  const whole = Math.max(0, Math.floor((now - since) / 60_000));
  return now - since > STARTING_MOST
    ? bad('services', `${name} is Starting for ${whole} minutes`, 'it is stuck: look at its events and certificates')
    : look('services', `${name} is Starting for ${whole} minutes`, 'ask again: it may take an hour in a large pool');
}

/** Of each telling event what it means and what to do. */
const EVENTS: Readonly<Record<number, readonly [mark: 'bad' | 'look', meaning: string, cure: string]>> = {
  32163: ['bad', 'lost its pool manager', 'see `quorum`: are enough servers up?'],
  32169: ['bad', 'waits for quorum to start', 'see `quorum`: bring up the servers that miss'],
  32170: ['bad', 'no connection to its pool manager', 'see `quorum`: are enough servers up?'],
  32173: ['bad', 'shut down, fabric not initialised', 'touch no other server; see `quorum`'],
  32174: ['look', 'routing groups not placed', 'wait until the number falls to 0; up to an hour'],
  61029: ['bad', 'invalid certificate', 'look at Get-CsCertificate and the trusted roots there'],
};

/** The newest event of each kind, with how often it came: what it means, and what to do. */
export function judgeEvents(events: Read<'events'>): readonly Told[] {
  const kinds = [...Map.groupBy(events, ({ id }) => id)].toSorted(([left], [right]) => left - right);
  if (kinds.length === 0) return [ok('events', `none of ${TELLING_EVENTS.join(', ')} in the last hour`)];
  return kinds.map(([id, same]) => {
    const [mark, meaning, cure] = EVENTS[id] ?? (['look', 'not one that was asked for', 'read it there'] as const);
    const newest = same.toSorted((left, right) => right.at - left.at)[0];
    const placed = id === 32174 ? notPlaced(newest?.text ?? '') : '';
    return { mark, check: 'events', seen: `${id} ${meaning}${placed}${same.length > 1 ? `, ${same.length} times` : ''}`, cure };
  });
}

/** ` 3 of 3`, from the words of event 32174; nothing when it has other ones. */
function notPlaced(text: string): string {
  const [, left, all] = /not yet placed:\s*(\d+)[\s\S]*?total number of groups:\s*(\d+)/i.exec(text) ?? [];
  return left === undefined || all === undefined ? '' : ` ${left} of ${all}`;
}

function judgePorts(ports: Read<'ports'>): readonly Told[] {
  if (ports.length === 0) return [unknown('ports', 'no port was tried', 'try its ports from another server')];
  const shut = ports.filter(({ open }) => !open).map(({ port }) => port);
  return shut.length === 0
    ? [ok('ports', `TCP ${ports.map(({ port }) => port).join(', ')} take connections`)]
    : [bad('ports', `TCP ${shut.join(', ')} closed`, 'look at its services and its firewall')];
}

const judgeRestart = (wanted: Read<'restart'>): readonly Told[] =>
  wanted.length === 0
    ? [ok('pending-restart', 'no restart is pending')]
    : [bad('pending-restart', `restart pending: ${wanted.join(', ')}`, 'restart it before the night, one server at a time')];

function judgeDisks(disks: Read<'disks'>): readonly Told[] {
  if (disks.length === 0) return [unknown('disk', 'no disk is listed', 'look at its disks there')];
  return disks.map(({ root, free }) => {
    // Rounded down: what is too little does not look like enough.
    const seen = `${(Math.floor((free / GIGABYTE) * 10) / 10).toFixed(1)} GB free on ${root}`;
    if (free < FREE_LEAST) return bad('disk', seen, `make room: ${FREE_LEAST / GIGABYTE} GB for an update and its logs`);
    return free < FREE_BETTER ? look('disk', seen, 'enough for one update: make room soon') : ok('disk', seen);
  });
}

function judgeCertificates(certificates: Read<'certificates'>, now: Instant): readonly Told[] {
  if (certificates.length === 0) return [bad('certificates', 'none is assigned', 'assign one with the Deployment Wizard')];
  return certificates.map(({ use, ends }) => {
    if (ends === null) return unknown('certificates', `${use}: its end is not known`, 'run Get-CsCertificate there');
    const day = new Date(ends).toISOString().slice(0, 10);
    const cure = 'renew it: services do not start without it';
    if (ends <= now) return bad('certificates', `${use} ended on ${day}`, cure);
    const left = Math.floor((ends - now) / hours(24));
    const seen = `${use} ends in ${left} days, on ${day}`;
    if (ends - now < RENEWED_AT_LAST) return bad('certificates', seen, cure);
    return ends - now < RENEWED_BEFORE ? look('certificates', seen, cure) : ok('certificates', `${use} ends on ${day}`);
  });
}
