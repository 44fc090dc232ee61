import { adoptable } from '../domain/by-hand.ts';
import { shortName } from '../domain/pool.ts';
import type { Run } from '../domain/run.ts';
import type { Button } from './card.ts';

/** Beside Retry, where what somebody did by hand can be taken as done. */
export function adoptButton(state: Run): readonly Button[] {
  const server = adoptable(state);
  if (server === null) return [];
  const name = shortName(server);
  return [{ id: `adopt-${name}`, label: `Adopt ${name}`, command: `adopt ${name}`, asks: null, confirm: null }];
}
