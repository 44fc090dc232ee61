import { z } from 'zod/v4';
import type { Pressing, Said } from '../chat/conversation.ts';
import { pressIn, VERB } from './actions.ts';

/** Somebody in Teams by immutable ids: the tenant and the object in its directory. Names are never looked at. */
export interface TeamsAccount {
  readonly tenant: string;
  readonly objectId: string;
  /** How the platform names them in this conversation, and the conversation: it is asked there who they are. */
  readonly user: string;
  readonly conversation: string;
}

/** Where something was said: the conversation as the platform names it, thread and all. */
export interface Whereabouts {
  readonly conversation: string;
  readonly personal: boolean;
}

/** A line that somebody typed. */
export interface Typed extends Said<TeamsAccount>, Whereabouts {}

/** A pressed button of a card. */
export interface Press extends Pressing<TeamsAccount>, Whereabouts {}

const id = z.string().min(1).max(500);
const FROM = {
  id,
  conversation: z.object({ id, tenantId: z.string().nullish(), conversationType: z.string().nullish() }),
  from: z.object({ id, aadObjectId: id }),
  channelData: z.object({ tenant: z.object({ id: id.nullish() }).nullish() }).nullish(),
};
const MENTION = z.object({ type: z.literal('mention'), mentioned: z.object({ id }), text: z.string().max(500) });
const MESSAGE = z.object({
  ...FROM,
  text: z.string().nullish(),
  value: z.unknown().optional(),
  recipient: z.object({ id }),
  replyToId: id.nullish(),
  entities: z.array(z.unknown()).nullish(),
});
const INVOKE = z.object({
  ...FROM,
  replyToId: id.nullish(),
  value: z.object({ action: z.object({ verb: z.enum(VERB).optional().catch(undefined), data: z.unknown() }) }),
});

/** A conversation without the thread in it: `19:…@thread.tacv2;messageid=17…` is a thread of a channel. */
export const withoutThread = (conversation: string): string => conversation.replace(/;messageid=.*$/su, '');

/**
 * What came as a message: a typed line, or a press by a client that knows no `Action.Execute`. Null for what is neither, and
 * for a shape that Teams does not document: nothing is done on it. A retried activity has the same id, so it is one delivery.
 */
export function messageIn(activity: unknown): Typed | Press | null {
  const read = MESSAGE.safeParse(activity).data;
  if (read === undefined) return null;
  const from = whoIn(read);
  const deliveryId = `teams-message-${withoutThread(from.conversation)}-${read.id}`;
  const text = read.text?.trim() ?? '';
  if (text === '' && read.value !== null && read.value !== undefined)
    return { ...from, ...pressedIn(read.value, from, read.replyToId), deliveryId };
  return { ...from, text: asTyped(withoutMention(read.text ?? '', read.recipient.id, read.entities ?? [])), deliveryId };
}

/** A press that came as `Action.Execute`. */
export function invokeIn(activity: unknown): Press | null {
  const read = INVOKE.safeParse(activity).data;
  if (read === undefined) return null;
  const from = whoIn(read);
  const { verb, data } = read.value.action;
  return {
    ...from,
    ...pressedIn(verb === undefined ? null : data, from, read.replyToId),
    deliveryId: `teams-invoke-${read.id}`,
  };
}

/** In a conversation with one person every card is theirs alone, and none can be a copy in another place. */
const pressedIn = (data: unknown, { conversation, personal }: Whereabouts, replyTo: string | null | undefined) => ({
  channel: personal ? null : withoutThread(conversation),
  message: replyTo ?? null,
  pressed: pressIn(data),
});

function whoIn({ conversation, from, channelData }: z.output<z.ZodObject<typeof FROM>>): Whereabouts & {
  readonly account: TeamsAccount;
} {
  const tenant = conversation.tenantId ?? channelData?.tenant?.id ?? '';
  return {
    account: {
      tenant: tenant.toLowerCase(),
      objectId: from.aadObjectId.toLowerCase(),
      user: from.id,
      conversation: conversation.id,
    },
    conversation: conversation.id,
    personal: conversation.conversationType === 'personal',
  };
}

/**
 * In a channel or a group the bot hears only what it is mentioned in; its own name is not part of the line. Anybody else who
 * is mentioned stays in it behind a sign that is in no command: people choose their own names.
 */
function withoutMention(text: string, bot: string, entities: readonly unknown[]): string {
  const own = entities.flatMap((each) => {
    const read = MENTION.safeParse(each).data;
    return read?.mentioned.id === bot ? [read.text] : [];
  });
  return own.reduce((line, mention) => line.replace(mention, ' '), text).replace(/<at(?: [^<>]*)?>([^<>]*)<\/at>/gu, '@$1');
}

/** Teams writes markup characters and hard spaces of what people type as entities; everything else stands as it is. */
const asTyped = (sent: string): string =>
  sent
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('\u00a0', ' ')
    .trim();
