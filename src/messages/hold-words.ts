import { cameBackFromFailOver, type HoldReason } from '../domain/hold.ts';
import { namesOf, type PersonId, type PoolFqdn, shortName } from '../domain/pool.ts';
import type { PoolProblemCause } from '../domain/readiness.ts';
import type { Step } from '../domain/step.ts';
import type { Instant } from '../domain/time.ts';
import type { Button } from './card.ts';
import { personSpan } from './spans.ts';
import { alarmHoldWords } from './two-words.ts';
import { clockTime, type Voice, withoutPrompt } from './words.ts';

/** Why a run is held, in one line, and what a person can do about it. */
export interface HoldWords {
  readonly because: string;
  readonly lines: readonly string[];
}

const RETRY = 'Then type `retry`: everything is looked at again first.';

/** What a patch command or a hook did may be for a person to know. */
function byHandInstead({ action, server }: Step): readonly string[] {
  const name = shortName(server);
  if (action === 'patch') return [`If ${name} is patched, or you patch it by hand, type \`patched ${name}\` first.`];
  return action === 'hook' ? [`If what it should do is done, by it or by hand, type \`adopt ${name}\`.`] : [];
}

const stepWords = (step: Step): string =>
  step.action === 'hook' ? `the hook ${step.hook} on ${shortName(step.server)}` : `${step.action} ${shortName(step.server)}`;

/** The reason in one line, then what clears it and what a person may type. */
export function holdWords(reason: HoldReason, voice: Voice): HoldWords {
  switch (reason.kind) {
    case 'pool-problem':
      return {
        because: problemSeen(reason.cause, reason.seenAt, voice),
        lines: ['The run stays held until `retry`, even if Ready returns.'],
      };
    case 'our-servers-are-down':
      return {
        because: 'InsufficientActiveFrontEnds, while our own servers are down or not long back',
        lines: ['That these explain it is our inference: look at the pool.', RETRY],
      };
    case 'topology-changed':
      return {
        because: `the topology changed since the plan: ${reason.because}`,
        lines: [
          reason.gone === true ? '`retry` goes on without it.' : '`retry` plans again, with the pool as it is now.',
          ...(reason.inRestart === true
            ? ['Every server is then restarted once more: a new topology asks for all of them.']
            : []),
        ],
      };
    case 'checks-failed':
      return {
        because: reason.blockers.map(({ seen }) => seen).join('; '),
        lines: [...reason.blockers.map(({ check, clears }) => `${check}: clears when ${clears}`), RETRY],
      };
    case 'approval-void':
      return {
        because: 'the approval is void: what was approved is not what is there now',
        lines: [
          ...reason.differences.map((difference) => `differs: ${difference}`),
          '`retry` looks again and asks for approval anew.',
        ],
      };
    case 'approval-denied':
      return {
        because: `denied by ${reason.by}: ${withoutPrompt(reason.because)}`,
        lines: ['`retry` looks again and asks anew; `abort` ends the run.'],
      };
    case 'approval-expired':
      return { because: 'nobody approved in time', lines: ['`retry` looks again and asks anew.'] };
    case 'step-unclear':
      return {
        because: `${stepWords(reason.step)}: ${reason.because}`,
        lines: ['Look at the server.', ...byHandInstead(reason.step), RETRY],
      };
    case 'step-refused':
      return {
        because: `${stepWords(reason.step)} was refused: ${reason.because}`,
        lines: [...(reason.step.action === 'hook' ? byHandInstead(reason.step) : []), RETRY],
      };
    case 'drain-overdue': {
      const server = shortName(reason.server);
      const lines = [
        '`retry` waits as long again.',
        `\`retry immediate\` asks for approval of an immediate stop of ${server}.`,
        '`abort now` leaves it as it is.',
      ];
      return { because: `${server} still drains, since ${clockTime(reason.since, voice)}`, lines };
    }
    case 'patch-failed': {
      const server = shortName(reason.server);
      const lines = [
        `\`retry\` runs the patch command again; or patch ${server} by hand and type \`patched ${server}\`, then \`retry\`.`,
      ];
      return { because: `the patch command on ${server} ended with ${reason.exitCode}`, lines };
    }
    case 'hook-failed': {
      const server = shortName(reason.server);
      const lines = [
        `\`retry\` runs it again; or do by hand what it should do and type \`adopt ${server}\`, and the run goes on.`,
      ];
      return { because: `the hook ${reason.hook} on ${server} ${withoutPrompt(reason.because)}`, lines };
    }
    case 'changed-by-hand':
      return changedWords(reason);
    case 'failover-failed':
      return failoverFailed(reason);
    case 'stuck':
      return {
        because: `stuck: ${namesOf(reason.servers)}`,
        lines: [
          reason.because,
          reason.service,
          reason.inRestart === true
            ? 'The next server is not touched while this one is not back.'
            : 'The next domain is not touched while a server of this one is not back.',
          RETRY,
        ],
      };
    case 'looks-too-slow':
      return {
        because: 'a look takes longer than a minute, and nothing is done on an older one',
        lines: ['Something is slow to answer: the servers, the network between, or the machine that Lifeguard runs on.', RETRY],
      };
    case 'both-down':
    case 'back-end-lost':
      return alarmHoldWords(reason, voice);
    case 'not-settling':
      return { because: `the pool does not settle: ${reason.because}`, lines: [RETRY] };
  }
}

