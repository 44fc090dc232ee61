import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionIn, decodeCondition, decodeCopies } from '../../../src/adapters/powershell/decode-condition.ts';
import { GOOD } from './examinations.ts';

const service = { name: 'RTCSRV', state: 'Start Pending', since: 1_700_000_000_000 };
const event = { id: 32174, at: 1_700_000_000_000, text: 'Number of groups potentially not yet placed: 1' };

test('services and events are read each by itself', () => {
  assert.deepEqual(decodeCondition({ services: [service], events: null, unread: { events: 'no such log' } }), {
    kind: 'understood',
    value: { services: { kind: 'read', value: [service] }, events: { kind: 'unread', because: 'no such log' } },
  });
  assert.deepEqual(decodeCondition({ services: null, events: [event], unread: {} }), {
    kind: 'understood',
    value: { services: { kind: 'unread', because: 'it gave no reason' }, events: { kind: 'read', value: [event] } },
  });
});

test('a condition of another shape is not understood, and never an empty list', () => {
  for (const value of [
    null,
    'RTCSRV Running',
    {},
    { services: [], unread: {} },
    { services: [{ name: 1 }], events: [], unread: {} },
  ])
    assert.equal(decodeCondition(value).kind, 'garbage');
});

test('modules of the backup service are named by any of the names their property may have', () => {
  const statuses = { ExportStatus: 'SteadyState', ImportStatus: 'NormalState' };
  for (const property of ['Name', 'ModuleName', 'backupmodule', 'Module', 'Identity']) {
    const read = decodeCopies({
      backup: [{ [property]: 'ConfServices.DataConf', ...statuses }],
      holdsCms: true,
      replicas: [],
      unread: {},
    });
    assert.deepEqual(read.kind === 'understood' && read.value.backup, {
      kind: 'read',
      value: [{ name: 'ConfServices.DataConf', exporting: 'SteadyState', importing: 'NormalState' }],
    });
  }
});

test('a status that is not there is none, and a replica that says neither yes nor no is none', () => {
  const read = decodeCopies({
    backup: [{ Name: 'ConfServices.DataConf' }],
    holdsCms: null,
    replicas: [
      { server: 'fe01.contoso.com', upToDate: null },
      { server: 'fe02.contoso.com', upToDate: false },
    ],
    unread: { holdsCms: 'there is no such pool' },
  });
  assert.deepEqual(read, {
    kind: 'understood',
    value: {
      backup: {
        kind: 'read',
        value: [{ name: 'ConfServices.DataConf', exporting: 'not understood', importing: 'not understood' }],
      },
      holdsCms: { kind: 'unread', because: 'there is no such pool' },
      replicas: { kind: 'read', value: [{ server: 'fe02.contoso.com', upToDate: false }] },
    },
  });
  for (const value of [null, '', { backup: [] }, { backup: 'SteadyState', holdsCms: true, replicas: [], unread: {} }])
    assert.equal(decodeCopies(value).kind, 'garbage');
});

test('what doctor examines is a pre-flight’s as well, with what could not be read', () => {
  const restart = { servicing: true, updates: true, renames: true };
  assert.deepEqual(conditionIn({ ...GOOD, restart, disks: null, unread: { disks: 'it is gone' } }), {
    restart: { kind: 'read', value: ['Windows components', 'Windows Update', 'files to be renamed'] },
    disks: { kind: 'unread', because: 'it is gone' },
    certificates: { kind: 'read', value: (GOOD.certificates ?? []).map(({ use, ends }) => ({ use, ends })) },
  });
});
