import type { Freeze } from './freeze.ts';
import type { HoldReason, VitalAlarm } from './hold.ts';
import type { PersonId, ServerFqdn, UpgradeDomain } from './pool.ts';
import type { BackEnd } from './quorum.ts';
import type { Ending } from './run.ts';
import type { Instant } from './time.ts';

/** Something the channel is told of in a line of its own. */
export type Milestone = { readonly at: Instant; readonly seq: number } & (
  | { readonly kind: 'down' | 'back' | 'settled'; readonly upgradeDomain: UpgradeDomain }
  /** One line for a domain's settle time, however often it starts again: the last reason, and how often. */
  | { readonly kind: 'settle-restarted'; readonly because: string; readonly lastAt: Instant; readonly times: number }
  /** Another copy of the back end is in charge than was when this began. */
  | { readonly kind: 'principal-moved'; readonly to: Exclude<BackEnd, 'down'> }
  | { readonly kind: 'no-answer'; readonly askedOf: ServerFqdn | null }
  | { readonly kind: 'held'; readonly reason: HoldReason }
  | { readonly kind: 'alarmed'; readonly reason: VitalAlarm }
  | { readonly kind: 'frozen'; readonly freeze: Freeze }
  | { readonly kind: 'thawed'; readonly by: PersonId }
  | { readonly kind: 'ended'; readonly ending: Ending }
);
