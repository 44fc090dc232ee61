import { blockersIn, type CheckResult, runChecks } from '../domain/checks.ts';
import { SETTLE_TIME } from '../domain/move-settling.ts';
import { waitsForUs } from '../domain/move-verifying.ts';
import { workPhase } from '../domain/phase.ts';
import { namesOf, type PersonId, shortName, unitName } from '../domain/pool.ts';
import { isRestart } from '../domain/purpose.ts';
import { checkQuestion } from '../domain/questions.ts';
import { judgeQuorum, quorumInWords, startMinimum } from '../domain/quorum.ts';
import { nextUpgradeDomain, openGate, type Run, type ServerWork } from '../domain/run.ts';
import { type PoolSighting, runningServers } from '../domain/sighting.ts';
import type { Step } from '../domain/step.ts';
import { isOfTwo } from '../domain/two-servers.ts';
import { holdWords } from './hold-words.ts';
import { clockTime, type Voice } from './words.ts';

/** The margin with the domain at hand down, as its request or the latest look shows it; null while nothing was seen. */
export function marginLine(run: Run): string | null {
  const { plan, work, settings } = run;
  const domain = work?.upgradeDomain ?? nextUpgradeDomain(run);
  const seen = openGate(run)?.evidence ?? work?.evidence ?? run.lastSeen;
  const running = seen === null ? null : runningServers(seen);
  if (plan === null || domain === null || seen === null || running === null) return null;
  // A look from before the servers came back would show a margin that nobody has.
  if (run.settling !== null && seen.at < run.settling.began) return null;
  if (seen.backEnd === null || seen.backEnd === 'down') return null;
  const { servers } = plan.topology;
  const verdict = judgeQuorum({ version: settings.version, servers, running, stopping: domain.servers, backEnd: seen.backEnd });
  if (verdict.kind === 'unknown') return `quorum: ${verdict.because}`;
  return `quorum with ${unitName(domain)} down: ${verdict.counts.map((count) => quorumInWords(count, servers.length)).join('; ')}`;
}

/** How many must run to start such a pool: shown, not a gate. */
export const startLine = ({ plan, settings }: Run): string | null => {
  const size = plan?.topology.servers.length ?? 0;
  const start = startMinimum(settings.version, size);
  return start === null ? null : `to start the pool, ${start} of ${size} must run`;
};

/** Which servers a rolling restart found added or removed, against the pool's last run or look; nothing for an upgrade. */
export function topologyLines({ request, plan }: Run): readonly string[] {
  if (request.purpose !== 'restart' || plan === null) return [];
  const { servers } = plan.topology;
  const before = request.knownServers;
  if (before === undefined) return [`topology read anew: ${servers.length} servers, and none known from before`];
  const added = servers.filter((server) => !before.includes(server));
  const removed = before.filter((server) => !servers.includes(server));
  const changes = [
    ...(added.length === 0 ? [] : [`added ${namesOf(added)}`]),
    ...(removed.length === 0 ? [] : [`removed ${namesOf(removed)}`]),
  ];
  const same = before.join() === servers.join() ? '' : ', in another order';
  return [`topology read anew: ${changes.join('; ') || `the same ${servers.length} servers as before${same}`}`];
}

const STEP_WORDS: Readonly<Record<Step['action'], string>> = {
  stop: 'stopping',
  patch: 'patching',
  restart: 'restarting',
  start: 'starting',
  'fail-over': 'failing over',
  'fail-back': 'failing back',
  hook: 'hook runs',
};

/** A server's state on the card. */
export function serverWords(run: Run, { server, stage, patched, restarted }: ServerWork): string {
  const name = shortName(server);
  const started = run.work?.started?.step;
  const answer = run.seenServers.find((each) => each.server === server)?.answer ?? null;
  if (started?.server === server) {
    if (started.action === 'stop' && answer?.services === 'StopPending')
      return `${name} draining${load(answer.calls, answer.conferences)}`;
    if (started.action === 'fail-over' && answer?.services === 'StopPending')
      return `${name} failing over${load(answer.calls, answer.conferences)}`;
    return `${name} ${STEP_WORDS[started.action]}`;
  }
  switch (stage) {
    case 'up':
      return `${name} up`;
    case 'down':
      return run.aborting === null &&
        !isRestart(run) &&
        run.settings.patchMode === 'by-hand' &&
        !run.work?.servers.some((each) => each.stage === 'up')
        ? `${name} stopped, waits for \`patched ${name}\``
        : `${name} stopped`;
    case 'patched':
      return `${name} patched`;
    case 'booting':
      if (answer?.services === 'Stopped' && answer.disabled) return `${name} off, its services disabled`;
      return `${name} ${answer?.services === 'Running' ? 'running, not yet accepting' : 'starting'}`;
    case 'back':
      return `${name} back${patched ? ', patched' : ''}${restarted === true ? ', restarted' : ''}`;
  }
}

