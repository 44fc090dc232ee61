import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { invokeIn, messageIn, withoutThread } from '../../../src/adapters/teams/intake.ts';

const BOT = '28:app';
const CALLED = '<at>Lifeguard</at>';
const MENTION = { type: 'mention', text: CALLED, mentioned: { id: BOT } };
const FROM = {
  id: '1772575200000',
  from: { id: '29:dana', aadObjectId: 'OBJECT-1' },
  conversation: { id: '19:ops@thread.tacv2;messageid=17', tenantId: 'TENANT-1', conversationType: 'channel' },
  recipient: { id: BOT },
};
const message = (changes: object) => messageIn({ ...FROM, text: `${CALLED} pools`, entities: [MENTION], ...changes });
const typed = (text: string, entities: readonly unknown[] = [MENTION]): unknown => Object(message({ text, entities })).text;

test('a line says who, where and what; ids of people and tenants are in small letters', () => {
  assert.deepEqual(message({}), {
    account: { tenant: 'tenant-1', objectId: 'object-1', user: '29:dana', conversation: FROM.conversation.id },
    conversation: FROM.conversation.id,
    personal: false,
    deliveryId: 'teams-message-19:ops@thread.tacv2-1772575200000',
    text: 'pools',
  });
});

test('a message is one delivery whichever thread it is said to be in, and another one in another conversation', () => {
  const at = (id: string): unknown => message({ conversation: { id } })?.deliveryId;
  assert.equal(at('19:ops@thread.tacv2'), at('19:ops@thread.tacv2;messageid=18'));
  assert.notEqual(at('19:ops@thread.tacv2'), at('19:lab@thread.tacv2'));
});

for (const [what, text, expected] of [
  ['the bot is called first', `${CALLED} pools`, 'pools'],
  ['the bot is called last', `pools ${CALLED}`, 'pools'],
  ['the bot is called alone', CALLED, ''],
  ['a hard space', `${CALLED}&nbsp;status\u00a0pool01`, 'status pool01'],
  ['typed markup', `${CALLED} deny &lt;b&gt; &amp; so`, 'deny <b> & so'],
  ['a typed entity is not one', `${CALLED} deny &amp;lt; &amp;amp;`, 'deny &lt; &amp;'],
  ['line breaks', `${CALLED}\r\nstatus\npool01\n`, 'status\npool01'],
  ['somebody else is called', `${CALLED} status <at>Omar Odeh</at>`, 'status @Omar Odeh'],
  ['somebody else is called, by id', `${CALLED} status <at id="1">Omar</at>`, 'status @Omar'],
  ['a name that is a command', `<at>abort</at> ${CALLED} pools`, '@abort   pools'],
  ['a tag that is not closed', `${CALLED} status <at>x`, 'status <at>x'],
] as const)
  test(`a line is read as it was typed: ${what}`, () => {
    assert.equal(typed(text), expected);
  });

test('the bot’s name is taken away as often as it was called, and no oftener', () => {
  assert.equal(typed(`${CALLED} status ${CALLED} pool01`, [MENTION, MENTION]), 'status   pool01');
  assert.equal(typed(`${CALLED} status pool01`, []), '@Lifeguard status pool01');
  const other = { ...MENTION, mentioned: { id: '29:who-took-its-name' } };
  assert.equal(typed(`${CALLED} status ${CALLED}`, [other, MENTION]), 'status @Lifeguard');
});

test('signs that mean something in replacements are what they are', () => {
  assert.equal(typed(`${CALLED} deny $& $1 $' $$`), "deny $& $1 $' $$");
  assert.equal(typed('<at>$&</at> pools', [{ ...MENTION, text: '<at>$&</at>' }]), 'pools');
});

