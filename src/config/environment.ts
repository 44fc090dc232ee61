import { type ConfigFault, environmentFault, suggestion } from './faults.ts';
import { type RecordEnvironment, readRecord } from './record-environment.ts';
import { readSlack, type SlackEnvironment } from './slack-environment.ts';
import { readTeams, type TeamsEnvironment } from './teams-environment.ts';

/** Every variable this version reads. `.env.example` explains each, and a test compares the two. */
export const VARIABLES = [
  'LIFEGUARD_POOLS',
  'LIFEGUARD_STORE',
  'DATABASE_URL',
  'LIFEGUARD_HEALTH_PORT',
  'LIFEGUARD_HEALTH_HOST',
  'LIFEGUARD_PERSON',
  'LIFEGUARD_POWERSHELL',
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_PORT',
  'SLACK_HOST',
  'SLACK_API_URL',
  'TEAMS_APP_ID',
  'TEAMS_APP_PASSWORD',
  'TEAMS_TENANTS',
  'TEAMS_PORT',
  'TEAMS_HOST',
  'TEAMS_SERVICE_HOSTS',
  'TEAMS_SERVICE_URL',
  'TEAMS_OPENID_METADATA_URL',
  'DANGEROUS_NO_AUTH',
  'LOG_LEVEL',
] as const;
/** One of them. */
export type Variable = (typeof VARIABLES)[number];

/** pino's levels, the quietest last. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
/** One of pino's levels. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The environment as given, with nothing yet compared to the pools file. */
export interface Environment {
  /** Null: the simulated demo. */
  readonly poolsFile: string | null;
  readonly storeFile: string;
  readonly record: RecordEnvironment;
  /** As typed. */
  readonly person: string | null;
  /** What starts PowerShell: for SSH it has to be PowerShell 7, for the rest the system's own will do. */
  readonly powershell: { readonly ssh: string; readonly others: string };
  /** Null: not in Slack. */
  readonly slack: SlackEnvironment | null;
  /** Null: not in Teams. */
  readonly teams: TeamsEnvironment | null;
  readonly logLevel: LogLevel;
  readonly faults: readonly ConfigFault[];
}

/** Environment variables, or any record of them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the variables; what is wrong is in `faults`, and everything else still has its default. */
export function readEnvironment(env: Variables, platform: NodeJS.Platform): Environment {
  // `NAME=` in a file that was copied from the example means that nobody has set it.
  const given = (name: Variable): string | null => env[name]?.trim() || null;
  const asked = given('LOG_LEVEL')?.toLowerCase() ?? 'warn';
  const logLevel = LOG_LEVELS.find((level) => level === asked);
  const slack = readSlack(given);
  const teams = readTeams(given);
  const record = readRecord(given);
  const faults = logLevel === undefined ? [environmentFault(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`)] : [];
  return {
    poolsFile: given('LIFEGUARD_POOLS'),
    storeFile: given('LIFEGUARD_STORE') ?? 'lifeguard.db',
    record,
    person: given('LIFEGUARD_PERSON'),
    powershell: {
      ssh: given('LIFEGUARD_POWERSHELL') ?? 'pwsh',
      others: given('LIFEGUARD_POWERSHELL') ?? (platform === 'win32' ? 'powershell.exe' : 'pwsh'),
    },
    slack: slack.settings,
    teams: teams.settings,
    logLevel: logLevel ?? 'warn',
    faults: [...strangers(env), ...faults, ...slack.faults, ...teams.faults, ...record.faults],
  };
}

/** What tests set to find what they need; the program itself reads none of them. */
const FOR_TESTS = ['LIFEGUARD_TEST_', 'LIFEGUARD_REQUIRE_'];

/** A mistyped LIFEGUARD_POOLS would start the demo in the place of a real bot. */
function strangers(env: Variables): readonly ConfigFault[] {
  const known: readonly string[] = VARIABLES;
  const unknown = Object.keys(env).filter(
    (name) => name.startsWith('LIFEGUARD_') && !known.includes(name) && !FOR_TESTS.some((prefix) => name.startsWith(prefix)),
  );
  return unknown.map((name) => environmentFault(`${name} is not a known variable${suggestion(name, known)}`));
}
