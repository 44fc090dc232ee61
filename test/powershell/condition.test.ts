import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { decodeCondition, decodeCopies } from '../../src/adapters/powershell/decode-condition.ts';
import type { PoolCondition, ServerCondition } from '../../src/domain/condition.ts';
import { POOL } from '../adapters/scripted-pool.ts';
import { bench } from './bench.ts';
import { skip } from './find.ts';

const DATE = (text: string) => `[datetime]::SpecifyKind([datetime] '${text}', 'Utc').ToLocalTime()`;
const AT = Date.parse('2026-03-03T22:00:00Z');

async function conditionWith(context: TestContext, standIn: string): Promise<Pick<ServerCondition, 'services' | 'events'>> {
  const { module, ask } = bench(context);
  module(standIn);
  const answer = await ask('condition.ps1', {});
  const read = decodeCondition(answer.kind === 'value' ? answer.value : assert.fail(JSON.stringify(answer)));
  return read.kind === 'understood' ? read.value : assert.fail(read.because);
}

async function copiesWith(
  context: TestContext,
  standIn: string,
): Promise<Pick<PoolCondition, 'backup' | 'holdsCms' | 'replicas'>> {
  const { module, ask } = bench(context);
  module(standIn);
  const answer = await ask('copies.ps1', { PoolFqdn: POOL });
  const read = decodeCopies(answer.kind === 'value' ? answer.value : assert.fail(JSON.stringify(answer)));
  return read.kind === 'understood' ? read.value : assert.fail(read.because);
}

test('a service that is starting has the time of its process, and events of the wanted kinds have theirs', {
  skip,
}, async (context) => {
  const found = await conditionWith(
    context,
    `
function Get-CimInstance { [CmdletBinding()] param([string] $ClassName, [string] $Filter)
    if ($ClassName -eq 'Win32_Process') {
        if ($Filter -eq 'ProcessId = 42') { [pscustomobject]@{ CreationDate = ${DATE('2026-03-03T22:00:00')} } }
        return
    }
    [pscustomobject]@{ Name = 'RTCSRV'; State = 'Start Pending'; ProcessId = 42 }
    [pscustomobject]@{ Name = 'REPLICA'; State = 'Start Pending'; ProcessId = 43 }
    [pscustomobject]@{ Name = 'W3SVC'; State = 'Running'; ProcessId = 42 }
}
function Get-WinEvent { [CmdletBinding()] param([hashtable] $FilterHashtable, [long] $MaxEvents)
    if ($FilterHashtable.LogName -ne 'Lync Server' -or $FilterHashtable.Id -notcontains 32174) { throw 'the wrong log' }
    if ([math]::Abs(([datetime]::Now - $FilterHashtable.StartTime).TotalMinutes - 60) -gt 1) { throw 'not the last hour' }
    [pscustomobject]@{ Id = 32174; TimeCreated = ${DATE('2026-03-03T22:00:00')}; Message = 'x' * 9000 }
    [pscustomobject]@{ Id = 32169; TimeCreated = ${DATE('2026-03-03T22:00:00')}; Message = $null }
}`,
  );
  assert.deepEqual(found, {
    services: {
      kind: 'read',
      value: [
        { name: 'RTCSRV', state: 'Start Pending', since: AT },
        { name: 'REPLICA', state: 'Start Pending', since: null },
        { name: 'W3SVC', state: 'Running', since: null },
      ],
    },
    events: {
      kind: 'read',
      value: [
        { id: 32174, at: AT, text: 'x'.repeat(500) },
        { id: 32169, at: AT, text: '' },
      ],
    },
  });
});

/** As Windows has it: none that match is an error with this id, and a log that is not there one with another. */
const EVENT_ERROR = (id: string) => `
function Get-CimInstance { [CmdletBinding()] param([string] $ClassName, [string] $Filter) throw 'access is denied' }
function Get-WinEvent { [CmdletBinding()] param([hashtable] $FilterHashtable, [long] $MaxEvents)
    Write-Error -Message 'the words of this language' -ErrorId '${id}'
}`;

test('no event is the good case, a log that cannot be read is not', { skip }, async (context) => {
  const none = await conditionWith(context, EVENT_ERROR('NoMatchingEventsFound'));
  assert.deepEqual(none, {
    services: { kind: 'unread', because: 'access is denied' },
    events: { kind: 'read', value: [] },
  });
});

test('a log that is not there is not known', { skip }, async (context) => {
  const { events } = await conditionWith(context, EVENT_ERROR('NoMatchingLogsFound'));
  assert.deepEqual(events, { kind: 'unread', because: 'the words of this language' });
});

test('the backup service, the holder of the CMS and the replicas are read each by itself', { skip }, async (context) => {
  const found = await copiesWith(
    context,
    `
enum Export { SteadyState; ErrorState }
function Get-CsBackupServiceStatus { [CmdletBinding()] param([Parameter(Mandatory)] [string] $PoolFqdn)
    [pscustomobject]@{ BackupModules = @([pscustomobject]@{ Name = 'CentralMgmt.CMSMaster'; ExportStatus = [Export]::ErrorState; ImportStatus = 'NormalState' }) }
}
function Get-CsPool { [CmdletBinding()] param([string] $Identity)
    [pscustomobject]@{ Services = @("Registrar:$Identity", "CentralManagement:$Identity") }
}
function Get-CsManagementStoreReplicationStatus { [CmdletBinding()] param()
    [pscustomobject]@{ UpToDate = $false; ReplicaFqdn = 'FE01.contoso.com' }
    [pscustomobject]@{ UpToDate = 'perhaps'; ReplicaFqdn = 'fe02.contoso.com' }
}`,
  );
  assert.deepEqual(found, {
    backup: { kind: 'read', value: [{ name: 'CentralMgmt.CMSMaster', exporting: 'ErrorState', importing: 'NormalState' }] },
    holdsCms: { kind: 'read', value: true },
    replicas: { kind: 'read', value: [{ server: 'FE01.contoso.com', upToDate: false }] },
  });
});

test('a cmdlet that is refused spoils only its own part, and one that prints nothing is no answer', { skip }, async (context) => {
  const found = await copiesWith(
    context,
    `
function Get-CsBackupServiceStatus { [CmdletBinding()] param([string] $PoolFqdn) throw 'only RTCUniversalServerAdmins' }
function Get-CsPool { [CmdletBinding()] param([string] $Identity) }
function Get-CsManagementStoreReplicationStatus { [CmdletBinding()] param() }`,
  );
  assert.deepEqual(found, {
    backup: { kind: 'unread', because: 'only RTCUniversalServerAdmins' },
    holdsCms: { kind: 'unread', because: 'Get-CsPool lists no service' },
    replicas: { kind: 'read', value: [] },
  });
});
