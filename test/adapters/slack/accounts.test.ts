import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Accounts, type UserLook } from '../../../src/adapters/slack/accounts.ts';
import { Channels } from '../../../src/adapters/slack/channels.ts';
import { personId } from '../../../src/domain/pool.ts';

const OURS = 'T0CONTOSO';
const MEMBER: UserLook = { kind: 'found', team: OURS, deactivated: false, bot: false, guest: false };
const never = (): Promise<never> => new Promise(() => {});

/** Accounts of a workspace that answers like this, at a time that the test moves. */
function accounts(answers: readonly UserLook[]) {
  const clock = { now: 0 };
  const asked: string[] = [];
  const made = new Accounts({
    team: OURS,
    people: { personOf: ({ user }) => (user === 'U0DANA' ? personId('dana') : null), userOf: () => null },
    lookUp: async (user) => {
      asked.push(user);
      return answers[Math.min(asked.length, answers.length) - 1] ?? { kind: 'unknown', because: 'nothing' };
    },
    now: () => clock.now,
    wait: never,
  });
  return { clock, asked, dana: () => made.identify({ team: OURS, user: 'U0DANA' }), made };
}

test('what Slack says of a person holds for five minutes, and then it is asked again', async () => {
  const { clock, asked, dana } = accounts([MEMBER, { ...MEMBER, guest: true }]);
  assert.deepEqual(await dana(), { kind: 'verified', person: 'dana' });
  clock.now = 5 * 60_000 - 1;
  assert.deepEqual(await dana(), { kind: 'verified', person: 'dana' });
  assert.equal(asked.length, 1);
  clock.now = 5 * 60_000;
  assert.deepEqual(await dana(), { kind: 'outsider', because: 'a guest account has no rights' });
});

test('no answer is kept for nobody: the next press asks again', async () => {
  const { asked, dana } = accounts([{ kind: 'unknown', because: 'internal_error' }, MEMBER]);
  assert.deepEqual(await dana(), { kind: 'unverified', person: 'dana', because: 'internal_error' });
  assert.deepEqual(await dana(), { kind: 'verified', person: 'dana' });
  assert.equal(asked.length, 2);
});

test('a payload that says ours of a user who is not is not believed', async () => {
  const { dana } = accounts([{ ...MEMBER, team: 'T0FABRIKAM' }]);
  assert.deepEqual(await dana(), { kind: 'outsider', because: 'your account belongs to another workspace' });
});

test('a user of another workspace is not even looked up', async () => {
  const { asked, made } = accounts([MEMBER]);
  assert.equal((await made.identify({ team: 'T0FABRIKAM', user: 'U0DANA' })).kind, 'outsider');
  assert.deepEqual(asked, []);
});

test('a channel is trusted for posting on an answer of the last five minutes, and for a click on none but the present one', async () => {
  const clock = { now: 0 };
  const look = { archived: false, shared: false, member: true };
  const asked: boolean[] = [];
  const channels = new Channels({
    lookUp: async () => {
      asked.push(look.shared);
      return { kind: 'found', ...look };
    },
    now: () => clock.now,
    wait: never,
  });
  assert.equal(await channels.trusted('C1'), 'yes');
  look.shared = true;
  assert.equal(await channels.trusted('C1'), 'yes');
  assert.equal(await channels.trustedNow('C1'), 'no');
  assert.equal(await channels.trusted('C1'), 'no', 'what a click found out holds for posting too');
  look.shared = false;
  clock.now = 5 * 60_000;
  assert.equal(await channels.trusted('C1'), 'yes');
  assert.equal(asked.length, 3);
});

test('a direct message is nobody else’s to read, and a channel that cannot be looked up is not trusted', async () => {
  const channels = new Channels({
    lookUp: async () => ({ kind: 'unknown', because: 'internal_error' }),
    now: () => 0,
    wait: never,
  });
  assert.equal(await channels.trustedNow('D1'), 'yes');
  assert.equal(await channels.trustedNow('C1'), 'unknown');
});
