import type { Hooks, PatchMode, Procedure } from '../../domain/inventory.ts';
import { EFFECTS, READINGS } from './catalogue.ts';

/** A cmdlet with the parameters that a script gives it. */
export interface Use {
  readonly cmdlet: string;
  readonly parameters: readonly string[];
}

/** What a script calls: all of `needs`, one of `either` where there are any, and `optional` only where the server has it. */
interface Calls {
  readonly needs: readonly string[];
  readonly either?: readonly string[];
  readonly optional?: readonly string[];
}

const LOOK_UP = 'Get-Command -Name -ErrorAction';
const JSON_IN = 'ConvertFrom-Json -InputObject';
const NEW_OBJECT = 'New-Object -TypeName -ArgumentList';
const LIST_TEXT = ['Format-List -Property', 'Out-String -Width'];
const STATE_FILE = 'Add-Content -LiteralPath -Value -Encoding';

/** The cmdlets of every script that runs on a Front End Server, typed in from the scripts; a test compares the two. */
const CALLS: Readonly<Record<string, Calls>> = {
  'run.ps1': {
    needs: [
      'Get-Module -Name -ListAvailable -Verbose',
      'Import-Module -ModuleInfo -Verbose',
      'New-Object',
      'Get-Command -Name',
      JSON_IN,
      'ConvertTo-Json -InputObject -Depth -Compress',
    ],
  },
  'computers.ps1': { needs: ['Get-CsComputer -Pool', 'Get-CsPool -Identity'] },
  'readiness.ps1': { needs: [LOOK_UP, ...LIST_TEXT], either: ['Get-CsPoolUpgradeReadinessState', 'Get-CsUpgradeDomainInfo'] },
  'fabric.ps1': { needs: ['Get-CsPoolFabricState -PoolFqdn -Verbose'] },
  'services.ps1': { needs: ['Get-CsWindowsService -Name -ComputerName -ExcludeActivityLevel'] },
  'back-end.ps1': { needs: ['Get-CsDatabaseMirrorState -PoolFqdn -DatabaseType'] },
  'backup-pool.ps1': { needs: ['Get-CsPoolBackupRelationship -PoolFqdn'] },
  'product.ps1': { needs: ['Get-CsServerVersion'] },
  'server.ps1': { needs: ['Get-CimInstance -ClassName -Filter', 'Get-CsWindowsService'] },
  'port.ps1': {
    needs: [LOOK_UP, 'New-Object -TypeName'],
    optional: ['Test-NetConnection -ComputerName -Port -InformationLevel -WarningAction'],
  },
  'viewers.ps1': { needs: ['Get-Process -Name -ErrorAction'] },
  'patch-level.ps1': { needs: [LOOK_UP], optional: ['Get-CsServerPatchVersion'] },
  'child-run.ps1': { needs: ['Get-Content -LiteralPath', 'Get-Process -Id -ErrorAction', NEW_OBJECT] },
  'machine.ps1': { needs: [LOOK_UP], optional: ['Get-CimInstance -ClassName'] },
  'examine.ps1': {
    needs: [
      'Get-ExecutionPolicy -List',
      'Get-Module -Name',
      LOOK_UP,
      NEW_OBJECT,
      'Where-Object',
      'Sort-Object -Unique',
      'Get-ItemProperty -LiteralPath',
      'Test-Path -LiteralPath',
    ],
    // A part of the examination that stays empty without it is told of by itself.
    optional: ['Get-CsServerVersion', 'Get-CsServerPatchVersion', 'Get-CsCertificate', 'Get-CimInstance -ClassName -Filter'],
  },
  'condition.ps1': { needs: ['Get-CimInstance -ClassName -Filter', 'Get-WinEvent -FilterHashtable -MaxEvents -ErrorAction'] },
  'copies.ps1': {
    needs: ['Get-CsPool -Identity', 'Get-CsBackupServiceStatus -PoolFqdn', 'Get-CsManagementStoreReplicationStatus'],
  },
  'probe.ps1': {
    needs: [LOOK_UP, 'New-Object -TypeName', 'Where-Object', 'Get-Member', ...LIST_TEXT],
    // One that the server has not is recorded as just that.
    optional: [
      'Get-CsPoolUpgradeReadinessState',
      'Get-CsUpgradeDomainInfo',
      'Get-CsPoolFabricState -PoolFqdn -Verbose',
      'Get-CsPoolBackupRelationship -PoolFqdn',
      'Get-CsDatabaseMirrorState -PoolFqdn -DatabaseType',
      'Get-CsWindowsService',
      'Get-CsServerVersion',
      'Get-CsServerPatchVersion',
      'Get-CsComputer -Pool',
      'Get-CsPool -Identity',
    ],
  },
  'stop-services.ps1': { needs: ['Stop-CsWindowsService -Graceful -NoWait -Verbose -Confirm', 'Out-Null'] },
  'start-services.ps1': { needs: ['Start-CsWindowsService -NoWait -Verbose -Confirm', 'Out-Null'] },
  'restart.ps1': {
    needs: [
      'Get-CimInstance -ClassName -Filter',
      'Restart-Computer -Confirm',
      'Invoke-CimMethod -InputObject -MethodName',
      'Where-Object',
      'Sort-Object -Unique',
    ],
  },
  'patch.ps1': { needs: [] },
  'hook.ps1': { needs: [] },
  'failover.ps1': { needs: [LOOK_UP] },
  'pool-operation.ps1': { needs: [LOOK_UP] },
  'start-child.ps1': {
    needs: [
      'ConvertTo-Json -InputObject -Compress',
      'Set-Content -LiteralPath -Value -Encoding',
      NEW_OBJECT,
      'Invoke-CimMethod -ClassName -MethodName -Arguments',
      'Start-Process -FilePath -ArgumentList -WorkingDirectory -RedirectStandardOutput -RedirectStandardError',
    ],
  },
  'command-child.ps1': { needs: [STATE_FILE, JSON_IN, 'Start-Process -FilePath -ArgumentList -Wait -PassThru'] },
  'failover-child.ps1': {
    needs: [
      STATE_FILE,
      JSON_IN,
      'Get-Module -Name -ListAvailable',
      'Import-Module -ModuleInfo',
      NEW_OBJECT,
      'Invoke-CsComputerFailOver -ComputerName -WaitTime -DrainingTimeout -Confirm',
      'Invoke-CsComputerFailBack -ComputerName -WaitTime -Confirm',
    ],
  },
  'operation-child.ps1': {
    needs: [
      STATE_FILE,
      JSON_IN,
      'Get-Module -Name -ListAvailable',
      'Import-Module -ModuleInfo',
      'Invoke-CsPoolFailOver -PoolFqdn -Confirm',
      'Invoke-CsPoolFailBack -PoolFqdn -Confirm',
      'Reset-CsPoolRegistrarState -PoolFqdn -ResetType -Confirm',
    ],
    // Lync Server 2013 has none, and a pool of it is started server by server.
    optional: ['Start-CsPool -PoolFqdn -Confirm'],
  },
};

