import type { PoolCondition } from '../domain/condition.ts';
import { namesOf, shortName } from '../domain/pool.ts';
import { PREFLIGHT, PREFLIGHT_CHECKS, type PreflightFinding, type PreflightMark } from '../domain/preflight-finding.ts';
import type { Instant } from '../domain/time.ts';
import { clockTime, PHONE_COLUMNS, shortened, type Voice, withoutPrompt } from './words.ts';

/** Twelve lines with the title, as `status` has them; a card indents its lines by two. */
const LINES_MAX = 11;
const INDENTED_COLUMNS = PHONE_COLUMNS - 2;

const SIGNS: Readonly<Record<PreflightMark, string>> = { bad: '!!', unknown: '??', look: '?', ok: 'ok' };
const WORDS: Readonly<Record<PreflightMark, string>> = { bad: 'BAD', unknown: 'NOT KNOWN', look: 'look', ok: 'OK' };

/** How a pool is before a night: the worst in the title, the findings first as on a phone, then each of them in full. */
export function preflightLines(
  findings: readonly PreflightFinding[],
  { servers }: PoolCondition,
  now: Instant,
  voice: Voice,
): { readonly worst: string; readonly lines: readonly string[] } {
  const faults = findings.filter(({ mark }) => mark !== 'ok');
  const counted = (mark: PreflightMark) => findings.filter((each) => each.mark === mark).length;
  const counts = (['bad', 'unknown', 'look', 'ok'] as const).map((mark) => `${counted(mark)} ${WORDS[mark]}`).join(', ');
  const shown = faults.slice(0, LINES_MAX - 3);
  const more = faults.length - shown.length;
  const short = [
    counts,
    ...shown.map(({ mark, server, check, seen }) => `${SIGNS[mark]} ${server === null ? check : shortName(server)}: ${seen}`),
    ...(more > 0 ? [`and ${more} more below`] : []),
  ];
  return {
    worst: { bad: 'is NOT OK', unknown: 'is not all known', look: 'needs a look', ok: 'is OK' }[findings[0]?.mark ?? 'unknown'],
    lines: [
      ...short.map((line) => shortened(withoutPrompt(line), INDENTED_COLUMNS)),
      `asked ${clockTime(now, voice)}, of ${servers.length} server${servers.length === 1 ? '' : 's'}`,
      ...faults.map(inFull),
      ...PREFLIGHT_CHECKS.flatMap((check) => goodOnes(findings.filter((each) => each.check === check && each.mark === 'ok'))),
    ],
  };
}

function inFull({ mark, check, server, seen, cure }: PreflightFinding): string {
  const { protects, source } = PREFLIGHT[check];
  const where = server === null ? source : `${shortName(server)}, ${source}`;
  return `${WORDS[mark]} ${check}: ${withoutPrompt(seen)} (${where}). Protects: ${protects}.${cure === null ? '' : ` Do: ${cure}`}`;
}

/** What is well on several servers in the same words is one line. */
function goodOnes(findings: readonly PreflightFinding[]): readonly string[] {
  return [...Map.groupBy(findings, ({ seen }) => seen)].map(([seen, same]) => {
    const servers = same.flatMap(({ server }) => (server === null ? [] : [server]));
    const check = same[0]?.check ?? 'answers';
    return `OK ${check}: ${withoutPrompt(seen)} (${[...(servers.length === 0 ? [] : [namesOf(servers)]), PREFLIGHT[check].source].join('; ')})`;
  });
}