test('a message with a value and no text is a press, whatever the value is; with text it is a line', () => {
  const data = { verb: 'press', card: 'run-1', button: 'pause' };
  const pressed = { kind: 'press', card: 'run-1', button: 'pause', words: null };
  const press = message({ text: undefined, value: data, replyToId: '17' });
  assert.deepEqual(Object(press).pressed, pressed);
  assert.deepEqual([Object(press).channel, Object(press).message], ['19:ops@thread.tacv2', '17']);
  for (const value of [[], 'x', 7, false, {}]) assert.equal(Object(message({ text: ' ', value })).pressed, null);
  for (const value of [null, undefined]) assert.equal(Object(message({ text: '', value })).text, '');
  assert.equal(Object(message({ text: 'pools', value: data })).text, 'pools');
});

test('in a conversation with one person every card is theirs alone', () => {
  const conversation = { id: 'a:dana', tenantId: 'tenant-1', conversationType: 'personal' };
  const value = { verb: 'press', card: 'run-1', button: 'pause' };
  const press = message({ text: undefined, value, conversation, replyToId: '17' });
  assert.deepEqual([Object(press).channel, Object(press).personal], [null, true]);
});

const INVOKE = {
  ...FROM,
  id: 'f:1',
  replyToId: '17',
  value: { action: { type: 'Action.Execute', verb: 'press', data: { card: 'run-1', button: 'pause' } } },
};
const invoked = (action: object) => Object(invokeIn({ ...INVOKE, value: { action: { ...INVOKE.value.action, ...action } } }));

test('a press by Action.Execute says which button of which card, in which message', () => {
  const press = Object(invokeIn(INVOKE));
  assert.deepEqual(press.pressed, { kind: 'press', card: 'run-1', button: 'pause', words: null });
  assert.deepEqual([press.channel, press.message, press.deliveryId], ['19:ops@thread.tacv2', '17', 'teams-invoke-f:1']);
  assert.equal(Object(invokeIn({ ...INVOKE, replyToId: null })).message, null);
});

test('a press by a verb that is none of ours is on no button of ours, whatever its data are', () => {
  for (const verb of ['approve', 'Press', '', 7, null, undefined, ['press']]) assert.equal(invoked({ verb }).pressed, null);
  assert.equal(invoked({ data: undefined }).pressed, null);
});

test('an invoke that is no press is nothing', () => {
  for (const value of [null, undefined, [], {}, { action: null }, 'press']) assert.equal(invokeIn({ ...INVOKE, value }), null);
});

test('whoever does not say who they are is nobody', () => {
  for (const from of [undefined, null, {}, { id: '29:x' }, { aadObjectId: 'x' }, { id: '', aadObjectId: '' }]) {
    assert.equal(message({ from }), null);
    assert.equal(invokeIn({ ...INVOKE, from }), null);
  }
});

test('the tenant is that of the conversation, or else that of the channel, or none', () => {
  const tenant = (changes: object): unknown => message(changes)?.account.tenant;
  const conversation = { id: 'a:1' };
  assert.equal(tenant({ channelData: { tenant: { id: 'OTHER' } } }), 'tenant-1');
  assert.equal(tenant({ conversation, channelData: { tenant: { id: 'OTHER' } } }), 'other');
  for (const channelData of [undefined, null, {}, { tenant: null }, { tenant: { id: null } }])
    assert.equal(tenant({ conversation, channelData }), '');
});

test('a conversation is the same without its thread', () => {
  assert.equal(withoutThread('19:ops@thread.tacv2;messageid=17'), '19:ops@thread.tacv2');
  assert.equal(withoutThread('19:ops@thread.tacv2'), '19:ops@thread.tacv2');
  assert.equal(withoutThread(withoutThread('x;messageid=1;messageid=2')), 'x');
});

test('whatever comes, it is read or it is not, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.anything(), fc.object(), fc.string(), (anything, object, text) => {
      for (const body of [
        anything,
        object,
        { ...FROM, ...object },
        { ...FROM, text, entities: [anything, object] },
        { ...FROM, value: anything },
        { ...INVOKE, value: { action: { verb: 'press', data: anything } } },
        { ...INVOKE, value: { action: object } },
      ])
        for (const read of [messageIn(body), invokeIn(body)]) assert.ok(read !== undefined);
    }),
    { numRuns: 300 },
  );
});
