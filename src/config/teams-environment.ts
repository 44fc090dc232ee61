import { isListed, isLoopback, trustworthy } from '../adapters/chat/address.ts';
import type { Variable } from './environment.ts';
import { type ConfigFault, environmentFault } from './faults.ts';

/** How Lifeguard is in Teams. */
export interface TeamsEnvironment {
  /** The bot's app id, lower-cased: whom the Bot Framework's tokens are made out to. */
  readonly appId: string;
  /** What our own tokens are had for: a secret. Null with DANGEROUS_NO_AUTH: nobody shows a token, neither they nor we. */
  readonly appPassword: string | null;
  /** Ids of the tenants whose people are listened to, lower-cased; the first is the app's own. */
  readonly tenants: readonly string[];
  /** Host names of the services that are answered; one that begins with a dot stands for everything below that domain. */
  readonly serviceHosts: readonly string[];
  /** Who makes the tokens that come in. */
  readonly issuer: string;
  /** The OpenID metadata that says where the issuer's keys are. */
  readonly metadataUrl: string;
  /** Where a message goes to a conversation that nothing was heard of yet. */
  readonly serviceUrl: string;
  /** Where the Bot Framework's requests come to. */
  readonly host: string;
  readonly port: number;
}

/** An id as Microsoft Entra has them, of an app, a tenant or a person in it. */
export const ENTRA_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Of the public cloud. Those for governments have another one and other services; nothing here speaks to them. */
const ISSUER = 'https://api.botframework.com';
const METADATA_URL = 'https://login.botframework.com/v1/.well-known/openidconfiguration';
const SERVICE_URL = 'https://smba.trafficmanager.net/teams/';
/** The Teams SDK's list for the public cloud, GCC among it ("Service URL validation", microsoft.github.io/teams-sdk). */
const SERVICE_HOSTS = 'smba.trafficmanager.net, smba.onyx.prod.teams.trafficmanager.net, smba.infra.gcc.teams.microsoft.com';
/** Where bots listen since the Bot Framework's first samples, and what its tools expect. */
const PORT = '3978';

/** A name, an address, or a domain with a dot before it: a whole top-level domain is nobody's. */
const HOST = /^(\[[0-9a-f:]+\]|[a-z0-9-]+(\.[a-z0-9-]+)*|(\.[a-z0-9-]+){2,})$/;

type Given = (name: Variable) => string | null;

const OTHERS = [
  'TEAMS_APP_PASSWORD',
  'TEAMS_TENANTS',
  'TEAMS_PORT',
  'TEAMS_HOST',
  'TEAMS_SERVICE_HOSTS',
  'TEAMS_SERVICE_URL',
  'TEAMS_OPENID_METADATA_URL',
  'DANGEROUS_NO_AUTH',
] as const;

/** Null settings: not in Teams. No value is ever quoted: it may be a secret that was put in the wrong place. */
export function readTeams(given: Given): {
  readonly settings: TeamsEnvironment | null;
  readonly faults: readonly ConfigFault[];
} {
  const appId = given('TEAMS_APP_ID')?.toLowerCase();
  if (appId === undefined) {
    const alone = OTHERS.filter((name) => given(name) !== null);
    return { settings: null, faults: alone.map((name) => environmentFault(`${name} is set and TEAMS_APP_ID is missing`)) };
  }
  const settings: TeamsEnvironment = {
    appId,
    appPassword: given('DANGEROUS_NO_AUTH') === null ? given('TEAMS_APP_PASSWORD') : null,
    tenants: listOf(given('TEAMS_TENANTS')),
    serviceHosts: listOf(given('TEAMS_SERVICE_HOSTS') ?? SERVICE_HOSTS),
    issuer: ISSUER,
    metadataUrl: given('TEAMS_OPENID_METADATA_URL') ?? METADATA_URL,
    serviceUrl: given('TEAMS_SERVICE_URL') ?? SERVICE_URL,
    host: given('TEAMS_HOST') ?? '127.0.0.1',
    port: portOf(given('TEAMS_PORT') ?? PORT),
  };
  const faults = [...identityFaults(settings), ...passwordFaults(settings, given), ...addressFaults(settings)];
  return { settings: faults.length === 0 ? settings : null, faults: faults.map(environmentFault) };
}

const listOf = (given: string | null): readonly string[] =>
  (given ?? '')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '');

const portOf = (given: string): number => (/^\d{1,5}$/.test(given) ? Number(given) : Number.NaN);

function identityFaults({ appId, tenants }: TeamsEnvironment): readonly string[] {
  return [
    ...(ENTRA_ID.test(appId) ? [] : ['TEAMS_APP_ID must be the id of an app in Microsoft Entra']),
    ...(tenants.length === 0 ? ['TEAMS_TENANTS is missing: an empty list lets nobody in'] : []),
    ...(tenants.every((tenant) => ENTRA_ID.test(tenant)) ? [] : ['TEAMS_TENANTS must be ids of tenants, with commas between']),
  ];
}

/** Without tokens, whoever reaches the port is whoever they say: that may only be this machine. */
function passwordFaults({ appPassword, host }: TeamsEnvironment, given: Given): readonly string[] {
  const open = given('DANGEROUS_NO_AUTH');
  if (open === null) return appPassword === null ? ['TEAMS_APP_PASSWORD is missing'] : [];
  return [
    ...(open === '1' ? [] : ['DANGEROUS_NO_AUTH must be 1, or not set']),
    ...(isLoopback(host) ? [] : ['DANGEROUS_NO_AUTH is refused: TEAMS_HOST is not an address of this machine alone']),
  ];
}

function addressFaults({ serviceHosts, metadataUrl, serviceUrl, port }: TeamsEnvironment): readonly string[] {
  const service = trustworthy(serviceUrl);
  const listed = serviceHosts.length > 0 && serviceHosts.every((name) => HOST.test(name));
  return [
    ...(port >= 1 && port <= 65_535 ? [] : ['TEAMS_PORT must be a port, from 1 to 65535']),
    ...(listed ? [] : ['TEAMS_SERVICE_HOSTS must be names of hosts, with commas between']),
    ...(trustworthy(metadataUrl) === null
      ? ['TEAMS_OPENID_METADATA_URL must be https: whoever answers there decides who is let in']
      : []),
    ...(service === null ? ['TEAMS_SERVICE_URL must be https: the token goes there with every message'] : []),
    ...(service === null || !listed || isListed(service.hostname, serviceHosts)
      ? []
      : ['TEAMS_SERVICE_URL is on none of TEAMS_SERVICE_HOSTS']),
  ];
}
