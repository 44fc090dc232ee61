import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeFailoverRun,
  decodeHookRun,
  decodePatchLevel,
  decodePatchRun,
  decodePort,
  decodeServer,
  decodeServices,
  decodeTold,
  decodeViewers,
} from '../../../src/adapters/powershell/decode-server.ts';
import { parseServerFqdn } from '../../../src/domain/pool.ts';

const fe1 = parseServerFqdn('fe01.contoso.com') ?? assert.fail();
const fe2 = parseServerFqdn('fe02.contoso.com') ?? assert.fail();

const service = (name: string, status: string, activity = '') => ({ name, status, activity });
const server = (...services: readonly object[]) => decodeServer({ bootTime: 1_700_000_000_000, services, startMode: 'Auto' });

const TOGETHER: readonly (readonly [statuses: string, together: string])[] = [
  ['Running Running', 'Running'],
  ['Running Stopped', 'Running'],
  ['Stopped Stopped', 'Stopped'],
  ['Running StopPending', 'StopPending'],
  ['Stopped StopPending', 'StopPending'],
  ['Stopped StartPending', 'StartPending'],
  ['Running StartPending', 'StartPending'],
  ['StartPending StopPending', 'StopPending'],
];
for (const [statuses, together] of TOGETHER) {
  test(`services that are ${statuses} are ${together} together`, () => {
    const decoded = server(...statuses.split(' ').map((status, index) => service(`S${index}`, status)));
    assert.equal(decoded.kind === 'understood' && decoded.value.services, together);
  });
}

test('a server says when it was started, how RTCSRV is, and what it still carries', () => {
  const decoded = server(
    service('RTCSRV', 'Running', 'Incoming Requests per Second=0,Messages in Server=0'),
    service('RTCCAA', 'Running', 'Concurrent Calls=3'),
    service('RTCMEDSRV', 'Running', 'Something=9, Concurrent Calls=2'),
    service('RTCCAS', 'Running', 'Concurrent Conferences=1'),
  );
  const value = {
    bootTime: 1_700_000_000_000,
    services: 'Running',
    rtcsrv: 'Running',
    disabled: false,
    calls: 5,
    conferences: 1,
  };
  assert.deepEqual(decoded, { kind: 'understood', value });
});

for (const activity of [
  '',
  'Concurrent Confe...',
  'Concurrent Calls',
  'Concurrent Calls=',
  'Concurrent Calls=many',
  'Concurrent Calls=-1',
]) {
  test(`an activity of ${JSON.stringify(activity)} counts nothing, which is not zero`, () => {
    const decoded = server(service('RTCCAA', 'Running', activity));
    assert.deepEqual(decoded.kind === 'understood' && [decoded.value.calls, decoded.value.conferences], [null, null]);
    assert.equal(decoded.kind === 'understood' && decoded.value.rtcsrv, null);
  });
}

for (const [shape, value, kind] of [
  ['no services', { bootTime: 1, services: [], startMode: 'Auto' }, 'silent'],
  ['no start mode', { bootTime: 1, services: [service('RTCSRV', 'Running')] }, 'garbage'],
  ['an unknown start mode', { bootTime: 1, services: [service('RTCSRV', 'Running')], startMode: '4' }, 'garbage'],
  ['two start modes', { bootTime: 1, services: [service('RTCSRV', 'Running')], startMode: 'Auto, Disabled' }, 'garbage'],
  ['a state that lost its name', { bootTime: 1, services: [service('RTCSRV', '4')], startMode: 'Auto' }, 'garbage'],
  ['a paused service', { bootTime: 1, services: [service('RTCSRV', 'Paused')], startMode: 'Auto' }, 'garbage'],
  ['no boot time', { bootTime: 0, services: [service('RTCSRV', 'Running')], startMode: 'Auto' }, 'garbage'],
  [
    'a boot time of text',
    { bootTime: '/Date(1700000000000)/', services: [service('RTCSRV', 'Running')], startMode: 'Auto' },
    'garbage',
  ],
  ['nothing', null, 'garbage'],
] as const) {
  test(`a server with ${shape} is ${kind}`, () => assert.equal(decodeServer(value).kind, kind));
}

