import { createHmac } from 'node:crypto';
import { shownMessage } from './methods-chat.ts';
import { Refused, type SimulatedMessage } from './model.ts';
import type { WorkspaceState } from './state.ts';

/** The body of something that Slack sends to an app. */
export type Payload = Readonly<Record<string, unknown>>;

/** What people do, in the shapes in which Slack tells an app of it. Source: docs.slack.dev, Interaction payloads and Events. */
export interface Says {
  slash(user: string, channel: string, command: string, text: string): Payload;
  mention(user: string, channel: string, text: string, threadTs?: string): Payload;
  direct(user: string, text: string): Payload;
  click(user: string, at: { readonly channel: string; readonly ts: string }, actionId: string): Payload;
  clickAtHome(user: string, actionId: string): Payload;
  submit(user: string, viewId: string, values: Readonly<Record<string, Readonly<Record<string, string>>>>): Payload;
  shortcut(user: string, at: { readonly channel: string; readonly ts: string }, callbackId: string): Payload;
  homeOpened(user: string): Payload;
}

export function saysIn(state: WorkspaceState, responseUrl: (channel: string, user: string, ts: string | null) => string): Says {
  const { team, bot } = state.options;
  const person = (user: string) => {
    const known = state.users.get(user);
    return { id: user, username: known?.name ?? user, name: known?.name ?? user, team_id: known?.team ?? team.id };
  };
  const event = (user: string, facts: Payload): Payload => ({
    token: 'verification',
    team_id: team.id,
    api_app_id: bot.appId,
    type: 'event_callback',
    event_id: state.newId('Ev'),
    event_time: Math.floor(state.options.now() / 1_000),
    authorizations: [{ enterprise_id: null, team_id: team.id, user_id: bot.userId, is_bot: true, is_enterprise_install: false }],
    event: { user, team: person(user).team_id, event_ts: state.newTs(), ...facts },
  });
  const said = (user: string, channelId: string, text: string, threadTs: string | null): SimulatedMessage => {
    const message = {
      ts: state.newTs(),
      threadTs,
      user,
      byBot: false,
      text,
      blocks: [],
      metadata: null,
      broadcast: false,
      edits: 0,
    };
    state.channel(channelId).messages.push(message);
    return message;
  };
  const interaction = (type: string, user: string): Payload => ({
    type,
    team: { id: team.id, domain: team.name.toLowerCase() },
    user: person(user),
    api_app_id: bot.appId,
    token: 'verification',
    trigger_id: state.newTrigger(user),
  });
  return {
    slash: (user, channel, command, text) => ({
      token: 'verification',
      team_id: person(user).team_id,
      team_domain: team.name.toLowerCase(),
      channel_id: channel,
      channel_name: state.channel(channel).name,
      user_id: user,
      user_name: person(user).name,
      command,
      text,
      api_app_id: bot.appId,
      is_enterprise_install: 'false',
      response_url: responseUrl(channel, user, null),
      trigger_id: state.newTrigger(user),
    }),
    mention: (user, channel, text, threadTs) => {
      const { ts } = said(user, channel, `<@${bot.userId}> ${encoded(text)}`, threadTs ?? null);
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      return event(user, { type: 'app_mention', text: `<@${bot.userId}> ${encoded(text)}`, ts, channel, ...thread });
    },
    direct: (user, text) => {
      const channel = state.direct(user).id;
      const { ts } = said(user, channel, encoded(text), null);
      return event(user, { type: 'message', text: encoded(text), ts, channel, channel_type: 'im' });
    },
    click: (user, { channel, ts }, actionId) => {
      const message = state.message(state.channel(channel), ts);
      return {
        ...interaction('block_actions', user),
        container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
        channel: { id: channel, name: state.channel(channel).name },
        message: shownMessage(message, state),
        state: { values: {} },
        response_url: responseUrl(channel, user, ts),
        actions: [actionIn(message.blocks, actionId, state)],
      };
    },
    clickAtHome: (user, actionId) => {
      const home = state.homes.get(user);
      if (home === undefined) throw new Refused('not_found');
      return {
        ...interaction('block_actions', user),
        container: { type: 'view', view_id: home.id },
        view: { ...home.view, id: home.id, hash: home.hash },
        actions: [actionIn(home.view['blocks'], actionId, state)],
      };
    },
    submit: (user, viewId, values) => {
      const open = state.views.get(viewId);
      if (open === undefined) throw new Refused('not_found');
      const written = Object.entries(values).map(([block, actions]) => [
        block,
        Object.fromEntries(Object.entries(actions).map(([action, value]) => [action, { type: 'plain_text_input', value }])),
      ]);
      return {
        ...interaction('view_submission', user),
        view: { ...open.view, id: open.id, hash: open.hash, state: { values: Object.fromEntries(written) } },
        response_urls: [],
      };
    },
    shortcut: (user, { channel, ts }, callbackId) => ({
      ...interaction('message_action', user),
      callback_id: callbackId,
      channel: { id: channel, name: state.channel(channel).name },
      message_ts: ts,
      message: shownMessage(state.message(state.channel(channel), ts), state),
      response_url: responseUrl(channel, user, ts),
    }),
    homeOpened: (user) => event(user, { type: 'app_home_opened', tab: 'home', channel: state.direct(user).id }),
  };
}

/** What people type reaches an app with these three characters written as entities. */
const encoded = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The pressed element as it stands, the way Slack sends it back. */
function actionIn(blocks: unknown, actionId: string, state: WorkspaceState): Payload {
  for (const block of (Array.isArray(blocks) ? blocks : []) as readonly Payload[]) {
    const elements = [...((block['elements'] ?? []) as readonly Payload[]), block['accessory'] as Payload | undefined];
    const found = elements.find((element) => element?.['action_id'] === actionId);
    if (found !== undefined) return { ...found, block_id: block['block_id'] ?? 'b1', action_ts: state.newTs() };
  }
  throw new Refused(`there is no button ${actionId}`);
}

/** A body as Slack posts it over HTTP, signed. `at` is in milliseconds. */
export function signed(
  body: Payload,
  secret: string,
  at: number,
): { readonly headers: Record<string, string>; readonly rawBody: string } {
  const type = body['type'];
  const json = type === 'event_callback' || type === 'url_verification';
  const rawBody = json
    ? JSON.stringify(body)
    : type === undefined
      ? new URLSearchParams(Object.entries(body).map(([name, value]): [string, string] => [name, String(value)])).toString()
      : new URLSearchParams({ payload: JSON.stringify(body) }).toString();
  const timestamp = String(Math.floor(at / 1_000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${rawBody}`).digest('hex');
  return {
    rawBody,
    headers: {
      'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
  };
}
