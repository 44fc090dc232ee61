import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodePatchLevel,
  decodePatchRun,
  decodeServer,
  decodeServices,
  decodeSipPort,
  decodeTold,
  decodeViewers,
} from '../../../src/adapters/powershell/decode-server.ts';
import { parseServerFqdn } from '../../../src/domain/pool.ts';

const fe1 = parseServerFqdn('fe01.contoso.com') ?? assert.fail();
const fe2 = parseServerFqdn('fe02.contoso.com') ?? assert.fail();

const service = (name: string, status: string, activity = '') => ({ name, status, activity });
const server = (...services: readonly object[]) => decodeServer({ bootTime: 1_700_000_000_000, services });

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
  const value = { bootTime: 1_700_000_000_000, services: 'Running', rtcsrv: 'Running', calls: 5, conferences: 1 };
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
  ['no services', { bootTime: 1, services: [] }, 'silent'],
  ['a state that lost its name', { bootTime: 1, services: [service('RTCSRV', '4')] }, 'garbage'],
  ['a paused service', { bootTime: 1, services: [service('RTCSRV', 'Paused')] }, 'garbage'],
  ['no boot time', { bootTime: 0, services: [service('RTCSRV', 'Running')] }, 'garbage'],
  ['a boot time of text', { bootTime: '/Date(1700000000000)/', services: [service('RTCSRV', 'Running')] }, 'garbage'],
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
  assert.deepEqual(odd, { kind: 'understood', value: [{ server: fe1, rtcsrv: null }] });
  for (const asked of [[fe1], [fe1, fe2, fe2]]) assert.equal(decodeServices({ services }, asked).kind, 'garbage');
  assert.equal(decodeServices({ services: [{ server: fe1, status: 4, because: '' }] }, [fe1]).kind, 'garbage');
});

test('a port is open or not, and nothing else', () => {
  assert.deepEqual(decodeSipPort({ open: false }), { kind: 'understood', value: false });
  for (const value of [null, {}, { open: 'True' }, { open: null }, { open: 1 }])
    assert.equal(decodeSipPort(value).kind, 'garbage');
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
