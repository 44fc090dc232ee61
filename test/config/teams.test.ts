import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { configured, faults, onlyPool, PEOPLE, poolsFile } from './samples.ts';

const TENANT = '6d1c30a2-5f0b-4e0e-9c57-0d2f3b7a8e11';
const ELSEWHERE = '11111111-2222-4333-8444-555555555555';
const DANA = `${TENANT}:b2f4c7d0-13a9-4c55-8a6e-77e0c1d95f02`;
const CONVERSATIONS = "{conversations: ['19:OPS_room-1@thread.tacv2']}";
const TEAMS = { TEAMS_APP_ID: '0D4FB2B6-8C3E-4F8A-9A51-6E1B7C2D3E4F', TEAMS_APP_PASSWORD: 'shhh', TEAMS_TENANTS: TENANT };
const OPEN = { TEAMS_APP_ID: TEAMS.TEAMS_APP_ID, TEAMS_TENANTS: TENANT, DANGEROUS_NO_AUTH: '1' };
const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };

const people = (dana: string, omar = '') => `people:\n  dana: ${dana}\n  omar: ${omar}\n  kim:\n`;
const inTeams = (who = people(`{teams: ["${DANA}"]}`), places: Readonly<Record<string, string>> = { teams: CONVERSATIONS }) =>
  poolsFile(places).replace(PEOPLE, who);

test('without an app id Lifeguard is not in Teams', () => assert.equal(configured(poolsFile({})).teams, null));

test('with an app and a tenant it is there, for the public cloud and behind a proxy on this machine', () => {
  assert.deepEqual(configured(inTeams(), TEAMS).teams, {
    appId: '0d4fb2b6-8c3e-4f8a-9a51-6e1b7c2d3e4f',
    appPassword: 'shhh',
    tenants: [TENANT],
    serviceHosts: ['smba.trafficmanager.net', 'smba.onyx.prod.teams.trafficmanager.net', 'smba.infra.gcc.teams.microsoft.com'],
    issuer: 'https://api.botframework.com',
    metadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    serviceUrl: 'https://smba.trafficmanager.net/teams/',
    host: '127.0.0.1',
    port: 3978,
  });
});

test('everything that is said is taken as it is said', () => {
  const said = {
    TEAMS_TENANTS: ` ${TENANT.toUpperCase()} , ${ELSEWHERE},`,
    TEAMS_PORT: '4000',
    TEAMS_HOST: '10.0.0.7',
    TEAMS_SERVICE_HOSTS: 'SMBA.trafficmanager.net, .teams.microsoft.com, [::1], 10.0.0.9',
    TEAMS_SERVICE_URL: 'https://smba.infra.gcc.teams.microsoft.com/teams/',
    TEAMS_OPENID_METADATA_URL: 'https://keys.example.com/openid',
  };
  const { teams } = configured(inTeams(), { ...TEAMS, ...said });
  assert.deepEqual(teams?.tenants, [TENANT, ELSEWHERE]);
  assert.deepEqual([teams?.host, teams?.port], ['10.0.0.7', 4000]);
  assert.deepEqual(teams?.serviceHosts, ['smba.trafficmanager.net', '.teams.microsoft.com', '[::1]', '10.0.0.9']);
  assert.deepEqual([teams?.serviceUrl, teams?.metadataUrl], [said.TEAMS_SERVICE_URL, said.TEAMS_OPENID_METADATA_URL]);
});

test('an emulator on this machine needs no TLS', () => {
  const here = { TEAMS_SERVICE_HOSTS: 'localhost', TEAMS_SERVICE_URL: 'http://localhost:56150/_connector' };
  const { teams } = configured(inTeams(), { ...TEAMS, ...here, TEAMS_OPENID_METADATA_URL: 'http://127.0.0.1:4701/openid' });
  assert.equal(teams?.metadataUrl, 'http://127.0.0.1:4701/openid');
});

