import { shownMessage } from './content.ts';
import { shownView } from './methods-views.ts';
import { Refused, type SimulatedMessage, type SimulatedView } from './model.ts';
import type { WorkspaceState } from './state.ts';

/** The body of something that Slack sends to an app. */
export type Payload = Readonly<Record<string, unknown>>;

/** What is typed into a form: values by block, then by action. */
export type Typed = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where a message stands. */
export interface Spot {
  readonly channel: string;
  readonly ts: string;
}

/**
 * What people do, in the shapes in which Slack tells an app of it. Source: docs.slack.dev, Interaction payloads and Events.
 * Something that nobody could do there (press a button that is not shown, send a form that is not open) throws `Refused`.
 */
export interface Says {
  slash(user: string, channel: string, command: string, text: string): Payload;
  mention(user: string, channel: string, text: string, threadTs?: string): Payload;
  direct(user: string, text: string): Payload;
  click(user: string, at: Spot, actionId: string): Payload;
  clickAtHome(user: string, actionId: string): Payload;
  clickInView(user: string, viewId: string, actionId: string): Payload;
  submit(user: string, viewId: string, typed: Typed): Payload;
  shortcut(user: string, at: Spot, callbackId: string): Payload;
  homeOpened(user: string): Payload;
  /** Says something in a channel that an app is not told of; the message's `ts`. */
  post(user: string, channel: string, text: string): string;
}

/** The voices of a workspace's people. */
export function saysIn(state: WorkspaceState): Says {
  const { bot } = state.options;
  return {
    slash: (user, channel, command, text) => slash(user, channel, command, text, state),
    mention: (user, channel, text, threadTs) => {
      const words = `<@${bot.userId}> ${encoded(text)}`;
      const { ts } = said(user, channel, words, threadTs ?? null, state);
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      return event(user, { type: 'app_mention', text: words, ts, channel, ...thread, event_ts: ts }, state);
    },
    direct: (user, text) => {
      const channel = state.direct(user).id;
      const { ts } = said(user, channel, encoded(text), null, state);
      return event(user, { type: 'message', text: encoded(text), ts, channel, channel_type: 'im', event_ts: ts }, state);
    },
    click: (user, { channel, ts }, actionId) => {
      const place = state.channel(channel);
      const message = shownMessage(state.message(place, ts), place, state);
      return {
        ...interaction('block_actions', user, state),
        container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
        channel: { id: channel, name: shownName(channel, state) },
        message,
        state: { values: {} },
        response_url: state.newResponseUrl(channel, user, ts),
        actions: [actionIn(message['blocks'], actionId, state)],
      };
    },
    clickAtHome: (user, actionId) => clickOn(state.homes.get(user), user, actionId, state),
    clickInView: (user, viewId, actionId) => clickOn(openTo(user, viewId, state), user, actionId, state),
    submit: (user, viewId, typed) => {
      const open = openTo(user, viewId, state);
      return {
        ...interaction('view_submission', user, state),
        view: shownView(open, valuesIn(open, typed), state),
        response_urls: [],
      };
    },
    shortcut: (user, { channel, ts }, callbackId) => ({
      ...interaction('message_action', user, state),
      action_ts: state.newTs(),
      callback_id: callbackId,
      channel: { id: channel, name: shownName(channel, state) },
      message_ts: ts,
      message: shownMessage(state.message(state.channel(channel), ts), state.channel(channel), state),
      response_url: state.newResponseUrl(channel, user, ts),
    }),
    homeOpened: (user) => {
      const home = state.homes.get(user);
      const view = home === undefined ? {} : { view: shownView(home, {}, state) };
      const opened = { type: 'app_home_opened', tab: 'home', channel: state.direct(user).id, ...view, event_ts: state.newTs() };
      return event(user, opened, state);
    },
    post: (user, channel, text) => said(user, channel, encoded(text), null, state).ts,
  };
}

function person(user: string, { users, options }: WorkspaceState) {
  const known = users.get(user);
  return { id: user, username: known?.name ?? user, name: known?.name ?? user, team_id: known?.team ?? options.team.id };
}

/** A conversation's name, as payloads have it. */
function shownName(channel: string, state: WorkspaceState): string {
  const { user, name } = state.channel(channel);
  return user === null ? name : 'directmessage';
}

