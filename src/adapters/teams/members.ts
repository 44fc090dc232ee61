import type { PersonId } from '../../domain/pool.ts';
import type { Identity, Trust } from '../chat/identity.ts';
import type { Connector, MemberLook } from './connector.ts';
import { type TeamsAccount, withoutThread } from './intake.ts';

/** Whose account it is, as configured, and the account that a person has here. */
export interface People {
  personOf(account: { readonly tenant: string; readonly objectId: string }): PersonId | null;
  /** The object id; null: they have no account here. */
  objectOf(person: PersonId): string | null;
}

/** How long an answer of Teams about somebody holds. Requirement B3. */
const HOLDS_FOR = 5 * 60_000;
/** How long whoever waits for an answer is kept waiting for it. */
const LOOK_UP_WITHIN = 2_000;

/** What the look-ups need of the world. */
export interface MembersHands {
  readonly people: People;
  /** Whose members may have rights. */
  readonly tenants: readonly string[];
  readonly connector: Pick<Connector, 'member' | 'foreigners'>;
  readonly now: () => number;
  /** Comes back after that many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** Tells who is behind an account, and whether everybody who reads along somewhere is of our own tenant. */
export class Members {
  readonly #hands: MembersHands;
  readonly #known = new Map<string, { readonly at: number; readonly look: MemberLook }>();
  readonly #trusts = new Map<string, { readonly at: number; readonly trust: Trust }>();

  constructor(hands: MembersHands) {
    this.#hands = hands;
  }

  async identify(account: TeamsAccount): Promise<Identity> {
    const { people, tenants } = this.#hands;
    const { tenant, objectId } = account;
    // Somebody whom the configuration does not know is still somebody: the id is what an administrator would have to add.
    const person = people.personOf(account) ?? (`teams:${tenant}:${objectId}` as PersonId);
    if (!tenants.includes(tenant)) return { kind: 'outsider', because: 'your account belongs to another organisation' };
    const look = await this.#look(account);
    if (look === null) return { kind: 'unverified', person, because: 'Teams did not say in time who you are' };
    if (look.guest) return { kind: 'outsider', because: 'a guest account has no rights' };
    if (look.tenant !== '' && look.tenant !== tenant)
      return { kind: 'outsider', because: 'your account belongs to another organisation' };
    return { kind: 'verified', person };
  }

  /** For posting: an answer of the last five minutes will do. */
  async trusted(conversation: string): Promise<Trust> {
    const known = this.#trusts.get(conversation);
    if (known !== undefined && this.#hands.now() - known.at < HOLDS_FOR) return known.trust;
    return this.trustedNow(conversation);
  }

  /** For a press: asked now, and *unknown* when Teams does not answer in time. */
  async trustedNow(conversation: string): Promise<Trust> {
    const { connector, tenants, now } = this.#hands;
    const foreigners = await this.#inTime(connector.foreigners(conversation, tenants));
    if (foreigners === null) return 'unknown';
    const trust = foreigners ? 'no' : 'yes';
    this.#trusts.set(conversation, { at: now(), trust });
    return trust;
  }

  async #look({ objectId, user, conversation }: TeamsAccount): Promise<MemberLook | null> {
    const { connector, now } = this.#hands;
    const known = this.#known.get(objectId);
    if (known !== undefined && now() - known.at < HOLDS_FOR) return known.look;
    const look = await this.#inTime(connector.member(withoutThread(conversation), user));
    if (look !== null) this.#known.set(objectId, { at: now(), look });
    return look;
  }

  /** Null for an answer that is late, or none. */
  async #inTime<Told>(asked: Promise<Told>): Promise<Told | null> {
    return Promise.race([asked.catch(() => null), this.#hands.wait(LOOK_UP_WITHIN).then(() => null)]);
  }
}
