import { z } from 'zod/v4';
import { type Given, id, type Method, NO_SCOPE, team_id } from './method.ts';
import { Refused, type SimulatedView, type SlackBlock } from './model.ts';
import type { WorkspaceState } from './state.ts';

const view = z.record(z.string(), z.unknown());
/** In bytes of JSON (`view_too_large`, docs.slack.dev). */
const VIEW_MAX = 250_000;

/** Modals, and people's own pages. */
export const VIEW_METHODS: Readonly<Record<string, Method>> = {
  'views.open': {
    takes: z.strictObject({ trigger_id: id, view, team_id }),
    needs: NO_SCOPE,
    does: (given, state) => {
      const shown = viewIn(given, 'modal', state);
      const opened = { id: state.newId('V'), user: state.useTrigger(given['trigger_id']), view: shown, hash: state.newId('h') };
      state.views.set(opened.id, opened);
      return told('views.open', given, opened, state);
    },
  },
  'views.update': {
    takes: z.strictObject({ view_id: id, hash: id.optional(), view, team_id }),
    needs: NO_SCOPE,
    does: (given, state) => {
      const known = state.views.get(String(given['view_id']));
      if (known === undefined) throw new Refused('not_found');
      sameHash(given, known);
      known.view = viewIn(given, 'modal', state);
      known.hash = state.newId('h');
      return told('views.update', given, known, state);
    },
  },
  'views.publish': {
    takes: z.strictObject({ user_id: id, hash: id.optional(), view, team_id }),
    needs: NO_SCOPE,
    does: (given, state) => {
      const user = String(given['user_id']);
      if (!state.users.has(user)) throw new Refused('user_not_found');
      const stands = state.homes.get(user);
      sameHash(given, stands);
      const home = { id: stands?.id ?? state.newId('V'), user, view: viewIn(given, 'home', state), hash: state.newId('h') };
      state.homes.set(user, home);
      return told('views.publish', given, home, state);
    },
  },
};

/** Whoever says which state of a view they have seen may not write over a newer one. */
function sameHash({ hash }: Given, stands: SimulatedView | undefined): void {
  if (hash !== undefined && hash !== stands?.hash) throw new Refused('hash_conflict');
}

function viewIn(given: Given, type: 'modal' | 'home', state: WorkspaceState): Given {
  const shown = view.parse(given['view']);
  if (shown['type'] !== type)
    throw new Refused('invalid_arguments', [`[ERROR] a ${type} was expected [json-pointer:/view/type]`]);
  if (Buffer.byteLength(JSON.stringify(shown)) > VIEW_MAX) throw new Refused('view_too_large');
  const faults = state.options.check(given);
  if (faults.length > 0) throw new Refused('invalid_arguments', faults);
  return shown;
}

/** A view as Slack shows it to the app, with what was typed into it. */
export const shownView = (
  { id: viewId, view: shown, hash }: SimulatedView,
  values: Given,
  { options }: WorkspaceState,
): Given => ({
  private_metadata: '',
  callback_id: '',
  external_id: '',
  ...shown,
  id: viewId,
  team_id: options.team.id,
  app_id: options.bot.appId,
  bot_id: options.bot.botId,
  root_view_id: viewId,
  previous_view_id: null,
  hash,
  state: { values },
});

function told(method: string, given: Given, stands: SimulatedView, state: WorkspaceState): Given {
  const to = { kind: 'user' as const, id: stands.user };
  state.options.sent({ method, arguments: given, to, text: wordsIn(stands.view['blocks']), ts: null });
  return { view: shownView(stands, {}, state) };
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
