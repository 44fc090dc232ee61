import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitsForPatched } from '../../src/domain/evolve-step.ts';
import type { Procedure } from '../../src/domain/inventory.ts';
import { phaseOf } from '../../src/domain/phase.ts';
import { planUpgrade } from '../../src/domain/plan.ts';
import type { Topology } from '../../src/domain/pool.ts';
import { aPool, aTopology, dana, healthy, must, request, type Story, server, settings, UP, without } from '../support.ts';
import { follow, moveOf, next } from './next-in-words.ts';
import {
  ACCEPTS,
  approved,
  back,
  booting,
  down,
  FAILOVER,
  failedOver,
  fe1,
  fe2,
  OFF,
  planned,
  requested,
  STOPPED,
  seenWithout,
  settled,
  six,
  unit,
} from './restart-walk.ts';

const fe7 = server(7);
/** The six with a seventh, in an upgrade domain of its own. */
const seven = aTopology('fe1,fe2|fe3,fe4|fe5,fe6|fe7');
const lookAt7 = (story: Story) => {
  const { readiness, computers, services, fabric } = healthy(seven);
  return story.look({ readiness, computers, services, fabric });
};

function plan(topology: Topology, procedure: Procedure, names: readonly string[] | null = null): string {
  const scope = names === null ? ({ kind: 'left' } as const) : ({ kind: 'domains', names } as const);
  const version = procedure === 'server-failover' ? '2019' : '2013';
  const asked = settings({ version, procedure });
  const found = planUpgrade(request({ purpose: 'restart', scope }), asked, [], healthy(topology, { product: version }));
  if (found.kind === 'planned') return found.upgradeDomains.map(({ name, servers }) => `${name}:${servers.length}`).join(' ');
  return found.kind === 'refused' ? found.because.join() : found.because;
}
test('every server is taken by itself, in topology order, by either procedure', () => {
  const scattered = { ...aTopology('fe1,fe4|fe2,fe3'), servers: aPool(4).servers };
  for (const procedure of ['upgrade-domains', 'server-failover'] as const)
    assert.equal(plan(scattered, procedure), 'fe1:1 fe2:1 fe3:1 fe4:1');
});
test('only named servers are taken, and upgrade domains are no names for them', () => {
  assert.equal(plan(six, 'upgrade-domains', ['fe2', 'FE5']), 'fe2:1 fe5:1');
  assert.equal(plan(six, 'upgrade-domains', ['1']), 'no server 1: there are fe1, fe2, fe3, fe4, fe5, fe6');
});
test('domains of which a pool could lose only one server may be restarted, for no more goes down', () => {
  assert.equal(plan(aTopology('fe1,fe2|fe3'), 'upgrade-domains'), 'fe1:1 fe2:1 fe3:1');
});
test('the flag of the upgrade domain that a server is in still has to be True', () => {
  const story = planned();
  const { readiness: read } = healthy(six);
  const upgradeDomains = must(read).upgradeDomains.map((each) => ({ ...each, readyForUpgrade: each.name !== '1' }));
  assert.equal(next(story.look({ readiness: { state: 'Ready', upgradeDomains } })), 'wait');
  assert.equal(next(planned().look()), 'ask for fe1');
});

