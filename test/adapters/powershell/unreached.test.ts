import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyUnreached } from '../../../src/adapters/powershell/unreached.ts';
import { server } from '../../support.ts';

/** What PowerShell 7.6.5 says of an `ssh` that could not connect, was turned away or found nobody. */
const ENDED =
  'The SSH client session has ended with error message: The SSH transport process has abruptly terminated causing this remote session to break.';
const REFUSED = 'ssh: connect to host fe1 port 22: Connection refused';

for (const [what, raw, because, told] of [
  ['ssh says why', `${REFUSED}\r\n<<lifeguard e30=>>\nAbCdEfGhIjKlMn_-\n`, ENDED, REFUSED],
  ['nobody says why', '<<lifeguard e30=>>\nAbCdEfGhIjKlMn_-\n', ENDED, `${server(1)} does not answer`],
  ['PowerShell says why', '<<lifeguard e30=>>\n', 'access is denied', 'access is denied'],
  ['both say something', 'a banner\n', 'the machine at fe1 is fe2', 'a banner: the machine at fe1 is fe2'],
] as const) {
  test(`of a server that was not reached a person is told what helps: ${what}`, () => {
    assert.equal(whyUnreached(server(1), raw, because), told);
  });
}

test('where any server would have done, none is named', () => {
  assert.equal(whyUnreached(null, '', ENDED), 'the server does not answer');
});
