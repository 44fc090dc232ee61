import type { HoldReason } from '../../src/domain/hold.ts';
import {
  aborting,
  approved,
  asked,
  booting,
  bothDown,
  denied,
  draining,
  fe1Down,
  finished,
  held,
  paused,
  planned,
  settling,
  viewerOpen,
} from '../commands/situations.ts';
import { dana, fabric, kim, omar, POOL02, Story, server, settings, without } from '../support.ts';

const fe1 = server(1);
const stop = { action: 'stop', server: fe1, stopMode: 'graceful' } as const;

/** One of every reason to hold a run. */
export const REASONS = {
  'pool-problem': { kind: 'pool-problem', cause: 'busy-streak', seenAt: [0, 600_000, 1_200_000] },
  'our-servers-are-down': { kind: 'our-servers-are-down' },
  'topology-changed': { kind: 'topology-changed', because: 'the pool now has fe1, fe7; planned for fe1' },
  'checks-failed': {
    kind: 'checks-failed',
    blockers: [
      {
        check: 'servers-running',
        verdict: 'blocked',
        seen: 'not running: fe6',
        server: null,
        clears: 'RTCSRV runs on fe6',
        where: fe1,
        at: 0,
      },
      {
        check: 'pool-ready',
        verdict: 'blocked',
        seen: 'PoolUpgradeState is Busy',
        server: null,
        clears: 'the pool answers Ready',
        where: fe1,
        at: 0,
      },
    ],
  },
  'approval-void': { kind: 'approval-void', differences: ['runs no more: fe6', 'a primary moved'] },
  'approval-denied': { kind: 'approval-denied', by: kim, because: 'not tonight' },
  'approval-expired': { kind: 'approval-expired' },
  'step-unclear': { kind: 'step-unclear', step: stop, because: 'the server does not answer' },
  'step-refused': {
    kind: 'step-refused',
    step: { action: 'restart', server: fe1, bootTimeSeen: 0 },
    because: 'dana is logged on',
  },
  'drain-overdue': { kind: 'drain-overdue', server: fe1, since: 0 },
  'hook-failed': { kind: 'hook-failed', server: fe1, hook: 'before', because: 'ended with 1' },
  'changed-by-hand': {
    kind: 'changed-by-hand',
    server: fe1,
    seen: ['it was restarted', 'its services are Running'],
    restarted: true,
    running: true,
    patched: null,
    bootTime: 0,
  },
  'failover-failed': {
    kind: 'failover-failed',
    server: fe1,
    direction: 'fail-back',
    because: 'The operation timed out.',
    services: 'Stopped',
    disabled: true,
  },
  'patch-failed': { kind: 'patch-failed', server: fe1, exitCode: 1603 },
  stuck: { kind: 'stuck', servers: [fe1, server(2)], because: 'RTCSRV is StartPending', service: 'all users have service' },
  'both-down': {
    kind: 'both-down',
    pool: POOL02,
    down: fe1,
    server: server(2),
    found: 'Stopped',
    order: [
      { server: fe1, at: 300_000 },
      { server: server(2), at: 900_000 },
    ],
  },
  'back-end-lost': { kind: 'back-end-lost', down: fe1, backEnd: 'down' },
  'looks-too-slow': { kind: 'looks-too-slow' },
  'not-settling': { kind: 'not-settling', because: 'the pool reported Busy' },
} satisfies { readonly [Kind in HoldReason['kind']]: HoldReason & { readonly kind: Kind } };

export const INSUFFICIENT: HoldReason = { kind: 'pool-problem', cause: 'insufficient-active-front-ends', seenAt: [300_000] };

const expired = () => {
  const story = asked().wait(240);
  return story.say({ kind: 'approval-expired', code: story.gate.code });
};
export const frozen = (story: Story) => story.say({ kind: 'frozen', by: kim, because: 'storage drill', since: story.now });
const byCommand = () => bothDown({ settings: { patchMode: 'by-command' } });

