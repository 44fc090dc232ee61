import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { SHORTCUT, SLASH_COMMAND } from '../../../src/adapters/slack/handlers.ts';
import { BOT_SCOPES, METHODS } from '../../../src/adapters/slack/scopes.ts';

const manifest = parse(readFileSync(new URL('../../../manifests/slack.yaml', import.meta.url), 'utf8'));
const SOURCES = new URL('../../../src/adapters/slack/', import.meta.url);
const sources = readdirSync(SOURCES).map((file) => ({ file, code: readFileSync(new URL(file, SOURCES), 'utf8') }));
const handlers = sources.find(({ file }) => file === 'handlers.ts')?.code ?? assert.fail();

test('the slash command and the shortcut are those that are listened to', () => {
  assert.deepEqual(
    manifest.features.slash_commands.map(({ command }: { command: string }) => command),
    [SLASH_COMMAND],
  );
  assert.deepEqual(
    manifest.features.shortcuts.map(({ callback_id, type }: Record<string, string>) => [callback_id, type]),
    [[SHORTCUT, 'message']],
  );
});

test('the events subscribed to are those that are listened to', () => {
  const listened = [...handlers.matchAll(/app\.event\('([a-z_]+)'/g)].map(([, name]) =>
    name === 'message' ? 'message.im' : name,
  );
  assert.deepEqual(manifest.settings.event_subscriptions.bot_events.toSorted(), listened.toSorted());
});

test('the home tab, direct messages and interactivity that the code answers are switched on', () => {
  const { home_tab_enabled, messages_tab_enabled, messages_tab_read_only_enabled } = manifest.features.app_home;
  assert.deepEqual([home_tab_enabled, messages_tab_enabled, messages_tab_read_only_enabled], [true, true, false]);
  assert.equal(manifest.settings.interactivity.is_enabled, true);
});

test('the scopes are those of the methods that are called and of what is listened to, and no others', () => {
  assert.deepEqual(manifest.oauth_config.scopes.bot, BOT_SCOPES);
  assert.equal(manifest.oauth_config.scopes.user, undefined);
});

test('every method that the code calls is in the list of methods, and every one in the list is called', () => {
  const called = sources.flatMap(({ code }) =>
    [...code.matchAll(/(?:client|\))\.([a-z]+\.(?:connections\.)?[a-z]\w*)\(/gi)].map(([, method = '']) => method),
  );
  assert.deepEqual([...new Set(called)].toSorted(), Object.keys(METHODS).toSorted());
});
