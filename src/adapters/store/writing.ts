import type { Kysely, Transaction } from 'kysely';
import type { Delivery } from '../../ports.ts';
import type { Tables } from './schema.ts';

/** A record inside one transaction. */
export type Writing = Transaction<Tables>;

/** One transaction. `undo` ends it with an answer and without a trace; anything thrown leaves no trace either. */
export async function undoable<Outcome>(
  db: Kysely<Tables>,
  work: (writing: Writing, undo: (outcome: Outcome) => never) => Promise<Outcome>,
): Promise<Outcome> {
  const signal = new Error('undone');
  const answers: { readonly outcome: Outcome }[] = [];
  const undo = (outcome: Outcome): never => {
    answers.push({ outcome });
    throw signal;
  };
  try {
    return await db.transaction().execute((writing) => work(writing, undo));
  } catch (error) {
    const [answer] = answers;
    if (error === signal && answer !== undefined) return answer.outcome;
    throw error;
  }
}

/** Notes a delivery; false when it is known. Without one there is nothing to know. */
export async function hear(writing: Writing, delivery: Delivery | null): Promise<boolean> {
  if (delivery === null) return true;
  const { id, at } = delivery;
  return inserted(await writing.insertInto('deliveries').values({ id, at }).onConflict(ignore).executeTakeFirstOrThrow());
}

/** A conflict is an answer and not an error: on PostgreSQL an error would end the whole transaction. */
export const ignore = <Built>(conflict: { doNothing(): Built }): Built => conflict.doNothing();
/** Whether a row was written. */
export const inserted = ({ numInsertedOrUpdatedRows }: { numInsertedOrUpdatedRows?: bigint | undefined }): boolean =>
  numInsertedOrUpdatedRows === 1n;

/** The highest number in use; null when there is none. */
export async function highest(query: {
  executeTakeFirst(): Promise<{ highest: number | null } | undefined>;
}): Promise<number | null> {
  return (await query.executeTakeFirst())?.highest ?? null;
}

/** What stands in a row of the record; `where` names it for whoever is told that it is damaged. */
export function parsed(body: string, where: string): object {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Not JSON: told below, like JSON that is no object.
  }
  throw new Error(`${where} is damaged in the record: ${body.slice(0, 80)}`);
}
