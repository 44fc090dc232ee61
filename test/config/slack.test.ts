import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configured, faults, PEOPLE, poolsFile } from './samples.ts';

const SOCKET = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
const HTTP = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'shhh', SLACK_PORT: '3000' };
const inSlack = (people = 'dana: {slack: [T0BA3C1:U7X2K9]}\n  omar:\n  kim:') =>
  poolsFile({ slack: '{channels: [C024BE91L]}' }).replace(PEOPLE, `people:\n  ${people}\n`);

test('without a bot token Lifeguard is not in Slack', () => assert.equal(configured(poolsFile({})).slack, null));

test('with an app token it is there in Socket Mode, at the address of Slack itself', () => {
  const { slack, people } = configured(inSlack(), SOCKET);
  assert.deepEqual(slack, { botToken: 'xoxb-1', apiUrl: null, transport: { kind: 'socket', appToken: 'xapp-1' } });
  assert.deepEqual(people.get([...people.keys()][0] ?? assert.fail())?.slack, ['T0BA3C1:U7X2K9']);
});

test('with a signing secret and a port it is there in HTTP mode, listening to this machine unless told otherwise', () => {
  const transport = { kind: 'http', signingSecret: 'shhh', port: 3000, host: '127.0.0.1' };
  assert.deepEqual(configured(inSlack(), HTTP).slack?.transport, transport);
  assert.deepEqual(configured(inSlack(), { ...HTTP, ...SOCKET }).slack?.transport, transport);
  assert.deepEqual(configured(inSlack(), { ...HTTP, SLACK_HOST: '10.0.0.7' }).slack?.transport, {
    ...transport,
    host: '10.0.0.7',
  });
});

test('an emulator on this machine may be named, and any other address only over TLS', () => {
  for (const address of ['http://127.0.0.1:3100/api/', 'http://localhost:3100/api/', 'https://slack.example.com/api/'])
    assert.equal(configured(inSlack(), { ...SOCKET, SLACK_API_URL: address }).slack?.apiUrl, address);
});

for (const [what, env, told] of [
  ['an app token alone', { SLACK_APP_TOKEN: 'xapp-1' }, 'environment: SLACK_APP_TOKEN is set and SLACK_BOT_TOKEN is missing'],
  [
    'a bot token alone',
    { SLACK_BOT_TOKEN: 'xoxb-1' },
    'environment: SLACK_APP_TOKEN is missing (Socket Mode); for HTTP mode give SLACK_SIGNING_SECRET and SLACK_PORT instead',
  ],
  [
    'a port without a signing secret',
    { ...SOCKET, SLACK_PORT: '3000' },
    'environment: SLACK_PORT is set and SLACK_SIGNING_SECRET is missing: nothing unsigned is listened to',
  ],
  ['a port that is none', { ...HTTP, SLACK_PORT: '70000' }, 'environment: SLACK_PORT must be a port, from 1 to 65535'],
  ["somebody's own token", { ...SOCKET, SLACK_BOT_TOKEN: 'xoxp-secret' }, 'environment: SLACK_BOT_TOKEN must begin with xoxb-'],
  ['the tokens swapped', { ...SOCKET, SLACK_APP_TOKEN: 'xoxb-secret' }, 'environment: SLACK_APP_TOKEN must begin with xapp-'],
  [
    'an address that is none',
    { ...SOCKET, SLACK_API_URL: 'slack.com' },
    'environment: SLACK_API_URL must be an address such as https://slack.com/api/',
  ],
  [
    'an address elsewhere without TLS',
    { ...SOCKET, SLACK_API_URL: 'http://10.0.0.7/api/' },
    'environment: SLACK_API_URL must be https: the token goes there with every call',
  ],
] satisfies [string, Readonly<Record<string, string>>, string][]) {
  test(`refused: ${what}`, () => assert.deepEqual(faults(inSlack(), env), [told]));
}

test('a token is never quoted, not even a wrong one', () => {
  const said = faults(inSlack(), { SLACK_BOT_TOKEN: 'secret-one', SLACK_APP_TOKEN: 'secret-two' }).join();
  assert.doesNotMatch(said, /secret-one|secret-two/);
});

for (const [what, text, told] of [
  [
    'a pool without channels',
    inSlack().replace(/\n\s+slack:.*\n/, '\n'),
    'pools.yaml:6:5: pool01.contoso.com has no slack channels, and Lifeguard is in Slack',
  ],
  ['nobody with an account', inSlack('dana:\n  omar:\n  kim:'), 'pools.yaml:1:1: none of the people has a slack account'],
  [
    'two people with one account',
    inSlack('dana: {slack: [T0BA3C1:U7X2K9]}\n  omar: {slack: [t0ba3c1:u7x2k9]}\n  kim:'),
    "pools.yaml:3:18: T0BA3C1:U7X2K9 is somebody's account already",
  ],
  [
    'a display name for an account',
    inSlack('dana: {slack: ["@dana"]}\n  omar:\n  kim:'),
    'pools.yaml:2:18: people.dana.slack[0] must be an id such as T0BA3C1:U7X2K9 (workspace:user)',
  ],
  [
    'a group with rights',
    inSlack('dana: {slack: [T0BA3C1:U7X2K9]}\n  omar: {slackGroup: S0614TZR7}\n  kim:'),
    'pools.yaml:10:46: omar is a group, and a group has no rights',
  ],
  [
    'a person who is a group as well',
    inSlack('dana: {slack: [T0BA3C1:U7X2K9], slackGroup: S0614TZR7}\n  omar:\n  kim:'),
    'pools.yaml:2:3: people.dana is a person or a group, not both',
  ],
] satisfies [string, string, string][]) {
  test(`refused: ${what}`, () => assert.deepEqual(faults(text, SOCKET), [told]));
}

test('Slack without a pools file is refused: nobody would be anybody', () => {
  assert.match(faults('', { ...SOCKET, LIFEGUARD_POOLS: '' }).join(), /SLACK_BOT_TOKEN needs LIFEGUARD_POOLS/);
});

test('in Slack nobody types here, so the terminal needs no person', () => {
  const real = inSlack().replace(/connection: .*/, 'connection: {kind: local, server: fe1.contoso.com}');
  assert.equal(configured(real, SOCKET).person, null);
});
