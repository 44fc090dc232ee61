import type { ManagedPool } from '../domain/inventory.ts';
import type { Milestone } from '../domain/milestone.ts';
import { namesOf, shortName, type UpgradeDomain, unitName } from '../domain/pool.ts';
import { isRestart, runName } from '../domain/purpose.ts';
import type { Ending, Run } from '../domain/run.ts';
import { adoptButton } from './adopt-button.ts';
import { type Card, liveKey } from './card.ts';
import { frozenRunLines, THAW_GOES_ON } from './freeze-words.ts';
import { failoverButton, holdWords, poolProblemPrompt } from './hold-words.ts';
import { type PoolMap, poolMapOf } from './pool-map.ts';
import { alarmWords, principalWords } from './two-words.ts';
import { clockTime, runTitle, type Voice, withoutPrompt } from './words.ts';

/** The line, or the prompt, that a milestone gets in the stream. Its key is the event it came from, so it is said once. */
export function milestoneCard(run: number, milestone: Milestone, state: Run, pool: ManagedPool, voice: Voice): Card {
  const said = words(milestone, state, pool, voice);
  return {
    key: `${liveKey(run)}-${milestone.seq}`,
    under: liveKey(run),
    tone: said.tone ?? 'calm',
    title: runTitle(said.title, state.request, voice),
    lines: said.lines ?? [],
    buttons: said.buttons ?? [],
    picture: said.picture,
  };
}

type Said = Partial<Omit<Card, 'key' | 'under' | 'title'>> & { readonly title: string };

function words(milestone: Milestone, state: Run, pool: ManagedPool, voice: Voice): Said {
  const name = shortName(pool.fqdn);
  switch (milestone.kind) {
    case 'down':
      return {
        title: `${name}: ${unitName(milestone.upgradeDomain)} is down; ${nextWords(state, milestone.upgradeDomain)}`,
      };
    case 'back':
      return {
        title: `${name}: ${unitName(milestone.upgradeDomain)} is back${of(milestone.upgradeDomain)}; settling`,
      };
    case 'settled':
      return {
        title: `${name}: ${unitName(milestone.upgradeDomain)} has settled: 20 minutes of Ready, nothing moved`,
        picture: settledMap(milestone.upgradeDomain, state, pool, voice),
      };
    case 'settle-restarted':
      return { title: `${name}: the settle time starts again${again(milestone, voice)}: ${milestone.because}` };
    case 'principal-moved':
      return {
        tone: milestone.to === 'primary' ? 'calm' : 'alarm',
        title: `${name}: ${principalWords(milestone.to)}`,
        lines: [`It changed while this ${runName(state)} is under way; \`quorum ${name}\` says what that does to the margin.`],
      };
    case 'no-answer': {
      const asked =
        milestone.askedOf === null ? 'no Front End Server answered' : `${shortName(milestone.askedOf)} was asked last`;
      return {
        tone: 'alarm',
        title: `${name}: no answer about readiness three times in a row (${asked})`,
        lines: ['It is neither Ready nor Busy: nothing is stopped on it. Look at that server, or `why`.'],
      };
    }
    case 'held':
      return held(milestone, state, pool, voice);
    case 'alarmed': {
      const { because, lines } = alarmWords(milestone.reason, voice);
      return { tone: 'alarm', title: `${name}: ${because}`, lines: [...lines, ...besideAlarm(state, voice)] };
    }
    case 'frozen': {
      const { by, at, because } = milestone.freeze;
      return { title: `${name}: frozen by ${by} at ${clockTime(at, voice)}`, lines: [withoutPrompt(because), THAW_GOES_ON] };
    }
    case 'thawed':
      return { title: `${name}: thawed by ${milestone.by}; it is looked at anew before anything is started` };
    case 'ended':
      return endWords(name, milestone.ending, state);
  }
}

/** What the run does meanwhile: an alarm stops neither a hold nor an abort. */
function besideAlarm({ held, aborting }: Run, voice: Voice): readonly string[] {
  if (held !== null) return [`Still held, and \`retry\` goes on with that: ${holdWords(held.reason, voice).because}.`];
  return aborting === null ? [] : ['The abort goes on meanwhile.'];
}

