import type { Check, CheckQuestion, Finding } from './checks.ts';
import { type FabricState, fewerOutside, fewerThanTwoOutside, notFullyServed } from './fabric.ts';
import { joinTopology, namesOf, type PoolFqdn, type ServerFqdn, sameTopology, shortName, unitName } from './pool.ts';
import { judgeQuorum, quorumInWords } from './quorum.ts';
import { domainsOf, isReadyForUpgrade, NO_ANSWER_LIMIT } from './readiness.ts';
import { runningServers } from './sighting.ts';

const ok = (seen: string): readonly Finding[] => [{ verdict: 'ok', seen, server: null, clears: '' }];
const blocked = (seen: string, clears: string): readonly Finding[] => [{ verdict: 'blocked', seen, server: null, clears }];

/** Every rule that can stand between an approval and a stopped server. Order is the order shown. */
export const CHECKS: readonly Check[] = [
  {
    name: 'pool-ready',
    protects: 'PoolUpgradeState is Ready. Source: Upgrade or update Front End Servers, step 1.',
    before: ['first'],
    find: findPoolReady,
  },
  {
    name: 'domain-ready',
    protects: 'ReadyforUpgrade is True for the upgrade domain. Source: the same page, step 2.',
    before: ['first'],
    find: findDomainReady,
  },
  {
    name: 'servers-running',
    protects: 'RTCSRV runs on every server that should run: Ready is not proof of health.',
    before: ['first', 'further'],
    find: findServersRunning,
  },
  {
    name: 'replicas-complete',
    protects: 'Every routing group has a primary and at least one secondary. Source: Improving the Reliability of Pool Upgrades.',
    before: ['first'],
    find: ({ topology: { servers }, seen: { fabric } }) => {
      if (fabric === null) return blocked('the fabric state could not be read', 'Get-CsPoolFabricState answers');
      const bad = notFullyServed(fabric, servers.length);
      if (servers.length === 2) return primariesOfTwo(fabric, bad.length);
      const clears = 'its replicas are rebuilt (15 to 30 minutes), or a lost server comes back';
      if (bad.length > 0)
        return blocked(`${bad.length} of ${fabric.groups.length} routing groups lack a primary or any secondary`, clears);
      return ok(`all ${fabric.groups.length} routing groups have a primary and a secondary`);
    },
  },
  {
    name: 'replicas-outside',
    protects:
      'Every routing group keeps two of its three replicas on servers that stay up (our rule: quorum of a routing group).',
    before: ['first', 'further'],
    find: findReplicasOutside,
  },
  {
    name: 'quorum-kept',
    protects: 'The pool stays functional with this whole upgrade domain down. Source: Pool-level quorum loss.',
    before: ['first', 'further'],
    find: findQuorum,
  },
  {
    name: 'topology-unchanged',
    protects: 'The pool has the servers and upgrade domains that were planned for.',
    before: ['first', 'further'],
    find: findTopology,
  },
  {
    name: 'back-end-reachable',
    protects: 'The back end answers: the quorum numbers assume that it runs.',
    before: ['first', 'further'],
    find: ({ seen: { backEnd } }) => {
      if (backEnd === null || backEnd === 'down')
        return blocked('the back end could not be reached', 'Get-CsDatabaseMirrorState shows a principal');
      return ok(
        backEnd === 'primary'
          ? 'the primary database is in charge'
          : 'the mirror is in charge; quorum is judged by its own numbers',
      );
    },
  },
  {
    name: 'viewers-closed',
    protects:
      'No Event Viewer or Performance Monitor is open on the servers to be patched. Source: Improving the Reliability of Pool Upgrades.',
    before: ['first'],
    find: findViewers,
  },
  {
    name: 'pair-quiet',
    protects: 'The paired pool is not being upgraded at the same time: it is where users would go.',
    before: ['first'],
    find: findPair,
  },
];

/** Two servers keep no replicas of each other: both load their users from the back end, so a secondary is not asked for. */
const primariesOfTwo = ({ groups }: FabricState, without: number): readonly Finding[] =>
  without > 0
    ? blocked(`${without} of ${groups.length} routing groups have no primary`, 'a server has loaded them from the back end')
    : ok(`all ${groups.length} routing groups have a primary; two servers keep no replicas of each other`);

function findPoolReady({ seen: { verdict } }: CheckQuestion): readonly Finding[] {
  switch (verdict.kind) {
    case 'ready':
      return ok('PoolUpgradeState is Ready');
    case 'busy':
      return blocked(`PoolUpgradeState is Busy, counted ${verdict.counted} of 3`, 'the pool answers Ready');
    case 'pool-problem':
    case 'our-servers-are-down':
      return blocked(
        `PoolUpgradeState is ${verdict.kind === 'pool-problem' && verdict.cause === 'busy-streak' ? 'Busy' : 'InsufficientActiveFrontEnds'}`,
        'the pool answers Ready',
      );
    case 'no-answer':
      return blocked(
        `PoolUpgradeState: no answer, ${Math.min(verdict.inARow, NO_ANSWER_LIMIT)} or more in a row`,
        'the readiness cmdlet answers',
      );
  }
}