for (const TEAMS_HOST of ['', '127.0.0.1', '127.1.2.3', '::1', 'localhost']) {
  test(`tokens may be done without where nobody else can come in: ${TEAMS_HOST || 'the default'}`, () => {
    assert.equal(configured(inTeams(), { ...OPEN, TEAMS_HOST }).teams?.appPassword, null);
    assert.equal(configured(inTeams(), { ...OPEN, TEAMS_HOST, TEAMS_APP_PASSWORD: 'shhh' }).teams?.appPassword, null);
  });
}

for (const TEAMS_HOST of ['0.0.0.0', '::', '10.0.0.7', 'bot.contoso.com', '127.0.0.1.contoso.com', '128.0.0.1']) {
  test(`tokens may not be done without where others can come in: ${TEAMS_HOST}`, () => {
    assert.deepEqual(faults(inTeams(), { ...OPEN, TEAMS_HOST }), [
      'environment: DANGEROUS_NO_AUTH is refused: TEAMS_HOST is not an address of this machine alone',
    ]);
  });
}

for (const [what, env, told] of [
  ['an app that is none', { ...TEAMS, TEAMS_APP_ID: 'lifeguard' }, 'TEAMS_APP_ID must be the id of an app in Microsoft Entra'],
  ['no password', { ...TEAMS, TEAMS_APP_PASSWORD: '' }, 'TEAMS_APP_PASSWORD is missing'],
  ['no tenant', { ...TEAMS, TEAMS_TENANTS: ' , ' }, 'TEAMS_TENANTS is missing: an empty list lets nobody in'],
  [
    'a tenant by its domain',
    { ...TEAMS, TEAMS_TENANTS: `${TENANT},contoso.com` },
    'TEAMS_TENANTS must be ids of tenants, with commas between',
  ],
  ['every tenant', { ...TEAMS, TEAMS_TENANTS: `${TENANT},*` }, 'TEAMS_TENANTS must be ids of tenants, with commas between'],
  ['a port that is none', { ...TEAMS, TEAMS_PORT: '0' }, 'TEAMS_PORT must be a port, from 1 to 65535'],
  ['a port beyond the last', { ...TEAMS, TEAMS_PORT: '65536' }, 'TEAMS_PORT must be a port, from 1 to 65535'],
  ['an address for a port', { ...TEAMS, TEAMS_PORT: ':3978' }, 'TEAMS_PORT must be a port, from 1 to 65535'],
  [
    'every host',
    { ...TEAMS, TEAMS_SERVICE_HOSTS: 'smba.trafficmanager.net,*' },
    'TEAMS_SERVICE_HOSTS must be names of hosts, with commas between',
  ],
  [
    'a whole top-level domain',
    { ...TEAMS, TEAMS_SERVICE_HOSTS: '.com' },
    'TEAMS_SERVICE_HOSTS must be names of hosts, with commas between',
  ],
  [
    'an address for a host',
    { ...TEAMS, TEAMS_SERVICE_HOSTS: 'https://smba.trafficmanager.net' },
    'TEAMS_SERVICE_HOSTS must be names of hosts, with commas between',
  ],
  ['no host at all', { ...TEAMS, TEAMS_SERVICE_HOSTS: ',' }, 'TEAMS_SERVICE_HOSTS must be names of hosts, with commas between'],
  [
    'keys without TLS',
    { ...TEAMS, TEAMS_OPENID_METADATA_URL: 'http://login.botframework.com/v1' },
    'TEAMS_OPENID_METADATA_URL must be https: whoever answers there decides who is let in',
  ],
  [
    'a service without TLS',
    { ...TEAMS, TEAMS_SERVICE_URL: 'http://smba.trafficmanager.net/teams/' },
    'TEAMS_SERVICE_URL must be https: the token goes there with every message',
  ],
  [
    'a service that is not answered',
    { ...TEAMS, TEAMS_SERVICE_URL: 'https://smba.contoso.com/' },
    'TEAMS_SERVICE_URL is on none of TEAMS_SERVICE_HOSTS',
  ],
  ['a danger that is not spelt out', { ...OPEN, DANGEROUS_NO_AUTH: 'true' }, 'DANGEROUS_NO_AUTH must be 1, or not set'],
  ['a password alone', { TEAMS_APP_PASSWORD: 'shhh' }, 'TEAMS_APP_PASSWORD is set and TEAMS_APP_ID is missing'],
  ['tenants alone', { TEAMS_TENANTS: TENANT }, 'TEAMS_TENANTS is set and TEAMS_APP_ID is missing'],
  ['a port alone', { TEAMS_PORT: '3978' }, 'TEAMS_PORT is set and TEAMS_APP_ID is missing'],
  ['a host alone', { TEAMS_HOST: '127.0.0.1' }, 'TEAMS_HOST is set and TEAMS_APP_ID is missing'],
  ['hosts alone', { TEAMS_SERVICE_HOSTS: 'localhost' }, 'TEAMS_SERVICE_HOSTS is set and TEAMS_APP_ID is missing'],
  ['a service alone', { TEAMS_SERVICE_URL: 'https://a.b/' }, 'TEAMS_SERVICE_URL is set and TEAMS_APP_ID is missing'],
  [
    'metadata alone',
    { TEAMS_OPENID_METADATA_URL: 'https://a.b/' },
    'TEAMS_OPENID_METADATA_URL is set and TEAMS_APP_ID is missing',
  ],
  ['a danger alone', { DANGEROUS_NO_AUTH: '1' }, 'DANGEROUS_NO_AUTH is set and TEAMS_APP_ID is missing'],
] satisfies [string, Readonly<Record<string, string>>, string][]) {
  test(`refused: ${what}`, () => assert.deepEqual(faults(inTeams(), env), [`environment: ${told}`]));
}

