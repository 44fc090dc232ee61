import { approversFor } from '../domain/approval.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { shortName } from '../domain/pool.ts';
import { requestKey } from '../messages/request-card.ts';
import { cardsOf } from '../messages/run-cards.ts';
import { topBlocker } from '../messages/run-words.ts';
import type { Pressed } from '../ports.ts';
import type { Desk, KnownRun } from './desk.ts';

/** What a pressed button says, or what its person is told because it says nothing any more. */
export type Behind =
  | { readonly kind: 'says'; readonly text: string }
  | { readonly kind: 'stale'; readonly pool: ManagedPool | null; readonly tell: string };

/**
 * A press carries only which button of which card: what it says is looked up in the run as it is now, so a forged or an
 * old payload can say nothing that the card does not.
 */
export async function commandBehind({ card, button, words }: Pressed, desk: Desk): Promise<Behind> {
  const found = await runOf(card, desk);
  if (found === null) return { kind: 'stale', pool: null, tell: 'That button belongs to an upgrade that is over.' };
  const { run, pool } = found;
  const request = requestBehind(card, button, run);
  const command = request ?? commandOn(card, button, run, pool);
  if (command !== null) return { kind: 'says', text: `${command}${words}`.trim() };
  const waits = topBlocker(run.state, approversFor(run.state, pool), pool);
  return { kind: 'stale', pool, tell: `${shortName(pool.fqdn)} has moved on since that button was shown: ${waits}.` };
}

async function runOf(card: string, desk: Desk): Promise<{ readonly run: KnownRun; readonly pool: ManagedPool } | null> {
  const number = Number(/^run-(\d{1,9})(?:-|$)/.exec(card)?.[1] ?? Number.NaN);
  for (const pool of desk.pools) {
    const run = await desk.latestRun(pool.fqdn);
    if (run?.run === number) return { run, pool };
  }
  return null;
}

/** A decided request still knows its code, so that a late tap is told by whom and when it was decided. */
function requestBehind(card: string, button: string, { run, state }: KnownRun): string | null {
  const opened = state.gates.find(({ gate }) => card === requestKey(run, gate.attempt));
  if (opened === undefined) return null;
  return button === 'approve' || button === 'deny' ? `${button} ${opened.gate.code} ` : null;
}

function commandOn(key: string, button: string, { run, state }: KnownRun, pool: ManagedPool): string | null {
  const card = cardsOf(run, state, pool, pool).find((each) => each.key === key);
  return card?.buttons.find(({ id }) => id === button)?.command ?? null;
}