/** Whose servers they are, where the name does not say it. */
const of = (domain: UpgradeDomain): string => (unitName(domain).startsWith('server') ? '' : ` (${namesOf(domain.servers)})`);

/** The pool after a domain's upgrade: where its primaries were before the first stop, and where they are now. */
function settledMap(domain: UpgradeDomain, { plan, gates, lastSeen }: Run, pool: ManagedPool, voice: Voice): PoolMap | undefined {
  if (plan === null || lastSeen === null) return undefined;
  const before = gates.findLast(({ gate }) => gate.upgradeDomain.name === domain.name)?.evidence.fabric ?? null;
  const { topology } = plan;
  return poolMapOf({ pool, topology, seen: lastSeen, atHand: domain.servers, goingDown: false, before }, voice);
}

const again = ({ times, lastAt }: Milestone & { readonly kind: 'settle-restarted' }, voice: Voice): string =>
  times === 1 ? '' : ` (${times} times, last at ${clockTime(lastAt, voice)})`;

/** What is done on a domain that is down. */
const nextWords = (state: Run, domain: UpgradeDomain): string =>
  isRestart(state) ? `it is restarted ${waitsForThaw(state, domain) ? 'after `thaw`' : 'now'}` : patchWords(state, domain);

/** Whether what comes next there is kept from it by a freeze. */
const waitsForThaw = ({ work, frozen }: Run, { name }: UpgradeDomain): boolean =>
  frozen !== null &&
  work?.upgradeDomain.name === name &&
  work.started === null &&
  work.servers.some(({ stage }) => stage === 'down');

function patchWords(state: Run, domain: UpgradeDomain): string {
  const names = domain.servers.map(shortName);
  if (state.settings.patchMode === 'by-hand')
    return `patch ${names.join(', ')}, then type ${names.map((each) => `\`patched ${each}\``).join(', ')}`;
  return `the patch command runs on ${names.join(', ')}${waitsForThaw(state, domain) ? ' after `thaw`' : ''}`;
}

/** Its buttons stand only while this hold does: an old one would retry another. */
function held(
  { reason, at }: Milestone & { readonly kind: 'held' },
  state: Run,
  { fqdn, backupPool, called }: ManagedPool,
  voice: Voice,
): Said {
  const pool = shortName(fqdn);
  const buttons =
    state.held?.at === at && state.held.reason.kind === reason.kind
      ? [
          ...(reason.kind === 'pool-problem' && backupPool !== null && state.failedOverAt === undefined
            ? [failoverButton(pool)]
            : []),
          ...adoptButton(state),
          { id: 'retry', label: 'Retry', command: `retry ${pool}`, asks: null, confirm: null },
          {
            id: 'abort',
            label: 'Abort',
            command: `abort ${pool}`,
            asks: null,
            confirm: `Bring the ${isRestart(state) ? 'server' : 'upgrade domain'} under way back up, then end the ${runName(state)} of ${pool}.`,
          },
        ]
      : [];
  const words = holdWords(reason, voice);
  const { because } = words;
  const lines = [...(buttons.length === 0 ? [] : frozenRunLines(state, voice)), ...words.lines];
  if (reason.kind !== 'pool-problem') return { tone: 'alarm', title: `${pool}: held: ${because}`, lines, buttons };
  const prompt = poolProblemPrompt(fqdn, backupPool, reason.cause, reason.seenAt, voice, called);
  return { tone: 'alarm', title: prompt.title, lines: [...prompt.lines, ...lines], buttons };
}

function endWords(name: string, ending: Ending, state: Run): Said {
  switch (ending.how) {
    case 'finished':
      return {
        title: `${name}: finished: ${isRestart(state) ? 'every server of this run is restarted' : 'every upgrade domain of this run is upgraded'}${ending.left === undefined ? '' : '; left as they are:'}`,
        lines: ending.left ?? [],
      };
    case 'refused':
      return { title: `${name}: ${runName(state)} refused`, lines: ending.because };
    case 'aborted':
      return {
        title: `${name}: aborted${ending.left.length === 0 ? '; no server was left down' : '; left as they are:'}`,
        lines: ending.left,
      };
  }
}