test('nothing that was put into a variable is quoted: it may be a secret in the wrong place', () => {
  const names = [
    ...['TEAMS_APP_ID', 'TEAMS_APP_PASSWORD', 'TEAMS_TENANTS', 'TEAMS_PORT', 'TEAMS_SERVICE_HOSTS', 'TEAMS_SERVICE_URL'],
    ...['TEAMS_OPENID_METADATA_URL', 'DANGEROUS_NO_AUTH'],
  ];
  const said = faults(inTeams(), Object.fromEntries(names.map((name) => [name, 'secret: of mine'])));
  assert.equal(said.length, 7);
  assert.doesNotMatch(said.join(), /secret/);
});

test('a person has accounts in tenants, and a pool has conversations, whatever the case the ids are copied in', () => {
  const config = configured(inTeams(people(`{teams: ["${DANA.toUpperCase()}"], slack: [T0BA3C1:U7X2K9]}`)), TEAMS);
  const [dana] = config.people.values();
  assert.deepEqual(dana, { name: null, slack: ['T0BA3C1:U7X2K9'], slackGroup: null, teams: [DANA] });
  assert.deepEqual(onlyPool(inTeams(), TEAMS).teamsConversations, ['19:OPS_room-1@thread.tacv2']);
});

const ACCOUNT_FAULT = '2:18: people.dana.teams[0] must be two ids of Microsoft Entra, tenant:object';

