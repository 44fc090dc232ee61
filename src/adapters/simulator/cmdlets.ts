import type { FabricState } from '../../domain/fabric.ts';
import { replicasOf } from '../../domain/fabric.ts';
import { parseServerFqdn, type ServerFqdn } from '../../domain/pool.ts';
import type { BackEnd } from '../../domain/quorum.ts';
import type { ServerAnswer, ServiceStatus } from '../../domain/sighting.ts';
import { type CmdletAnswer, type CmdletCall, failed, told, wrote } from './cmdlet-answer.ts';
import { cmsReplicas, portOpen } from './condition-answers.ts';
import { failoverAnswer, stateFile } from './failover-cmdlets.ts';
import { GARBAGE, type PoolModel } from './model.ts';
import { operationAnswer, operationState } from './operation-cmdlets.ts';

/** Answers one call at this very instant of the simulated pool; a FailOver or FailBack when it has ended. */
export function answerCmdlet(pools: readonly PoolModel[], call: CmdletCall): CmdletAnswer | Promise<CmdletAnswer> {
  const own = pools.find((pool) => pool.computers().includes(call.server));
  if (own === undefined || !own.answers(call.server)) return { kind: 'gone' };
  const here = failoverAnswer(own, call) ?? operationAnswer(own, call) ?? localAnswer(own, call) ?? windowsAnswer(own, call);
  return here ?? farmAnswer(pools, call) ?? failed(`no ${call.cmdlet} here`);
}

/** What `Get-CsServerVersion` prints: the number of the product without its updates. */
const VERSION_TEXTS: Readonly<Record<PoolModel['version'], string>> = {
  '2013': 'Lync Server 2013 (5.0.8308.0): Volume license key installed.',
  '2015': 'Skype for Business Server 2015 (6.0.9319.0): Volume license key installed.',
  '2019': 'Skype for Business Server 2019 (7.0.2046.0): Volume license key installed.',
};

/** Cmdlets that speak of the server they run on, or of its pool. */
function localAnswer(pool: PoolModel, { server, cmdlet, parameters }: CmdletCall): CmdletAnswer | null {
  switch (cmdlet) {
    case 'Get-CsPoolUpgradeReadinessState':
    case 'Get-CsUpgradeDomainInfo':
      return readiness(pool);
    case 'Get-CsServerVersion':
      return wrote([VERSION_TEXTS[pool.version]]);
    case 'Get-CsCertificate':
      return wrote([{ Use: 'Default', Thumbprint: 'A'.repeat(40), NotAfter: pool.conditions.certificateEnd(server) }]);
    case 'Get-CsServerPatchVersion':
      return wrote([{ ComponentName: 'Core Components', Version: pool.patchLevel(server) ?? '' }]);
    case 'Stop-CsWindowsService': {
      const mode = parameters['Graceful'] === true ? 'graceful' : 'immediate';
      return told(pool.stopServices(server, mode), `Stopping the services of ${server}.`);
    }
    case 'Start-CsWindowsService':
      return told(pool.startServices(server), `Starting the services of ${server}.`);
    default:
      return null;
  }
}

/** Cmdlets of Windows itself, on the server they run on. */
function windowsAnswer(pool: PoolModel, { server, cmdlet, parameters }: CmdletCall): CmdletAnswer | null {
  switch (cmdlet) {
    case 'Get-CimInstance':
      return wrote(windowsObjects(pool, server, String(parameters['ClassName']), String(parameters['Filter'] ?? '')));
    case 'Get-WinEvent':
      return wrote(telling(pool, server, parameters));
    case 'Test-Path':
      return wrote([String(parameters['LiteralPath']).endsWith('RebootRequired') && pool.conditions.pendingRestart.has(server)]);
    case 'Restart-Computer':
      // The script has compared the boot time it was given with this one.
      return told(pool.restart(server, pool.server(server).bootTime));
    case 'Get-Process':
      return wrote(pool.viewers(server).map((name) => ({ ProcessName: name })));
    case 'Test-NetConnection': {
      const target = parseServerFqdn(String(parameters['ComputerName']));
      const open = target !== null && pool.computers().includes(target) && portOpen(pool, target, Number(parameters['Port']));
      return wrote([open]);
    }
    case 'Start-Process': {
      const { Name: name } = parameters;
      return told(name === 'before' || name === 'after' ? pool.hook(server, name) : pool.patch(server));
    }
    case 'Get-Content':
      if (parameters['Name'] === 'operation-run.state') return wrote([operationState(pool, server)]);
      return wrote([stateFile(pool, server, parameters)]);
    default:
      return null;
  }
}

