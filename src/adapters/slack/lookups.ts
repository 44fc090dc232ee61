import type { webApi } from '@slack/bolt';
import type { UserLook } from './accounts.ts';
import type { ChannelLook } from './channels.ts';

type WebClient = webApi.WebClient;

/** `users.info`. A user that Slack does not show is somebody else's: no answer, and so no rights. */
export const userLookUp =
  (client: WebClient) =>
  async (user: string): Promise<UserLook> => {
    try {
      const { user: found } = await client.users.info({ user });
      if (found?.team_id === undefined) return { kind: 'unknown', because: 'Slack did not say which workspace you belong to' };
      return {
        kind: 'found',
        // A stranger is a user of another workspace whom this one only sees in a shared channel.
        team: found.is_stranger === true ? '' : found.team_id,
        deactivated: found.deleted === true,
        bot: found.is_bot === true || found.is_workflow_bot === true,
        guest: found.is_restricted === true || found.is_ultra_restricted === true,
      };
    } catch (error) {
      return { kind: 'unknown', because: `Slack did not say who you are (${reasonOf(error)})` };
    }
  };

/** `conversations.info`. */
export const channelLookUp =
  (client: WebClient) =>
  async (channel: string): Promise<ChannelLook> => {
    try {
      const { channel: found } = await client.conversations.info({ channel });
      if (found === undefined) return { kind: 'unknown', because: 'Slack said nothing about the channel' };
      return {
        kind: 'found',
        archived: found.is_archived === true,
        // Pending: it has been offered to another organisation, which may accept at any moment.
        shared: found.is_ext_shared === true || found.is_pending_ext_shared === true,
        member: found.is_member === true,
      };
    } catch (error) {
      return { kind: 'unknown', because: reasonOf(error) };
    }
  };

/** The platform's own word for what went wrong, or the message of what threw. */
export function reasonOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'data' in error) {
    const { data } = error;
    if (typeof data === 'object' && data !== null && 'error' in data && typeof data.error === 'string') return data.error;
  }
  return error instanceof Error ? error.message : String(error);
}