/** A server that is taken by itself goes down under the flag of the upgrade domain it is in. */
function findDomainReady({ topology, upgradeDomain: { servers }, seen: { readiness } }: CheckQuestion): readonly Finding[] {
  const domains = topology.upgradeDomains.filter((domain) => domain.servers.some((server) => servers.includes(server)));
  const names = domains.map(({ name }) => name).join(', ');
  if (readiness === null) return blocked(`ReadyforUpgrade of domain ${names} could not be read`, 'the cmdlet answers');
  const notReady = domains.filter(({ name }) => !isReadyForUpgrade(readiness, name));
  return domains.length > 0 && notReady.length === 0
    ? ok(`ReadyforUpgrade of domain ${names} is True`)
    : blocked(`ReadyforUpgrade of domain ${notReady.map(({ name }) => name).join(', ')} is False`, 'the pool sets it to True');
}

function findServersRunning({ topology, upgradeDomain, seen, stop, downByUs }: CheckQuestion): readonly Finding[] {
  const running = runningServers(seen);
  if (running === null) return blocked('the services could not be read', 'Get-CsWindowsService answers');
  const ours = (server: ServerFqdn) =>
    upgradeDomain.servers.includes(server) && (stop === 'further' || downByUs.includes(server));
  const missing = topology.servers.filter((server) => !running.includes(server) && !ours(server));
  const halfBack = topology.servers.filter(
    (server) => running.includes(server) && seen.disabled?.includes(server) && !ours(server),
  );
  if (missing.length === 0 && halfBack.length > 0)
    return blocked(
      `running and disabled, so off after the next restart: ${namesOf(halfBack)}`,
      `Invoke-CsComputerFailBack of ${namesOf(halfBack)}, by hand`,
    );
  if (missing.length === 0) return ok('RTCSRV runs on every server that should run');
  const failedOver = missing.filter((server) => seen.disabled?.includes(server));
  if (failedOver.length === 0) return blocked(`not running: ${namesOf(missing)}`, `RTCSRV runs on ${namesOf(missing)}`);
  return blocked(
    `not running: ${namesOf(missing)}; disabled, as FailOver leaves them: ${namesOf(failedOver)}`,
    `RTCSRV runs on ${namesOf(missing)}; \`adopt\` and the server's name fails it back`,
  );
}

/** Before the first stop two replicas outside; before a further one, those outside that there were at the first. */
function findReplicasOutside({
  topology,
  upgradeDomain,
  seen: { fabric },
  stop,
  fabricAtFirstStop,
}: CheckQuestion): readonly Finding[] {
  if (topology.servers.length === 2) {
    const others = topology.servers.filter((server) => !upgradeDomain.servers.includes(server));
    return ok(`two servers keep none for each other: ${namesOf(others)} loads the users from the back end`);
  }
  if (fabric === null) return blocked('the fabric state could not be read', 'Get-CsPoolFabricState answers');
  if (stop === 'further') {
    if (fabricAtFirstStop === null)
      return blocked('the placement before the first stop is not known', 'abort, and begin this domain again');
    const lost = fewerOutside(fabricAtFirstStop, fabric, upgradeDomain.servers);
    if (lost.length === 0) return ok('every routing group has the replicas outside the domain that it had at the first stop');
    return blocked(
      `${lost.length} routing groups have lost a replica outside ${unitName(upgradeDomain)} since its first stop`,
      'the lost replica is back',
    );
  }
  const few = fewerThanTwoOutside(fabric, upgradeDomain.servers);
  if (few.length === 0) return ok(`every routing group keeps two replicas outside ${unitName(upgradeDomain)}`);
  const seen = `${few.length} of ${fabric.groups.length} routing groups keep fewer than two replicas outside ${unitName(upgradeDomain)}`;
  return [{ verdict: 'tickable', seen, server: null, clears: 'replicas move out of the domain, or tick replicas-outside' }];
}

