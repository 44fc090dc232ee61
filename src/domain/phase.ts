import { isRestart } from './purpose.ts';
import { openGate, type Run } from './run.ts';

/** The words in which a maintainer tells a run. */
export type PhaseWord =
  | 'checking'
  | 'awaiting approval'
  | 'stopping'
  | 'patching'
  | 'restarting'
  | 'verifying'
  | 'settling'
  | 'finished'
  | 'held'
  | 'paused'
  | 'aborted'
  | 'refused';

/** Where the run is, by its word. A hold or a pause goes before the work that waits behind it. */
export function phaseOf(run: Run): PhaseWord {
  if (run.ended !== null) return run.ended.ending.how;
  if (run.held !== null) return 'held';
  if (run.paused !== null && run.work?.started == null) return 'paused';
  return workPhase(run);
}

/** Where the work is, whether or not a hold or a pause stands before it. */
export function workPhase(
  run: Run,
): 'checking' | 'awaiting approval' | 'stopping' | 'patching' | 'restarting' | 'verifying' | 'settling' {
  const { work, settling } = run;
  if (openGate(run) !== null) return 'awaiting approval';
  if (settling !== null) return 'settling';
  if (work === null) return 'checking';
  const stages = work.servers.map(({ stage }) => stage);
  if (work.started?.step.action === 'stop' || work.started?.step.action === 'fail-over') return 'stopping';
  if (run.aborting === null && stages.includes('up')) return 'stopping';
  if (run.aborting === null && stages.includes('down') && !isRestart(run)) return 'patching';
  if (stages.includes('patched') || stages.includes('down')) return 'restarting';
  return 'verifying';
}
