import { z } from 'zod/v4';
import type { Method } from './methods-chat.ts';
import { Refused, type SimulatedView, type SlackBlock } from './model.ts';
import type { WorkspaceState } from './state.ts';

const id = z.string().min(1);
const view = z.record(z.string(), z.unknown());
const team_id = id.optional();
type Given = Readonly<Record<string, unknown>>;

/** Modals, people's own pages, and files. */
export const VIEW_METHODS: Readonly<Record<string, Method>> = {
  'views.open': {
    takes: z.strictObject({ trigger_id: id, view, team_id }),
    needs: [],
    does: (given, state) => {
      const shown = viewIn(given, 'modal', state);
      const opened = { id: state.newId('V'), user: state.useTrigger(given['trigger_id']), view: shown, hash: state.newId('h') };
      state.views.set(opened.id, opened);
      return told('views.open', given, opened, state);
    },
  },
  'views.update': {
    takes: z.strictObject({ view_id: id, hash: id.optional(), view, team_id }),
    needs: [],
    does: (given, state) => {
      const known = state.views.get(String(given['view_id']));
      if (known === undefined) throw new Refused('not_found');
      if (given['hash'] !== undefined && given['hash'] !== known.hash) throw new Refused('hash_conflict');
      known.view = viewIn(given, 'modal', state);
      known.hash = state.newId('h');
      return told('views.update', given, known, state);
    },
  },
  'views.publish': {
    takes: z.strictObject({ user_id: id, hash: id.optional(), view, team_id }),
    needs: [],
    does: (given, state) => {
      const user = String(given['user_id']);
      if (!state.users.has(user)) throw new Refused('user_not_found');
      const home = {
        id: state.homes.get(user)?.id ?? state.newId('V'),
        user,
        view: viewIn(given, 'home', state),
        hash: state.newId('h'),
      };
      state.homes.set(user, home);
      return told('views.publish', given, home, state);
    },
  },
  'files.getUploadURLExternal': {
    takes: z.strictObject({ filename: id, length: z.coerce.number().int().min(1), alt_text: z.string().optional(), team_id }),
    needs: ['files:write'],
    does: (given, state) => {
      const file = state.newId('F');
      const bytes = -Number(given['length']);
      state.files.set(file, { name: String(given['filename']), alt: String(given['alt_text'] ?? ''), bytes, complete: false });
      return { file_id: file, upload_url: `${UPLOAD_PATH}${file}` };
    },
  },
  'files.completeUploadExternal': {
    takes: z.strictObject({ files: z.array(z.strictObject({ id, title: z.string().optional() })), team_id }),
    needs: ['files:write'],
    does: (given, state) => {
      const files = z.array(z.object({ id })).parse(given['files']);
      for (const { id: file } of files) {
        const known = state.files.get(file);
        // A negative size is what was announced: nothing has been sent.
        if (known === undefined || known.bytes <= 0) throw new Refused('file_not_found');
        known.complete = true;
      }
      return { files: files.map(({ id: file }) => ({ id: file, title: state.files.get(file)?.name })) };
    },
  },
};

/** Where the bytes of a file go, below the server's own address. */
export const UPLOAD_PATH = '/upload/';

function viewIn(given: Given, type: 'modal' | 'home', state: WorkspaceState): Given {
  const faults = state.options.check(given);
  const shown = view.parse(given['view']);
  if (shown['type'] !== type) throw new Refused('invalid_arguments', [`a ${type} was expected`]);
  if (faults.length > 0) throw new Refused('invalid_arguments', faults);
  return shown;
}

function told(
  method: string,
  given: Given,
  { id: viewId, user, view: shown, hash }: SimulatedView,
  { options }: WorkspaceState,
): Given {
  options.sent({ method, arguments: given, to: { kind: 'user', id: user }, text: wordsIn(shown['blocks']), ts: null });
  return { view: { ...shown, id: viewId, hash } };
}

/** Everything that a view's blocks say, a line each. */
function wordsIn(blocks: unknown): string {
  const listed = (Array.isArray(blocks) ? blocks : []) as readonly SlackBlock[];
  const lines = listed.flatMap(({ text, label }) => [text, label].flatMap(textIn));
  return lines.join('\n');
}

function textIn(object: unknown): readonly string[] {
  if (typeof object !== 'object' || object === null || !('text' in object)) return [];
  return [String(object.text)];
}
