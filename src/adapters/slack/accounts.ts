import type { PersonId } from '../../domain/pool.ts';
import type { Identity } from '../chat/identity.ts';

/** Somebody in Slack by immutable ids: the workspace and the user in it. Names and e-mail addresses are never looked at. */
export interface Account {
  readonly team: string;
  readonly user: string;
}

/** Whose account it is, as configured, and the user a person, or a group, is called by in a workspace. */
export interface People {
  personOf(account: Account): PersonId | null;
  userOf(person: PersonId, team: string): string | null;
}

/** What Slack says of a user (`users.info`), or that it said nothing. */
export type UserLook =
  | {
      readonly kind: 'found';
      readonly team: string;
      readonly deactivated: boolean;
      readonly bot: boolean;
      /** Single-channel and multi-channel guests alike. */
      readonly guest: boolean;
    }
  | { readonly kind: 'unknown'; readonly because: string };

/** How long an answer of Slack about a person holds. Requirement B3. */
const HOLDS_FOR = 5 * 60_000;
/** How long a person who waits for an acknowledgement is kept waiting for it. */
const LOOK_UP_WITHIN = 2_000;

/** What the look-ups need of the world. */
export interface AccountsHands {
  /** The bot's own workspace. */
  readonly team: string;
  readonly people: People;
  readonly lookUp: (user: string) => Promise<UserLook>;
  readonly now: () => number;
  /** Comes back after that many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** Tells who is behind an account, and whether they are what a right takes: a full member of this workspace. */
export class Accounts {
  readonly #hands: AccountsHands;
  readonly #known = new Map<string, { readonly at: number; readonly look: UserLook & { readonly kind: 'found' } }>();

  constructor(hands: AccountsHands) {
    this.#hands = hands;
  }

  async identify(account: Account): Promise<Identity> {
    const { people, team } = this.#hands;
    const person = people.personOf(account) ?? unlisted(account);
    if (account.team !== team) return { kind: 'outsider', because: 'your account belongs to another workspace' };
    const look = await this.#look(account.user);
    if (look.kind === 'unknown') return { kind: 'unverified', person, because: look.because };
    if (look.team !== team) return { kind: 'outsider', because: 'your account belongs to another workspace' };
    if (look.deactivated) return { kind: 'outsider', because: 'your account is deactivated' };
    if (look.bot) return { kind: 'outsider', because: 'a bot has no rights' };
    if (look.guest) return { kind: 'outsider', because: 'a guest account has no rights' };
    return { kind: 'verified', person };
  }

  async #look(user: string): Promise<UserLook> {
    const { lookUp, now, wait } = this.#hands;
    const known = this.#known.get(user);
    if (known !== undefined && now() - known.at < HOLDS_FOR) return known.look;
    const late = wait(LOOK_UP_WITHIN).then(
      (): UserLook => ({ kind: 'unknown', because: 'Slack did not say in time who you are' }),
    );
    const asked = lookUp(user).then((look) => {
      if (look.kind === 'found') this.#known.set(user, { at: now(), look });
      return look;
    });
    return Promise.race([asked, late]);
  }
}

/** Somebody whom the configuration does not know is still somebody: the id is what an administrator would have to add. */
const unlisted = ({ team, user }: Account): PersonId => `slack:${team}:${user}` as PersonId;
