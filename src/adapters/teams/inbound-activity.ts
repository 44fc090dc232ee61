import { z } from 'zod/v4';
import { isListed, trustworthy } from '../chat/address.ts';

/** The one channel that is spoken to: the Bot Framework has others, such as web chat, and none of them has tenants. */
export const TEAMS_CHANNEL = 'msteams';

/** Longer than anything Teams puts there. */
const LENGTH_MAX = 2_048;
const text = z.string().min(1).max(LENGTH_MAX);
/** What does not apply is left out, or null. */
const perhaps = text.nullish().transform((given) => given ?? undefined);

const ACTIVITY = z.object({
  type: text,
  id: text,
  channelId: text,
  serviceUrl: text,
  conversation: z.object({ id: text, tenantId: perhaps, conversationType: perhaps }),
  from: z.object({ id: text, aadObjectId: perhaps, name: perhaps }),
  channelData: z.object({ tenant: z.object({ id: perhaps }).nullish() }).nullish(),
});

/** As much of a Bot Framework activity as it takes to let it in. What else it says is the SDK's business. */
export type InboundActivity = Readonly<z.output<typeof ACTIVITY>>;

/** A body read as an activity; null when it is none. */
export const readActivity = (body: unknown): InboundActivity | null => ACTIVITY.safeParse(body).data ?? null;

/** Whom this bot listens to: tenants by id, services by host name (a leading dot is everything below that domain). */
export interface Trusted {
  readonly tenants: readonly string[];
  readonly serviceHosts: readonly string[];
}

/** What people do, as opposed to what Teams tells of itself; nobody in particular is behind the rest. */
const BY_SOMEBODY = ['message', 'invoke'];

/** Why an activity is not listened to, whoever brings it and however well; null: nothing is wrong with it. */
export function objectionTo(activity: InboundActivity, { tenants, serviceHosts }: Trusted): string | null {
  if (activity.channelId !== TEAMS_CHANNEL) return 'it comes from another channel than Teams';
  const service = trustworthy(activity.serviceUrl);
  // Answers go to that address, and the bot's own token with them.
  if (service === null || !isListed(service.hostname, serviceHosts)) return 'its service is not one that is allowed';
  const named = [activity.conversation.tenantId, activity.channelData?.tenant?.id].filter((tenant) => tenant !== undefined);
  const [tenant, another] = new Set(named.map((each) => each.toLowerCase()));
  if (tenant === undefined) return 'it names no tenant';
  if (another !== undefined) return 'it names two tenants';
  if (!tenants.includes(tenant)) return 'its tenant is not one that is allowed';
  const nameless = BY_SOMEBODY.includes(activity.type) && activity.from.aadObjectId === undefined;
  return nameless ? 'it does not say who is behind it' : null;
}