function findQuorum({ version, topology, upgradeDomain, seen }: CheckQuestion): readonly Finding[] {
  const running = runningServers(seen);
  if (running === null) return blocked('quorum cannot be judged: the services could not be read', 'Get-CsWindowsService answers');
  if (seen.backEnd === null || seen.backEnd === 'down')
    return blocked('quorum cannot be judged: the back end could not be reached', 'Get-CsDatabaseMirrorState shows a principal');
  const { servers } = topology;
  const verdict = judgeQuorum({ version, servers, running, stopping: upgradeDomain.servers, backEnd: seen.backEnd });
  if (verdict.kind === 'unknown') return blocked(`quorum is unknown: ${verdict.because}`, 'nothing that Lifeguard knows of');
  const shown = verdict.counts.map((count) => quorumInWords(count, servers.length)).join('; ');
  switch (verdict.kind) {
    case 'kept':
      return ok(shown);
    case 'lost':
      return blocked(
        shown,
        seen.backEnd === 'mirror' ? 'the primary database is in charge again, or more servers run' : 'more servers run',
      );
    case 'ask':
      return [
        {
          verdict: 'tickable',
          seen: `${shown}; ${verdict.because}`,
          server: null,
          clears: 'the primary database is in charge again, or tick quorum-kept',
        },
      ];
  }
}

/** Before a further stop the readiness cmdlet may be silent: then the list of computers alone is compared. */
function findTopology({ topology, seen: { computers, readiness }, stop }: CheckQuestion): readonly Finding[] {
  if (computers === null) return blocked('the topology could not be read', 'Get-CsComputer answers');
  if (computers.join() !== topology.servers.join())
    return blocked(
      `the pool now has ${namesOf(computers)}; planned for ${namesOf(topology.servers)}`,
      'retry plans again, with the pool as it is',
    );
  if (readiness === null) {
    if (stop === 'further') return ok('Get-CsComputer lists the servers that were planned for');
    return blocked('the upgrade domains could not be read', 'the readiness cmdlet answers');
  }
  const read = joinTopology(computers, domainsOf(readiness));
  if (read.kind === 'differs') return blocked(read.because, 'both list the same servers');
  return sameTopology(read.topology, topology)
    ? ok('the servers and upgrade domains are those that were planned for')
    : blocked('the upgrade domains are not those that were planned for', 'retry plans again, with the pool as it is');
}

/** A prompt to fail over to a pool that is not the backup would send people the wrong way, so the two must agree. */
function findPair({
  backupPool: configured,
  seen: { backupPool, pairUnderWay, pairRestarts, pairLeftDown, operationAgainst },
}: CheckQuestion): readonly Finding[] {
  if (operationAgainst !== undefined)
    return operationAgainst.tickable
      ? [{ verdict: 'tickable', seen: operationAgainst.seen, server: null, clears: 'they are failed back, or tick pair-quiet' }]
      : blocked(operationAgainst.seen, 'it ends');
  const name = (pool: PoolFqdn | null) => (pool === null ? 'none' : shortName(pool));
  if (backupPool === 'unread')
    return [
      {
        verdict: 'tickable',
        seen: `which pool is the backup could not be read; configured is ${name(configured)}`,
        server: null,
        clears: 'Get-CsPoolBackupRelationship answers, or tick pair-quiet',
      },
    ];
  if (backupPool !== configured)
    return blocked(`the backup pool is ${name(backupPool)}; configured is ${name(configured)}`, 'the configuration is corrected');
  if (pairUnderWay !== null) {
    const pair = name(pairUnderWay);
    const run = pairRestarts === true ? 'rolling restart' : 'upgrade';
    if (pairLeftDown === undefined)
      return blocked(
        `paired pool ${pair} is being ${pairRestarts === true ? 'restarted' : 'upgraded'}`,
        `the ${run} of ${pair} ends`,
      );
    return pairLeftDown.length > 0
      ? blocked(
          `the ${run} of paired pool ${pair} left ${namesOf(pairLeftDown)} down`,
          `\`status ${pair}\` shows RTCSRV running on ${namesOf(pairLeftDown)}`,
        )
      : blocked(`servers of paired pool ${pair} are only just back`, 'its replicas are rebuilt (30 minutes, our inference)');
  }
  return ok(configured === null ? 'not paired' : `paired pool ${name(configured)} is not being upgraded`);
}

function findViewers({ upgradeDomain, seen: { viewers } }: CheckQuestion): readonly Finding[] {
  const findings = upgradeDomain.servers.flatMap((server): readonly Finding[] => {
    const open = viewers.find((each) => each.server === server)?.open ?? null;
    const name = shortName(server);
    const clears = `they are closed, or tick viewers-closed ${name}`;
    if (open === null)
      return [{ verdict: 'tickable', seen: `${name} did not say whether an Event Viewer is open`, server, clears }];
    return open.length === 0 ? [] : [{ verdict: 'tickable', seen: `open on ${name}: ${open.join(', ')}`, server, clears }];
  });
  return findings.length > 0 ? findings : ok('no Event Viewer or Performance Monitor is open there');
}
