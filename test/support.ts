import { approvalCode } from '../src/domain/approval.ts';
import { replay } from '../src/domain/evolve.ts';
import type { FabricState, RoutingGroup } from '../src/domain/fabric.ts';
import type { Gate } from '../src/domain/gate.ts';
import type { HoldReason } from '../src/domain/hold.ts';
import type { ManagedPool, Right } from '../src/domain/inventory.ts';
import type { WithoutAt } from '../src/domain/moves.ts';
import {
  type PersonId,
  type PoolFqdn,
  parsePoolFqdn,
  parseServerFqdn,
  personId,
  type ServerFqdn,
  type Topology,
  type UpgradeDomain,
} from '../src/domain/pool.ts';
import { POOL_UPGRADE_STATES, type PoolReadiness, type PoolUpgradeState, type Reading } from '../src/domain/readiness.ts';
import {
  type Carried,
  NOTHING_CARRIED,
  type Request,
  type Run,
  type RunEvent,
  type Scope,
  type Settings,
} from '../src/domain/run.ts';
import type { PoolSighting, ServerAnswer, ServerSighting } from '../src/domain/sighting.ts';
import type { Step, StopMode } from '../src/domain/step.ts';
import { hours, type Instant, minutes } from '../src/domain/time.ts';
import type { Voice } from '../src/messages/words.ts';

/** What a test knows to be there. */
export function must<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('the test itself is wrong: nothing is there');
  return value;
}

/** Dana asks, Omar and Kim may approve, Mallory is in the channel and on no list. */
export const [dana, omar, kim, mallory] = ['dana', 'omar', 'kim', 'mallory'].map(personId) as [
  PersonId,
  PersonId,
  PersonId,
  PersonId,
];
export const POOL01 = must(parsePoolFqdn('pool01.contoso.com'));
export const POOL02 = must(parsePoolFqdn('pool02.contoso.com'));
export const UTC: Voice = { timeZone: 'UTC', simulated: false };

export const server = (number: number): ServerFqdn => must(parseServerFqdn(`fe${number}.contoso.com`));
/** `named('fe1')`; a whole name is taken as it is. */
export const named = (name: string): ServerFqdn => must(parseServerFqdn(name.includes('.') ? name : `${name}.contoso.com`));

/** `aPool(6, 2)` has fe1 to fe6, in topology order, two to an upgrade domain; the domains are called 1, 2, 3. */
export function aPool(size: number, perDomain = 1): Topology {
  const servers = Array.from({ length: size }, (_, index) => server(index + 1));
  const upgradeDomains = Array.from({ length: Math.ceil(size / perDomain) }, (_, index) => ({
    name: `${index + 1}`,
    servers: servers.slice(index * perDomain, (index + 1) * perDomain),
  }));
  return { servers, upgradeDomains };
}

/** `aTopology('fe1,fe2|fe3')`: in the order written. */
export function aTopology(written: string): Topology {
  const upgradeDomains = written
    .split('|')
    .map((names, index) => ({ name: `${index + 1}`, servers: names.split(',').map(named) }));
  return { servers: upgradeDomains.flatMap(({ servers }) => servers), upgradeDomains };
}

export const domainOf = ({ upgradeDomains }: Topology, name = '1'): UpgradeDomain =>
  must(upgradeDomains.find((domain) => domain.name === name));

/** `readings('Busy@0 ours:Busy@10 ?@20')`: one per word, at that minute; `ours:` while our own servers are down. */
export const readings = (script: string): readonly Reading[] =>
  script
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [, ours, shown = '', minute] = must(/^(ours:)?([?\w]+)@(\d+)$/.exec(word));
      const state = POOL_UPGRADE_STATES.find((each) => each === shown) ?? null;
      if (state === null && shown !== '?') throw new Error(`no such reading: ${word}`);
      return { at: minutes(Number(minute)), state, disturbedByUs: ours !== undefined, raw: shown };
    });

