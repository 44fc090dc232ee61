import { type Answer, create, post, remove, reply, update } from './connector.ts';
import { type CallKind, type Given, Refused } from './model.ts';
import { channels, member, members, pagedMembers, team } from './roster.ts';
import type { TeamsState } from './state.ts';

/** What a request brings besides what its path names. */
interface Brought {
  readonly given: Given;
  readonly query: URLSearchParams;
  readonly state: TeamsState;
}

interface Route {
  readonly kind: CallKind;
  /** `first` and `second` are what the path names, in this order. */
  readonly does: (first: string, second: string, brought: Brought) => Answer;
}

/** The part of the Bot Connector's REST service that Teams has, by method and path. */
const ROUTES: Readonly<Record<string, Route>> = {
  'POST v3/conversations': { kind: 'create', does: (_, __, { given, state }) => create(given, state) },
  'POST v3/conversations/*/activities': { kind: 'post', does: (place, _, { given, state }) => post(place, given, state) },
  'POST v3/conversations/*/activities/*': {
    kind: 'reply',
    does: (place, to, { given, state }) => reply(place, to, given, state),
  },
  'PUT v3/conversations/*/activities/*': {
    kind: 'update',
    does: (place, id, { given, state }) => update(place, id, given, state),
  },
  'DELETE v3/conversations/*/activities/*': { kind: 'delete', does: (place, id, { state }) => remove(place, id, state) },
  'GET v3/conversations/*/members': { kind: 'members', does: (place, _, { state }) => members(place, state) },
  'GET v3/conversations/*/members/*': { kind: 'members', does: (place, id, { state }) => member(place, id, state) },
  'GET v3/conversations/*/pagedmembers': {
    kind: 'members',
    does: (place, _, { query, state }) => pagedMembers(place, query, state),
  },
  'GET v3/teams/*': { kind: 'team', does: (id, _, { state }) => team(id, state) },
  'GET v3/teams/*/conversations': { kind: 'team', does: (id, _, { state }) => channels(id, state) },
};

/** What a request is for. */
export interface Routed {
  readonly kind: CallKind;
  readonly conversation: string | null;
  readonly activity: string | null;
  /** Makes it so. Throws `Refused`. */
  readonly take: (given: Given) => Answer;
}

/** Finds what a path below the service's own is for. */
export function routed(method: string, path: string, query: URLSearchParams, state: TeamsState): Routed {
  const parts = path.split('/').map(decoded);
  const [first = null, second = null] = [parts[2], parts[4]];
  const route = ROUTES[`${method} ${parts.map((part, at) => (at === 2 || at === 4 ? '*' : part)).join('/')}`];
  return {
    kind: route?.kind ?? 'unknown',
    conversation: first,
    activity: second,
    take: (given) => {
      if (route === undefined) throw new Refused(404, 'NotFound', 'there is nothing at this address');
      return route.does(first ?? '', second ?? '', { given, query, state });
    },
  };
}

/** What is no encoding stays as it is, and then names nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
