import type { CheckResult } from '../domain/checks.ts';
import { type FabricState, missingReplicas, notFullyServed } from '../domain/fabric.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { type Planned, SMALL_POOL_WARNING } from '../domain/plan.ts';
import { namesOf, type ServerFqdn, shortName, type Topology, unitName } from '../domain/pool.ts';
import { functionalRule, judgeQuorum, quorumInWords, startMinimum } from '../domain/quorum.ts';
import type { Request } from '../domain/run.ts';
import { type PoolSighting, runningServers } from '../domain/sighting.ts';
import { witnessWords } from './witness-words.ts';
import { clockTime, type Voice, withoutPrompt } from './words.ts';

/** As much of an answer as a card needs: what was understood, or why nothing was, with the words that came. */
export interface Answered<Value> {
  readonly kind: 'understood' | 'silent' | 'garbage';
  readonly value?: Value;
  readonly because?: string;
  readonly askedOf: ServerFqdn | null;
  readonly raw: string;
  readonly notUnderstood?: readonly string[];
}

/** How many raw lines of an answer a card quotes; the record has all of it. */
const RAW_LINES = 8;
/** What came, word for word, for the person who has to read it: its first lines. */
export const rawLines = (raw: string): readonly string[] =>
  withoutPrompt(raw)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, RAW_LINES)
    .map((line) => `| ${line.slice(0, 160)}`);

/** Members of an understood answer that no document knows, for the person who may know them. */
export const notUnderstoodLines = ({ notUnderstood = [] }: Pick<Answered<unknown>, 'notUnderstood'>): readonly string[] =>
  notUnderstood.slice(0, RAW_LINES).map((each) => `not understood: ${withoutPrompt(each).replace(/\s+/g, ' ').slice(0, 160)}`);

/** Routing groups: what is missing, and who is primary of how many. An answer nobody understands is shown as it came. */
export function fabricLines(answer: Answered<FabricState>, poolSize: number): readonly string[] {
  const { value } = answer;
  if (value === undefined) return [`no usable answer: ${answer.because ?? 'nothing came'}`, ...rawLines(answer.raw)];
  const { groups, serversNotUp } = value;
  const bad = notFullyServed(value, poolSize);
  const few = missingReplicas(value, poolSize).filter((group) => !bad.includes(group));
  const primaries = new Map<ServerFqdn, number>();
  for (const { primary } of groups) if (primary !== null) primaries.set(primary, (primaries.get(primary) ?? 0) + 1);
  return [
    bad.length === 0
      ? `every routing group has a primary${poolSize === 2 ? '' : ' and at least one secondary'}: all users have service`
      : `without a primary or any secondary: ${bad.map(({ id }) => id).join(', ')}`,
    ...(poolSize === 2 ? ['two servers keep no replicas of each other: both load their users from the back end'] : []),
    ...(few.length === 0 ? [] : [`fewer than three replicas: ${few.map(({ id }) => id).join(', ')}`]),
    ...(serversNotUp.length === 0 ? [] : [`not UP in the fabric: ${namesOf(serversNotUp)}`]),
    `primaries: ${[...primaries].map(([server, count]) => `${shortName(server)} ${count}`).join(', ')} of ${groups.length}`,
    ...(answer.askedOf === null ? [] : [`asked of ${shortName(answer.askedOf)}`]),
    ...(bad.length === 0
      ? []
      : ['Some users may be without service: look for missing replicas (-Verbose), and do not restart the whole pool.']),
  ];
}

