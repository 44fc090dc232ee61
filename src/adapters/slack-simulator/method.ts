import { z } from 'zod/v4';
import { Refused } from './model.ts';
import type { WorkspaceState } from './state.ts';

/** What a call brings: its arguments by name, without the token. */
export type Given = Readonly<Record<string, unknown>>;

/** A method of the Web API. */
export interface Method {
  /** Everything that it takes: an argument that is not named here is refused. */
  readonly takes: z.ZodType;
  /** The scope that the bot's token has to have for it; null: any token will do. */
  readonly needs: (given: Given) => string | null;
  /** Makes it so and says what Slack says, without `ok`. Throws `Refused`. */
  readonly does: (given: Given, state: WorkspaceState) => Given;
}

/** Methods for which any token will do. */
export const NO_SCOPE = (): null => null;

/** Methods that take this one. */
export const scope = (name: string) => (): string => name;

/** Methods whose scope is another one for each kind of conversation, which an id tells by its first letter. */
export const conversationScope =
  (right: 'read' | 'history') =>
  ({ channel }: Given): string => {
    const [letter] = String(channel);
    const kind = letter === 'D' ? 'im' : letter === 'G' ? 'groups' : 'channels';
    return `${kind}:${right}`;
  };

/** An argument that may not be empty. */
export const id = z.string().min(1);
/** Bolt adds it to every call. */
export const team_id = id.optional();
/** Yes or no, in the ways in which Slack takes it. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false', '1', '0'])]).optional();
/** Whether such an argument says yes. */
export const isOn = (given: unknown): boolean => given === true || given === 'true' || given === '1';

/** What every list takes. Slack gives fewer than 1,000 things at once. */
export const PAGED = { limit: z.coerce.number().int().min(1).max(999).optional(), cursor: z.string().optional() };

/** One page of a list, and where the next one begins: a cursor names the item that was shown last. */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { limit, cursor }: Given,
): { readonly shown: readonly Item[]; readonly more: boolean; readonly response_metadata: { readonly next_cursor: string } } {
  const begins = cursor === undefined || cursor === '';
  const from = begins ? 0 : items.findIndex((item) => keyOf(item) === cursor) + 1;
  if (from === 0 && !begins) throw new Refused('invalid_cursor');
  const shown = items.slice(from, from + Number(limit ?? 100));
  const more = from + shown.length < items.length;
  const last = shown.at(-1);
  return { shown, more, response_metadata: { next_cursor: more && last !== undefined ? keyOf(last) : '' } };
}
