import { TeamsAdapter } from '@microsoft/teams-ai';
import {
  type Activity,
  ConfigurationServiceClientCredentialFactory,
  type ConversationAccount,
  type ConversationParameters,
  type ConversationReference,
  TeamsInfo,
  type TurnContext,
} from 'botbuilder';
import { seconds } from '../../domain/time.ts';
import { isLoopback } from '../chat/address.ts';
import type { TeamsMessage } from './adaptive-card.ts';
import type { References } from './references.ts';

/** Who we are to the Bot Framework. A null `appPassword`: nothing is signed, and nothing that comes in is either. */
export interface Credentials {
  readonly appId: string;
  readonly appPassword: string | null;
  /** The one tenant of a single-tenant app. */
  readonly tenant: string;
  readonly metadataUrl: string;
  readonly issuer: string;
}

/** What a conversation says of one of its members. */
export interface MemberLook {
  /** Empty where Teams does not say. */
  readonly tenant: string;
  readonly guest: boolean;
}

/** The Bot Connector, one call each, tried once: whoever calls decides what comes next. What fails throws the SDK's error. */
export interface Connector {
  /** Posts a message; with its id. `conversation` may name a thread of a channel. */
  post(conversation: string, message: TeamsMessage): Promise<string>;
  update(conversation: string, activityId: string, message: TeamsMessage): Promise<void>;
  /** The conversation with one person, who need not have spoken; Teams has it only where the app is installed for them. */
  openPersonal(objectId: string): Promise<string>;
  /** By the name that Teams has for them in the conversation, or by their object id. */
  member(conversation: string, user: string): Promise<MemberLook>;
  /** Whether anybody in a conversation is of none of these tenants; null: more members than are read. */
  foreigners(conversation: string, tenants: readonly string[]): Promise<boolean | null>;
}

/** What the Bot Framework's tokens are for, and who hands them out. */
const AUDIENCE = 'https://api.botframework.com';
const LOGIN = 'https://login.microsoftonline.com/botframework.com';
/** As many members as Teams returns at once, and how many pages are read: 5,000 is more than a channel of operators has. */
const PAGE = 500;
const PAGES_MAX = 10;
/** No call waits longer for its answer: what comes of it then is not known. */
const CALL_WITHIN = seconds(10);

/** The SDK's adapter. What it is told to sign for this machine goes unsigned: an emulator gets no token. */
export function teamsAdapter(credentials: Credentials): TeamsAdapter {
  const adapter = signingAdapter(credentials);
  adapter.use(async (context, next) => {
    triedOnce(clientIn(context));
    await next();
  });
  return adapter;
}

function signingAdapter({ appId, appPassword, tenant, metadataUrl, issuer }: Credentials): TeamsAdapter {
  if (appPassword === null)
    return new TeamsAdapter(
      {},
      new ConfigurationServiceClientCredentialFactory({ MicrosoftAppId: '', MicrosoftAppPassword: '' }),
    );
  const factory = new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: appId,
    MicrosoftAppPassword: appPassword,
    MicrosoftAppType: 'SingleTenant',
    MicrosoftAppTenantId: tenant,
  });
  return new TeamsAdapter(
    {
      MicrosoftAppId: appId,
      ToBotFromChannelTokenIssuer: issuer,
      ToBotFromChannelOpenIdMetadataUrl: metadataUrl,
      ToBotFromEmulatorOpenIdMetadataUrl: metadataUrl,
      ToChannelFromBotOAuthScope: AUDIENCE,
      ToChannelFromBotLoginUrl: LOGIN,
      ValidateAuthority: 'true',
    },
    unsignedHere(factory),
  );
}

type Factory = ConfigurationServiceClientCredentialFactory;
type Signer = Awaited<ReturnType<Factory['createCredentials']>>;

/** A token is worth the bot's name everywhere, and nothing on this machine asks for one. */
function unsignedHere(factory: Factory): Factory {
  const create = factory.createCredentials.bind(factory);
  factory.createCredentials = async (...args) => {
    const signer: Signer = await create(...args);
    return {
      signRequest: async (request) => (isLoopback(new URL(request.url).hostname) ? request : await signer.signRequest(request)),
    };
  };
  return factory;
}

