import { z } from 'zod/v4';
import { flag, type Given, id, isOn, type Method, NO_SCOPE, scope, team_id } from './method.ts';
import { Refused, type SimulatedUser } from './model.ts';

/** Who is who: the token, users and groups. */
export const PEOPLE_METHODS: Readonly<Record<string, Method>> = {
  'auth.test': {
    takes: z.strictObject({ team_id }),
    needs: NO_SCOPE,
    does: (_given, { url, options: { team, bot } }) => ({
      url,
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
    needs: scope('users:read'),
    does: (given, state) => {
      const user = state.users.get(String(given['user']));
      if (user === undefined) throw new Refused('user_not_found');
      return { user: shownUser(user, state.options.team.id) };
    },
  },
  'usergroups.list': {
    takes: z.strictObject({ include_disabled: flag, team_id }),
    needs: scope('usergroups:read'),
    does: (given, { options: { team, userGroups = [] } }) => ({
      usergroups: userGroups
        .filter(({ disabled }) => disabled !== true || isOn(given['include_disabled']))
        .map(({ id: group, handle, disabled }) => ({
          id: group,
          team_id: team.id,
          is_usergroup: true,
          handle,
          date_delete: disabled === true ? 1 : 0,
        })),
    }),
  },
};

const shownUser = ({ id: user, name, team, bot, deactivated, guest }: SimulatedUser, home: string): Given => ({
  id: user,
  name,
  real_name: name,
  team_id: team,
  deleted: deactivated,
  is_bot: bot,
  is_restricted: guest !== false,
  is_ultra_restricted: guest === 'of one channel',
  ...(team === home ? {} : { is_stranger: true }),
});
