import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configured, faults, PEOPLE, poolsFile } from './samples.ts';

/** One field wrong → what the person is told, at the line of that field (the pool begins at line 6). */
const FAULTS: readonly (readonly [changes: Readonly<Record<string, string | null>>, told: string])[] = [
  [{ fqdn: 'pool01' }, '6:5: fqdn must be the full name of a pool, such as pool01.contoso.com'],
  [{ fqdn: '7' }, '6:5: fqdn must be the full name of a pool, such as pool01.contoso.com'],
  [{ version: '2012' }, '7:5: version must be 2013, 2015 or 2019'],
  [{ version: null }, '6:5: version is missing'],
  [{ procedure: 'restart' }, '8:5: procedure must be upgrade-domains or server-failover'],
  [{ procedure: 'server-failover' }, '8:5: server-failover is for 2015 and 2019; a 2013 pool has upgrade-domains'],
  [{ procedure: 'by-luck' }, '8:5: procedure must be upgrade-domains or server-failover'],
  [{ version: '2019' }, '8:5: upgrade-domains is for 2013 and 2015; a 2019 pool has server-failover'],
  [
    { connection: '{kind: telnet}' },
    '9:18: connection.kind must be local (with a server), winrm or ssh (with servers), or simulated (with upgradeDomains)',
  ],
  [{ connection: '{kind: ssh, user: svc}' }, '9:5: connection.servers is missing'],
  [{ connection: '{kind: ssh, user: svc, servers: []}' }, '9:40: connection.servers is empty'],
  [{ connection: '{kind: ssh, servers: [fe1.a.b]}' }, '9:5: connection.user is missing'],
  [
    { connection: '{kind: ssh, user: "-oProxyCommand=x", servers: [fe1.a.b]}' },
    '9:29: connection.user must be an account, such as CONTOSO\\svc-lifeguard$',
  ],
  [
    { connection: '{kind: ssh, user: svc, servers: [fe1.a.b], key: id_ed25519}' },
    '9:60: connection.key must be an absolute path',
  ],
  [{ connection: '{kind: ssh, user: svc, servers: [fe1.a.b], port: 0}' }, '9:60: connection.port must be at least 1'],
  [
    { connection: '{kind: ssh, user: svc, servers: [fe1.a.b], addresses: {fe1.a.b: "-oX"}}' },
    '9:72: connection.addresses.fe1.a.b must be the name or the address of a machine',
  ],
  [
    { connection: '{kind: ssh, user: svc, servers: [fe1.a.b], addresses: {fe1: 10.0.0.1}}' },
    '9:60: connection.addresses fe1 is not the full name of a Front End Server',
  ],
  [
    { connection: '{kind: ssh, user: svc, servers: [fe1.a.b], configuration: Lifeguard}' },
    '9:60: configuration is not a known key',
  ],
  [{ connection: '{kind: winrm, servers: [fe1.a.b]}' }, '9:5: WinRM is spoken from Windows only; from here take kind: ssh'],
  [
    { connection: 'local' },
    '9:5: connection must be local (with a server), winrm or ssh (with servers), or simulated (with upgradeDomains)',
  ],
  [{ connection: '{kind: local}' }, '9:5: connection.server is missing'],
  [
    { connection: '{kind: local, server: fe1}' },
    '9:31: connection.server must be the full name of a Front End Server, such as fe01.contoso.com',
  ],
  [{ connection: '{kind: local, server: fe1.a.b, upgradeDomains: []}' }, '9:48: upgradeDomains is not a known key'],
  [{ connection: '{kind: simulated, upgradedomains: []}' }, '9:5: connection.upgradeDomains is missing'],
  [{ connection: '{kind: simulated, upgradeDomains: []}' }, '9:35: connection.upgradeDomains is empty'],
  [{ connection: '{kind: simulated, upgradeDomains: [[fe1.a.b], []]}' }, '9:63: connection.upgradeDomains[1] is empty'],
  [
    { connection: '{kind: simulated, upgradeDomains: [[fe1.a.b], [FE1.a.b]]}' },
    '9:35: connection.upgradeDomains names a server twice',
  ],
  [{ rights: null }, '6:5: rights is missing'],
  [{ rights: '[dana]' }, '10:5: rights must give people their rights'],
  [{ rights: '{dana: view}' }, '10:14: rights.dana must be a list'],
  [{ rights: '{dana: [admin]}' }, '10:21: rights.dana[0] must be one of view, operate, approve'],
  [{ rights: '{danna: [view]}' }, '10:14: danna is not among the people; did you mean dana?'],
  [{ rights: '{dana: [view], DANA: [approve]}' }, '10:28: DANA is listed twice'],
  [
    { rights: '{dana: [operate, approve]}' },
    '10:14: dana may operate; approvals needed from others: 1, others who may approve: 0',
  ],
  [
    { rights: '{dana: [operate, approve], omar: [approve], kim: [approve]}', approvals: '3' },
    '10:14: dana may operate; approvals needed from others: 3, others who may approve: 2',
  ],
  [
    { rights: '{dana: [operate], omar: [operate, approve], kim: [approve]}', approvals: '2' },
    '10:31: omar may operate; approvals needed from others: 2, others who may approve: 1',
  ],
  [{ approvals: '0' }, '11:5: approvals must be at least 1'],
  [{ approvals: '1.5' }, '11:5: approvals must be a whole number'],
  [{ approvals: 'two' }, '11:5: approvals must be a whole number'],
  [{ changeTicket: "'CHG['" }, '11:5: changeTicket must be a regular expression, such as ^CHG[0-9]{7}$'],
  [{ changeTicket: "'a)|(b'" }, '11:5: changeTicket must be a regular expression, such as ^CHG[0-9]{7}$'],
  [
    { changeTicket: "'([A-Z]+)*'" },
    '11:5: changeTicket must not repeat a group: repeat a character or a class, such as [0-9]{7}',
  ],
  [{ changeTicket: "''" }, '11:5: changeTicket is empty'],
  [{ changeTicket: '7' }, '11:5: changeTicket must be text; put it in quotes'],
  [{ watch: '{every: 4m}' }, '11:13: watch.every must be a time from 5m to 24h, such as 10m'],
  [{ watch: '{every: 25h}' }, '11:13: watch.every must be a time from 5m to 24h, such as 10m'],
  [{ watch: '{every: 10}' }, '11:13: watch.every must be a time from 5m to 24h, such as 10m'],
  [{ watch: '{quietHours: "22:00-06:00"}' }, '11:5: watch.every is missing'],
  [{ watch: '{every: 10m, examineEvery: 30m}' }, '11:25: watch.examineEvery must be a time from 1h to 7d, such as 24h'],
  [{ watch: '{every: 10m, examineEvery: 8d}' }, '11:25: watch.examineEvery must be a time from 1h to 7d, such as 24h'],
  [{ watch: '{every: 10m, examineEvery: daily}' }, '11:25: watch.examineEvery must be a time from 1h to 7d, such as 24h'],
  [{ watch: '{every: 10m, quietHours: 22-6}' }, "11:25: watch.quietHours must be from and to, such as '22:00-06:00', in quotes"],
  [{ watch: '{every: 10m, quiethours: 22-6}' }, '11:25: quiethours is not a known key; did you mean quietHours?'],
  [{ changeticket: 'CHG' }, '11:5: changeticket is not a known key; did you mean changeTicket?'],
  [{ aliases: 'hq' }, '11:5: aliases must be a list'],
  [{ aliases: '[head office]' }, '11:15: aliases[0] must be one word: letters, digits, dots, hyphens and underscores'],
  [{ aliases: '[hq, 1]' }, '11:19: aliases[1] must be text; put it in quotes'],
  [{ aliases: '[hq, HQ]' }, '11:19: hq already names a pool'],
  [{ aliases: '[pool01.contoso.com]' }, '11:15: pool01.contoso.com already names a pool'],
  [{ backupPool: 'POOL01.contoso.com' }, '11:5: backupPool is the pool itself'],
  [{ backupPool: 'pool02' }, '11:5: backupPool must be the full name of a pool, such as pool01.contoso.com'],
  [{ patch: 'by-command' }, '11:5: patch must be by-hand, or a command and its arguments'],
  [{ patch: '{command: update.exe}' }, '11:13: patch.command must be an absolute path'],
  [{ patch: '{command: "C:update.exe"}' }, '11:13: patch.command must be an absolute path'],
  [{ patch: "{command: '\\update.exe'}" }, '11:13: patch.command must be an absolute path'],
  [{ patch: '{arguments: []}' }, '11:5: patch.command is missing'],
  [{ patch: '{command: /a, argument: []}' }, '11:26: argument is not a known key; did you mean arguments?'],
  [{ patch: '{command: /a, arguments: [/x, 3]}' }, '11:42: patch.arguments[1] must be text; put it in quotes'],
  [{ hooks: 'lb.exe' }, '11:5: hooks must be a map with before, after, or both'],
  [{ hooks: '{before: /opt/lb}' }, '11:13: hooks.before must be a command and its arguments'],
  [{ hooks: '{before: {command: lb.exe}}' }, '11:22: hooks.before.command must be an absolute path'],
  [{ hooks: '{after: {arguments: [in]}}' }, '11:13: hooks.after.command is missing'],
  [{ hooks: '{after: {command: /a, arguments: [3]}}' }, '11:46: hooks.after.arguments[0] must be text; put it in quotes'],
  [{ hooks: '{after: {command: /a, argument: []}}' }, '11:34: argument is not a known key; did you mean arguments?'],
  [{ hooks: '{befor: {command: /a}, after: {command: /a}}' }, '11:13: befor is not a known key; did you mean before?'],
  [{ hook: '{before: {command: /a}}' }, '11:5: hook is not a known key; did you mean hooks?'],
  [{ slack: '{channels: []}' }, '11:13: slack.channels is empty'],
  [{ slack: '{channels: ["#lync-ops"]}' }, '11:24: slack.channels[0] must be an id such as C024BE91L'],
  [{ slack: '{channels: [C024BE91L], channel: x}' }, '11:36: channel is not a known key; did you mean channels?'],
  [{ teams: '{conversations: []}' }, '11:13: teams.conversations is empty'],
  [{ teams: '{conversations: [General]}' }, '11:29: teams.conversations[0] must be an id such as 19:3f1c…@thread.tacv2'],
  [
    { teams: '{conversations: ["19:a@thread.tacv2;messageid=1795255390629"]}' },
    '11:29: teams.conversations[0] must be an id such as 19:3f1c…@thread.tacv2',
  ],
  [
    { teams: '{conversations: ["https://teams.microsoft.com/l/channel/19%3aa%40thread.tacv2/Ops"]}' },
    '11:29: teams.conversations[0] must be an id such as 19:3f1c…@thread.tacv2',
  ],
  [{ teams: `{conversations: [${'"19:a@thread.v2", '.repeat(11)}]}` }, '11:13: teams.conversations has more than 10'],
  [{ teams: '{conversations: ["19:a@thread.v2"], channel: x}' }, '11:48: channel is not a known key'],
  [{ teams: '{conversation: ["19:a@thread.v2"]}' }, '11:5: teams.conversations is missing'],
  [{ teams: 'General' }, '11:5: teams must be a map with conversations'],
  [{ call: '[dana, omat]' }, '11:18: omat is not among the people; did you mean omar?'],
  [{ timeZone: 'Europe/Londres' }, '11:5: timeZone must be an IANA time zone, such as Europe/London'],
  [{ approval: '2' }, '11:5: approval is not a known key; did you mean approvals?'],
  [{ colour: 'red' }, '11:5: colour is not a known key'],
  [{ version: '!secret x' }, '7:14: Unresolved tag: !secret'],
];