/** Runs in every state there is, none of them with a problem of the pool. */
export const STORIES: readonly (readonly [string, Story])[] = [
  ['asked for, not looked at', new Story()],
  ['looked at, not planned', new Story().look()],
  [
    'nothing could be read',
    new Story().look({
      readiness: null,
      verdict: { kind: 'no-answer', inARow: 3 },
      computers: null,
      services: null,
      fabric: null,
      backEnd: null,
      askedOf: null,
      viewers: [],
      raw: ['what?'],
    }),
  ],
  ['planned', planned()],
  ['Busy', planned().look({ verdict: { kind: 'busy', counted: 2, countedAt: [0], askAgainAt: 600_000 } })],
  ['Busy of our making', planned().look({ verdict: { kind: 'busy', counted: 0, countedAt: [], askAgainAt: 60_000 } })],
  ['no answer', planned().look({ readiness: null, verdict: { kind: 'no-answer', inARow: 3 } })],
  ['blocked by two things', planned().look({ services: without(planned().topology, server(6)), pairUnderWay: POOL02 })],
  ['an Event Viewer is open', viewerOpen()],
  ['asked for approval', asked()],
  ['one of two approved', asked({ settings: { approvalsNeeded: 2 } }).approve(kim)],
  ['denied', denied()],
  ['expired', expired()],
  ['approved', approved()],
  [
    'downtime declared',
    approved({ stopMode: 'immediate' })
      .look()
      .start({ ...stop, stopMode: 'immediate' }),
  ],
  ['stopping', approved().look().start(stop)],
  ['draining', draining()],
  ['pausing', draining().say({ kind: 'paused', by: dana })],
  [
    'an immediate stop asked for',
    draining()
      .hold(REASONS['drain-overdue'])
      .say({ kind: 'retried', by: omar, immediate: true })
      .ask({ kind: 'immediate-stop', stopMode: 'immediate', servers: [fe1] }),
  ],
  ['half down', fe1Down()],
  [
    'the rest asked for',
    fe1Down()
      .say({ kind: 'reconfigured', settings: settings({ revision: 'r2' }) })
      .ask({ kind: 'stop-rest', servers: [server(2)] }),
  ],
  ['paused', paused()],
  ['patching by hand', bothDown()],
  ['one patched', bothDown().patched(fe1)],
  ['looking before the command', byCommand()],
  ['patching by command', byCommand().start({ action: 'patch', server: fe1, levelBefore: null })],
  ['all patched', bothDown().patched(fe1).patched(server(2))],
  ['restarting', bothDown().patched(fe1).patched(server(2)).start({ action: 'restart', server: fe1, bootTimeSeen: 0 })],
  ['booting', booting().lookAt(fe1, { answer: null })],
  ['one back', booting().back(fe1)],
  ['settling, not looked at', settling()],
  ['settling', settling().look()],
  [
    'settling again',
    settling()
      .look()
      .wait(1)
      .look({ fabric: fabric('rg-1 fe1 -') }),
  ],
  ['settled', settling().say({ kind: 'settled', upgradeDomain: '1' })],
  ['finished', finished()],
  ['held', held()],
  ['aborting', aborting()],
  [
    'aborted, everything up',
    planned()
      .say({ kind: 'aborted', by: dana, how: 'bring-back' })
      .say({ kind: 'ended', ending: { how: 'aborted', left: [] } }),
  ],
  [
    'aborted, a server left',
    fe1Down()
      .say({ kind: 'aborted', by: dana, how: 'leave' })
      .say({ kind: 'ended', ending: { how: 'aborted', left: ['fe1: services stopped, not patched'] } }),
  ],
  ['refused', new Story().look().say({ kind: 'ended', ending: { how: 'refused', because: ['nothing is left to upgrade'] } })],
  ['under a change ticket', settling({ ticket: 'CHG0012345' }).look()],
  ['frozen', frozen(approved())],
  ['frozen while asked for approval', frozen(asked())],
  ['frozen while a server drains', frozen(draining())],
  ['frozen while settling', frozen(settling().look())],
  ['frozen and held', frozen(held())],
  ['frozen, then aborted', frozen(aborting())],
  ['thawed', frozen(asked()).say({ kind: 'thawed', by: omar })],
  ['goes on with what is left', planned({ carried: { upgraded: [fe1, server(2)] } }).ask()],
  ...Object.values(REASONS)
    .filter(({ kind }) => kind !== 'pool-problem')
    .map((reason): readonly [string, Story] => [`held: ${reason.kind}`, fe1Down().hold(reason)]),
];
