import type { Trust } from '../chat/identity.ts';

/** What Slack says of a channel (`conversations.info`), or that it said nothing. */
export type ChannelLook =
  | { readonly kind: 'found'; readonly archived: boolean; readonly shared: boolean; readonly member: boolean }
  | { readonly kind: 'unknown'; readonly because: string };

/** How long an answer holds for posting; a click always asks anew, for a channel may be shared after a card was posted. */
const HOLDS_FOR = 5 * 60_000;
const LOOK_UP_WITHIN = 2_000;

/** What the look-ups need of the world. */
export interface ChannelsHands {
  readonly lookUp: (channel: string) => Promise<ChannelLook>;
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** Which channels may be trusted with a privileged card. Requirement N12. */
export class Channels {
  readonly #hands: ChannelsHands;
  readonly #known = new Map<string, { readonly at: number; readonly trust: Trust }>();

  constructor(hands: ChannelsHands) {
    this.#hands = hands;
  }

  /** For posting: an answer of the last five minutes will do. */
  async trusted(channel: string): Promise<Trust> {
    const known = this.#known.get(channel);
    if (known !== undefined && this.#hands.now() - known.at < HOLDS_FOR) return known.trust;
    return this.trustedNow(channel);
  }

  /** For a click: asked now, and *unknown* when Slack does not answer in time. */
  async trustedNow(channel: string): Promise<Trust> {
    // A direct message is between the bot and one person, who has been identified.
    if (channel.startsWith('D')) return 'yes';
    const { lookUp, now, wait } = this.#hands;
    const late = wait(LOOK_UP_WITHIN).then((): ChannelLook => ({ kind: 'unknown', because: 'Slack did not answer in time' }));
    const look = await Promise.race([lookUp(channel), late]);
    if (look.kind === 'unknown') return 'unknown';
    const trust = look.shared ? 'no' : 'yes';
    this.#known.set(channel, { at: now(), trust });
    return trust;
  }
}