/** What Windows says of the server, by class; of any other class there is nothing. */
function windowsObjects(pool: PoolModel, server: ServerFqdn, className: string, filter: string): readonly unknown[] {
  switch (className) {
    case 'Win32_OperatingSystem':
      return [{ LastBootUpTime: pool.server(server).bootTime }];
    case 'Win32_ComputerSystem': {
      const [host, ...domain] = server.split('.');
      return [{ DNSHostName: host, Domain: domain.join('.') }];
    }
    case 'Win32_Service':
      return windowsServicesOf(pool, server).filter(({ Name: name }) => filter.includes(`'${name}'`));
    case 'Win32_Process':
      return windowsServicesOf(pool, server)
        .filter(({ ProcessId: id }) => filter === `ProcessId = ${id}`)
        .map(({ since }) => ({ CreationDate: since }));
    case 'Win32_LogicalDisk':
      return [{ DeviceID: 'C:', FreeSpace: pool.conditions.free(server) }];
    default:
      return [];
  }
}

/** Each key service with a process of its own, whose number is its place in the list. */
function windowsServicesOf(pool: PoolModel, server: ServerFqdn) {
  const { bootTime, disabled } = pool.server(server);
  return pool.conditions.services(server, pool.rtcsrv(server), bootTime).map(({ name, state, since }, index) => ({
    Name: name,
    State: state,
    StartMode: name === 'RTCSRV' && disabled ? 'Disabled' : 'Auto',
    ProcessId: index + 1,
    since,
  }));
}

/** The last hour is the pool's own, whatever the time is on the machine that asks. */
function telling(pool: PoolModel, server: ServerFqdn, { Id: ids }: CmdletCall['parameters']): readonly unknown[] {
  const wanted = Array.isArray(ids) ? ids.map(Number) : [];
  const events = pool.conditions.events(server).filter(({ id }) => wanted.includes(id));
  return events.map(({ id, at, text }) => ({ Id: id, TimeCreated: at, Message: text }));
}

/** Cmdlets that may be asked about any pool of the farm, from any server. */
function farmAnswer(pools: readonly PoolModel[], { server, cmdlet, parameters }: CmdletCall): CmdletAnswer | null {
  if (cmdlet === 'Get-CsWindowsService') return windowsServices(pools, server, parameters);
  if (cmdlet === 'Get-CsManagementStoreReplicationStatus') return replication(pools);
  const name = String(parameters['PoolFqdn'] ?? parameters['Pool'] ?? parameters['Identity']).toLowerCase();
  const pool = pools.find(({ fqdn }) => fqdn === name);
  if (pool === undefined) return failed(`There is no pool "${name}" in the topology.`, 'ObjectNotFound');
  switch (cmdlet) {
    case 'Get-CsComputer':
      return wrote(pool.computers().map((each) => ({ Identity: each, Pool: pool.fqdn, Fqdn: each })));
    case 'Get-CsPool':
      return wrote([
        {
          Identity: pool.fqdn,
          Services: servicesInTopology(pool),
          Computers: pool.computers(),
          Fqdn: pool.fqdn,
          Site: 'Site:1',
        },
      ]);
    case 'Get-CsPoolFabricState':
      return fabric(pool);
    case 'Get-CsDatabaseMirrorState':
      return wrote(['rtcxds', 'rtcshared'].map((database) => ({ DatabaseName: database, ...mirrorState(pool.backEnd()) })));
    case 'Get-CsBackupServiceStatus':
      return wrote([{ BackupModules: backupRows(pool) }]);
    case 'Get-CsPoolBackupRelationship':
      return wrote(pool.backupPool === null ? [] : [{ PoolFqdn: pool.fqdn, BackupPoolFqdn: pool.backupPool }]);
    default:
      return null;
  }
}

const servicesInTopology = ({ fqdn, conditions }: PoolModel): readonly string[] =>
  [...(conditions.holdsCms ? ['CentralManagement'] : []), 'Registrar', 'UserServer'].map((service) => `${service}:${fqdn}`);

const backupRows = ({ backupPool, conditions }: PoolModel): readonly unknown[] =>
  backupPool === null
    ? []
    : conditions
        .backup()
        .map(({ name, exporting, importing }) => ({ Name: name, ExportStatus: exporting, ImportStatus: importing }));

