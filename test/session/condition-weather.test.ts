import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from '../../src/session/file.ts';
import { SessionFault } from '../../src/session/line-words.ts';

const READ: readonly (readonly [line: string, read: object])[] = [
  ['! event fe2 32174', { kind: 'event', server: 'fe2', id: 32174 }],
  ['! disk fe1 2GB', { kind: 'disk', server: 'fe1', free: 2e9 }],
  ['! certificate fe1 10d', { kind: 'certificate', server: 'fe1', endsAfter: 864_000_000 }],
  ['! certificate fe1 -1d', { kind: 'certificate', server: 'fe1', endsAfter: -86_400_000 }],
  ['! pending-reboot fe3', { kind: 'pending-reboot', server: 'fe3' }],
  ['! service fe3 w3svc starting', { kind: 'service', server: 'fe3', name: 'W3SVC', state: 'Start Pending' }],
  ['! service fe3 RTCSRV running', { kind: 'service', server: 'fe3', name: 'RTCSRV', state: null }],
  ['! port fe3 443 closed', { kind: 'port', server: 'fe3', port: 443, open: false }],
  ['! replica fe4 behind', { kind: 'replica', server: 'fe4', behind: true }],
  ['! backup failed', { kind: 'backup', state: 'failed' }],
  ['! pairing pool02', { kind: 'pairing', pool: 'pool02' }],
  ['! pairing none', { kind: 'pairing', pool: null }],
];
for (const [line, read] of READ)
  test(`read: ${line}`, () => {
    const { number: _number, text: _text, ...rest } = parseLine(line, 1);
    assert.deepEqual(rest, read);
  });

const REFUSED: readonly (readonly [line: string, column: number, because: RegExp])[] = [
  ['! event fe2 4711', 13, /the event is one of 32163, 32169/],
  ['! event fe2', 12, /the event is missing/],
  ['! disk fe1 -2GB', 12, /the free space is written like 10GB/],
  ['! disk fe1 2TB', 12, /this is "2TB"/],
  ['! certificate fe1 soon', 19, /its end is written like 10d/],
  ['! service fe3 SPOOLER stopped', 15, /the service is one of RTCSRV/],
  ['! port fe3 80 closed', 12, /the port is one of 5061/],
  ['! replica fe4 lost', 15, /what it is is one of behind/],
  ['! backup perhaps', 10, /the backup service is one of steady/],
  ['! pending-reboot fe3 now', 22, /too much here/],
  ['! pairing', 10, /the backup pool, or none, is missing/],
  ['! pool p version 2015 servers 1 domains fe1 watch 4m', 51, /watch is a time from 5m to 24h; this is "4m"/],
  ['! pool p version 2015 servers 1 domains fe1 watch 1h examine 10m', 62, /examine is a time from 60m to 168h/],
  ['! pool p version 2015 servers 1 domains fe1 examine 2h', 53, /examine stands behind watch/],
];
for (const [line, column, because] of REFUSED)
  test(`refused: ${line}`, () =>
    assert.throws(
      () => parseLine(line, 7),
      (error) => error instanceof SessionFault && error.line === 7 && error.column === column && because.test(error.message),
    ));