test('RTCSRV of each server that was asked for; one that cannot be asked, or says an unknown word, is null', () => {
  const services = [
    { server: 'FE02.contoso.com', status: 'Running', because: '' },
    { server: 'fe01.contoso.com', status: null, because: 'The RPC server is unavailable' },
  ];
  assert.deepEqual(decodeServices({ services }, [fe1, fe2]), {
    kind: 'understood',
    value: [
      { server: fe1, rtcsrv: null },
      { server: fe2, rtcsrv: 'Running' },
    ],
  });
  const odd = decodeServices({ services: [{ server: fe1, status: 'Paused', because: '' }] }, [fe1]);
  const notUnderstood = ['RTCSRV of fe01.contoso.com=Paused'];
  assert.deepEqual(odd, { kind: 'understood', value: [{ server: fe1, rtcsrv: null }], notUnderstood });
  for (const asked of [[fe1], [fe1, fe2, fe2]]) assert.equal(decodeServices({ services }, asked).kind, 'garbage');
  assert.equal(decodeServices({ services: [{ server: fe1, status: 4, because: '' }] }, [fe1]).kind, 'garbage');
});

test('a port is open or not, and nothing else', () => {
  assert.deepEqual(decodePort({ open: false }), { kind: 'understood', value: false });
  for (const value of [null, {}, { open: 'True' }, { open: null }, { open: 1 }]) assert.equal(decodePort(value).kind, 'garbage');
});

test('open windows are names, and no list is not an empty one', () => {
  assert.deepEqual(decodeViewers({ open: ['mmc', 'mmc'] }), { kind: 'understood', value: ['mmc', 'mmc'] });
  assert.deepEqual(decodeViewers({ open: [] }), { kind: 'understood', value: [] });
  for (const value of [null, {}, { open: null }, { open: 'mmc' }]) assert.equal(decodeViewers(value).kind, 'garbage');
});

const component = (name: string, version: string) => ({ name, version });
for (const [shape, value, expected] of [
  ['a product that cannot tell', { canTell: false, components: [] }, null],
  ['one component', { canTell: true, components: [component('Core', '6.0.9319.272')] }, '6.0.9319.272'],
  [
    'one version',
    { canTell: true, components: [component('A', '6.0.9319.272'), component('B', '6.0.9319.272')] },
    '6.0.9319.272',
  ],
  [
    'two versions',
    { canTell: true, components: [component('B', '6.0.9319.99'), component('A', '6.0.9319.272')] },
    'A 6.0.9319.272; B 6.0.9319.99',
  ],
  ['nothing printed', { canTell: true, components: [] }, 'silent'],
  ['no version', { canTell: true, components: [component('A', '')] }, 'garbage'],
  ['no list', {}, 'garbage'],
] as const) {
  test(`the patch level of ${shape} is ${expected ?? 'unknown to the product'}`, () => {
    const decoded = decodePatchLevel(value);
    assert.equal(decoded.kind === 'understood' ? decoded.value : decoded.kind, expected);
  });
}

const failed = `failed ${Buffer.from('no such file').toString('base64')}`;
const RUNS: readonly (readonly [lines: readonly string[], alive: boolean, age: number, expected: string])[] = [
  [[], false, 0, 'none'],
  [[''], false, 0, 'none'],
  [['starting 1'], false, 5, 'running'],
  [['starting 1'], false, 3_600, 'garbage'],
  [['starting 1', 'started 7 1'], true, 3_600, 'running'],
  [['starting 1', 'started 7 1'], false, 3_600, 'garbage'],
  [['starting 1', 'started 7 1', 'ended 0'], false, 3_600, 'ended 0'],
  [['starting 1', 'started 7 1', 'ended 3010'], true, 3_600, 'ended 3010'],
  [['starting 1', 'started 7 1', 'ended -2147467259'], false, 3_600, 'ended -2147467259'],
  [['starting 1', 'started 7 1', 'ended '], false, 3_600, 'garbage'],
  [['starting 1', 'started 7 1', failed], false, 3_600, 'garbage'],
  [['starting 1', 'started 7 1', 'end'], false, 3_600, 'garbage'],
];
for (const [lines, alive, ageSeconds, expected] of RUNS) {
  test(`a patch command that left ${JSON.stringify(lines.at(-1) ?? 'nothing')} (${alive ? 'alive' : 'gone'}, ${ageSeconds} s) is ${expected}`, () => {
    const decoded = decodePatchRun({ lines, alive, ageSeconds });
    const words =
      decoded.kind !== 'understood'
        ? decoded.kind
        : decoded.value.kind === 'ended'
          ? `ended ${decoded.value.exitCode}`
          : decoded.value.kind;
    assert.equal(words, expected);
  });
}

test('an effect says accepted or refused, and nothing else counts', () => {
  assert.deepEqual(decodeTold({ kind: 'accepted' }), { kind: 'accepted' });
  assert.deepEqual(decodeTold({ kind: 'refused', because: 'dana is logged on' }), {
    kind: 'refused',
    because: 'dana is logged on',
  });
  for (const value of [
    null,
    'accepted',
    {},
    { kind: 'Accepted' },
    { kind: 'refused' },
    { kind: 'refused', because: '' },
    [{ kind: 'accepted' }],
  ])
    assert.equal(decodeTold(value), null);
});