test('after the stop comes the restart, with no patch in between', () => {
  for (const patchMode of ['by-hand', 'by-command'] as const) {
    const story = down(fe1, { settings: { patchMode } });
    assert.equal(phaseOf(story.run), 'restarting');
    assert.equal(waitsForPatched(story.run, fe1), false);
    assert.equal(next(story.lookAt(fe1, { answer: STOPPED })), 'restart fe1');
  }
});
test('a patch that is told all the same cannot follow', () => {
  assert.throws(() => down().start({ action: 'patch', server: fe1, levelBefore: null }).run, /cannot follow/);
  assert.throws(() => down().patched(fe1).run, /it is not waited for/);
});
test('by server-failover: failed over, restarted, failed back', () => {
  const off = failedOver().lookAt(fe1, { answer: OFF });
  assert.equal(next(off), 'restart fe1');
  const restarted = failedOver().restart(fe1).lookAt(fe1, { answer: OFF });
  assert.equal(next(restarted), 'fail-back fe1');
  const home = failedOver().restart(fe1).lookAt(fe1, { answer: OFF }).does({ action: 'fail-back', server: fe1 }).back(fe1);
  assert.deepEqual(home.run.upgraded, [fe1]);
});
test('a server that is back settles for twenty minutes before the next is asked for', () => {
  const story = booting().lookAt(fe1, ACCEPTS);
  assert.equal(next(story), 'server-back');
  assert.equal(must(follow(story).run.settling).upgradeDomain, 'fe1');
  assert.equal(next(settled().look()), 'ask for fe2');
});
test('the next server of the same upgrade domain is asked for by itself', () => {
  const move = moveOf(settled().look());
  assert.deepEqual(move.kind === 'request-approval' && move.gate.upgradeDomain, unit(fe2));
});
test('a version that was raised meanwhile says nothing in a rolling restart', () => {
  const story = approved()
    .look()
    .lookAt(fe1, { patchLevel: '1' })
    .stop(fe1)
    .lookAt(fe1, { answer: STOPPED, patchLevel: '2' })
    .restart(fe1)
    .back(fe1)
    .say({ kind: 'settled', upgradeDomain: 'fe1' });
  assert.equal(story.run.patchedTo, null);
});

test('a restart by hand may be adopted, and then counts', () => {
  const story = down().lookAt(fe1, { answer: { ...UP, bootTime: UP.bootTime + 3_600_000 } });
  assert.equal(next(story), 'held: changed-by-hand');
  const adopted = follow(story).say({ kind: 'adopted', server: fe1, by: dana }).lookAt(fe1, ACCEPTS);
  assert.deepEqual(follow(adopted).run.upgraded, [fe1]);
});
test('a server that was failed over and restarted by hand is failed back, and not restarted again', () => {
  const story = failedOver().lookAt(fe1, { answer: { ...OFF, bootTime: OFF.bootTime + 3_600_000 } });
  follow(story).say({ kind: 'adopted', server: fe1, by: dana }).lookAt(fe1, { answer: OFF });
  assert.equal(next(story), 'fail-back fe1');
  assert.deepEqual(story.does({ action: 'fail-back', server: fe1 }).back(fe1).run.upgraded, [fe1]);
});
test('services that somebody only started may be adopted too, and the server comes once more', () => {
  const story = follow(down().lookAt(fe1)).say({ kind: 'adopted', server: fe1, by: dana }).lookAt(fe1, ACCEPTS);
  assert.deepEqual(follow(story).run.upgraded, []);
});
test('a server that an abort brings back without its restart is not restarted', () => {
  const story = down().say({ kind: 'aborted', by: dana, how: 'bring-back' }).lookAt(fe1, { answer: STOPPED });
  assert.equal(next(story), 'start fe1');
  assert.deepEqual(story.does({ action: 'start', server: fe1 }).back(fe1).run.upgraded, []);
});

test('a pool that is down as a whole is not restarted one server after the other', () => {
  const story = requested();
  const move = moveOf(seenWithout(story, ...six.servers));
  assert.equal(
    move.kind === 'record' && move.event.kind === 'ended' && move.event.ending.how === 'refused' && move.event.ending.because[0],
    'no server of the pool runs, so there is nothing to restart one after the other: `reset` is for a pool that was down as a whole while its topology was published',
  );
  assert.notEqual(next(seenWithout(requested(), ...six.servers.slice(1))), 'ended');
  assert.notEqual(next(seenWithout(requested({}), ...six.servers.slice(1)).look({ services: null })), 'ended');
});

