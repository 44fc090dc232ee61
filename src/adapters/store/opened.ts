import type { Store } from '../../ports.ts';

/** A record that is open. Closing it lets another Lifeguard work on it; so does the end of this process, however it ends. */
export type OpenedStore = Store & {
  /**
   * Writes all of the record, as it is at one moment, to a new SQLite file that `restore` takes. Throws `RecordRefused`
   * when the file is there already or cannot be written; there is none then.
   */
  backup(to: string): Promise<void>;
  close(): Promise<void>;
};

/** Why a record cannot be worked on, in words for the person who started the bot. */
export class RecordRefused extends Error {
  override readonly name = 'RecordRefused';
}