const replication = (pools: readonly PoolModel[]): CmdletAnswer =>
  wrote(pools.flatMap(cmsReplicas).map(({ server, upToDate }) => ({ UpToDate: upToDate, ReplicaFqdn: server })));

/** Property names as they are remembered, not documented: the decoder takes others as well. */
function readiness(pool: PoolModel): CmdletAnswer {
  const state = pool.readiness();
  if (state === 'silent') return wrote([]);
  if (state === 'garbage') return wrote([GARBAGE]);
  const servers = pool.computers();
  return wrote([
    {
      PoolFqdn: pool.fqdn,
      TotalFrontends: servers.length,
      TotalActiveFrontends: servers.filter((server) => pool.answers(server) && pool.rtcsrv(server) === 'Running').length,
      PoolUpgradeState: state.state,
      UpgradeDomains: state.upgradeDomains.map(({ name, servers: inside, readyForUpgrade }) => ({
        Name: name,
        Frontends: inside,
        ReadyforUpgrade: readyForUpgrade,
      })),
    },
  ]);
}

/** A layout of our own, for the real one is published nowhere. See the decoder of the fabric state. */
function fabric(pool: PoolModel): CmdletAnswer {
  const state: FabricState = pool.fabric();
  const full = Math.min(3, pool.computers().length);
  const groups = state.groups.map(
    ({ id, primary, secondaries }) =>
      `Routing group ${id}: primary ${primary ?? 'none'}, secondaries ${secondaries.join(', ') || 'none'}`,
  );
  const isUp = (server: ServerFqdn): boolean => !state.serversNotUp.includes(server);
  const servers = pool.computers().map((server) => `Server ${server}: ${isUp(server) ? 'OK, UP' : 'Error, DOWN'}`);
  const poor = state.groups.filter((group) => replicasOf(group).length < full);
  const warnings = [
    ...poor.map((group) => `Routing group ${group.id} misses ${full - replicasOf(group).length} of ${full} replicas`),
    ...state.serversNotUp.map((server) => `Server ${server} is not OK and UP`),
  ];
  const verbose = poor.map((group) => `Replicas of routing group ${group.id}: ${replicasOf(group).join(', ') || 'none'}`);
  return wrote([[`Fabric state of pool ${pool.fqdn}`, '', ...groups, '', ...servers].join('\n')], warnings, verbose);
}

function windowsServices(
  pools: readonly PoolModel[],
  here: ServerFqdn,
  parameters: Readonly<Record<string, unknown>>,
): CmdletAnswer {
  const name = parameters['ComputerName'] ?? here;
  const pool = pools.find((each) => each.computers().some((server) => server === name));
  const server = pool?.computers().find((each) => each === name);
  if (pool === undefined || server === undefined || !pool.answers(server))
    return failed(`Cannot open the services of "${name}".`);
  const services = servicesOf(
    { ...pool.server(server), rtcsrv: pool.rtcsrv(server) },
    parameters['ExcludeActivityLevel'] !== true,
  );
  const wanted = parameters['Name'];
  return wrote(typeof wanted === 'string' ? services.filter((each) => each.Name === wanted.toUpperCase()) : services);
}

function servicesOf({ services, rtcsrv, calls, conferences }: ServerAnswer, withActivity: boolean): readonly { Name: string }[] {
  const service = (name: string, status: ServiceStatus, activity: string) => ({
    Status: status,
    Name: name,
    ...(withActivity ? { ActivityLevel: activity } : {}),
  });
  return [
    ...(rtcsrv === null ? [] : [service('RTCSRV', rtcsrv, 'Incoming Requests per Second=0,Messages in Server=0')]),
    service('RTCMEDSRV', services, calls === null ? '' : `Concurrent Calls=${calls}`),
    service('RTCDATAMCU', services, conferences === null ? '' : `Concurrent Conferences=${conferences}`),
  ];
}

function mirrorState(backEnd: BackEnd): Readonly<Record<string, string>> {
  const state = (onPrimary: string, onMirror: string) => ({
    StateOnPrimary: onPrimary,
    StateOnMirror: onMirror,
    MirroringStatusOnPrimary: '',
    MirroringStatusOnSecondary: '',
  });
  switch (backEnd) {
    case 'primary':
      return state('Principal', 'Mirror');
    case 'mirror':
      return state('DatabaseInaccessibleOrMirroringNotEnabled', 'Principal');
    case 'down':
      return state('DatabaseInaccessibleOrMirroringNotEnabled', 'Mirror');
  }
}
