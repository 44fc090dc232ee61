/**
 * Every method of Slack's Web API that is called here, and the scopes that each takes (any of a list is for one kind of
 * conversation, so all are asked for). Source: the method's page at docs.slack.dev. The manifest asks for these and no others.
 */
export const METHODS = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.getPermalink': [],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'conversations.open': ['im:write'],
  'users.info': ['users:read'],
  'usergroups.list': ['usergroups:read'],
  'views.open': [],
  'views.update': [],
  'views.publish': [],
  'apps.connections.open': [],
  'files.getUploadURLExternal': ['files:write'],
  'files.completeUploadExternal': ['files:write'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What people may do that reaches the bot, and the scopes that takes: the slash command, mentions, direct messages. */
export const HEARD = { commands: ['commands'], app_mention: ['app_mentions:read'], 'message.im': ['im:history'] } as const;

/** The bot token's scopes, in the order of the alphabet. */
export const BOT_SCOPES: readonly string[] = [...new Set([...Object.values(METHODS), ...Object.values(HEARD)].flat())].toSorted();

/** What the app-level token of Socket Mode takes. */
export const APP_SCOPE = 'connections:write';
