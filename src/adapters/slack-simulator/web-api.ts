import type { z } from 'zod/v4';
import type { Given, Method } from './method.ts';
import { CHAT_METHODS } from './methods-chat.ts';
import { CONVERSATION_METHODS } from './methods-conversations.ts';
import { FILE_METHODS } from './methods-files.ts';
import { PEOPLE_METHODS } from './methods-people.ts';
import { VIEW_METHODS } from './methods-views.ts';
import { Refused } from './model.ts';
import type { WorkspaceState } from './state.ts';

const METHODS: Readonly<Record<string, Method>> = {
  ...CHAT_METHODS,
  ...CONVERSATION_METHODS,
  ...FILE_METHODS,
  ...PEOPLE_METHODS,
  ...VIEW_METHODS,
};

/** One call of the Web API, without `ok`. Throws `Refused`. */
export function called(name: string, { token: sent, ...given }: Given, bearer: string | null, state: WorkspaceState): Given {
  if (name === 'api.test') return {};
  const token = bearer ?? (sent === undefined ? null : String(sent));
  const method = METHODS[name];
  if (method === undefined && name !== 'apps.connections.open') throw new Refused('unknown_method');
  permit(token, method === undefined ? 'app' : 'bot', state);
  // Socket Mode itself is not served: that it would open is all that can be learnt here.
  if (method === undefined) return { url: 'wss://127.0.0.1/nothing-is-there' };
  requireScope(method.needs(given), state);
  const read = method.takes.safeParse(given);
  if (!read.success) throw new Refused('invalid_arguments', read.error.issues.map(faultIn));
  return method.does(given, state);
}

/** The bot's token opens everything but Socket Mode, which takes the app's own. */
function permit(token: string | null, kind: 'bot' | 'app', { options: { bot, appToken } }: WorkspaceState): void {
  if (token === null) throw new Refused('not_authed');
  const owner = token === bot.token ? 'bot' : token === appToken ? 'app' : null;
  if (owner === null) throw new Refused('invalid_auth');
  if (owner !== kind) throw new Refused('not_allowed_token_type');
}

function requireScope(needed: string | null, { options: { scopes } }: WorkspaceState): void {
  if (needed === null || scopes === undefined || scopes.includes(needed)) return;
  throw new Refused('missing_scope', [], { needed, provided: scopes.join(',') });
}

const faultIn = ({ message, path }: z.core.$ZodIssue): string => `[ERROR] ${message} [json-pointer:/${path.join('/')}]`;