for (const [startMode, disabled] of [
  ['Auto', false],
  ['Manual', false],
  ['Disabled', true],
] as const) {
  test(`a server whose Front-End service has the start mode ${startMode} is ${disabled ? '' : 'not '}disabled`, () => {
    const decoded = decodeServer({ bootTime: 1, services: [service('RTCSRV', 'Stopped')], startMode });
    assert.equal(decoded.kind === 'understood' && decoded.value.disabled, disabled);
  });
}

const because = Buffer.from('The operation timed out.').toString('base64');
const STARTING = 'starting 639308195916815868 fail-over';
const ended = (failed: string | null) => ({ kind: 'ended', direction: 'fail-over', failed });
for (const [what, lines, alive, expected] of [
  ['no file', [], false, { kind: 'none' }],
  ['one that was just told to begin', [STARTING], false, { kind: 'running', direction: 'fail-over' }],
  ['one whose process lives', [STARTING, 'started 7 1'], true, { kind: 'running', direction: 'fail-over' }],
  ['one that went through', [STARTING, 'started 7 1', 'ended 0'], false, ended(null)],
  ['one that failed', [STARTING, 'started 7 1', `failed ${because}`], false, ended('The operation timed out.')],
  [
    'one whose process is gone',
    [STARTING, 'started 7 1'],
    false,
    ended('the process of Invoke-CsComputerFailOver is gone without a word'),
  ],
] as const) {
  test(`a FailOver: ${what}`, () => {
    const decoded = decodeFailoverRun({ lines, alive, ageSeconds: 5 });
    assert.deepEqual(decoded, { kind: 'understood', value: expected });
  });
}

const NO_FILE = Buffer.from('there is no file D:\\lb.exe on this server', 'utf8').toString('base64');
/** What the state file of a hook says, whether its process lives, and for how many seconds it has been begun. */
const HOOK_RUNS: readonly (readonly [lines: readonly string[], alive: boolean, age: number, expected: unknown])[] = [
  [[], false, 0, { kind: 'none' }],
  [['starting 1 hook'], false, 60, { kind: 'running' }],
  [['starting 1 hook'], false, 61, { kind: 'failed', because: 'was told to start and never began', age: 60_000 }],
  [['starting 1 hook', 'started 7 1'], true, 900, { kind: 'running' }],
  [['starting 1 hook', 'started 7 1'], false, 95, { kind: 'failed', because: 'is gone and left no exit code', age: 90_000 }],
  [['starting 1 hook', 'started 7 1', 'ended 0'], false, 0, { kind: 'ended', exitCode: 0, age: 0 }],
  [['starting 1 hook', 'started 7 1', 'ended 0'], false, 29, { kind: 'ended', exitCode: 0, age: 0 }],
  [['starting 1 hook', 'started 7 1', 'ended -1'], false, 30, { kind: 'ended', exitCode: -1, age: 30_000 }],
  [
    ['starting 1 hook', 'started 7 1', `failed ${NO_FILE}`],
    false,
    1,
    { kind: 'failed', because: 'could not be run: there is no file D:\\lb.exe on this server', age: 0 },
  ],
];
for (const [lines, alive, ageSeconds, expected] of HOOK_RUNS) {
  test(`a hook of ${JSON.stringify(lines.at(-1))}, ${alive ? 'alive' : 'gone'}, ${ageSeconds} s old is ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(decodeHookRun({ lines, alive, ageSeconds }), { kind: 'understood', value: expected });
  });
}
test('what is no state of a hook is not understood', () => {
  for (const lines of [['ended'], ['ended zero'], ['ended 123456789012'], ['what']])
    assert.equal(decodeHookRun({ lines, alive: false, ageSeconds: 0 }).kind, 'garbage');
  for (const value of [null, {}, { lines: [], alive: false }]) assert.equal(decodeHookRun(value).kind, 'garbage');
});

test('a FailBack that never began, and state files that say nothing', () => {
  const never = decodeFailoverRun({ lines: ['starting 1 fail-back'], alive: false, ageSeconds: 61 });
  const failed = 'Invoke-CsComputerFailBack never began';
  assert.deepEqual(never, { kind: 'understood', value: { kind: 'ended', direction: 'fail-back', failed } });
  for (const lines of [['started 7 1'], ['starting 1'], ['starting 1 sideways'], ['starting 1 fail-back', 'what']])
    assert.equal(decodeFailoverRun({ lines, alive: false, ageSeconds: 0 }).kind, 'garbage');
  assert.equal(decodeFailoverRun(null).kind, 'garbage');
});
