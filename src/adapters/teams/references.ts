import { z } from 'zod/v4';
import type { Store } from '../../ports.ts';
import { isListed, trustworthy } from '../chat/address.ts';
import { withoutThread } from './intake.ts';

/** How a conversation is reached: the service that it was last heard from, and the bot's own name in it. */
export interface Reference {
  readonly serviceUrl: string;
  readonly bot: string;
  readonly tenant: string;
}

/** What is used for a conversation that nothing was heard from yet. */
export type Unheard = Reference;

const REFERENCE = z.object({ serviceUrl: z.string(), bot: z.string(), tenant: z.string() });
const HEARD = z.object({
  serviceUrl: z.string().min(1),
  recipient: z.object({ id: z.string().min(1) }),
  conversation: z.object({ id: z.string().min(1), tenantId: z.string().nullish(), conversationType: z.string().nullish() }),
  from: z.object({ aadObjectId: z.string().nullish() }).nullish(),
  channelData: z.object({ tenant: z.object({ id: z.string().nullish() }).nullish() }).nullish(),
});

/** The record's keys: how a conversation is reached, and which conversation is a person's own. */
const REACHED_BY = 'teams-reference';
const PERSONAL = 'teams-personal';

/** How conversations are reached, as they were last heard from; in the record, because a bot may have to speak first. */
export class References {
  readonly #store: Pick<Store, 'posted' | 'savePosted'>;
  readonly #unheard: Unheard;
  readonly #hosts: readonly string[];
  readonly #known = new Map<string, Reference>();
  readonly #personal = new Map<string, string>();

  /** `hosts` are the services that may be written to: the record may be older than the list. */
  constructor(store: Pick<Store, 'posted' | 'savePosted'>, unheard: Unheard, hosts: readonly string[]) {
    this.#store = store;
    this.#unheard = unheard;
    this.#hosts = hosts;
  }

  /** Something was heard: only what has been let in may be given here, for answers go where it says. */
  async heard(activity: unknown): Promise<void> {
    const read = HEARD.safeParse(activity).data;
    if (read === undefined) return;
    const conversation = withoutThread(read.conversation.id);
    const tenant = read.conversation.tenantId ?? read.channelData?.tenant?.id ?? this.#unheard.tenant;
    const reference = { serviceUrl: read.serviceUrl, bot: read.recipient.id, tenant };
    const known = await this.of(conversation);
    if (JSON.stringify(known) !== JSON.stringify(reference)) {
      this.#known.set(conversation, reference);
      await this.#store.savePosted(REACHED_BY, conversation, { messageId: JSON.stringify(reference), digest: '' });
    }
    const objectId = read.from?.aadObjectId?.toLowerCase();
    if (read.conversation.conversationType === 'personal' && objectId !== undefined) await this.opened(objectId, conversation);
  }

  /** The conversation with one person, by their object id; null: there was none. */
  async personal(objectId: string): Promise<string | null> {
    return this.#personal.get(objectId) ?? (await this.#store.posted(PERSONAL, objectId))?.messageId ?? null;
  }

  /** This is the conversation with that person from now on. */
  async opened(objectId: string, conversation: string): Promise<void> {
    if ((await this.personal(objectId)) === conversation) return;
    this.#personal.set(objectId, conversation);
    await this.#store.savePosted(PERSONAL, objectId, { messageId: conversation, digest: '' });
  }

  async of(conversation: string): Promise<Reference> {
    const base = withoutThread(conversation);
    const known = this.#known.get(base);
    if (known !== undefined) return known;
    const written = (await this.#store.posted(REACHED_BY, base))?.messageId ?? null;
    const read = written === null ? undefined : REFERENCE.safeParse(JSON.parse(written)).data;
    const reference = read !== undefined && this.#isAdmitted(read) ? read : this.#unheard;
    this.#known.set(base, reference);
    return reference;
  }

  /** A token goes there with every message. */
  #isAdmitted({ serviceUrl }: Reference): boolean {
    const service = trustworthy(serviceUrl);
    return service !== null && isListed(service.hostname, this.#hosts);
  }
}
