import type { PersonId } from '../../domain/pool.ts';

/** Who somebody is to Lifeguard. Only `verified` may change anything. */
export type Identity =
  | { readonly kind: 'verified'; readonly person: PersonId }
  /** The platform was not asked in time or did not answer: questions are answered, effects are refused. */
  | { readonly kind: 'unverified'; readonly person: PersonId; readonly because: string }
  /** Somebody who has no rights whatever the configuration says. */
  | { readonly kind: 'outsider'; readonly because: string };

/** Whether a card that people act on may stand somewhere: not where another organisation reads along. Requirement N12. */
export type Trust = 'yes' | 'no' | 'unknown';