for (const [what, text, told] of [
  [
    'a pool without conversations',
    inTeams().replace(/\n\s+teams: \{con.*\n/, '\n'),
    '6:5: pool01.contoso.com has no teams conversations, and Lifeguard is in Teams',
  ],
  ['nobody with an account', inTeams(people('')), '1:1: none of the people has a teams account'],
  [
    'two people with one account',
    inTeams(people(`{teams: ["${DANA}"]}`, `{teams: ["${DANA.toUpperCase()}"]}`)),
    `3:18: ${DANA} is somebody's account already`,
  ],
  [
    'an account of a tenant that is not listened to',
    inTeams(people(`{teams: ["${DANA}", "${ELSEWHERE}:${TENANT}"]}`)),
    `2:95: ${ELSEWHERE}:${TENANT} is of a tenant that is not in TEAMS_TENANTS`,
  ],
  ['an e-mail address for an account', inTeams(people('{teams: [dana@contoso.com]}')), ACCOUNT_FAULT],
  ['a person without a tenant', inTeams(people(`{teams: ["${TENANT}"]}`)), ACCOUNT_FAULT],
  ['a tenant by its domain, in an account', inTeams(people(`{teams: ["contoso.com:${TENANT}"]}`)), ACCOUNT_FAULT],
  ['an account of three parts', inTeams(people(`{teams: ["${DANA}:x"]}`)), ACCOUNT_FAULT],
  [
    'a person who is a group as well',
    inTeams(people(`{teams: ["${DANA}"], slackGroup: S0614TZR7}`)),
    '2:3: people.dana is a person or a group, not both',
  ],
] satisfies [string, string, string][]) {
  test(`refused: ${what}`, () => assert.deepEqual(faults(text, TEAMS), [`pools.yaml:${told}`]));
}

test('without Teams an account of any tenant may stand in the file already', () => {
  assert.deepEqual(configured(inTeams(people(`{teams: ["${ELSEWHERE}:${TENANT}"]}`))).pools.length, 1);
});

test('with both chats a pool is in one of them or in both, and in nothing else', () => {
  const both = { ...SLACK, ...TEAMS };
  const everybody = people(`{teams: ["${DANA}"], slack: [T0BA3C1:U7X2K9]}`);
  const slack = '{channels: [C024BE91L]}';
  for (const places of [{ slack }, { teams: CONVERSATIONS }, { slack, teams: CONVERSATIONS }])
    assert.deepEqual(faults(inTeams(everybody, places), both), []);
  assert.deepEqual(faults(inTeams(everybody, {}), both), [
    'pools.yaml:6:5: pool01.contoso.com has neither slack channels nor teams conversations, and Lifeguard is in both',
  ]);
  assert.deepEqual(faults(inTeams(everybody, { slack }), TEAMS), [
    'pools.yaml:6:5: pool01.contoso.com has no teams conversations, and Lifeguard is in Teams',
  ]);
  assert.deepEqual(faults(inTeams(everybody, { teams: CONVERSATIONS }), SLACK), [
    'pools.yaml:6:5: pool01.contoso.com has no slack channels, and Lifeguard is in Slack',
  ]);
  assert.deepEqual(faults(inTeams(people('{slack: [T0BA3C1:U7X2K9]}'), { slack }), both), [
    'pools.yaml:1:1: none of the people has a teams account',
  ]);
});

test('a pool whose name cannot be read is told that alone', () => {
  assert.deepEqual(faults(inTeams(undefined, { fqdn: 'pool01' }), TEAMS), [
    'pools.yaml:6:5: fqdn must be the full name of a pool, such as pool01.contoso.com',
  ]);
});

test('Teams without a pools file is refused: nobody would be anybody', () => {
  assert.deepEqual(faults('', { ...TEAMS, LIFEGUARD_POOLS: '' }), [
    'environment: TEAMS_APP_ID needs LIFEGUARD_POOLS: the file says who is who in Teams, and which conversations',
  ]);
});

test('in Teams nobody types here, so the terminal needs no person', () => {
  const real = inTeams().replace(/connection: .*/, 'connection: {kind: local, server: fe1.contoso.com}');
  assert.equal(configured(real, TEAMS).person, null);
  assert.equal(configured(real, TEAMS).typedPersonas, false);
});

test('pools.example.yaml is accepted in both chats', () => {
  const text = readFileSync(new URL('../../pools.example.yaml', import.meta.url), 'utf8');
  const config = configured(text, { ...SLACK, ...TEAMS });
  assert.deepEqual(config.people.get([...config.people.keys()][0] ?? assert.fail())?.teams, [DANA]);
});

test('nobody is anybody on a real pool: without tokens there are simulated ones only', () => {
  const real = inTeams(undefined, { teams: CONVERSATIONS, connection: '{kind: local, server: fe1.contoso.com}' });
  assert.deepEqual(faults(real, OPEN), [
    'environment: DANGEROUS_NO_AUTH is for simulated pools, and pool01.contoso.com is real: set TEAMS_APP_PASSWORD',
  ]);
});
