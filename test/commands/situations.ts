import type { Command } from '../../src/commands/grammar.ts';
import { type Asked, dana, kim, Story, server, UP } from '../support.ts';

const [fe1, fe2] = [server(1), server(2)];

/** Dana asked for an upgrade of six servers, two to a domain; where it has come to. */
export const planned = (asked: Asked = {}) => new Story(asked).plan();
export const asked = (about: Asked = {}) => planned(about).ask();
export const approved = (about: Asked = {}) => asked(about).approve();
export const draining = (about: Asked = {}) =>
  approved(about)
    .look()
    .start({ action: 'stop', server: fe1, stopMode: 'graceful' })
    .lookAt(fe1, { answer: { ...UP, services: 'StopPending' } });
export const fe1Down = (about: Asked = {}) => approved(about).stop(fe1);
export const bothDown = (about: Asked = {}) => fe1Down(about).stop(fe2);
export const booting = (about: Asked = {}) => bothDown(about).patched(fe1).patched(fe2).restart(fe1).restart(fe2);
export const settling = (about: Asked = {}) => booting(about).back(fe1).back(fe2);
export const paused = (about: Asked = {}) => fe1Down(about).say({ kind: 'paused', by: dana });
export const held = (about: Asked = {}) => fe1Down(about).hold({ kind: 'our-servers-are-down' });
export const viewerOpen = (about: Asked = {}) =>
  planned(about).look({
    viewers: [
      { server: fe1, open: ['mmc'] },
      { server: fe2, open: [] },
    ],
  });
export const finished = (about: Asked = {}) =>
  settling(about)
    .say({ kind: 'settled', upgradeDomain: '1' })
    .say({ kind: 'ended', ending: { how: 'finished' } });

export const denied = () => {
  const story = asked();
  return story.say({ kind: 'denied', code: story.gate.code, by: kim, because: 'not tonight' });
};
export const aborting = () => fe1Down().say({ kind: 'aborted', by: dana, how: 'bring-back' });

export const hookFailed = () =>
  fe1Down().say({ kind: 'held', reason: { kind: 'hook-failed', server: fe1, hook: 'before', because: 'ended with 1' } });

/** A situation in which the command does something, and the line that says it. */
export const MEANT: Readonly<Record<Command['kind'], readonly [line: string, story: (() => Story) | null]>> = {
  help: ['help upgrade', null],
  pools: ['pools', null],
  whoami: ['whoami', null],
  status: ['status pool01', null],
  readiness: ['readiness pool01', null],
  fabric: ['fabric pool01', null],
  quorum: ['quorum pool01', null],
  plan: ['plan pool01', null],
  why: ['why pool01', held],
  history: ['history pool01', held],
  checks: ['checks pool01', null],
  preflight: ['preflight pool01', null],
  rehearse: ['rehearse pool01', null],
  upgrade: ['upgrade pool01', null],
  restart: ['restart pool01', null],
  approve: ['approve', asked],
  deny: ['deny not tonight', asked],
  patched: ['patched fe1', bothDown],
  adopt: ['adopt fe1', hookFailed],
  failover: ['failover pool01', null],
  failback: ['failback pool01', null],
  start: ['start pool01', null],
  recover: ['recover pool01', null],
  reset: ['reset pool01', null],
  tick: ['tick viewers-closed fe1', viewerOpen],
  pause: ['pause pool01', fe1Down],
  resume: ['resume pool01', paused],
  retry: ['retry pool01', held],
  abort: ['abort pool01', fe1Down],
  freeze: ['freeze storage drill', null],
  thaw: ['thaw', null],
  mute: ['mute pool01 2h the switches are replaced', null],
  unmute: ['unmute pool01', null],
};