/** The SDK's client for one turn, as far as it is used past the SDK. */
interface Client {
  readonly conversations: { createConversation(parameters: ConversationParameters): Promise<{ readonly id: string }> };
  readonly client: { readonly pipeline: Pipeline };
}

interface Ended {
  abortSignal?: AbortSignal;
}

interface Pipeline {
  removePolicy(which: { readonly name: string }): unknown;
  addPolicy(policy: {
    readonly name: string;
    readonly sendRequest: <Told>(request: Ended, next: (request: Ended) => Promise<Told>) => Promise<Told>;
  }): unknown;
}

const clientIn = ({ adapter, turnState }: TurnContext): Client => turnState.get(adapter.ConnectorClientKey);

/** By itself the client waits for ever, and tries again what may have had its effect; there is no option against either. */
function triedOnce({ client: { pipeline } }: Client): void {
  pipeline.removePolicy({ name: 'defaultRetryPolicy' });
  pipeline.addPolicy({
    name: 'within',
    sendRequest: (request, next) => {
      request.abortSignal = AbortSignal.timeout(CALL_WITHIN);
      return next(request);
    },
  });
}

/** The connector through the SDK. */
export function connectorOf(adapter: TeamsAdapter, { appId }: Credentials, references: References): Connector {
  const inside = async <Told>(conversation: string, act: (context: TurnContext) => Promise<Told>): Promise<Told> => {
    const told: Told[] = [];
    await adapter.continueConversationAsync(appId, await referenceTo(conversation, references), async (context) => {
      told.push(await act(context));
    });
    const [first] = told;
    if (told.length === 0) throw new Error('Teams: the turn ended without its answer');
    return first as Told;
  };
  return {
    post: (conversation, message) =>
      inside(conversation, async (context) => (await context.sendActivity(activityOf(message)))?.id ?? ''),
    update: (conversation, activityId, message) =>
      inside(conversation, async (context) => {
        await context.updateActivity({ ...activityOf(message), id: activityId });
      }),
    openPersonal: async (objectId) => {
      const { bot, tenant } = await references.of('');
      const { id } = await inside('', (context) =>
        clientIn(context).conversations.createConversation({
          isGroup: false,
          bot: { id: bot, name: '' },
          members: [{ id: objectId, name: '' }],
          tenantId: tenant,
          channelData: { tenant: { id: tenant } },
          activity: undefined as never,
        }),
      );
      return id;
    },
    member: (conversation, user) =>
      inside(conversation, async (context) => {
        const { tenantId = '', userRole = '' } = await TeamsInfo.getMember(context, user);
        return { tenant: tenantId.toLowerCase(), guest: /guest|anonymous/iu.test(userRole) };
      }),
    foreigners: (conversation, tenants) => inside(conversation, (context) => anyForeigner(context, tenants)),
  };
}

async function anyForeigner(context: TurnContext, tenants: readonly string[]): Promise<boolean | null> {
  // An empty token is not the same as none: it would be looked up.
  let token: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { members, continuationToken } = await TeamsInfo.getPagedMembers(context, PAGE, token);
    if (members.some(({ tenantId }) => tenantId !== undefined && !tenants.includes(tenantId.toLowerCase()))) return true;
    token = continuationToken || undefined;
    if (token === undefined) return false;
  }
  return null;
}

async function referenceTo(conversation: string, references: References): Promise<Partial<ConversationReference>> {
  const { serviceUrl, bot, tenant } = await references.of(conversation);
  return {
    channelId: 'msteams',
    serviceUrl,
    bot: { id: bot, name: '' },
    // What kind of conversation it is follows from its id; a kind that is none would be refused.
    conversation: { id: conversation, tenantId: tenant } as ConversationAccount,
  };
}

/** A message as it is sent. `summary` is what notifications show. */
function activityOf({ summary, card }: TeamsMessage): Partial<Activity> {
  return { type: 'message', summary, attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }] };
}