/** Scripts that a script runs in turn, or starts in a process of its own. */
const BEHIND: Readonly<Record<string, readonly string[]>> = {
  'patch.ps1': ['start-child.ps1', 'child-run.ps1', 'command-child.ps1'],
  'hook.ps1': ['start-child.ps1', 'child-run.ps1', 'command-child.ps1'],
  'failover.ps1': ['start-child.ps1', 'child-run.ps1', 'failover-child.ps1'],
  'pool-operation.ps1': ['start-child.ps1', 'child-run.ps1', 'operation-child.ps1'],
};

/** What one script of the catalogue takes of a server: all of `needs`, one of each `either`, `optional` if it is there. */
export interface Uses {
  readonly needs: readonly Use[];
  readonly either: readonly Use[];
  readonly optional: readonly Use[];
}

/** The uses of one file of the scripts' folder alone; null for one that no server runs. */
export function usesOfFile(file: string): Uses | null {
  const calls = CALLS[file];
  if (calls === undefined) return null;
  const { needs, either = [], optional = [] } = calls;
  return { needs: needs.map(useOf), either: either.map(useOf), optional: optional.map(useOf) };
}

function useOf(line: string): Use {
  const [cmdlet = '', ...parameters] = line.split(' -');
  return { cmdlet, parameters };
}

/** The uses of a script of the catalogue, with those of the scripts behind it. */
export function usesOfScript(script: string): Uses {
  const all = [script, ...(BEHIND[script] ?? [])].map(usesOfFile).filter((uses) => uses !== null);
  return {
    needs: all.flatMap(({ needs }) => needs),
    either: all.flatMap(({ either }) => either),
    optional: all.flatMap(({ optional }) => optional),
  };
}

/** The scripts that servers of a pool which is upgraded like this are asked to run, the wrapper first. */
export function scriptsFor(procedure: Procedure, patchMode: PatchMode, hooks: Hooks): readonly string[] {
  const asked = [...Object.values(READINGS), ...Object.values(EFFECTS)].map(({ script }): string => script);
  const spared = [
    ...(procedure === 'server-failover' ? [] : [EFFECTS.failover.script]),
    ...(patchMode === 'by-command' ? [] : [EFFECTS.patch.script]),
    ...(hooks.before || hooks.after ? [] : [EFFECTS.hook.script]),
  ];
  return [...new Set(['run.ps1', ...asked])].filter((script) => !spared.some((each) => each === script));
}

/** Every cmdlet that any script of ours uses on a server, by its name. */
export const CMDLETS_USED: readonly string[] = [
  ...new Set(
    Object.keys(CALLS).flatMap((file) => {
      const uses = usesOfFile(file);
      return uses === null ? [] : [...uses.needs, ...uses.either, ...uses.optional].map(({ cmdlet }) => cmdlet);
    }),
  ),
].toSorted();