test('before it ends the pool is looked at once more, for a topology that was published while the last one settled', () => {
  const scope = { kind: 'domains', names: ['fe1'] } as const;
  const last = () => {
    const story = requested({ scope })
      .plan([unit(fe1)])
      .ask({ upgradeDomain: unit(fe1) })
      .approve();
    return story.look().lookAt(fe1).stop(fe1).restart(fe1).back(fe1).say({ kind: 'settled', upgradeDomain: 'fe1' });
  };
  assert.equal(next(last()), 'look at the pool: whole');
  assert.equal(next(last().look()), 'ended');
  assert.equal(next(lookAt7(last())), 'held: topology-changed');
});
test('which servers the pool has is not guessed at the end: it is asked again, until a person is', () => {
  const scope = { kind: 'domains', names: ['fe1'] } as const;
  const ending = () => settled(fe1, { scope });
  const unread = { computers: null };
  const only = ending().say({ kind: 'planned', topology: six, upgradeDomains: [unit(fe1)] });
  assert.equal(next(only.look(unread)), 'wait');
  assert.equal(next(only.wait(1)), 'look at the pool: whole');
  assert.equal(next(only.look()), 'ended');
  assert.equal(next(only.wait(240).look(unread)), 'held: checks-failed');
});
test('a topology published in the middle has every server restarted, those from before too', () => {
  const story = lookAt7(settled());
  assert.equal(next(story), 'held: topology-changed');
  follow(story).say({ kind: 'retried', by: dana, immediate: false });
  const move = moveOf(lookAt7(story));
  assert.deepEqual(move.kind === 'record' && move.event.kind === 'planned' && move.event.upgradeDomains.map(({ name }) => name), [
    'fe1',
    'fe2',
    'fe3',
    'fe4',
    'fe5',
    'fe6',
    'fe7',
  ]);
  assert.deepEqual(follow(story).run.upgraded, []);
  assert.equal(next(lookAt7(story)), 'ask for fe1');
});
test('a plan made anew of the same servers keeps what is restarted', () => {
  const story = settled()
    .hold({ kind: 'topology-changed', because: 'unread' })
    .say({ kind: 'retried', by: dana, immediate: false });
  assert.equal(next(follow(story.look()).look()), 'ask for fe2');
});
test('a server on its way up as the topology changes comes once more in its turn', () => {
  const story = booting().hold({ kind: 'stuck', servers: [fe1], because: '', service: '' });
  story.hold({ kind: 'topology-changed', because: '' }).say({ kind: 'retried', by: dana, immediate: false });
  story.look({ ...healthySeven(), services: without(seven, fe1) });
  assert.equal(next(story), 'planned');
  follow(story).lookAt(fe1, ACCEPTS);
  assert.deepEqual(follow(story).run.upgraded, []);
});
test('a restart in flight as the topology changes may have come before it: the server is let come back, and comes once more', () => {
  const story = down().lookAt(fe1, { answer: STOPPED });
  story.start({ action: 'restart', server: fe1, bootTimeSeen: STOPPED.bootTime });
  story.hold({ kind: 'topology-changed', because: '' }).say({ kind: 'retried', by: dana, immediate: false });
  story.look({ ...healthySeven(), services: without(seven, fe1) });
  assert.equal(next(story), 'planned');
  assert.equal(follow(story).run.work?.started, null);
  assert.deepEqual(follow(story.lookAt(fe1, ACCEPTS)).run.upgraded, []);
});
const healthySeven = () => {
  const { readiness, computers, fabric } = healthy(seven);
  return { readiness, computers, fabric };
};

test('a new server is taken in its turn, though it runs', () => {
  assert.equal(plan(seven, 'upgrade-domains').split(' ').at(-1), `fe7:1`);
  assert.ok(seven.servers.includes(fe7));
});
test('by the procedure of the pool a server is stopped or failed over', () => {
  assert.equal(next(approved().look().lookAt(fe1)), 'stop fe1');
  assert.equal(next(approved(fe1, { settings: FAILOVER }).look({ product: '2019' }).lookAt(fe1)), 'fail-over fe1');
  assert.equal(back().run.work, null);
});
