import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes } from '../../src/domain/time.ts';
import { cardText } from '../../src/messages/card.ts';
import { homePage } from '../../src/messages/home.ts';
import { cardsOfOperation, operationRequestKey } from '../../src/messages/operation-cards.ts';
import { operationStatus } from '../../src/messages/operation-words.ts';
import { plain } from '../../src/messages/spans.ts';
import { allDown, OperationStory, wellSeen } from '../operation-story.ts';
import { aManagedPool, dana, kim, must, omar, server, UTC } from '../support.ts';

const pool = aManagedPool({ simulated: true });
const cards = (story: OperationStory) => cardsOfOperation(3, story.state, pool, null);
const live = (story: OperationStory): string => cardText(must(cards(story)[0]));
const request = (story: OperationStory) => must(cards(story).find(({ key }) => key === operationRequestKey(3, 1)));
const lost = wellSeen({ fabric: { groups: [{ id: 'a', primary: null, secondaries: [] }], serversNotUp: [] } });
const started = (kind: 'failover' | 'start') => {
  const story = new OperationStory({ kind });
  const seen = kind === 'start' ? allDown() : wellSeen();
  const step = { action: 'cmdlet', server: server(1), token: 'op-1-1-x' } as const;
  return story.look(seen).ask().approve().look(seen).say({ kind: 'step-started', step });
};

test('what stands against it comes first, with what clears it, and what a person may tick has a button', () => {
  const card = must(cards(new OperationStory().look(wellSeen({ underWay: 'pool02 is being worked on' })))[0]);
  assert.match(plain(must(card.lines[1])), /^> blocks nothing-under-way: pool02 is being worked on; clears: it ends$/);
  assert.deepEqual(
    card.buttons.map(({ command }) => command),
    ['tick edge-next-hop pool01', 'abort pool01'],
  );
  assert.equal(card.tone, 'ask');
});

test('whoever says yes is told the whole call, what it costs, and what was seen', () => {
  const text = cardText(request(new OperationStory({ kind: 'recover' }).look(lost).ask(2)));
  for (const said of [
    'Reset-CsPoolRegistrarState -ResetType QuorumLossRecovery -PoolFqdn pool01.contoso.com, run on fe1',
    'RESTARTS services on the WHOLE pool',
    'MAY LOSE what users had not yet written',
    'groups-lost: 1 of 1 routing groups have no primary',
    "pool-quorum: 4 of 4 run; 2 keep the pool's quorum, 3 must run to start it",
    '2 different people by omar, kim; not by dana, who asked',
  ])
    assert.ok(text.includes(said), `${said}\n${text}`);
});

test('what cannot be undone has no button to say yes by; a failover has one', () => {
  const buttons = (story: OperationStory) => request(story).buttons.map(({ id }) => id);
  assert.deepEqual(buttons(new OperationStory({ kind: 'recover' }).look(lost).ask(2)), ['deny']);
  assert.deepEqual(buttons(new OperationStory({ kind: 'reset' }).look(allDown()).ask(2)), ['deny']);
  assert.deepEqual(buttons(new OperationStory().look().ask()), ['approve', 'deny']);
  assert.deepEqual(buttons(new OperationStory().look().ask().approve()), []);
});

test('who has approved already is not waited for', () => {
  const story = new OperationStory({ kind: 'recover' }).look(lost).ask(2).approve(omar);
  assert.match(live(story), /waits for 1 approval by kim until/);
});

test('how far it has come is said: by the backup service, or by the servers that run', () => {
  assert.match(live(started('failover').look()), /backup service: UserServices\.PresenceFocus: SteadyState, NormalState/);
  assert.match(live(started('start').look(allDown())), /0 of 4 servers run, 4 not running/);
  const answers = wellSeen().answers.map((each, index) => (index === 0 ? { ...each, answer: null } : each));
  assert.match(live(started('start').look(wellSeen({ answers }))), /3 of 4 servers run, 1 silent/);
});

test('a server that hangs in Starting is explained by its own events', () => {
  const stuck = [2, 3].map((each) => ({ server: server(each), events: [{ id: 32169, at: 0, text: '' }] }));
  assert.match(live(started('start').look(allDown({ stuck }))), /since 00:\d\d; fe2, fe3: event 32169 waits for quorum to start/);
});

test('a hold stands on a card of its own, whose buttons go with it', () => {
  const held = started('failover')
    .look()
    .say({ kind: 'held', reason: { kind: 'failed', because: 'no backup pool' } });
  const card = must(cards(held).at(-1));
  assert.match(card.title, /^Failover of pool01 to pool02: held: the cmdlet failed: no backup pool \(simulated\)$/);
  assert.match(cardText(card), /The pool may be in between/);
  assert.deepEqual(
    card.buttons.map(({ command }) => command),
    ['retry pool01', 'abort pool01'],
  );
  const after = held.say({ kind: 'retried', by: dana });
  assert.deepEqual(must(cards(after).find(({ key }) => key === card.key)).buttons, []);
});

test('once it is over nothing can be pressed', () => {
  const ended = started('failover')
    .look()
    .say({ kind: 'ended', ending: { how: 'done', seen: ['FinalState'] } });
  assert.ok(cards(ended).every(({ buttons }) => buttons.length === 0));
  assert.match(
    cardText(must(cards(ended).at(-1))),
    /done; pool02 serves its users[\s\S]*`failback pool01` brings its users home/,
  );
});

test('everything about it stands under its live card, each under a key of its own', () => {
  const all = cards(
    started('failover')
      .look()
      .say({ kind: 'held', reason: { kind: 'expired' } }),
  );
  assert.equal(new Set(all.map(({ key }) => key)).size, all.length);
  assert.deepEqual([...new Set(all.map(({ under }) => under))], [null, 'op-3']);
});

test('a request waits on the page of whoever may decide it and has not, and its run on that of who asked', () => {
  const story = new OperationStory({ kind: 'recover' }).look(lost).ask(2).approve(omar);
  const operation = { operation: 3, state: story.state };
  const pageOf = (person: typeof dana) => homePage(person, [{ pool, seen: null, run: null, operation }], story.now, null);
  const keys = (person: typeof dana) => [pageOf(person).waiting, pageOf(person).runs].map((list) => list.map(({ key }) => key));
  assert.deepEqual(keys(kim), [['op-3-request-1'], []]);
  assert.deepEqual(keys(omar), [[], []]);
  assert.deepEqual(keys(dana), [[], ['op-3']]);
});

test('the status says where the users are, and what is under way', () => {
  const { state } = new OperationStory().look();
  assert.deepEqual(operationStatus(state, minutes(5), pool, UTC).map(plain), [
    'failed over to pool02 since 00:05',
    'failover: checking: `why`',
  ]);
  assert.deepEqual(operationStatus(null, null, pool, UTC), []);
});
