import { type App, HTTPReceiver, type Receiver, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import type { BoltLogger } from './bolt-log.ts';

/** The path Slack's requests come to in HTTP mode. */
export const EVENTS_PATH = '/slack/events';

/** How far a request's own time may lie from ours, either way. Bolt looks at the past only. Requirement B4. */
const SKEW_MAX = 5 * 60;
/** Slack's largest payloads are far below this; nobody else has anything to say here. */
const BODY_LIMIT = '256kb';

/** Where a held acknowledgement is found in a listener's context. */
export const ACKNOWLEDGE = 'acknowledge';

/** A request that is signed and still not to be acted on. */
class RequestRefused extends Error {}

/**
 * Gives the acknowledgement of an event into the hands of its listener. Bolt acknowledges events before it runs one, and
 * an order has to be on disk before that; an event that no listener acknowledged is acknowledged at the end.
 */
export function holdingAcknowledgements(receiver: Receiver): Receiver {
  return {
    init: (app) => receiver.init({ processEvent: (event: ReceiverEvent) => processHolding(app, event) } as App),
    start: (...args) => receiver.start(...args),
    stop: (...args) => receiver.stop(...args),
  };
}

async function processHolding(app: App, event: ReceiverEvent): Promise<void> {
  if (event.body['type'] !== 'event_callback') return app.processEvent(event);
  let acknowledged = false;
  const acknowledge = async (): Promise<void> => {
    if (acknowledged) return;
    acknowledged = true;
    await event.ack();
  };
  await app.processEvent({
    ...event,
    ack: async () => {},
    customProperties: { ...event.customProperties, [ACKNOWLEDGE]: acknowledge },
  });
  await acknowledge();
}

/** Where Slack comes in. `secret` signs its requests; the address is this machine's. */
export interface HttpSettings {
  readonly signingSecret: string;
  readonly port: number;
  readonly host: string;
}

/** HTTP mode. What is not signed, is older or newer than five minutes, or came before is answered with 401 and nothing else. */
export function httpReceiver({ signingSecret, port, host }: HttpSettings, logger: BoltLogger, now: () => number): Receiver {
  const seen = new Map<string, number>();
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: EVENTS_PATH,
    bodyLimit: BODY_LIMIT,
    logger,
    customPropertiesExtractor: ({ headers }) => ({
      signature: String(headers['x-slack-signature']),
      signedAt: Number(headers['x-slack-request-timestamp']),
    }),
    processEventErrorHandler: async ({ error, response }) => {
      const refused = error instanceof RequestRefused;
      logger.warn(refused ? error.message : `a request could not be processed: ${error.name}`);
      if (!response.headersSent) response.writeHead(refused ? 401 : 500).end();
      return refused;
    },
  });
  return {
    init: (app) =>
      receiver.init({
        processEvent: async (event: ReceiverEvent) => {
          const { signature, signedAt } = event.customProperties ?? {};
          refuseReplayed(String(signature), Number(signedAt), Math.floor(now() / 1_000), seen);
          return app.processEvent({ ...event, customProperties: {} });
        },
      } as App),
    start: () => receiver.start({ port, host }),
    stop: () => receiver.stop(),
  };
}

/** A signature covers time and body, so one that came before is the same request. Kept for as long as its time would pass. */
function refuseReplayed(signature: string, signedAt: number, now: number, seen: Map<string, number>): void {
  if (!(signedAt <= now + SKEW_MAX)) throw new RequestRefused('a request was refused: it is dated in the future');
  for (const [known, at] of seen) if (at < now - SKEW_MAX) seen.delete(known);
  if (seen.has(signature)) throw new RequestRefused('a request was refused: it came before');
  seen.set(signature, signedAt);
}

/** Socket Mode: the bot calls Slack, and nothing listens here. */
export function socketReceiver(appToken: string, apiUrl: string | null, logger: BoltLogger): Receiver {
  const clientOptions = apiUrl === null ? {} : { slackApiUrl: apiUrl };
  return new SocketModeReceiver({ appToken, logger, installerOptions: { clientOptions } });
}
