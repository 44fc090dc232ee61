import { cardText, objectIn, objectsIn } from './card.ts';
import { asRead, mentionsIn, withMentions } from './markdown.ts';
import { type Given, Refused, type SentActivity, type SimulatedConversation, type SimulatedMessage } from './model.ts';
import type { TeamsState } from './state.ts';

/** What Teams takes of a message, in bytes of UTF-16 ("Format your bot messages", learn.microsoft.com). */
const SIZE_MAX = 100 * 1_024;
const CARD = 'application/vnd.microsoft.card.adaptive';
/** The newest cards that Teams shows. */
const NEWEST = { major: 1, minor: 5 };

/** What a message shows. */
export interface Content {
  readonly text: string;
  readonly card: Given | null;
}

/**
 * What a message is to show; refused as Teams refuses what it cannot show. Stricter in two things: text beside a card, which
 * Teams makes two messages of and then tells the id of neither, and attachments that are no card.
 */
export function contentOf(activity: Given, state: TeamsState): Content {
  if (JSON.stringify(activity).length * 2 > SIZE_MAX) throw new Refused(413, 'MessageSizeTooBig', 'the message is too big');
  if (activity['type'] !== 'message') throw badSyntax([`a message was expected, not ${String(activity['type'])}`]);
  const text = typeof activity['text'] === 'string' ? activity['text'] : '';
  const attachments = objectsIn(activity['attachments']);
  const [attachment] = attachments;
  if (attachment === undefined) {
    if (text.trim() === '') throw badSyntax(['a message has text or a card']);
    refuse(state.options.check(null, activity));
    const read = activity['textFormat'] === 'plain' ? text : asRead(text);
    return { text: withMentions(read, mentionsIn(activity['entities'])), card: null };
  }
  if (text !== '') throw badSyntax(['text beside a card becomes a message of its own']);
  if (attachments.length > 1 || attachment['contentType'] !== CARD) throw badSyntax(['one card was expected']);
  const card = cardIn(attachment['content']);
  refuse(state.options.check(card, activity));
  return { text: cardText(card), card };
}

/** A card, as far as its frame and whom it calls go: Teams takes no call that has no place in the text. */
export function cardIn(content: unknown): Given {
  const card = objectIn(content);
  const [, major, minor] = /^(\d+)\.(\d+)$/u.exec(String(card['version'])) ?? [];
  const newer = Number(major) > NEWEST.major || (Number(major) === NEWEST.major && Number(minor) > NEWEST.minor);
  const faults = [
    ...(card['type'] === 'AdaptiveCard' ? [] : ['it is no AdaptiveCard']),
    ...(major === undefined || newer ? [`it has version ${String(card['version'])}`] : []),
    ...(Array.isArray(card['body']) ? [] : ['it has no body']),
    ...mentionsIn(objectIn(card['msteams'])['entities']).flatMap((mention) =>
      written(card['body']).includes(written(mention)) ? [] : [`it calls ${mention} nowhere`],
    ),
  ];
  refuse(faults);
  return card;
}

/** As it stands inside the JSON of something. */
const written = (value: unknown): string => (JSON.stringify(value) ?? '').replace(/^"|"$/gu, '');

const badSyntax = (faults: readonly string[]): Refused => new Refused(400, 'BadSyntax', faults.join('; '));

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw badSyntax(faults);
}

/** Tells whoever looks on that a message of the app's was made or changed. */
export function tellOfMessage(
  method: SentActivity['method'],
  given: Given,
  { id, kind, members }: SimulatedConversation,
  { id: activityId, text }: SimulatedMessage,
  { options }: TeamsState,
): void {
  const [person = ''] = members;
  const to = kind === 'personal' ? { kind: 'person' as const, id: person } : { kind: 'conversation' as const, id };
  options.sent({ method, arguments: given, to, text, activityId });
}
