import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aManagedPool, dana, kim, omar, type Story, server } from '../support.ts';
import { FakeDesk } from './fake-desk.ts';
import {
  aborting,
  approved,
  asked,
  booting,
  bothDown,
  denied,
  fe1Down,
  finished,
  held,
  hookFailed,
  paused,
  planned,
  viewerOpen,
} from './situations.ts';

const told = (story: Story | null) => (story === null ? new FakeDesk() : new FakeDesk().tell(story));
const code = asked().gate.code;
const expired = () => asked().wait(240);

for (const [what, story, by, line, reply] of [
  ['a yes by the requester', asked(), dana, 'approve', /you asked for this upgrade, so somebody else has to decide/],
  [
    'a yes by the requester with the code',
    asked(),
    dana,
    `approve ${code}`,
    /not approved: you asked for this upgrade, so somebody else has to approve: omar, kim/,
  ],
  ['a yes while nothing is asked', planned(), omar, 'approve', /^No request for approval is open\./],
  ['a yes before anything was ever asked', null, omar, 'approve', /^No request for approval is open\./],
  ['a yes with an unknown code', asked(), omar, 'approve ZZZZ', /^No request has the code "ZZZZ"\./],
  ['a yes with the code of a denied request', denied(), omar, `approve ${code}`, /is no longer open: kim denied it: not tonight/],
  ['a yes with the code of an approved request', approved(), kim, `approve ${code}`, /is no longer open: it has been approved/],
  ['a yes after four hours', expired(), omar, 'approve', /request .... has expired/],
  ['a yes with its code after four hours', expired(), omar, `approve ${code}`, /request .... has expired/],
  [
    'a second yes by the same person',
    asked({ settings: { approvalsNeeded: 2 } }).approve(omar),
    omar,
    'approve',
    /omar has approved already, at 00:00: one person is one vote, whatever account they use/,
  ],
  ['a no without its reason', asked(), omar, `deny ${code}`, /A no needs its reason/],
  ['a no while nothing is asked', planned(), omar, 'deny not tonight', /^No request for approval is open\./],
  ['a no with an old code', denied(), omar, `deny ${code} never`, /is no longer open/],
  ['a bare yes after a no', denied(), omar, 'approve', /^No request for approval is open\./],
  [
    'patched before the server is down',
    approved(),
    dana,
    'patched fe1',
    /fe1 does not wait for `patched`: it is up, and the run is stopping/,
  ],
  [
    'patched before the whole domain is down',
    fe1Down(),
    dana,
    'patched fe1',
    /fe1 does not wait for `patched`: it is down, and the run is stopping/,
  ],
  [
    'patched for a server of another domain',
    bothDown(),
    dana,
    'patched fe3',
    /fe3 does not wait for `patched`: it is not in the domain under way/,
  ],
  ['patched a second time', bothDown().patched(server(1)), dana, 'patched fe1', /fe1 does not wait for `patched`: it is patched/],
  ['adopt where nothing is held', bothDown(), dana, 'adopt fe1', /^Nothing was seen on fe1 that could be adopted/],
  ['adopt of what the hold is not about', held(), dana, 'adopt fe1', /^Nothing was seen on fe1 that could be adopted/],
  ['adopt of another server', hookFailed(), dana, 'adopt fe2', /^Nothing was seen on fe2 that could be adopted/],
  ['adopt after the end', finished(), dana, 'adopt fe1', /^Nothing was seen on fe1 that could be adopted/],
  ['patched after the restart', booting(), dana, 'patched fe1', /fe1 does not wait for `patched`/],
  ['patched while nothing is under way', finished(), dana, 'patched fe1', /pool01 is not being upgraded/],
  ['patched for a server nobody has', bothDown(), dana, 'patched fe9', /There is no server "fe9". Nearest: fe1, fe2, fe3/],
  ['patched before any server is known', null, dana, 'patched fe1', /There is no server "fe1". No server is known yet/],
  [
    'a tick where nothing waits for it',
    planned(),
    dana,
    'tick viewers-closed fe1',
    /There is nothing to tick: viewers-closed on fe1/,
  ],
  ['a tick for another server', viewerOpen(), dana, 'tick viewers-closed fe2', /There is nothing to tick: viewers-closed on fe2/],
  ['a tick of a check that nobody may tick', viewerOpen(), dana, 'tick pool-ready', /There is nothing to tick: pool-ready/],
  [
    'a tick without the server it is about',
    viewerOpen(),
    dana,
    'tick viewers-closed',
    /Which server\? `tick viewers-closed fe1`/,
  ],
  ['a tick while nothing is under way', finished(), dana, 'tick viewers-closed fe1', /pool01 is not being upgraded/],
  ['a second pause', paused(), omar, 'pause', /it is paused already, by dana/],
  ['a pause of an abort', aborting(), omar, 'pause', /it is being aborted and cannot be paused/],
  ['resume of what is not paused', fe1Down(), dana, 'resume', /it is not paused/],
  ['retry of what is not held', fe1Down(), dana, 'retry', /nothing is held/],
  ['retry immediate of another hold', held(), dana, 'retry immediate', /only a drain that does not end/],
  ['a second abort', aborting(), dana, 'abort', /it is being aborted already/],
  ['pause while nothing is under way', null, dana, 'pause', /pool01 is not being upgraded/],
  ['resume while nothing is under way', null, dana, 'resume pool01', /pool01 is not being upgraded/],
  ['retry after the end', finished(), dana, 'retry pool01', /pool01 is not being upgraded/],
  ['abort after the end', finished(), dana, 'abort pool01 now', /pool01 is not being upgraded/],
  [
    'an upgrade of a pool under way',
    fe1Down(),
    omar,
    'upgrade pool01',
    /pool01 is being upgraded already: stopping, asked for by dana/,
  ],
  ['an upgrade of a pool that is held', held(), omar, 'upgrade pool01 all', /pool01 is being upgraded already: held/],
  ['an upgrade of a pool nobody has', null, dana, 'upgrade pool99', /There is no pool "pool99". Nearest: pool01/],
  ['an upgrade of a server', bothDown(), dana, 'upgrade fe1', /There is no pool "fe1"/],
  ['an unknown word', null, dana, 'reboot pool01', /I don't know "reboot". Nearest: .*Nothing was changed/],
  ['help about a command there is not', null, dana, 'help reboot', /There is no command "reboot". Nearest: /],
] satisfies [string, Story | null, typeof dana, string, RegExp][]) {
  test(`${what} changes nothing, and says why: ${line}`, async () => {
    const said = await told(story).say(line, by);
    assert.match(said.all, reply);
    assert.deepEqual([said.wrote, said.wake], [[], []]);
  });
}
for (const [what, pool, reply] of [
  [
    'a 2019 pool by upgrade domains',
    aManagedPool({ version: '2019' }),
    /^pool01: upgrade refused: Skype for Business Server 2019 is upgraded by server-failover/,
  ],
  [
    'a 2013 pool by server-failover',
    aManagedPool({ procedure: 'server-failover' }),
    /^pool01: upgrade refused: Lync Server 2013 has no Invoke-CsComputerFailOver/,
  ],
] as const) {
  test(`${what} is not upgraded, and every question about it is answered`, async () => {
    const desk = new FakeDesk(pool);
    const said = await desk.say('upgrade pool01', dana);
    assert.match(said.title, reply);
    assert.deepEqual(said.wrote, []);
    for (const question of ['status', 'readiness', 'fabric', 'quorum', 'plan', 'why', 'history', 'checks', 'preflight'])
      assert.doesNotMatch((await desk.say(`${question} pool01`, dana)).title, /refused|Not allowed/, question);
  });
}
