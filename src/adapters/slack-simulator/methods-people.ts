import { z } from 'zod/v4';
import type { Method } from './methods-chat.ts';
import { Refused, type SimulatedChannel, type SimulatedUser } from './model.ts';

const id = z.string().min(1);
const team_id = id.optional();

/** Who and where: the token, users, channels and groups. */
export const PEOPLE_METHODS: Readonly<Record<string, Method>> = {
  'api.test': { takes: z.looseObject({}), needs: [], does: () => ({}) },
  'auth.test': {
    takes: z.strictObject({ team_id }),
    needs: [],
    does: (_given, { options: { team, bot } }) => ({
      url: 'https://session.slack.com/',
      team: team.name,
      user: bot.name,
      team_id: team.id,
      user_id: bot.userId,
      bot_id: bot.botId,
      is_enterprise_install: false,
    }),
  },
  'users.info': {
    takes: z.strictObject({ user: id, team_id }),
    needs: ['users:read'],
    does: (given, state) => {
      const user = state.users.get(String(given['user']));
      if (user === undefined) throw new Refused('user_not_found');
      return { user: shownUser(user, state.options.team.id) };
    },
  },
  'conversations.info': {
    takes: z.strictObject({ channel: id, team_id }),
    needs: ['channels:read', 'groups:read', 'im:read'],
    does: (given, state) => ({ channel: shownChannel(state.channel(given['channel']), state.options.bot.userId) }),
  },
  'conversations.open': {
    takes: z.strictObject({ users: id, team_id }),
    needs: ['im:write'],
    does: (given, state) => ({ channel: { id: state.direct(String(given['users'])).id } }),
  },
  'usergroups.list': {
    takes: z.strictObject({ include_disabled: z.union([z.boolean(), z.string()]).optional(), team_id }),
    needs: ['usergroups:read'],
    does: (_given, { options: { userGroups = [] } }) => ({
      usergroups: userGroups.map(({ id: group, handle, disabled }) => ({
        id: group,
        handle,
        date_delete: disabled === true ? 1 : 0,
      })),
    }),
  },
};

const shownUser = ({ id: user, name, team, bot, deactivated, guest }: SimulatedUser, home: string) => ({
  id: user,
  name,
  team_id: team,
  deleted: deactivated,
  is_bot: bot,
  is_restricted: guest,
  is_ultra_restricted: false,
  ...(team === home ? {} : { is_stranger: true }),
});

const shownChannel = ({ id: channel, name, user, archived, shared, members }: SimulatedChannel, bot: string) => ({
  id: channel,
  name,
  is_im: user !== null,
  is_channel: user === null,
  is_archived: archived,
  is_ext_shared: shared,
  is_member: members.has(bot),
});
