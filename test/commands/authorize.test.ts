import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { authorize, isListed, needsOf } from '../../src/commands/authorize.ts';
import { COMMANDS } from '../../src/commands/grammar.ts';
import { RIGHTS, type Right } from '../../src/domain/inventory.ts';
import { minutes } from '../../src/domain/time.ts';
import { aManagedPool, kim, mallory, omar, POOL02 } from '../support.ts';
import { FakeDesk } from './fake-desk.ts';
import { MEANT } from './situations.ts';

const QUESTIONS = [
  'help',
  'pools',
  'whoami',
  'status',
  'readiness',
  'fabric',
  'quorum',
  'plan',
  'rehearse',
  'why',
  'history',
  'checks',
  'preflight',
];
const REFUSAL =
  /that needs the right to ((view|operate|approve) on pool01, and you do not have it|operate or approve on some pool, and you have neither)/;

/** Dana asked; Kim has what is given; Mallory is in the channel. */
function desk(verb: keyof typeof MEANT, kims: readonly Right[]): FakeDesk {
  const [, story] = MEANT[verb];
  const watch = { every: minutes(10), quietHours: null };
  const pool = aManagedPool({
    watch,
    // Omar is there because a recovery takes two people besides who asks.
    rights: { dana: ['view', 'operate', 'approve'], omar: ['approve'], ...(kims.length === 0 ? {} : { kim: kims }) },
  });
  const made = new FakeDesk(pool);
  if (verb === 'thaw') made.frozen = { by: omar, at: 0, because: 'storage drill' };
  if (verb === 'unmute') made.mutes.set(pool.fqdn, { by: omar, at: 0, until: minutes(120), because: null });
  return story === null ? made : made.tell(story());
}

for (const { verb, needs } of COMMANDS) {
  const [line] = MEANT[verb];
  test(`nobody that no list names may ${verb}`, async () => {
    const said = await desk(verb, []).say(line, mallory);
    assert.deepEqual(
      [said.title, said.reply.lines],
      ['You are mallory to Lifeguard, and no pool lists you: you may do nothing here.', []],
    );
    assert.deepEqual([said.wrote, said.wake], [[], []]);
  });
  for (const right of RIGHTS) {
    const may = needs === null || needs === right || (needs === 'operate or approve' && right !== 'view');
    test(`with the right to ${right} alone one ${may ? 'may' : 'may not'} ${verb}`, async () => {
      const said = await desk(verb, [right]).say(line, kim);
      assert.equal(said.wrote.length + said.turned.length, may && !QUESTIONS.includes(verb) ? 1 : 0, said.all);
      if (may) assert.doesNotMatch(said.all, REFUSAL);
      else assert.match(said.title, REFUSAL);
      if (!may) assert.match(said.all, /Nothing was changed/);
      if (!may) assert.deepEqual(said.wake, []);
    });
  }
  if (needs === 'operate or approve') {
    test(`with a right on any pool one may ${verb} them all`, async () => {
      const other = aManagedPool({ fqdn: POOL02, backupPool: null, rights: { kim: ['approve'] } });
      const both = new FakeDesk(aManagedPool({ rights: { dana: RIGHTS } }), other);
      if (verb === 'thaw') both.frozen = { by: omar, at: 0, because: 'storage drill' };
      assert.equal((await both.say(line, kim)).turned.length, 1);
    });
    continue;
  }
  test(`with every right on another pool one may not ${verb} here`, async () => {
    const [, story] = MEANT[verb];
    const other = aManagedPool({ fqdn: POOL02, backupPool: null, rights: { kim: RIGHTS } });
    const both = new FakeDesk(aManagedPool({ rights: { dana: RIGHTS } }), other);
    const said = await (story === null ? both : both.tell(story())).say(line, kim);
    assert.deepEqual(said.wrote, []);
    if (needs !== null) assert.match(said.title, REFUSAL);
  });
}
test('a question never writes anything, whoever asks', async () => {
  for (const verb of [
    'status',
    'readiness',
    'fabric',
    'quorum',
    'plan',
    'rehearse',
    'why',
    'history',
    'checks',
    'pools',
    'whoami',
    'help',
  ] as const)
    assert.deepEqual((await desk(verb, RIGHTS).say(MEANT[verb][0], kim)).wrote, [], verb);
});

test('a refusal says who may, or that nobody does', () => {
  const pool = aManagedPool({ rights: { dana: ['operate'], omar: ['operate', 'approve'], kim: ['view'] } });
  assert.deepEqual(authorize(kim, 'operate', pool), {
    kind: 'refused',
    because: 'that needs the right to operate on pool01, and you do not have it; dana, omar may',
  });
  assert.deepEqual(authorize(kim, 'approve', aManagedPool({ rights: { kim: ['view'] } })), {
    kind: 'refused',
    because: 'that needs the right to approve on pool01, and you do not have it; nobody has it',
  });
  assert.deepEqual(authorize(omar, 'approve', pool), { kind: 'allowed' });
});
test('an empty list means nobody', () => {
  const nobody = aManagedPool({ rights: { kim: [] } });
  for (const right of RIGHTS) assert.equal(authorize(kim, right, nobody).kind, 'refused');
  assert.equal(isListed(kim, [nobody]), false);
  assert.equal(isListed(kim, []), false);
});
test('every command says what it needs, and none needs less than the list of them says', () => {
  for (const { verb, needs, read } of COMMANDS) {
    const [, ...words] = MEANT[verb][0].split(' ');
    const command = read(words);
    if (typeof command === 'string') throw new Error(command);
    assert.equal(needsOf(command), needs, verb);
  }
});
test('whatever somebody types whom no list names, nothing is written and there is an answer', async () => {
  const words = fc.constantFrom(
    ...Object.values(MEANT).flatMap(([line]) => line.split(' ')),
    'all',
    'now',
    'immediate',
    '7KQ4',
    'pool01',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(words, { maxLength: 5 }), fc.constantFrom(...Object.values(MEANT)), async (typed, [, story]) => {
      const made = new FakeDesk();
      const said = await (story === null ? made : made.tell(story())).say(typed.join(' '), mallory);
      assert.deepEqual([said.wrote, said.wake], [[], []]);
      assert.notEqual(said.title, '');
    }),
  );
});