/** How many must run to start and to stay functional, the margin now and with each upgrade domain down. */
export function quorumLines({ version, fqdn }: ManagedPool, seen: PoolSighting, topology: Topology | null): readonly string[] {
  const servers = seen.computers;
  const running = runningServers(seen);
  if (servers === null || running === null) return ['the servers or their services could not be read'];
  const size = servers.length;
  const start = startMinimum(version, size);
  const rule = functionalRule(version, size);
  const backEnd = seen.backEnd;
  return [
    ...(size < 3 ? [`warning: ${SMALL_POOL_WARNING}`] : []),
    start === null ? `to start: no number is published for a ${version} pool of ${size}` : `to start: ${start} of ${size}`,
    rule === null
      ? `to stay functional: unknown, no number is published for a ${version} pool of ${size}`
      : `to stay functional: any ${rule.running}${rule.ofFirst < size ? ` of the first ${rule.ofFirst} servers (${namesOf(servers.slice(0, rule.ofFirst))})` : ''}`,
    `running: ${running.length} of ${size}${size === running.length ? '' : `, not ${namesOf(servers.filter((server) => !running.includes(server)))}`}`,
    `now, ${witnessWords({ version, servers, running, stopping: [] }, backEnd)}`,
    ...(backEnd === null || backEnd === 'down'
      ? []
      : [
          marginOf('now', []),
          ...(topology?.upgradeDomains ?? []).map((each) => marginOf(`with domain ${each.name} down`, each.servers)),
        ]),
    ...(topology === null ? [`the upgrade domains of ${shortName(fqdn)} could not be read`] : []),
  ];

  function marginOf(when: string, stopping: readonly ServerFqdn[]): string {
    const verdict = judgeQuorum({
      version,
      servers: servers ?? [],
      running: running ?? [],
      stopping,
      backEnd: backEnd ?? 'down',
    });
    return `${when}: ${verdict.kind === 'unknown' ? verdict.because : verdict.counts.map((count) => quorumInWords(count, size)).join('; ')}`;
  }
}

/** What an upgrade would do domain by domain, or a rolling restart server by server; or why there would be none. */
export function planLines(
  planned: Planned,
  done: readonly ServerFqdn[],
  pool: ManagedPool,
  seen: PoolSighting,
  purpose?: Request['purpose'],
): readonly string[] {
  if (planned.kind === 'unread') return [`cannot be planned: ${planned.because}`];
  const small = (seen.computers?.length ?? 3) < 3 ? [`warning: ${SMALL_POOL_WARNING}`] : [];
  if (planned.kind === 'refused') return [...small, ...planned.because.map((because) => `refused: ${because}`)];
  const { servers } = planned.topology;
  const lines = planned.upgradeDomains.map((domain, index) => {
    const { servers: inside } = domain;
    const verdict = judgeQuorum({
      version: pool.version,
      servers,
      running: servers,
      stopping: inside,
      backEnd: seen.backEnd ?? 'primary',
    });
    const margin =
      verdict.kind === 'unknown'
        ? verdict.because
        : verdict.counts.map((count) => quorumInWords(count, servers.length)).join('; ');
    return `${index + 1}. ${unitName(domain)}: ${namesOf(inside)}; ${margin}`;
  });
  return [
    ...(done.length === 0
      ? []
      : [
          `goes on with what is left: ${namesOf(done)} already ${purpose === 'restart' ? 'restarted' : 'upgraded'}; \`${purpose ?? 'upgrade'} ${shortName(pool.fqdn)} all\` would start over`,
        ]),
    ...small,
    ...lines,
    `each: ${pool.approvalsNeeded} approval(s) by somebody else, graceful stop, ${purpose === 'restart' ? '' : `patch ${pool.patchMode}, `}restart, 20 minutes of Ready`,
    pool.backupPool === null ? 'not paired: no backup pool to fail over to' : `paired with ${shortName(pool.backupPool)}`,
  ];
}

/** Every check's result: what was seen, where, when, and what clears it. */
export const checksLines = (results: readonly CheckResult[], voice: Voice): readonly string[] =>
  results.map(({ check, verdict, seen, where, at, clears }) => {
    const source = `${where === null ? 'no server answered' : shortName(where)}, ${clockTime(at, voice)}`;
    return verdict === 'ok' ? `ok ${check}: ${seen} (${source})` : `BLOCKS ${check}: ${seen} (${source}); clears when ${clears}`;
  });
