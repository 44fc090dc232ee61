import type { Found, OperationQuestion } from './operation-checks.ts';
import { namesOf, type ServerFqdn, shortName } from './pool.ts';
import { functionalRule, judgeQuorum, startMinimum } from './quorum.ts';

const ok = (seen: string): Found => ({ verdict: 'ok', seen, clears: '' });
const unread = (what: string): Found => ({ verdict: 'blocked', seen: `${what} could not be read`, clears: 'it answers' });

/** What the services say, else what the servers say themselves: with the whole pool down one of both may be silent. */
function running({ seen: { services, answers } }: OperationQuestion): readonly ServerFqdn[] {
  const listed = services?.filter(({ rtcsrv }) => rtcsrv === 'Running').map(({ server }) => server) ?? [];
  const said = answers.filter(({ answer }) => answer?.rtcsrv === 'Running').map(({ server }) => server);
  return [...new Set([...listed, ...said])];
}

const answering = ({ seen: { answers } }: OperationQuestion): readonly ServerFqdn[] =>
  answers.filter(({ answer }) => answer !== null).map(({ server }) => server);

/** "To start … when the whole pool was down"; a pool that is functional is up, and its missing servers are started one by one. */
export function poolDown(question: OperationQuestion): Found {
  const { request, seen } = question;
  if (seen.computers === null) return unread('the topology');
  if (answering(question).length === 0 && seen.services === null) return unread('every server');
  const up = running(question);
  const size = seen.computers.length;
  if (up.length === 0) return ok(`none of ${size} servers runs`);
  if (request.kind === 'reset')
    return {
      verdict: 'refused',
      seen: `${namesOf(up)} running`,
      clears: `a pool that runs is restarted one server at a time: restart ${shortName(request.pool)}`,
    };
  // The same numbers as before a stop: with the mirror in charge an even pool has no witness, and needs more.
  const { version } = request;
  const backEnd = seen.backEnd === 'mirror' ? 'mirror' : 'primary';
  const verdict = judgeQuorum({ version, servers: seen.computers, running: up, stopping: [], backEnd });
  return verdict.kind !== 'unknown' && verdict.margin < 0
    ? ok(`${up.length} of ${size} servers run: too few for the pool to be functional, margin ${verdict.margin}`)
    : {
        verdict: 'refused',
        seen: `${namesOf(up)} running: the pool is not down`,
        clears: 'start single servers with Start-CsWindowsService on them',
      };
}

/** The start table; and in a pool of two the order in which its servers went down. Where no number is published, all of them. */
export function enoughAnswer(question: OperationQuestion): Found {
  const { request, seen } = question;
  const { computers } = seen;
  if (computers === null) return unread('the topology');
  const there = answering(question);
  const missing = computers.filter((server) => !there.includes(server));
  const least = computers.length === 2 ? leastOfTwo(request.wentDown, there) : startMinimum(request.version, computers.length);
  const needed = least ?? computers.length;
  const rule = least === null ? 'no number is published, so all must' : `${needed} must to start, the first time and every time`;
  const words = `${there.length} of ${computers.length} answer, ${rule}`;
  if (there.length >= needed) return ok(missing.length === 0 ? words : `${words}; missing: ${namesOf(missing)}`);
  const reverse =
    computers.length === 2
      ? `; a pool of two comes back together or in reverse order, else \`recover ${shortName(request.pool)}\` first`
      : '';
  return { verdict: 'blocked', seen: `${words}; missing: ${namesOf(missing)}`, clears: `${namesOf(missing)} answer${reverse}` };
}

/** "Bring both back at the same time, or in the reverse order of going down": the last one down may come first. */
const leastOfTwo = (wentDown: readonly ServerFqdn[], there: readonly ServerFqdn[]): number => {
  const last = wentDown.length === 2 ? wentDown.at(-1) : undefined;
  return last !== undefined && there.includes(last) ? 1 : 2;
};

/** A routing group without a primary serves nobody; a pool of two keeps none, and is recovered when both servers are down. */
export function groupsLost(question: OperationQuestion): Found {
  const { request, seen } = question;
  if (seen.computers?.length === 2 && running(question).length === 0) return ok('both servers of the pool of two are down');
  if (seen.fabric === null) return unread('the fabric state');
  const lost = seen.fabric.groups.filter(({ primary }) => primary === null);
  if (lost.length > 0) return ok(`${lost.length} of ${seen.fabric.groups.length} routing groups have no primary`);
  return {
    verdict: 'refused',
    seen: 'every routing group has its primary: nothing is lost',
    clears: `\`fabric ${shortName(request.pool)}\` shows them`,
  };
}

/** "check the start table first": a reset with too few servers can take the entire pool offline. */
export function poolQuorum(question: OperationQuestion): Found {
  const { request, seen } = question;
  if (seen.computers === null) return unread('the topology');
  const size = seen.computers.length;
  const up = running(question);
  if (size === 2 && up.length === 0) return enoughAnswer({ ...question, request: { ...request, wentDown: [] } });
  const start = startMinimum(request.version, size) ?? size;
  const rule = functionalRule(request.version, size);
  const counted = seen.computers.slice(0, rule?.ofFirst ?? size).filter((server) => up.includes(server)).length;
  const words = `${up.length} of ${size} run; ${rule?.running ?? size} keep the pool's quorum, ${start} must run to start it`;
  if (rule !== null && counted >= rule.running && up.length >= start) return ok(words);
  return {
    verdict: 'blocked',
    seen: words,
    clears: up.length === 0 ? `start ${shortName(request.pool)}` : 'enough servers run',
  };
}

/** Nothing that can be read says that somebody published. */
export const topologyPublished = (_question: OperationQuestion): Found => ({
  verdict: 'tickable',
  seen: 'whether the topology changed while the pool was down is not for a cmdlet to tell',
  clears: 'somebody who knows that it was published ticks it',
});

/** Users are loaded from there. */
export function backEndReachable({ seen: { backEnd } }: OperationQuestion): Found {
  switch (backEnd) {
    case 'primary':
      return ok('the primary database is in charge');
    case 'mirror':
      return ok('the mirror is in charge: an even pool has no witness');
    case 'down':
      return { verdict: 'blocked', seen: 'the back end is down', clears: 'it is up' };
    case null:
      return {
        verdict: 'tickable',
        seen: 'the back end could not be read',
        clears: 'somebody sees that SQL Server has the databases open, and ticks it',
      };
  }
}
