import type { Part, PoolCondition, ServerCondition } from './condition.ts';
import type { ServerFqdn } from './pool.ts';
import { RENEWED_AT_LAST, RENEWED_BEFORE } from './preflight-server.ts';
import { hours, type Instant } from './time.ts';
import { CERTIFICATE_STEPS, type CertificateStep, type Finding } from './watch-finding.ts';
import type { Findings } from './watch-look.ts';

/** Three days in which nothing could be read; looks may come some minutes early. */
const UNREAD_MAX = hours(24) * 3 - hours(1);

/** The last thing that was read of a server, and when. */
interface Known<Value> {
  readonly at: Instant;
  readonly value: Value;
}

/** What the rare looks know of one server. A look that could not read something leaves what was known. */
export interface ExaminedServer {
  readonly server: ServerFqdn;
  /** When it was asked first. */
  readonly since: Instant;
  readonly certificates: Known<readonly { readonly use: string; readonly ends: Instant }[]> | null;
  /** Its value is null for a product that cannot tell. */
  readonly patchLevel: Known<string | null> | null;
  /** Why the last look did not read something; null: it read everything. */
  readonly because: { readonly certificates: string | null; readonly 'patch-levels': string | null };
}

/** The last rare look at a pool. */
export interface Examined {
  readonly at: Instant;
  readonly servers: readonly ExaminedServer[];
}

/** What is known after another rare look. A server that it did not ask has left the pool, and is forgotten. */
export const examinedAgain = (before: Examined | undefined, servers: PoolCondition['servers'], at: Instant): Examined => ({
  at,
  servers: servers.map(({ server, seen }) => {
    const known = before?.servers.find((each) => each.server === server);
    const certificates = certificatesOf(seen);
    const level: Part<string | null> = seen.kind === 'read' ? seen.value.patchLevel : seen;
    return {
      server,
      since: known?.since ?? at,
      certificates: certificates.kind === 'read' ? { at, value: certificates.value } : (known?.certificates ?? null),
      patchLevel: level.kind === 'read' ? { at, value: level.value } : (known?.patchLevel ?? null),
      because: { certificates: becauseOf(certificates), 'patch-levels': becauseOf(level) },
    };
  }),
});

const becauseOf = (part: Part<unknown>): string | null => (part.kind === 'read' ? null : part.because);

/** An end that is not understood is as good as none. */
function certificatesOf(seen: Part<ServerCondition>): Part<readonly { readonly use: string; readonly ends: Instant }[]> {
  if (seen.kind === 'unread') return seen;
  const { certificates } = seen.value;
  if (certificates.kind === 'unread') return certificates;
  if (certificates.value.length === 0) return { kind: 'unread', because: 'no certificate is assigned' };
  const read = certificates.value.flatMap(({ use, ends }) => (ends === null ? [] : [{ use, ends }]));
  return read.length < certificates.value.length
    ? { kind: 'unread', because: 'the end of a certificate is not understood' }
    : { kind: 'read', value: read };
}

/** What else decides what a rare look says. */
export interface Circumstances {
  /** Servers that are told of as down already. */
  readonly down: readonly ServerFqdn[];
  /** A run of ours has upgraded some servers and not the others, so their levels differ by design. */
  readonly mixedByUs: boolean;
}

/** What is wrong by what is known after a rare look; of all that other looks see it says nothing. */
export function findingsOf(examined: Examined, { down, mixedByUs }: Circumstances): Findings {
  const allLevelsRead = examined.servers.every(({ patchLevel }) => patchLevel?.at === examined.at);
  const levels = mixedByUs ? [] : levelsOf(examined);
  const present = [...certificateFindings(examined), ...levels, ...unexamined(examined, down)];
  return {
    present,
    saysNothingOf: ({ kind }) => {
      if (kind === 'patch-levels') return mixedByUs || !allLevelsRead;
      return kind !== 'certificate' && kind !== 'unexamined';
    },
  };
}

function certificateFindings({ servers }: Examined): readonly Finding[] {
  const ends = servers.flatMap(({ server, certificates }) =>
    (certificates?.value ?? []).flatMap((each) => {
      const step = stepOf(each.ends, certificates?.at ?? each.ends);
      return step === null ? [] : [{ server, step, use: each.use, day: new Date(each.ends).toISOString().slice(0, 10) }];
    }),
  );
  return [...Map.groupBy(ends, ({ day }) => day)]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([day, same]) => ({
      kind: 'certificate',
      day,
      step: CERTIFICATE_STEPS.findLast((step) => same.some((each) => each.step === step)) ?? 'soon',
      uses: [...new Set(same.map(({ use }) => use))].toSorted(),
      servers: [...new Set(same.map(({ server }) => server))],
    }));
}

/** By the look that read it: one that is not read any more may have been renewed since. */
function stepOf(ends: Instant, readAt: Instant): CertificateStep | null {
  if (ends <= readAt) return 'ended';
  if (ends - readAt < RENEWED_AT_LAST) return 'at-last';
  return ends - readAt < RENEWED_BEFORE ? 'soon' : null;
}

/** Only levels of this very look are compared: one from before may have changed with the others. */
function levelsOf({ at, servers }: Examined): readonly Finding[] {
  const read = servers.flatMap(({ server, patchLevel }) =>
    patchLevel === null || patchLevel.at !== at || patchLevel.value === null ? [] : [{ server, level: patchLevel.value }],
  );
  // Most servers first: the others are those that differ.
  const levels = [...Map.groupBy(read, ({ level }) => level)]
    .map(([level, same]) => ({ level, servers: same.map(({ server }) => server) }))
    .toSorted((left, right) => right.servers.length - left.servers.length);
  return levels.length < 2 ? [] : [{ kind: 'patch-levels', levels }];
}

function unexamined({ at, servers }: Examined, down: readonly ServerFqdn[]): readonly Finding[] {
  return (['certificates', 'patch-levels'] as const).flatMap((what): readonly Finding[] => {
    const silent = servers.filter(({ server, since, certificates, patchLevel }) => {
      const known = what === 'certificates' ? certificates : patchLevel;
      return !down.includes(server) && at - (known?.at ?? since) >= UNREAD_MAX;
    });
    const [first] = silent;
    if (first === undefined) return [];
    return [{ kind: 'unexamined', what, servers: silent.map(({ server }) => server), because: first.because[what] ?? '' }];
  });
}
