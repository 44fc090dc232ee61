import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { AppManifestUtils } from '@microsoft/app-manifest';
import { MANIFEST_VERSION, objectionsTo } from '../../manifests/teams/app-manifest.ts';
import { COMMANDS } from '../../src/commands/grammar.ts';
import { APP_ID, aManifest, TEAMS, unpacked } from './teams.ts';

const DESCRIPTION_MAX = 128;

const manifest = aManifest();
const [bot] = manifest.bots;
const menus: readonly { readonly scopes: readonly string[]; readonly commands: readonly Record<string, string>[] }[] =
  bot.commandLists;

/** What `help` says of a command, in as many whole sentences as a menu has room for; menus know no Markdown. */
function inAMenu(about: string): string {
  const sentences = about.replaceAll('`', '').split(/(?<=\.) /);
  const lengths = sentences.map((_, index) => sentences.slice(0, index + 1).join(' '));
  return lengths.findLast(({ length }) => length <= DESCRIPTION_MAX) ?? assert.fail(`no sentence of "${about}" fits`);
}

test("the manifest keeps to Microsoft's schema, asked on this machine, and to our own rules", async () => {
  const schema = `@microsoft/app-manifest/build/json-schemas/teams/v${MANIFEST_VERSION}/MicrosoftTeams.schema.json`;
  assert.ok(existsSync(createRequire(import.meta.url).resolve(schema)), 'the schema would be fetched');
  assert.ok(manifest.$schema.endsWith(schema.slice(schema.indexOf('/teams/'))));
  assert.deepEqual(await AppManifestUtils.validateAgainstSchema(manifest), []);
  assert.deepEqual(objectionsTo(manifest), []);
});

test('the app and its bot are the app id that was given, and no placeholder is left', () => {
  assert.deepEqual([manifest.id, bot.botId, manifest.version], [APP_ID, APP_ID, '1.4.0']);
  assert.doesNotMatch(JSON.stringify(manifest), /\{\{/);
  assert.doesNotMatch(readFileSync(new URL('manifest.json', TEAMS), 'utf8'), /[0-9a-f]{8}-[0-9a-f]{4}/i);
});

test('every command of a menu is one that is understood, and says what help says of it', () => {
  for (const { title = '', description } of menus.flatMap(({ commands }) => commands)) {
    const entry = COMMANDS.find(({ verb }) => verb === title) ?? assert.fail(`there is no command ${title}`);
    assert.equal(description, inAMenu(entry.about), title);
  }
});

test('each kind of conversation has one menu, which starts with help', () => {
  assert.deepEqual(menus.flatMap(({ scopes }) => scopes).toSorted(), ['groupChat', 'personal', 'team']);
  assert.deepEqual(bot.scopes, ['personal', 'team', 'groupChat']);
  for (const { commands } of menus) assert.equal(commands[0]?.['title'], 'help');
});

test('it asks to know who people are and to write to them, and for nothing else', () => {
  assert.deepEqual(manifest.permissions, ['identity', 'messageTeamMembers']);
  assert.deepEqual(manifest.validDomains, []);
  for (const member of [
    'authorization',
    'webApplicationInfo',
    'devicePermissions',
    'composeExtensions',
    'staticTabs',
    'connectors',
  ])
    assert.equal(manifest[member], undefined, member);
  assert.deepEqual([bot.supportsFiles, bot.isNotificationOnly, bot.supportsCalling], [false, false, undefined]);
});

test('the icons it names are in the package, and each has its drawing', () => {
  for (const icon of Object.values<string>(manifest.icons)) {
    assert.ok(icon in unpacked(), icon);
    assert.ok(existsSync(new URL(icon.replace('.png', '.svg'), TEAMS)), icon);
  }
});