for (const [changes, told] of FAULTS) {
  test(`refused: ${JSON.stringify(changes)}`, () => {
    const text = poolsFile(changes);
    const all = faults(text, { LIFEGUARD_PERSON: 'dana' });
    assert.ok(all.includes(`pools.yaml:${told}`), all.join('\n') || 'accepted');
    const [alone] = all.length === 1 ? all : all.filter((fault) => !/is not a known key/.test(fault));
    assert.equal(alone, `pools.yaml:${told}`, 'and nothing else is wrong with it');
  });
}

test('names of one pool are no names of another', () => {
  assert.deepEqual(
    faults(poolsFile({ aliases: '[hq]' }, { aliases: '[x]' }, { fqdn: 'pool03.contoso.com', aliases: '[HQ, pool01]' })),
    [
      'pools.yaml:12:5: pool01.contoso.com already names a pool',
      'pools.yaml:23:15: hq already names a pool',
      'pools.yaml:23:19: pool01 is what people call pool01.contoso.com',
    ],
  );
  configured(poolsFile({ aliases: '[pool01]' }));
});

test('everything that is wrong is told at once, in the order of the file', () => {
  const text = poolsFile(
    { fqdn: 'pool01', version: '2012', approvals: '5', aproval: '1' },
    { timeZone: 'Mars', backupPool: 'pool01.contoso.com' },
  );
  assert.deepEqual(faults(`${text}owner: me\n`, { LIFEGUARD_PERSON: 'danna', LOG_LEVEL: 'loud', LIFEGUARD_POOL: 'x' }), [
    'environment: LIFEGUARD_POOL is not a known variable; did you mean LIFEGUARD_POOLS?',
    'environment: LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent',
    'environment: LIFEGUARD_PERSON: danna is not among the people; did you mean dana?',
    'pools.yaml:6:5: fqdn must be the full name of a pool, such as pool01.contoso.com',
    'pools.yaml:7:5: version must be 2013, 2015 or 2019',
    'pools.yaml:10:14: dana may operate; approvals needed from others: 5, others who may approve: 1',
    'pools.yaml:12:5: aproval is not a known key; did you mean approvals?',
    'pools.yaml:18:5: timeZone must be an IANA time zone, such as Europe/London',
    'pools.yaml:19:5: backupPool is the pool itself',
    'pools.yaml:20:1: owner is not a known key',
  ]);
});