/** `group('rg-1 fe1 fe2,fe3')`: a primary and its secondaries; `-` is none. */
export function group(written: string): RoutingGroup {
  const [id = '', primary = '-', secondaries = '-'] = written.split(' ');
  return {
    id,
    primary: primary === '-' ? null : named(primary),
    secondaries: secondaries === '-' ? [] : secondaries.split(',').map(named),
  };
}

export const fabric = (...written: readonly string[]): FabricState => ({ groups: written.map(group), serversNotUp: [] });

/** One routing group for each server as primary, its secondaries in the next two upgrade domains. */
export function placement({ servers, upgradeDomains }: Topology): FabricState {
  const step = upgradeDomains[0]?.servers.length ?? 1;
  const at = (index: number) => must(servers[index % servers.length]);
  const groups = servers.map((primary, index) => ({
    id: `rg-${index + 1}`,
    primary,
    secondaries: [at(index + step), at(index + 2 * step)],
  }));
  return { groups, serversNotUp: [] };
}

export const readiness = ({ upgradeDomains }: Topology, state: PoolUpgradeState = 'Ready'): PoolReadiness => ({
  state,
  upgradeDomains: upgradeDomains.map((domain) => ({ ...domain, readyForUpgrade: state === 'Ready' })),
});

/** A pool on which nothing stands against anything. */
export const healthy = (topology: Topology, changes: Partial<PoolSighting> = {}): PoolSighting => ({
  at: 0,
  readiness: readiness(topology),
  verdict: { kind: 'ready' },
  askedOf: topology.servers.at(-1) ?? null,
  computers: topology.servers,
  product: '2013',
  services: topology.servers.map((each) => ({ server: each, rtcsrv: 'Running' })),
  fabric: placement(topology),
  backEnd: 'primary',
  viewers: topology.servers.map((each) => ({ server: each, open: [] })),
  backupPool: POOL02,
  pairUnderWay: null,
  raw: [],
  ...changes,
});

/** RTCSRV of these servers is Stopped, of the others it runs. */
export const without = (topology: Topology, ...down: readonly ServerFqdn[]): PoolSighting['services'] =>
  topology.servers.map((each) => ({ server: each, rtcsrv: down.includes(each) ? 'Stopped' : 'Running' }));

/** A server that runs as it should and says so. */
export const UP: ServerAnswer = {
  bootTime: minutes(-600),
  services: 'Running',
  rtcsrv: 'Running',
  disabled: false,
  calls: 0,
  conferences: 0,
};

export const serverLook = (of: ServerFqdn, changes: Partial<ServerSighting> = {}): ServerSighting => ({
  at: 0,
  server: of,
  answer: UP,
  sipPortOpen: null,
  inFabric: null,
  patchLevel: null,
  patchRun: null,
  failoverRun: null,
  hookRun: null,
  ...changes,
});

const rights = (written: Readonly<Record<string, readonly Right[]>>): ManagedPool['rights'] =>
  new Map(Object.entries(written).map(([person, each]) => [personId(person), new Set(each)]));

export const aManagedPool = (
  changes: Partial<Omit<ManagedPool, 'rights'>> & { readonly rights?: Readonly<Record<string, readonly Right[]>> } = {},
): ManagedPool => ({
  fqdn: POOL01,
  aliases: [],
  version: '2013',
  procedure: 'upgrade-domains',
  backupPool: POOL02,
  patchMode: 'by-hand',
  hooks: { before: false, after: false },
  approvalsNeeded: 1,
  changeTicket: null,
  called: [dana],
  timeZone: 'UTC',
  simulated: false,
  revision: 'r1',
  ...changes,
  rights: rights(
    changes.rights ?? {
      dana: ['view', 'operate', 'approve'],
      omar: ['view', 'operate', 'approve'],
      kim: ['view', 'operate', 'approve'],
    },
  ),
});

export const settings = (changes: Partial<Settings> = {}): Settings => ({
  version: '2013',
  procedure: 'upgrade-domains',
  backupPool: POOL02,
  patchMode: 'by-hand',
  approvalsNeeded: 1,
  revision: 'r1',
  ...changes,
});

