import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppManifestUtils } from '@microsoft/app-manifest';
import { objectionsTo } from '../../manifests/teams/app-manifest.ts';
import { APP_ID, aManifest } from './teams.ts';

/** A place in the manifest, what may stand there, what may not, and what is then said. */
interface Rule {
  readonly at: readonly (string | number)[];
  readonly good: readonly unknown[];
  readonly bad: readonly unknown[];
  readonly says: string;
}

const letters = (length: number): string => 'x'.repeat(length);
const command = (title: string, description = 'Says something.') => ({ title, description });
const commands = (count: number) => Array.from({ length: count }, (_, index) => command(`command ${index}`));
const menus = (...scopes: readonly string[]) => scopes.map((scope) => ({ scopes: [scope], commands: commands(1) }));
const { bots } = aManifest();

const longest = (max: number, ...at: Rule['at']): Rule => ({
  at,
  good: [letters(max), 'L'],
  bad: [letters(max + 1)],
  says: `is longer than ${max} characters`,
});
const FIRST_MENU = ['bots', 0, 'commandLists', 0, 'commands'] as const;

/** Rules that Microsoft's schema holds as well: the two have to agree on both sides of each limit. */
const SHARED: readonly Rule[] = [
  longest(30, 'name', 'short'),
  longest(100, 'name', 'full'),
  longest(80, 'description', 'short'),
  longest(4_000, 'description', 'full'),
  longest(32, 'developer', 'name'),
  longest(32, ...FIRST_MENU, 0, 'title'),
  longest(128, ...FIRST_MENU, 0, 'description'),
  { at: FIRST_MENU, good: [commands(10), commands(1)], bad: [commands(11)], says: 'holds more than 10 commands' },
  {
    at: ['bots', 0, 'commandLists'],
    good: [menus('personal', 'team', 'groupChat'), menus('team'), []],
    bad: [menus('personal', 'team', 'groupChat', 'team')],
    says: 'holds more than 3 lists',
  },
  {
    at: ['bots', 0, 'scopes', 0],
    good: ['personal'],
    bad: ['groupchat', 'copilot', ''],
    says: 'must be personal, team or groupChat',
  },
  { at: ['bots', 0, 'botId'], good: [APP_ID], bad: ['lifeguard', `{${APP_ID}}`, APP_ID.slice(1)], says: 'must be an app id' },
  { at: ['id'], good: [APP_ID], bad: ['lifeguard', `{${APP_ID}}`, `${APP_ID}0`], says: 'must be an app id' },
  { at: ['bots'], good: [bots], bad: [[...bots, ...bots]], says: 'must be one bot' },
  { at: ['manifestVersion'], good: ['1.17'], bad: ['1.16', '1.19', 1.17], says: 'must be 1.17' },
  {
    at: ['accentColor'],
    good: ['#000000', '#ABCdef'],
    bad: ['#fff', '1d3557', '#1d35570'],
    says: 'must be a colour, such as #1d3557',
  },
  ...['websiteUrl', 'privacyUrl', 'termsOfUseUrl'].flatMap((member): readonly Rule[] => [
    { at: ['developer', member], good: ['https://a.bc/'], bad: ['contoso.com', '/privacy'], says: 'must be an https address' },
    {
      at: ['developer', member],
      good: [`https://a.bc/${letters(2_035)}`],
      bad: [`https://a.bc/${letters(2_036)}`],
      says: 'is longer than 2048 characters',
    },
  ]),
];

/** Rules that only we hold: the schema lets these through, and Teams or a person would stumble over them. */
const OURS: readonly Rule[] = [
  { at: ['name', 'short'], good: ['L'], bad: ['', ' '], says: 'is empty' },
  { at: [...FIRST_MENU, 0, 'title'], good: ['thaw'], bad: [''], says: 'is empty' },
  { at: ['developer', 'privacyUrl'], good: ['https://a'], bad: ['http://a', 'https://'], says: 'must be an https address' },
  {
    at: ['version'],
    good: ['0.1.0', '10.20.30'],
    bad: ['1', '1.0', '1.0.0.0', '01.0.0', '1.0.0-rc.1', '1.0.0+7', 'v1.0.0', ''],
    says: 'must be three numbers, such as 1.4.0',
  },
  {
    at: ['id'],
    good: [APP_ID],
    bad: ['00000000-0000-0000-0000-000000000000'],
    says: 'must be an app id',
  },
  {
    at: ['bots', 0, 'botId'],
    good: [APP_ID],
    bad: [APP_ID.replace('3', '4')],
    says: 'names a bot that is not the app',
  },
  { at: ['bots'], good: [bots], bad: [[]], says: 'must be one bot' },
  { at: ['icons', 'color'], good: ['color.png'], bad: ['logo.png', './color.png'], says: 'must be color.png' },
  { at: ['icons', 'outline'], good: ['outline.png'], bad: ['color.png'], says: 'must be outline.png' },
  {
    at: ['$schema'],
    good: [aManifest().$schema],
    bad: [aManifest().$schema.replace('1.17', '1.16')],
    says: 'must be the schema of version 1.17',
  },
  { at: ['bots', 0, 'scopes', 0], good: ['personal'], bad: ['team'], says: 'names a scope twice' },
  { at: ['bots', 0, 'scopes'], good: [['personal', 'team', 'groupChat']], bad: [[]], says: 'is empty' },
  { at: ['bots', 0, 'commandLists'], good: [menus('team')], bad: [menus('team', 'team')], says: 'has two menus for one scope' },
  {
    at: ['bots', 0, 'scopes'],
    good: [['groupChat', 'team', 'personal']],
    bad: [['personal', 'team']],
    says: 'has a menu for a scope that it is not in',
  },
  {
    at: FIRST_MENU,
    good: [[command('why'), command('help')]],
    bad: [
      [command('why'), command('why', 'Says something else.')],
      [command('why'), command('Why')],
    ],
    says: 'names a command twice',
  },
];

/** A good manifest with another value in one place. */
function withValue(at: Rule['at'], value: unknown) {
  const manifest = aManifest();
  const last = at.at(-1) ?? assert.fail();
  at.slice(0, -1).reduce((part, step) => part[step], manifest)[last] = value;
  return manifest;
}

const schemaFaults = (manifest: ReturnType<typeof aManifest>) => AppManifestUtils.validateAgainstSchema(manifest);

for (const [rules, whose] of [
  [SHARED, "Microsoft's schema and we"],
  [OURS, 'we, and not the schema,'],
] as const)
  for (const { at, good, bad, says } of rules) {
    test(`${at.join('.')}: ${whose} refuse what "${says}" is said of, and take its neighbour`, async () => {
      for (const value of good) {
        const manifest = withValue(at, value);
        assert.deepEqual([objectionsTo(manifest), at[0] === '$schema' ? [] : await schemaFaults(manifest)], [[], []]);
      }
      for (const value of bad) {
        const manifest = withValue(at, value);
        const objections = objectionsTo(manifest);
        assert.ok(
          objections.some((each) => each.endsWith(`: ${says}`)),
          `${JSON.stringify(value)}: ${objections}`,
        );
        if (whose === "Microsoft's schema and we") assert.notDeepEqual(await schemaFaults(manifest), [], JSON.stringify(value));
        else if (at[0] !== '$schema') assert.deepEqual(await schemaFaults(manifest), [], JSON.stringify(value));
      }
    });
  }