for (const [what, text, told] of [
  ['an empty file', '', '1:1: must be a map with people and pools'],
  ['a file of something else', '- a\n- b\n', '1:1: must be a map with people and pools'],
  ['no pools', PEOPLE, '1:1: pools is missing'],
  ['an empty list of pools', `${PEOPLE}pools: []\n`, '5:1: pools must be a list of at least one pool'],
  ['a map for a list of pools', `${PEOPLE}pools: {a: 1}\n`, '5:1: pools must be a list of at least one pool'],
  ['a pool that is a word', `${PEOPLE}pools:\n  - pool01\n`, '6:5: pools[0] must be a pool: a map of its keys'],
  ['a pool that is nothing', `${PEOPLE}pools:\n  -\n`, '6:4: pools[0] must be a pool: a map of its keys'],
  [
    'text that is not YAML',
    'people: {dana\npools: [',
    '2:1: Flow map in block collection must be sufficiently indented and end with a }',
  ],
  ['a key given twice', `${PEOPLE}people: {}\n`, '5:1: Map keys must be unique'],
  ['two documents', `${PEOPLE}---\n${PEOPLE}`, '5:1: Source contains multiple documents; please use YAML.parseAllDocuments()'],
  ['a reference to nothing', 'people: *gone\n', '1:1: Unresolved alias (the anchor must be set before the alias): gone'],
  [
    'a nameless person',
    poolsFile({}).replace('dana: {name: Dana}', 'dana: {name: }'),
    '2:10: people.dana.name must be text; put it in quotes',
  ],
  [
    'an unknown key of a person',
    poolsFile({}).replace('kim: {}', 'kim: {nme: K}'),
    '4:9: nme is not a known key; did you mean name?',
  ],
  ['a person nobody could type', poolsFile({}).replace('kim:', '"kim k":'), '4:3: people.kim k must be a name that can be typed'],
  ['a person listed twice', poolsFile({}).replace('kim:', 'DANA:'), '4:3: DANA is listed twice'],
] as const) {
  test(`refused: ${what}`, () => {
    const all = faults(text);
    assert.ok(
      all.some((fault) => fault.startsWith(`pools.yaml:${told}`)),
      all.join('\n') || 'accepted',
    );
  });
}

test('a few lines cannot grow into a file that fills the memory', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...[...'bcdefghi'].map((key, at) => `${key}: &${key} [${`*${'abcdefgh'[at]},`.repeat(9)}]`),
  ];
  assert.match(faults(`${bomb.join('\n')}\n`).join(), /Excessive alias count/);
});

test('what is wrong in a block that is referred to is told where the block stands', () => {
  const pools = poolsFile({ rights: '&team {zoe: [view]}' }, { fqdn: 'pool02.contoso.com', rights: '*team' });
  const told = 'pools.yaml:10:20: zoe is not among the people';
  assert.deepEqual(faults(pools), [told, told]);
});

test('a number and the same number as text are one person', () => {
  const text = poolsFile({}).replace('kim: {}', "1234: {}\n  '1234': {}");
  assert.deepEqual(faults(text), ['pools.yaml:5:3: Map keys must be unique']);
});