export interface Asked {
  readonly topology?: Topology;
  readonly pool?: PoolFqdn;
  readonly by?: PersonId;
  readonly stopMode?: StopMode;
  readonly scope?: Scope;
  readonly settings?: Partial<Settings>;
  readonly carried?: Partial<Carried>;
  readonly ticket?: string;
  readonly purpose?: 'restart';
  readonly knownServers?: readonly ServerFqdn[];
}

export const request = (asked: Asked = {}): Request => ({
  pool: asked.pool ?? POOL01,
  by: asked.by ?? dana,
  stopMode: asked.stopMode ?? 'graceful',
  scope: asked.scope ?? { kind: 'left' },
  settings: settings(asked.settings),
  carried: { ...NOTHING_CARRIED, ...asked.carried },
  ...(asked.ticket === undefined ? {} : { ticket: asked.ticket }),
  ...(asked.purpose === undefined ? {} : { purpose: asked.purpose }),
  ...(asked.knownServers === undefined ? {} : { knownServers: asked.knownServers }),
});

/** One upgrade as its journal tells it: each verb says one more event. The clock is a number that `wait` moves. */
export class Story {
  readonly topology: Topology;
  readonly events: RunEvent[] = [];
  now: Instant = 0;

  constructor(asked: Asked = {}) {
    this.topology = asked.topology ?? aPool(6, 2);
    this.say({ kind: 'requested', request: request(asked) });
  }
  get run(): Run {
    return replay(this.events);
  }
  get gate(): Gate {
    return must(this.run.gates.at(-1)).gate;
  }
  say(event: WithoutAt<RunEvent>): this {
    this.events.push({ ...event, at: this.now });
    return this;
  }
  wait(count: number): this {
    this.now += minutes(count);
    return this;
  }
  look(changes: Partial<PoolSighting> = {}): this {
    return this.say({ kind: 'pool-observed', sighting: healthy(this.topology, { at: this.now, ...changes }) });
  }
  lookAt(of: ServerFqdn, changes: Partial<ServerSighting> = {}): this {
    return this.say({ kind: 'server-observed', sighting: serverLook(of, { at: this.now, ...changes }) });
  }
  plan(upgradeDomains: readonly UpgradeDomain[] = this.topology.upgradeDomains): this {
    return this.look().say({ kind: 'planned', topology: this.topology, upgradeDomains });
  }
  ask(changes: Partial<Gate> = {}): this {
    const { gates, work, request: asked, settings: present } = this.run;
    const upgradeDomain = changes.upgradeDomain ?? work?.upgradeDomain ?? domainOf(this.topology);
    const gate: Gate = {
      attempt: gates.length + 1,
      code: approvalCode(`${asked.pool} 1`, gates.length + 1),
      kind: 'stop-domain',
      upgradeDomain,
      servers: upgradeDomain.servers,
      stopMode: asked.stopMode,
      revision: present.revision,
      expiresAt: this.now + hours(4),
      votesNeeded: present.approvalsNeeded,
      ...changes,
    };
    return this.look().say({ kind: 'approval-requested', gate, checks: [] });
  }
  approve(by: PersonId = omar): this {
    return this.say({ kind: 'approved', code: this.gate.code, by });
  }
  hold(reason: HoldReason): this {
    return this.say({ kind: 'held', reason });
  }
  start(step: Step): this {
    return this.say({ kind: 'step-started', step });
  }
  /** The step is told, seen done, and a minute goes by. */
  does(step: Step): this {
    return this.start(step).say({ kind: 'step-accepted', step }).wait(1).say({ kind: 'step-ended', step, conclusion: 'done' });
  }
  stop(of: ServerFqdn, stopMode: StopMode = 'graceful'): this {
    return this.look().does({ action: 'stop', server: of, stopMode });
  }
  patched(of: ServerFqdn): this {
    return this.say({ kind: 'patched', server: of, by: dana });
  }
  restart(of: ServerFqdn): this {
    return this.does({ action: 'restart', server: of, bootTimeSeen: UP.bootTime });
  }
  back(of: ServerFqdn): this {
    return this.say({ kind: 'server-back', server: of });
  }
}