function slash(user: string, channel: string, command: string, text: string, state: WorkspaceState): Payload {
  const { team, bot } = state.options;
  return {
    token: 'verification',
    team_id: person(user, state).team_id,
    team_domain: team.name.toLowerCase(),
    channel_id: channel,
    channel_name: shownName(channel, state),
    user_id: user,
    user_name: person(user, state).name,
    command,
    text,
    api_app_id: bot.appId,
    is_enterprise_install: 'false',
    response_url: state.newResponseUrl(channel, user, null),
    trigger_id: state.newTrigger(user),
  };
}

function event(user: string, facts: Payload, state: WorkspaceState): Payload {
  const { team, bot } = state.options;
  const home = person(user, state).team_id;
  return {
    token: 'verification',
    team_id: team.id,
    api_app_id: bot.appId,
    type: 'event_callback',
    event_id: state.newId('Ev'),
    event_time: Math.floor(state.options.now() / 1_000),
    event_context: state.newId('context'),
    is_ext_shared_channel: state.channel(facts['channel']).shared,
    authorizations: [{ enterprise_id: null, team_id: team.id, user_id: bot.userId, is_bot: true, is_enterprise_install: false }],
    event: { user, team: home, ...(home === team.id ? {} : { user_team: home, source_team: home }), ...facts },
  };
}

const interaction = (type: string, user: string, state: WorkspaceState): Payload => ({
  type,
  team: { id: state.options.team.id, domain: state.options.team.name.toLowerCase() },
  user: person(user, state),
  api_app_id: state.options.bot.appId,
  token: 'verification',
  trigger_id: state.newTrigger(user),
  enterprise: null,
  is_enterprise_install: false,
});

function said(user: string, channel: string, text: string, threadTs: string | null, state: WorkspaceState): SimulatedMessage {
  const ts = state.newTs();
  const none = { blocks: [], files: [], metadata: null, broadcast: false, edits: 0 };
  const message = { ...none, ts, threadTs, user, byBot: false, text };
  state.channel(channel).messages.push(message);
  return message;
}

function clickOn(stands: SimulatedView | undefined, user: string, actionId: string, state: WorkspaceState): Payload {
  if (stands === undefined) throw new Refused('not_found');
  return {
    ...interaction('block_actions', user, state),
    container: { type: 'view', view_id: stands.id },
    view: shownView(stands, {}, state),
    actions: [actionIn(stands.view['blocks'], actionId, state)],
  };
}

/** What this person has open: nobody else sees it. */
function openTo(user: string, viewId: string, state: WorkspaceState): SimulatedView {
  const open = state.views.get(viewId);
  if (open === undefined || open.user !== user) throw new Refused('not_found');
  return open;
}

/** What was typed, in the fields that the form has. */
function valuesIn({ view }: SimulatedView, typed: Typed): Payload {
  const blocks = (Array.isArray(view['blocks']) ? view['blocks'] : []) as readonly Payload[];
  const fields = blocks.flatMap(({ block_id: block, element }) => {
    const { action_id: action, type } = Object(element) as Payload;
    return element === undefined ? [] : [{ block: String(block), action: String(action), type }];
  });
  for (const [block, actions] of Object.entries(typed))
    for (const action of Object.keys(actions))
      if (!fields.some((each) => each.block === block && each.action === action))
        throw new Refused(`there is no field ${block} ${action}`);
  return Object.fromEntries(
    fields.map(({ block, action, type }) => [block, { [action]: { type, value: typed[block]?.[action] ?? null } }]),
  );
}

/** What people type reaches an app with these three characters written as entities. */
const encoded = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The pressed element as it stands, the way Slack sends it back. */
function actionIn(blocks: unknown, actionId: string, state: WorkspaceState): Payload {
  for (const [at, block] of ((Array.isArray(blocks) ? blocks : []) as readonly Payload[]).entries()) {
    const elements = [...((block['elements'] ?? []) as readonly Payload[]), block['accessory'] as Payload | undefined];
    const found = elements.find((element) => element?.['action_id'] === actionId);
    if (found !== undefined) return { ...found, block_id: block['block_id'] ?? `block${at}`, action_ts: state.newTs() };
  }
  throw new Refused(`there is no button ${actionId}`);
}
