import type { PostgresPool } from 'kysely';
import { type Client, DatabaseError } from 'pg';
import { saidBy } from './postgres-session.ts';

const LOOK_EVERY_MS = 1_000;
/** In looks, one a second. A commit on a busy disk may take seconds; a server that takes longer is no better than none. */
const LOOKS_UNANSWERED_MAX = 10;

/** An operator, a crash, or a silence that was too long, outside a transaction or in one: nothing follows such an error. */
const endsSession = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code?.startsWith('57P') === true || error.code === '25P03');

/** One connection where Kysely expects a pool: it is lent to one at a time, and never replaced by another one. */
export interface OneConnection extends PostgresPool {
  /**
   * From now on asks the server for a sign of life when nobody else asks anything, and calls `lost` once, with the reason,
   * when the connection ends other than by `end`, or no answer comes within ten seconds.
   */
  watch(lost: (because: string) => void): void;
}

/** Lends out `client`, which is connected, until it is gone; then every borrower gets an error. `hangUp` ends it. */
export function oneConnection(client: Client, hangUp: () => Promise<void>): OneConnection {
  let turn: Promise<void> = Promise.resolve();
  let lent = false;
  let unanswered = 0;
  let gone: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let tell = (_because: string): void => {};

  const lose = (because: string): void => {
    if (gone !== null) return;
    gone = because;
    clearInterval(timer);
    client.connection.stream.destroy();
    tell(because);
  };
  client.on('error', (error) => lose(saidBy(error)));
  // Told in answer to a question, it would be that question's failure first, and the end of the session only later.
  client.connection.on('errorMessage', (error: unknown) => {
    if (endsSession(error)) lose(saidBy(error));
  });
  client.on('end', () => lose('the server closed the connection'));

  const connect = async () => {
    const before = turn;
    const done = Promise.withResolvers<void>();
    turn = done.promise;
    await before;
    if (gone !== null) {
      done.resolve();
      throw new Error(`the pool record is out of reach: ${gone}`);
    }
    lent = true;
    unanswered = 0;
    const release = (broken?: boolean) => {
      lent = false;
      if (broken === true) lose('a transaction could not be undone');
      done.resolve();
    };
    return Object.assign(client, { release });
  };

  const ping = async (): Promise<void> => {
    const borrowed = await connect();
    await borrowed.query('select 1').finally(() => borrowed.release());
  };
  const look = (): void => {
    if (lent) unanswered += 1;
    // What a failed ping means, the end of the connection tells.
    else ping().catch(() => {});
    if (unanswered >= LOOKS_UNANSWERED_MAX) lose(`the server has not answered for ${unanswered} s`);
  };

  return {
    options: {},
    connect,
    watch(lost) {
      tell = lost;
      if (gone !== null) tell(gone);
      else timer = setInterval(look, LOOK_EVERY_MS);
    },
    async end() {
      await turn;
      gone ??= 'it is closed';
      clearInterval(timer);
      await hangUp();
    },
  };
}
