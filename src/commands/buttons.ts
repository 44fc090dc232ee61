import { approversFor } from '../domain/approval.ts';
import type { ManagedPool } from '../domain/inventory.ts';
import { shortName } from '../domain/pool.ts';
import { openGate } from '../domain/run.ts';
import type { Button } from '../messages/card.ts';
import { cardsOfOperation, operationApprovers, operationRequestKey } from '../messages/operation-cards.ts';
import { operationBlocker } from '../messages/operation-words.ts';
import { requestKey } from '../messages/request-card.ts';
import { cardsOf } from '../messages/run-cards.ts';
import { topBlocker } from '../messages/run-words.ts';
import { watchCards } from '../messages/watch-cards.ts';
import type { Asking, Pressed } from '../ports.ts';
import type { Desk, KnownRun } from './desk.ts';

/** What a pressed button says, what it asks first, or what its person is told because it says nothing any more. */
export type Behind =
  | { readonly kind: 'says'; readonly text: string }
  | Asking
  | { readonly kind: 'stale'; readonly pool: ManagedPool | null; readonly tell: string };

/**
 * A press carries only which button of which card: what it says is looked up in the run as it is now, so a forged or an
 * old payload can say nothing that the card does not.
 */
export async function commandBehind({ card, button: id, words }: Pressed, desk: Desk): Promise<Behind> {
  const ofOperation = await behindOperation(card, id, words, desk);
  if (ofOperation !== null) return ofOperation;
  const ofWatch = await behindWatch(card, id, desk);
  if (ofWatch !== null) return ofWatch;
  const found = await runOf(card, desk);
  if (found === null) return { kind: 'stale', pool: null, tell: 'That button belongs to an upgrade that is over.' };
  const { run, pool } = found;
  const decided = decidedRequest(card, run);
  if (decided !== null) return { kind: 'says', text: `approve ${decided}` };
  const shown = cardsOf(run.run, run.state, pool, pool).find(({ key }) => key === card);
  const button = shown?.buttons.find((each) => each.id === id);
  if (shown === undefined || button === undefined) {
    const waits = topBlocker(run.state, approversFor(run.state, pool), pool);
    return { kind: 'stale', pool, tell: `${shortName(pool.fqdn)} has moved on since that button was shown: ${waits}.` };
  }
  if (button.asks !== null && words === null) return { kind: 'asking', question: button.asks, title: shown.title };
  return { kind: 'says', text: said(button, words) };
}

const said = ({ command, asks }: Button, words: string | null): string => (asks === null ? command : `${command}${words ?? ''}`);

/** The same for a card of an operation; null: the card is none of those. */
async function behindOperation(card: string, id: string, words: string | null, desk: Desk): Promise<Behind | null> {
  const number = Number(/^op-(\d{1,9})(?:-|$)/.exec(card)?.[1] ?? Number.NaN);
  for (const pool of desk.pools) {
    const known = (await desk.operationsOf(pool.fqdn, 1)).find(({ operation }) => operation === number);
    if (known === undefined) continue;
    const { state } = known;
    const decided = state.gates.find(
      ({ gate, outcome }) => outcome !== null && card === operationRequestKey(number, gate.attempt),
    );
    if (decided !== undefined) return { kind: 'says', text: `approve ${decided.gate.code}` };
    const shown = cardsOfOperation(number, state, pool, null).find(({ key }) => key === card);
    const button = shown?.buttons.find((each) => each.id === id);
    if (shown === undefined || button === undefined) {
      const waits = operationBlocker(state, operationApprovers(state, pool), pool);
      return { kind: 'stale', pool, tell: `${shortName(pool.fqdn)} has moved on since that button was shown: ${waits}.` };
    }
    if (button.asks !== null && words === null) return { kind: 'asking', question: button.asks, title: shown.title };
    return { kind: 'says', text: said(button, words) };
  }
  return Number.isNaN(number) ? null : { kind: 'stale', pool: null, tell: 'That button belongs to an operation that is over.' };
}

/** The same for a card of the watch, whose buttons ask for nothing; null: the card is none of those. */
async function behindWatch(card: string, id: string, desk: Desk): Promise<Behind | null> {
  const pool = desk.pools.find(({ fqdn }) => card.startsWith(`watch-${fqdn}-`));
  if (pool === undefined) return null;
  const shown = watchCards(await desk.watched(pool.fqdn), pool).find(({ key }) => key === card);
  const button = shown?.buttons.find((each) => each.id === id);
  if (button !== undefined) return { kind: 'says', text: button.command };
  return { kind: 'stale', pool, tell: `The watch does not see that problem of ${shortName(pool.fqdn)} any more.` };
}

async function runOf(card: string, desk: Desk): Promise<{ readonly run: KnownRun; readonly pool: ManagedPool } | null> {
  const number = Number(/^run-(\d{1,9})(?:-|$)/.exec(card)?.[1] ?? Number.NaN);
  for (const pool of desk.pools) {
    const run = await desk.latestRun(pool.fqdn);
    if (run?.run === number) return { run, pool };
  }
  return null;
}

/** A request that waits no more still has its code: a late tap on either button is told when and by whom it was decided. */
function decidedRequest(card: string, { run, state }: KnownRun): string | null {
  const opened = state.gates.find(({ gate }) => card === requestKey(run, gate.attempt));
  return opened === undefined || openGate(state) === opened ? null : opened.gate.code;
}