function load(calls: number | null, conferences: number | null): string {
  const parts = [
    ...(calls === null ? [] : [`${calls} call${calls === 1 ? '' : 's'}`]),
    ...(conferences === null ? [] : [`${conferences} conference${conferences === 1 ? '' : 's'}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** The card's last line: what the run waits for now. Never empty while it runs. */
export function topBlocker(run: Run, approvers: readonly PersonId[], voice: Voice): string {
  if (run.ended !== null) return 'nothing is waited for';
  if (run.held !== null) {
    const { reason } = run.held;
    const goesOn = reason.kind === 'changed-by-hand' ? `adopt ${shortName(reason.server)}` : 'retry';
    return `held: ${holdWords(reason, voice).because}; \`${goesOn}\` goes on`;
  }
  const opened = openGate(run);
  if (waitsForThaw(run))
    return `waits for \`thaw\`${opened === null ? '' : `; ${opened.gate.code} stays open until ${clockTime(opened.gate.expiresAt, voice)}`}`;
  if (opened !== null) {
    const { gate, votes } = opened;
    const who = approvers.length === 0 ? 'somebody who may approve (nobody is listed)' : approvers.join(', ');
    return `waits for ${gate.votesNeeded - votes.length} approval(s) by ${who}: \`approve ${gate.code}\`, until ${clockTime(gate.expiresAt, voice)}`;
  }
  if (run.paused !== null && isBroughtBack(run)) return `${workBlocker(run, voice)}; no pause holds that in a pool of two`;
  if (run.paused !== null) {
    if (run.work?.started != null)
      return `pausing: will be paused once ${shortName(run.work.started.step.server)} is done; \`resume\` takes it back`;
    return `paused by ${run.paused.by} at ${clockTime(run.paused.at, voice)}; \`resume\` goes on`;
  }
  return workBlocker(run, voice);
}

/** One of two servers is patched, or on its way up: what a pause stops is only what comes after that. */
const isBroughtBack = (run: Run): boolean => isOfTwo(run) && ['restarting', 'verifying'].includes(workPhase(run));

/** A freeze lets end what was begun, and people do what is theirs; whatever else comes next waits for its end. */
function waitsForThaw(run: Run): boolean {
  if (run.frozen === null) return false;
  if (openGate(run) !== null) return true;
  const phase = workPhase(run);
  const settled = run.settling?.since != null && run.lastSeen !== null && run.lastSeen.at - run.settling.since >= SETTLE_TIME;
  const goesOn =
    (phase === 'settling' && !settled) ||
    (phase === 'verifying' && !isWithheld(run)) ||
    (phase === 'patching' && run.settings.patchMode === 'by-hand');
  return run.work?.started == null && !goesOn;
}

/** Whether a server on its way up only waits for what the freeze keeps from it: its FailBack, or the hook after. */
const isWithheld = ({ work, seenServers }: Run): boolean =>
  work?.servers.some(
    ({ server, stage }) => stage === 'booting' && waitsForUs(seenServers.find((look) => look.server === server) ?? null),
  ) ?? false;

/** In an abort a server that was told to stop may still come to it. */
function toldWords({ work, downByUs }: Run): string {
  const told = work?.servers.filter(({ server, stage }) => stage === 'up' && downByUs.includes(server)) ?? [];
  return told.length === 0
    ? 'everything is back up'
    : `looks what became of the stop of ${namesOf(told.map(({ server }) => server))}`;
}

function workBlocker(run: Run, voice: Voice): string {
  const aborting = run.aborting === null ? '' : `aborting (${run.aborting.by}): `;
  const step = run.work?.started?.step;
  switch (workPhase(run)) {
    case 'checking':
      return run.lastSeen === null ? 'waits for the first look' : checkingBlocker(run, run.lastSeen, voice);
    case 'stopping':
      return `${aborting}${step === undefined ? 'looks before the next stop' : stoppingWords(step)}`;
    case 'patching':
      return patchingBlocker(run);
    case 'restarting':
      return `${aborting}waits for ${step === undefined ? 'the look before a restart' : endWords(step)}`;
    case 'verifying':
      if (step?.action === 'hook') return `${aborting}waits for the hook ${step.hook} on ${shortName(step.server)}`;
      if (step?.action === 'fail-back') return `${aborting}waits for Invoke-CsComputerFailBack of ${shortName(step.server)}`;
      if (namesAt(run, 'booting') === '') return `${aborting}${toldWords(run)}`;
      return `${aborting}waits for ${namesAt(run, 'booting')} to accept connections`;
    case 'settling':
      return settlingBlocker(run, voice);
    case 'awaiting approval':
      return 'waits for approval';
  }
}

function endWords(step: Step): string {
  const name = shortName(step.server);
  if (step.action === 'fail-back') return `Invoke-CsComputerFailBack of ${name}`;
  return `${name} to ${step.action === 'restart' ? 'come up with a new boot' : step.action}`;
}

function stoppingWords(step: Step): string {
  const name = shortName(step.server);
  if (step.action === 'hook') return `waits for the hook ${step.hook} on ${name}`;
  if (step.action === 'fail-over')
    return `waits for Invoke-CsComputerFailOver of ${name}; conferences are ended after 30 minutes`;
  return `waits for ${name} to stop (${'stopMode' in step ? step.stopMode : step.action})`;
}

function patchingBlocker(run: Run): string {
  const { work } = run;
  if (work?.started != null) return `waits for the patch command on ${shortName(work.started.step.server)}`;
  if (run.settings.patchMode === 'by-command') return 'looks before the next patch command';
  const names = work?.servers.filter(({ stage }) => stage === 'down').map(({ server }) => shortName(server)) ?? [];
  return `waits for a person to patch ${names.join(', ')} and type ${names.map((name) => `\`patched ${name}\``).join(', ')}`;
}

const namesAt = ({ work }: Run, stage: ServerWork['stage']): string =>
  work?.servers
    .filter((each) => each.stage === stage)
    .map(({ server }) => shortName(server))
    .join(', ') ?? '';

function checkingBlocker(run: Run, seen: PoolSighting, voice: Voice): string {
  const { verdict } = seen;
  const from = seen.askedOf === null ? '' : ` (${shortName(seen.askedOf)} asked at ${clockTime(seen.at, voice)})`;
  if (verdict.kind === 'busy' && verdict.counted === 0)
    return 'PoolUpgradeState Busy, not counted: our own servers are down or not long back (our inference)';
  if (verdict.kind === 'busy')
    return `PoolUpgradeState Busy, counted ${verdict.counted} of 3${from}; asked again at ${clockTime(verdict.askAgainAt, voice)}`;
  if (verdict.kind === 'no-answer') return `the readiness cmdlet gave no answer${from}; it is asked every minute`;
  const [worst, ...others] = blockersOf(run);
  if (worst === undefined) return 'looks at the pool';
  return `waits: ${worst.check}: ${worst.seen}${others.length === 0 ? '' : ` (and ${others.length} more: \`why\`)`}`;
}

/** What the latest look shows against the next domain's first stop. */
export function blockersOf(run: Run): readonly CheckResult[] {
  const domain = nextUpgradeDomain(run);
  const question = domain === null ? null : checkQuestion(run, domain, 'first');
  return question === null ? [] : blockersIn(runChecks(question));
}

function settlingBlocker({ settling, lastSeen }: Run, voice: Voice): string {
  if (settling?.since == null) {
    if (settling?.lookedAt == null) return 'waits for Ready: looks at the pool';
    const because = settling.because ?? 'it is not quiet yet';
    const verdict = lastSeen?.verdict;
    const uncounted =
      verdict?.kind === 'busy' && verdict.counted === 0 ? ' (not counted: our servers are not long back, our inference)' : '';
    return `waits for Ready: ${because}${uncounted}`;
  }
  const again = settling.because === null ? '' : ` (started again: ${settling.because})`;
  return `settling: 20 minutes of Ready since ${clockTime(settling.since, voice)}, over at ${clockTime(settling.since + SETTLE_TIME, voice)}${again}`;
}
