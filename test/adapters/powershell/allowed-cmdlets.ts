/** A cmdlet that a script may use, the parameters (and splats) it may be given, and where they are documented. */
interface Allowed {
  readonly with: readonly string[];
  readonly because: string;
}

const CS = 'MicrosoftDocs/office-docs-powershell, skype/skype-ps/SkypeForBusiness';
const PS = 'MicrosoftDocs/PowerShell-Docs, reference/5.1';

/** Typed in from the pages. A name that is not here is not used by any script, or the test of the scripts fails. */
export const ALLOWED: Readonly<Record<string, Allowed>> = {
  'Get-CsComputer': {
    with: ['-Pool'],
    because: `"Get-CsComputer -Pool "atl-cs-001.litwareinc.com"" ${CS}/Get-CsComputer.md, example 4`,
  },
  'Get-CsPool': {
    with: ['-Identity'],
    because: `"Get-CsPool -Identity atl-cs-001.litwareinc.com" ${CS}/Get-CsPool.md, example 3`,
  },
  'Get-CsPoolUpgradeReadinessState': {
    with: [],
    because: `"this command must be executed on a Front End server located within the pool" ${CS}/Get-CsPoolUpgradeReadinessState.md, example 1`,
  },
  'Get-CsUpgradeDomainInfo': {
    with: [],
    because: `"The command shown in Example 1 returns the upgrade readiness state for the local Registrar pool" ${CS}/Get-CsUpgradeDomainInfo.md`,
  },
  'Get-CsPoolFabricState': {
    with: ['-PoolFqdn', '-Verbose'],
    because: `"You must supply the FQDN of a pool when calling this cmdlet" ${CS}/Get-CsPoolFabricState.md; -Verbose is a common parameter there`,
  },
  'Get-CsWindowsService': {
    with: ['-Name', '-ComputerName', '-ExcludeActivityLevel'],
    because: `"Get-CsWindowsService [[-Name] <String>] [-ComputerName <String>] [-ExcludeActivityLevel] [-Report <String>]" ${CS}/Get-CsWindowsService.md`,
  },
  'Get-CsDatabaseMirrorState': {
    with: ['-PoolFqdn', '-DatabaseType'],
    because: `"Allowed values for Lync Server 2013 are: App, Archiving, CMS, Monitoring, Provision, User", and User for 2015 too: ${CS}/Get-CsDatabaseMirrorState.md`,
  },
  'Get-CsPoolBackupRelationship': {
    with: ['-PoolFqdn'],
    because: `"Get-CsPoolBackupRelationship -PoolFqdn <Fqdn> [-Force] [-LocalStore]" ${CS}/Get-CsPoolBackupRelationship.md`,
  },
  'Get-CsServerPatchVersion': {
    with: [],
    because: `"This example returns the version for each component installed" ${CS}/Get-CsServerPatchVersion.md, example 1`,
  },
  'Get-CsServerVersion': {
    with: [],
    because: `"Get-CsServerVersion [<CommonParameters>]" ${CS}/Get-CsServerVersion.md`,
  },
  'Get-CsBackupServiceStatus': {
    with: ['-PoolFqdn'],
    because: `"Get-CsBackupServiceStatus -PoolFqdn <Fqdn> [-Category <BackupCategory>]" ${CS}/Get-CsBackupServiceStatus.md`,
  },
  'Get-CsManagementStoreReplicationStatus': {
    with: [],
    because: `"Get-CsManagementStoreReplicationStatus [[-ReplicaFqdn] <String>] [-CentralManagementStoreStatus]" ${CS}/Get-CsManagementStoreReplicationStatus.md`,
  },
  'Get-CsCertificate': {
    with: [],
    because: `"information about the certificates currently assigned to Skype for Business Server components" ${CS}/Get-CsCertificate.md, example 1`,
  },
  'Stop-CsWindowsService': {
    with: ['-Graceful', '-NoWait', '-Verbose', '-Confirm'],
    because: `"-Graceful: Instead of immediately shutting down a service, waits until all existing service requests have been filled", "-NoWait: ... immediately return control" ${CS}/Stop-CsWindowsService.md`,
  },
  'Start-CsWindowsService': {
    with: ['-NoWait', '-Verbose', '-Confirm'],
    because: `"starts all the Skype for Business Server services on the local computer" ${CS}/Start-CsWindowsService.md, example 1`,
  },
  'Invoke-CsComputerFailOver': {
    with: ['-ComputerName', '-WaitTime', '-DrainingTimeout', '-Confirm'],
    because: `"Invoke-CsComputerFailOver [[-ComputerName] <String>] [-Confirm] [-DrainingTimeout <TimeSpan>]", "[-WaitTime <TimeSpan>]" ${CS}/Invoke-CsComputerFailOver.md`,
  },
  'Invoke-CsComputerFailBack': {
    with: ['-ComputerName', '-WaitTime', '-Confirm'],
    because: `"Invoke-CsComputerFailBack [[-ComputerName] <String>] [-Confirm]", "[-WaitTime <TimeSpan>]" ${CS}/Invoke-CsComputerFailBack.md`,
  },
  'Invoke-CsPoolFailOver': {
    with: ['-PoolFqdn', '-Confirm'],
    because: `"Invoke-CsPoolFailOver -PoolFqdn <Fqdn>", "[-Confirm]" ${CS}/Invoke-CsPoolFailOver.md; without -DisasterMode: "the pool is still up and running"`,
  },
  'Invoke-CsPoolFailBack': {
    with: ['-PoolFqdn', '-Confirm'],
    because: `"Invoke-CsPoolFailBack -PoolFqdn <Fqdn>", "[-Confirm]" ${CS}/Invoke-CsPoolFailBack.md`,
  },
  'Start-CsPool': {
    with: ['-PoolFqdn', '-Confirm'],
    because: `"Start-CsPool [-PoolFqdn] <Fqdn> [-Confirm] [-Force] [-QuorumLossRecovery]" ${CS}/Start-CsPool.md`,
  },
  'Reset-CsPoolRegistrarState': {
    with: ['-PoolFqdn', '-ResetType', '-Confirm'],
    because: `"Reset-CsPoolRegistrarState -PoolFqdn <Fqdn>", "[-ResetType <FullReset | QuorumLossRecovery | ServiceReset | MachineStateRemoved>]", "[-Confirm]" ${CS}/Reset-CsPoolRegistrarState.md`,
  },
  'New-PSSession': {
    with: ['@how', '-UseWindowsPowerShell'],
    because: `"New-PSSession [-HostName] <String[]> [-Port <Int32>] [-UserName <String>] [-KeyFilePath <String>] [-Subsystem <String>] [-ConnectingTimeout <Int32>] [-Options <Hashtable>]", "[-UseWindowsPowerShell]": MicrosoftDocs/PowerShell-Docs, reference/7.5/Microsoft.PowerShell.Core/New-PSSession.md; -ComputerName, -ConfigurationName, -UseSSL and -SessionOption are in 5.1 too`,
  },
  'New-PSSessionOption': {
    with: ['-OpenTimeout', '-OperationTimeout', '-NoMachineProfile'],
    because: `"-OpenTimeout: Determines how long the client computer waits for the session connection to be established" ${PS}/Microsoft.PowerShell.Core/New-PSSessionOption.md`,
  },
  'Remove-PSSession': {
    with: ['-Session'],
    because: `"Remove-PSSession [-Session] <PSSession[]>" ${PS}/Microsoft.PowerShell.Core/Remove-PSSession.md`,
  },
  'Invoke-Command': {
    with: ['-Session', '-ScriptBlock', '-ArgumentList'],
    because: `"Invoke-Command [[-Session] <PSSession[]>] [-ScriptBlock] <ScriptBlock> [-ArgumentList <Object[]>]" ${PS}/Microsoft.PowerShell.Core/Invoke-Command.md`,
  },
  'Restart-Computer': {
    with: ['-Confirm'],
    because: `"Restart-Computer restarts the local computer" ${PS}/Microsoft.PowerShell.Management/Restart-Computer.md, example 1; -WhatIf and -Confirm are in its syntax`,
  },
  'Get-CimInstance': {
    with: ['-ClassName', '-Filter'],
    because: `"Get-CimInstance [-ClassName] <String> [-ComputerName <String[]>] [-KeyOnly]" and "[-Filter <String>]" ${PS}/CimCmdlets/Get-CimInstance.md`,
  },
  'Invoke-CimMethod': {
    with: ['-InputObject', '-MethodName', '-ClassName', '-Arguments'],
    because: `"Invoke-CimMethod [-ResourceUri <Uri>] [-InputObject] <CimInstance>", "[-ClassName] <String>", "[[-Arguments] <IDictionary>]" and "[-MethodName] <String>" ${PS}/CimCmdlets/Invoke-CimMethod.md`,
  },
  'Get-Process': {
    with: ['-Name', '-Id', '-ErrorAction'],
    because: `"Get-Process [[-Name] <String[]>] [-IncludeUserName]" and "Get-Process -Id <Int32[]> [-IncludeUserName]" ${PS}/Microsoft.PowerShell.Management/Get-Process.md`,
  },
  'Test-NetConnection': {
    with: ['-ComputerName', '-Port', '-InformationLevel', '-WarningAction'],
    because: `"Test-NetConnection [[-ComputerName] <String> ] -Port <Int32> [-InformationLevel <String> ]", {Quiet | Detailed}: learn.microsoft.com/previous-versions/windows/powershell-scripting/dn372891, Test-NetConnection.md today`,
  },
  'Start-Process': {
    with: ['@command', '-FilePath', '-ArgumentList', '-WorkingDirectory', '-RedirectStandardOutput', '-RedirectStandardError'],
    because: `"Start-Process [-FilePath] <string> [[-ArgumentList] <string[]>]", "[-RedirectStandardOutput <string>] [-WindowStyle <ProcessWindowStyle>] [-Wait]" ${PS}/Microsoft.PowerShell.Management/Start-Process.md`,
  },
  'Get-WinEvent': {
    with: ['-FilterHashtable', '-MaxEvents', '-ErrorAction'],
    because: `"Get-WinEvent [-MaxEvents <Int64>] [-ComputerName <String>]", "[-FilterHashtable] <Hashtable[]>" ${PS}/Microsoft.PowerShell.Diagnostics/Get-WinEvent.md`,
  },
  'Test-Path': {
    with: ['-LiteralPath'],
    because: `"Test-Path -LiteralPath <string[]> [-Filter <string>]" ${PS}/Microsoft.PowerShell.Management/Test-Path.md`,
  },
  'Get-ItemProperty': {
    with: ['-LiteralPath'],
    because: `"Get-ItemProperty -LiteralPath <String[]> [[-Name] <String[]>]" ${PS}/Microsoft.PowerShell.Management/Get-ItemProperty.md`,
  },
  'Get-ExecutionPolicy': {
    with: ['-List'],
    because: `"Get-ExecutionPolicy [[-Scope] <ExecutionPolicyScope>] [-List]" ${PS}/Microsoft.PowerShell.Security/Get-ExecutionPolicy.md`,
  },
  'Get-Content': {
    with: ['-LiteralPath'],
    because: `"The value of **LiteralPath** is used exactly as it's typed" ${PS}/Microsoft.PowerShell.Management/Get-Content.md`,
  },
  'Set-Content': {
    with: ['-LiteralPath', '-Value', '-Encoding'],
    because: `"Writes new content or replaces existing content in a file." ${PS}/Microsoft.PowerShell.Management/Set-Content.md`,
  },
  'Add-Content': {
    with: ['-LiteralPath', '-Value', '-Encoding'],
    because: `"The Add-Content cmdlet appends content to a specified item or file." ${PS}/Microsoft.PowerShell.Management/Add-Content.md`,
  },
  'Get-Command': {
    with: ['-Name', '-ErrorAction'],
    because: `"Get-Command [[-Name] <String[]>] [-Module <String[]>]" ${PS}/Microsoft.PowerShell.Core/Get-Command.md`,
  },
  'Get-Module': {
    with: ['-Name', '-ListAvailable', '-Verbose'],
    because: `"Get-Module [[-Name] <String[]>] [-FullyQualifiedName <ModuleSpecification[]>] [-ListAvailable]" ${PS}/Microsoft.PowerShell.Core/Get-Module.md`,
  },
  'Import-Module': {
    with: ['-ModuleInfo', '-Verbose'],
    because: `"adds one or more modules to the current session" ${PS}/Microsoft.PowerShell.Core/Import-Module.md`,
  },
  'New-Object': {
    with: ['-TypeName', '-ArgumentList'],
    because: `"New-Object [-TypeName] <String> [[-ArgumentList] <Object[]>]" ${PS}/Microsoft.PowerShell.Utility/New-Object.md`,
  },
  'ConvertFrom-Json': {
    with: ['-InputObject', '@asText'],
    because: `"ConvertFrom-Json [-InputObject] <String>" ${PS}/Microsoft.PowerShell.Utility/ConvertFrom-Json.md; -DateKind since 7.5`,
  },
  'ConvertTo-Json': {
    with: ['-InputObject', '-Depth', '-Compress'],
    because: `"ConvertTo-Json [-InputObject] <Object> [-Depth <Int32>] [-Compress]" ${PS}/Microsoft.PowerShell.Utility/ConvertTo-Json.md`,
  },
  'Get-Member': {
    with: [],
    because: `"Get-Member [-InputObject <PSObject>] [[-Name] <String[]>]" ${PS}/Microsoft.PowerShell.Utility/Get-Member.md`,
  },
  'Format-List': {
    with: ['-Property'],
    because: `"Format-List [[-Property] <Object[]>]" ${PS}/Microsoft.PowerShell.Utility/Format-List.md`,
  },
  'Out-String': {
    with: ['-Width'],
    because: `"Out-String [-Stream] [-Width <Int32>] [-InputObject <PSObject>]" ${PS}/Microsoft.PowerShell.Utility/Out-String.md`,
  },
  'Out-Null': {
    with: [],
    because: `"Hides the output instead of sending it down the pipeline or displaying it." ${PS}/Microsoft.PowerShell.Core/Out-Null.md`,
  },
  'Select-Object': {
    with: ['-First'],
    because: `"Specifies the number of objects to select from the beginning" ${PS}/Microsoft.PowerShell.Utility/Select-Object.md, -First`,
  },
  'Sort-Object': {
    with: ['-Unique'],
    because: `"Use the **Unique** parameter to remove duplicates" ${PS}/Microsoft.PowerShell.Utility/Sort-Object.md`,
  },
  'Where-Object': {
    with: [],
    because: `"Where-Object [-InputObject <PSObject>] [-FilterScript] <ScriptBlock>" ${PS}/Microsoft.PowerShell.Core/Where-Object.md`,
  },
};

/** Types that a script may name. None of them starts a process but ours, compiles text or reaches another machine. */
export const ALLOWED_TYPES: readonly string[] = [
  ...[
    '[bool]',
    '[int]',
    '[hashtable]',
    '[long]',
    '[string]',
    '[string[]]',
    '[datetime]',
    '[void]',
    '[math]',
    '[Enum]',
    '[ValueType]',
  ],
  ...[
    '[Convert]',
    '[Text.Encoding]',
    '[System.IO.Directory]',
    '[System.IO.File]',
    '[System.IO.Path]',
    '[System.Diagnostics.Process]',
    '[System.Collections.IEnumerable]',
  ],
  ...['[System.Net.NetworkInformation.IPGlobalProperties]', '[System.InvalidOperationException]'],
  '[System.Management.Automation.PSSerializer]',
  ...['WindowsIdentity', 'WindowsBuiltInRole', 'NTAccount'].map((name) => `[System.Security.Principal.${name}]`),
  ...['WarningRecord', 'VerboseRecord', 'ErrorRecord', 'ItemNotFoundException'].map(
    (name) => `[System.Management.Automation.${name}]`,
  ),
];
