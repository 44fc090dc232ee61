import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { AdaptiveCardActionExecuteResponseType, Application, TeamsAdapter, type TurnState } from '@microsoft/teams-ai';
import {
  type Activity,
  CardFactory,
  ConfigurationServiceClientCredentialFactory,
  MemoryStorage,
  MessageFactory,
  type TurnContext,
} from 'botbuilder';
import express from 'express';
import type { Given } from '../../../src/adapters/teams-simulator/model.ts';
import type { SimulatedTeams } from '../../../src/adapters/teams-simulator/teams.ts';
import { APP, TOKEN } from './in-teams.ts';

/** The parts of the SDK that a bot is made of. */
export interface Bot {
  readonly url: string;
  readonly app: Application<TurnState>;
  readonly adapter: TeamsAdapter;
  /** Every activity that it let in. */
  readonly heard: Partial<Activity>[];
  /** Says something in a conversation that was stored, outside of any turn. */
  later(
    reference: Parameters<TeamsAdapter['continueConversationAsync']>[1],
    act: (context: TurnContext) => Promise<void>,
  ): Promise<void>;
}

/** A bot that listens, checks tokens as the SDK does, and shows Teams who it is. */
export async function openBot(t: TestContext, teams: SimulatedTeams, retries: 'its own' | 'none' = 'none'): Promise<Bot> {
  const adapter = new TeamsAdapter(
    {
      MicrosoftAppId: APP.id,
      ToBotFromChannelTokenIssuer: teams.issuer,
      ToBotFromChannelOpenIdMetadataUrl: teams.metadataUrl,
      ToBotFromEmulatorOpenIdMetadataUrl: teams.metadataUrl,
      ToChannelFromBotOAuthScope: teams.issuer,
      ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/nowhere',
      ValidateAuthority: 'true',
    },
    new ShownToken(),
  );
  if (retries === 'none') adapter.use(once(adapter));
  const app = new Application<TurnState>({
    adapter,
    botAppId: APP.id,
    storage: new MemoryStorage(),
    adaptiveCards: { actionExecuteResponseType: AdaptiveCardActionExecuteResponseType.REPLACE_FOR_INTERACTOR },
  });
  const heard: Partial<Activity>[] = [];
  const server = express()
    .use(express.json())
    .post('/api/messages', (request, response) =>
      adapter.process(request as never, response as never, async (context) => {
        heard.push(structuredClone(context.activity));
        await app.run(context);
      }),
    )
    .listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    app,
    adapter,
    heard,
    later: (reference, act) => adapter.continueConversationAsync(APP.id, reference, act),
  };
}

/** The SDK would fetch a token of Microsoft's. */
class ShownToken extends ConfigurationServiceClientCredentialFactory {
  constructor() {
    super({ MicrosoftAppId: APP.id, MicrosoftAppPassword: 'not looked at', MicrosoftAppType: 'MultiTenant' });
  }
  override async createCredentials(): ReturnType<ConfigurationServiceClientCredentialFactory['createCredentials']> {
    return {
      signRequest: async (request) => {
        request.headers.set('authorization', `Bearer ${TOKEN}`);
        return request;
      },
    };
  }
}

/** What the SDK's client does by itself: it is told to try once, through the only way there is. */
function once(adapter: TeamsAdapter) {
  return async (context: TurnContext, next: () => Promise<void>): Promise<void> => {
    const { client } = context.turnState.get(adapter.ConnectorClientKey) as {
      client: { pipeline: { removePolicy(which: { name: string }): unknown } };
    };
    client.pipeline.removePolicy({ name: 'defaultRetryPolicy' });
    await next();
  };
}

/** A message of a bot's that shows a card. */
export const showing = (card: Given): Partial<Activity> => MessageFactory.attachment(CardFactory.adaptiveCard(card));