function changedWords({
  server,
  seen,
  restarted,
  running,
  patched,
  inRestart,
}: HoldReason & { readonly kind: 'changed-by-hand' }): HoldWords {
  const name = shortName(server);
  if (inRestart === true)
    return { because: `somebody worked on ${name}: ${seen.join('; ')}`, lines: restartedWords(name, restarted) };
  const then = patched === true ? 'patched' : 'not patched';
  return {
    because: `somebody worked on ${name}: ${seen.join('; ')}`,
    lines: [
      ...(patched === null ? [`If it is patched, type \`patched ${name}\` first.`] : []),
      running
        ? `\`adopt ${name}\` takes it as it is, ${then}: it is not stopped for this again${patched === true ? '' : ', and comes once more in its turn'}.`
        : `\`adopt ${name}\` goes on from there, ${then}.`,
      ...(restarted ? [] : [`Or undo it there, and type \`retry\`: ${name} is looked at first.`]),
    ],
  };
}

/** In a rolling restart only a restart counts. */
const restartedWords = (name: string, restarted: boolean): readonly string[] =>
  restarted
    ? [`\`adopt ${name}\` takes it as restarted, and goes on from there.`]
    : [
        `\`adopt ${name}\` takes it as it is, not restarted: it is not stopped for this again, and comes once more in its turn.`,
        `Or undo it there, and type \`retry\`: ${name} is looked at first.`,
      ];

/** What the two cmdlets leave behind when they fail, from their pages. */
function failoverFailed(reason: HoldReason & { readonly kind: 'failover-failed' }): HoldWords {
  const { server, direction, because } = reason;
  const name = shortName(server);
  const cmdlet = direction === 'fail-over' ? 'Invoke-CsComputerFailOver' : 'Invoke-CsComputerFailBack';
  const next = cameBackFromFailOver(reason)
    ? '`retry` lets the pool settle, looks again and asks for approval anew.'
    : '`retry` looks at the server and runs it once more; nothing is ever forced.';
  return { because: `${cmdlet} ${name} failed: ${withoutPrompt(because)}`, lines: [leftByFailover(reason), next] };
}

function leftByFailover({ server, direction, services, disabled }: HoldReason & { readonly kind: 'failover-failed' }): string {
  const name = shortName(server);
  if (services !== 'Running') {
    const off = `The services of ${name} are ${services === 'Stopped' ? 'off' : services}`;
    return disabled
      ? `${off}, and disabled across restarts: only Invoke-CsComputerFailBack brings it back.`
      : `${off}, and not disabled: look at the server.`;
  }
  if (disabled) return `The services of ${name} run, and are disabled: they would stay off after its next restart.`;
  return direction === 'fail-over'
    ? `${name} is in the pool as before: no action was taken.`
    : `The services of ${name} run all the same.`;
}

/** What was seen that makes it a problem with the pool, and when. */
export function problemSeen(cause: PoolProblemCause, seenAt: readonly Instant[], voice: Voice): string {
  const times = seenAt.map((at) => clockTime(at, voice)).join(', ');
  return cause === 'busy-streak'
    ? `Busy ${seenAt.length} times, 10 minutes apart (${times})`
    : `InsufficientActiveFrontEnds at ${times}`;
}

/** Asks for the plan of a failover of this pool; what it needs is read, and somebody else has to approve. */
export const failoverButton = (pool: string): Button => ({
  id: 'failover',
  label: 'Plan failover',
  command: `failover ${pool}`,
  asks: null,
  confirm: null,
});

/**
 * The prompt to fail over: advice, never an action of the bot. It alone begins with these two words, so that people can
 * search for them. Sources: Upgrade or update Front End Servers, step 1; Topologies and components for Front End Servers.
 */
export function poolProblemPrompt(
  pool: PoolFqdn,
  backupPool: PoolFqdn | null,
  cause: PoolProblemCause,
  seenAt: readonly Instant[],
  voice: Voice,
  called: readonly PersonId[],
) {
  const first =
    'First check: RTCSRV on every server, `fabric` for missing replicas, the back end, the pool it would fail over to.';
  const paired = (backup: PoolFqdn) => [
    `Advice: fail over to ${shortName(backup)}, then upgrade this pool. Failing over is a person's decision:`,
    `\`failover ${shortName(pool)}\` reads what it needs and asks somebody else; nothing is done before that.`,
    first,
  ];
  const unpaired = [
    'No backup pool: the documents offer no failover here. Restore service on this pool first.',
    'First check: RTCSRV on every server, `fabric` for missing replicas (-Verbose), the back end.',
    'If some users have service and others do not: look for missing replicas, and do not restart the whole pool.',
  ];
  return {
    title: `Pool problem: ${shortName(pool)}: ${problemSeen(cause, seenAt, voice)}`,
    lines: [
      ...(backupPool === null ? unpaired : paired(backupPool)),
      `Called: ${called.length === 0 ? 'nobody is configured to be' : called.map(personSpan).join(', ')}.`,
    ],
  };
}
