import { z } from 'zod/v4';
import { postOwn, tellOfMessage } from './content.ts';
import { type Given, id, type Method, scope, team_id } from './method.ts';
import { Refused, type SimulatedFile } from './model.ts';
import type { WorkspaceState } from './state.ts';

/** Where the bytes of a file go, below the server's own address. */
export const UPLOAD_PATH = '/upload/';

const files = z.array(z.strictObject({ id, title: z.string().optional() })).min(1);

/** Files: an address is asked for, the bytes go there, and then the file is completed. */
export const FILE_METHODS: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': {
    // Slack's page says `alt_txt`, its client sends `alt_text`.
    takes: z.strictObject({
      filename: id,
      length: z.coerce.number().int().min(1),
      alt_txt: z.string().optional(),
      alt_text: z.string().optional(),
      team_id,
    }),
    needs: scope('files:write'),
    does: (given, state) => {
      const file = state.newId('F');
      const alt = String(given['alt_txt'] ?? given['alt_text'] ?? '');
      state.files.set(file, {
        id: file,
        name: String(given['filename']),
        alt,
        announced: Number(given['length']),
        content: null,
        complete: false,
      });
      return { file_id: file, upload_url: `${state.address}${UPLOAD_PATH}${file}` };
    },
  },
  'files.completeUploadExternal': {
    takes: z.strictObject({
      files,
      channel_id: id.optional(),
      thread_ts: id.optional(),
      initial_comment: z.string().optional(),
      team_id,
    }),
    needs: scope('files:write'),
    does: (given, state) => {
      const sent = files.parse(given['files']).map((file) => uploaded(file.id, state));
      if (given['channel_id'] !== undefined) share(sent, given, state);
      for (const file of sent) file.complete = true;
      return { files: sent.map((file) => ({ id: file.id, title: file.name })) };
    },
  },
  'files.info': {
    takes: z.strictObject({ file: id, team_id }),
    needs: scope('files:read'),
    does: (given, state) => {
      const file = uploaded(given['file'], state);
      if (!file.complete) throw new Refused('file_not_found');
      return { file: { id: file.id, name: file.name, alt_txt: file.alt, size: file.announced } };
    },
  },
};

/** A file of which all the bytes are there. */
function uploaded(file: unknown, state: WorkspaceState): SimulatedFile {
  const known = state.files.get(String(file));
  if (known === undefined || known.content === null) throw new Refused('file_not_found');
  return known;
}

/** A file that is completed for a channel is shown there at once. */
function share(sent: readonly SimulatedFile[], given: Given, state: WorkspaceState): void {
  const channel = state.writable(given['channel_id']);
  const content = { text: String(given['initial_comment'] ?? ''), blocks: [], files: sent.map((file) => file.id) };
  const message = postOwn(channel, given, content, state);
  tellOfMessage('files.completeUploadExternal', given, channel, message, state);
}

/** The bytes of a file: taken when they are as many as were announced. */
export function takeUpload(file: string, content: Buffer, { files: known }: WorkspaceState): boolean {
  const stands = known.get(file);
  if (stands === undefined || stands.content !== null || stands.announced !== content.length) return false;
  stands.content = content;
  return true;
}
