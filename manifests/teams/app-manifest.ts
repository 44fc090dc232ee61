import { z } from 'zod/v4';

/** The version of Microsoft's schema that `manifest.json` keeps to: the oldest that holds all it needs, so that every tenant takes it. */
export const MANIFEST_VERSION = '1.17';

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** What tools write where an id is still missing. */
const NO_GUID = '00000000-0000-0000-0000-000000000000';
/** Teams takes three numbers and none of the other forms of semver, though its documents name semver. */
const THREE_NUMBERS = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)$/;

/** An app id as Microsoft Entra shows it, in lower case; null for anything else. */
export const parseAppId = (text: string): string | null => (GUID.test(text) && text !== NO_GUID ? text.toLowerCase() : null);

/** The version of an app as Teams takes it, such as 1.4.0; null for anything else. */
export const parseAppVersion = (text: string): string | null => (THREE_NUMBERS.test(text) && text.length <= 256 ? text : null);

const text = (max: number) => z.string('must be text').regex(/\S/, 'is empty').max(max, `is longer than ${max} characters`);
const address = z.url({ protocol: /^https$/, error: 'must be an https address' }).max(2_048, 'is longer than 2048 characters');
const appId = z.string().refine((id) => parseAppId(id) !== null, 'must be an app id');
const scopes = z
  .array(z.enum(['personal', 'team', 'groupChat'], 'must be personal, team or groupChat'))
  .min(1, 'is empty')
  .refine(isWithoutTwins, 'names a scope twice');

/** Lengths and numbers are those of Microsoft's schema; that commands differ from each other is what a menu needs. */
const commandList = z.looseObject({
  scopes,
  commands: z
    .array(z.looseObject({ title: text(32), description: text(128) }))
    .max(10, 'holds more than 10 commands')
    .refine((commands) => isWithoutTwins(commands.map(({ title }) => title.toLowerCase())), 'names a command twice'),
});

const bot = z
  .looseObject({ botId: appId, scopes, commandLists: z.array(commandList).max(3, 'holds more than 3 lists') })
  .refine(({ commandLists }) => isWithoutTwins(commandLists.flatMap((list) => list.scopes)), 'has two menus for one scope')
  .refine(
    (each) => each.commandLists.flatMap((list) => list.scopes).every((scope) => each.scopes.includes(scope)),
    'has a menu for a scope that it is not in',
  );

/** What `manifest.json` has to be once it is filled in. Members that are not named here are Microsoft's to judge. */
const appManifest = z
  .looseObject({
    $schema: z.literal(
      `https://developer.microsoft.com/json-schemas/teams/v${MANIFEST_VERSION}/MicrosoftTeams.schema.json`,
      `must be the schema of version ${MANIFEST_VERSION}`,
    ),
    manifestVersion: z.literal(MANIFEST_VERSION, `must be ${MANIFEST_VERSION}`),
    version: z.string().refine((version) => parseAppVersion(version) !== null, 'must be three numbers, such as 1.4.0'),
    id: appId,
    developer: z.looseObject({ name: text(32), websiteUrl: address, privacyUrl: address, termsOfUseUrl: address }),
    name: z.looseObject({ short: text(30), full: text(100) }),
    description: z.looseObject({ short: text(80), full: text(4_000) }),
    icons: z.looseObject({
      color: z.literal('color.png', 'must be color.png'),
      outline: z.literal('outline.png', 'must be outline.png'),
    }),
    accentColor: z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a colour, such as #1d3557'),
    bots: z.array(bot).length(1, 'must be one bot'),
  })
  .refine(({ id, bots }) => bots.every(({ botId }) => botId === id), 'names a bot that is not the app');

/** What Teams would refuse on upload, and what it would take and nobody could use: a sentence for each fault, none for a good one. */
export function objectionsTo(manifest: unknown): readonly string[] {
  const { error } = appManifest.safeParse(manifest);
  return (error?.issues ?? []).map(({ path, message }) => `${path.length === 0 ? 'it' : path.join('.')}: ${message}`);
}

function isWithoutTwins(words: readonly string[]): boolean {
  return new Set(words).size === words.length;
}
