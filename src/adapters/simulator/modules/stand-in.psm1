# Stands in for the cmdlets of a Front End Server, and for those of Windows that Lifeguard's scripts use, on a machine that
# has neither. Every call is put to the simulated pool over loopback. Parameters are those of the documentation, mandatory
# ones mandatory, so that a call which the real cmdlet would not take fails here too; -Force does not exist here.

enum PoolUpgradeState { Ready; Busy; InsufficientActiveFrontEnds }
enum ServiceStatus { Stopped = 1; StartPending = 2; StopPending = 3; Running = 4 }

$script:Client = $null
# While the text of a child process is tried here: which cmdlet it called, and what it wrote into its state file.
$script:Tried = $null
# The mark that its state file was begun with.
$script:Begun = $null

function Invoke-Simulated([string] $Cmdlet, [System.Collections.IDictionary] $Parameters) {
    if (-not $script:Client) {
        Add-Type -AssemblyName System.Net.Http
        $script:Client = New-Object -TypeName System.Net.Http.HttpClient
        # A FailOver is answered when it has ended.
        $script:Client.Timeout = [System.Threading.Timeout]::InfiniteTimeSpan
        $script:Client.DefaultRequestHeaders.Add('Authorization', "Bearer $env:LIFEGUARD_SIMULATED_TOKEN")
    }
    $plain = @{}
    foreach ($name in $Parameters.Keys) {
        $value = $Parameters[$name]
        if ($value -is [System.Management.Automation.SwitchParameter]) { $plain[$name] = [bool] $value }
        elseif ($value -is [timespan]) { $plain[$name] = [string] [long] $value.TotalSeconds }
        elseif ($value -is [array]) { $plain[$name] = @($value | ForEach-Object { [string] $_ }) }
        else { $plain[$name] = [string] $value }
    }
    $json = ConvertTo-Json -InputObject @{ server = $env:LIFEGUARD_SIMULATED_SERVER; cmdlet = $Cmdlet; parameters = $plain } -Compress -Depth 4
    $content = New-Object -TypeName System.Net.Http.StringContent -ArgumentList $json
    $response = $script:Client.PostAsync($env:LIFEGUARD_SIMULATED_URL, $content).GetAwaiter().GetResult()
    # A machine that went down in the middle of the call: whoever waits for an answer gets none.
    if (-not $response.IsSuccessStatusCode) { [Environment]::Exit(1) }
    $answer = ConvertFrom-Json -InputObject ($response.Content.ReadAsStringAsync().GetAwaiter().GetResult())
    foreach ($warning in $answer.warnings) { Write-Warning -Message $warning }
    foreach ($message in $answer.verbose) { Write-Verbose -Message $message }
    if ($answer.error) {
        $exception = New-Object -TypeName System.InvalidOperationException -ArgumentList $answer.error.message
        throw (New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, 'Simulated', $answer.error.category, $null)
    }
    $answer.output
}

function Get-CsComputer {
    [CmdletBinding(DefaultParameterSetName = 'Identity')]
    param(
        [Parameter(ParameterSetName = 'Identity', Position = 0)] [string] $Identity,
        [Parameter(ParameterSetName = 'Filter')] [string] $Filter,
        [string] $Pool,
        [switch] $Local
    )
    Invoke-Simulated 'Get-CsComputer' $PSBoundParameters
}

function Get-CsPool {
    [CmdletBinding(DefaultParameterSetName = 'Identity')]
    param(
        [Parameter(ParameterSetName = 'Identity', Position = 0)] [string] $Identity,
        [Parameter(ParameterSetName = 'Filter')] [string] $Filter,
        [string] $Site
    )
    Invoke-Simulated 'Get-CsPool' $PSBoundParameters
}

# The states of the real object are enum values, which ConvertTo-Json would turn into numbers.
function ConvertTo-Readiness {
    process {
        if ($_ -isnot [string]) { $_.PoolUpgradeState = [PoolUpgradeState] $_.PoolUpgradeState }
        $_
    }
}

function Get-CsPoolUpgradeReadinessState {
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([switch] $SkipIdleSecondaryVerification)
    Invoke-Simulated 'Get-CsPoolUpgradeReadinessState' $PSBoundParameters | ConvertTo-Readiness
}

function Get-CsUpgradeDomainInfo {
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([int] $QueryTimeout)
    Invoke-Simulated 'Get-CsUpgradeDomainInfo' $PSBoundParameters | ConvertTo-Readiness
}

function Get-CsPoolFabricState {
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true)] [string] $PoolFqdn,
        [ValidateSet('All', 'MCUFactory', 'ConferenceDirectory', 'Routing', 'LYSS')] [string] $Type
    )
    Invoke-Simulated 'Get-CsPoolFabricState' $PSBoundParameters
}

function Get-CsWindowsService {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [string] $Name,
        [string] $ComputerName,
        [switch] $ExcludeActivityLevel,
        [string] $Report
    )
    foreach ($service in (Invoke-Simulated 'Get-CsWindowsService' $PSBoundParameters)) {
        $service.Status = [ServiceStatus] $service.Status
        $service
    }
}

function Stop-CsWindowsService {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
    param(
        [Parameter(Position = 0)] [string] $Name,
        [string] $ComputerName,
        [switch] $Graceful,
        [switch] $NoWait,
        [string] $Report,
        [switch] $LeaveClsAgentRunning,
        [switch] $LeaveWebServerRunning
    )
    if ($PSCmdlet.ShouldProcess($env:LIFEGUARD_SIMULATED_SERVER)) { Invoke-Simulated 'Stop-CsWindowsService' $PSBoundParameters }
}

function Start-CsWindowsService {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
    param(
        [Parameter(Position = 0)] [string] $Name,
        [string] $ComputerName,
        [switch] $NoWait,
        [string] $Report
    )
    if ($PSCmdlet.ShouldProcess($env:LIFEGUARD_SIMULATED_SERVER)) { Invoke-Simulated 'Start-CsWindowsService' $PSBoundParameters }
}

function Deny-Parameter([string] $Cmdlet, [System.Collections.IDictionary] $Parameters, [string[]] $Never) {
    foreach ($each in $Never) {
        if ($Parameters.ContainsKey($each)) { throw "the stand-in of $Cmdlet refuses -${each}: nothing of ours may ever call it with that" }
    }
}

# FailOver with -Force ignores -WhatIf and fails over, so neither may ever be in a call of ours; nor may it be left to the
# cmdlet which computer it takes. Parameters that the simulated pool does not know are not here.
function Invoke-Failover([string] $Cmdlet, [System.Collections.IDictionary] $Parameters) {
    Deny-Parameter $Cmdlet $Parameters 'Force', 'WhatIf'
    if (-not $script:Tried) { return Invoke-Simulated $Cmdlet $Parameters }
    $script:Tried['Parameters'] = @{ Cmdlet = $Cmdlet }
    foreach ($name in $Parameters.Keys) { $script:Tried['Parameters'][$name] = $Parameters[$name] }
}

function Invoke-CsComputerFailOver {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $ComputerName,
        [timespan] $WaitTime,
        [timespan] $DrainingTimeout,
        [switch] $Force
    )
    if ($PSBoundParameters.ContainsKey('WhatIf') -or $PSCmdlet.ShouldProcess($ComputerName)) { Invoke-Failover 'Invoke-CsComputerFailOver' $PSBoundParameters }
}

function Invoke-CsComputerFailBack {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $ComputerName,
        [timespan] $WaitTime,
        [switch] $Force
    )
    if ($PSBoundParameters.ContainsKey('WhatIf') -or $PSCmdlet.ShouldProcess($ComputerName)) { Invoke-Failover 'Invoke-CsComputerFailBack' $PSBoundParameters }
}

# Operations on a whole pool may take an hour, so ours are only ever called by a process of their own, and only with what the
# plan of an operation knows: the other parameters are the real ones, and taken by name so that a call with them says which.
function Invoke-Operation([string] $Cmdlet, [System.Collections.IDictionary] $Parameters) {
    $never = @($Parameters.Keys | Where-Object { 'PoolFqdn', 'ResetType', 'Confirm' -notcontains $_ })
    Deny-Parameter $Cmdlet $Parameters $never
    if (-not $script:Tried) { throw "the stand-in of $Cmdlet is called by a process of its own and nowhere else" }
    $script:Tried['Parameters'] = @{ Cmdlet = $Cmdlet; Token = $script:Begun }
    foreach ($name in $Parameters.Keys) { $script:Tried['Parameters'][$name] = $Parameters[$name] }
}

function Invoke-CsPoolFailOver {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
    param(
        [Parameter(Mandatory = $true)] [string] $PoolFqdn,
        [switch] $DisasterMode,
        [switch] $FlushStorageService,
        [timespan] $WaitTime,
        [int] $DatabaseCommandTimeoutInSeconds,
        [int] $ServicesStopDelayMins,
        [switch] $SkipDataVerification,
        [switch] $Force
    )
    if ($PSBoundParameters.ContainsKey('WhatIf') -or $PSCmdlet.ShouldProcess($PoolFqdn)) { Invoke-Operation 'Invoke-CsPoolFailOver' $PSBoundParameters }
}

function Invoke-CsPoolFailBack {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
    param(
        [Parameter(Mandatory = $true)] [string] $PoolFqdn,
        [switch] $DisasterMode,
        [timespan] $WaitTime,
        [int] $DatabaseCommandTimeoutInSeconds,
        [switch] $SkipDataVerification,
        [switch] $Force
    )
    if ($PSBoundParameters.ContainsKey('WhatIf') -or $PSCmdlet.ShouldProcess($PoolFqdn)) { Invoke-Operation 'Invoke-CsPoolFailBack' $PSBoundParameters }
}

function Start-CsPool {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $PoolFqdn,
        [switch] $QuorumLossRecovery,
        [string[]] $SkipRoutingGroup,
        [string[]] $SkipServer,
        [switch] $Force
    )
    if ($PSBoundParameters.ContainsKey('WhatIf') -or $PSCmdlet.ShouldProcess($PoolFqdn)) { Invoke-Operation 'Start-CsPool' $PSBoundParameters }
}

# Without a type the real one does a ServiceReset. Ours says which it means.
function Reset-CsPoolRegistrarState {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
    param(
        [Parameter(Mandatory = $true)] [string] $PoolFqdn,
        [ValidateSet('ServiceReset', 'QuorumLossRecovery', 'FullReset', 'MachineStateRemoved')] [string] $ResetType,
        [string] $MachineFqdn,
        [switch] $NoReStart,
        [switch] $ResetLocalDatabases,
        [int] $ServicesStopDelayMins,
        [switch] $Force
    )
    if ($PSBoundParameters.ContainsKey('WhatIf') -or $PSCmdlet.ShouldProcess($PoolFqdn)) { Invoke-Operation 'Reset-CsPoolRegistrarState' $PSBoundParameters }
}

function Get-CsDatabaseMirrorState {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $PoolFqdn,
        [string] $DatabaseType,
        [switch] $LocalStore,
        [string] $Report
    )
    Invoke-Simulated 'Get-CsDatabaseMirrorState' $PSBoundParameters
}

function Get-CsPoolBackupRelationship {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $PoolFqdn,
        [switch] $LocalStore
    )
    Invoke-Simulated 'Get-CsPoolBackupRelationship' $PSBoundParameters
}

function Get-CsBackupServiceStatus {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $PoolFqdn,
        [ValidateSet('CMS', 'UserData', 'RGS')] [string] $Category
    )
    Invoke-Simulated 'Get-CsBackupServiceStatus' $PSBoundParameters
}

function Get-CsManagementStoreReplicationStatus {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [string] $ReplicaFqdn,
        [switch] $CentralManagementStoreStatus
    )
    Invoke-Simulated 'Get-CsManagementStoreReplicationStatus' $PSBoundParameters
}

function Get-CsServerVersion {
    [CmdletBinding()]
    param()
    Invoke-Simulated 'Get-CsServerVersion' $PSBoundParameters
}

function Get-CsCertificate {
    [CmdletBinding()]
    param([string] $Type)
    foreach ($certificate in (Invoke-Simulated 'Get-CsCertificate' $PSBoundParameters)) {
        $certificate.NotAfter = ([datetime]::SpecifyKind([datetime] '1970-01-01', 'Utc')).AddMilliseconds($certificate.NotAfter).ToLocalTime()
        $certificate
    }
}

function Get-CsServerPatchVersion {
    [CmdletBinding()]
    param([string] $Report)
    Invoke-Simulated 'Get-CsServerPatchVersion' $PSBoundParameters
}

# From here on: cmdlets of Windows, as far as the scripts use them. Without these a script would act on this machine.

function Get-CimInstance {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $ClassName,
        [string] $Filter
    )
    foreach ($instance in (Invoke-Simulated 'Get-CimInstance' $PSBoundParameters)) {
        if ($ClassName -eq 'Win32_OperatingSystem') {
            # Windows gives local time, of a kind that says so.
            $instance.LastBootUpTime = ([datetime]::SpecifyKind([datetime] '1970-01-01', 'Utc')).AddMilliseconds($instance.LastBootUpTime).ToLocalTime()
        }
        if ($ClassName -eq 'Win32_Process' -and $instance.CreationDate) {
            $instance.CreationDate = ([datetime]::SpecifyKind([datetime] '1970-01-01', 'Utc')).AddMilliseconds($instance.CreationDate).ToLocalTime()
        }
        $instance
    }
}

# None that match is an error, as it is on Windows.
function Get-WinEvent {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [hashtable] $FilterHashtable,
        [long] $MaxEvents
    )
    foreach ($needed in 'LogName', 'Id', 'StartTime') { if (-not $FilterHashtable.ContainsKey($needed)) { throw "the filter has no $needed" } }
    $found = @(Invoke-Simulated 'Get-WinEvent' @{ LogName = $FilterHashtable.LogName; Id = @($FilterHashtable.Id) })
    if ($found.Count -eq 0) {
        $exception = New-Object -TypeName System.Exception -ArgumentList 'No events were found that match the specified selection criteria.'
        throw (New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, 'NoMatchingEventsFound', 'ObjectNotFound', $null)
    }
    foreach ($each in $found) {
        $each.TimeCreated = ([datetime]::SpecifyKind([datetime] '1970-01-01', 'Utc')).AddMilliseconds($each.TimeCreated).ToLocalTime()
        $each
    }
}

# Of the registry only what says that Windows wants to be restarted is the simulated server's; files are those of this machine.
function Test-Path {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $LiteralPath)
    if ($LiteralPath -notlike 'HKLM:*') { return Microsoft.PowerShell.Management\Test-Path @PSBoundParameters }
    if ($LiteralPath -eq 'HKLM:\SOFTWARE') { return $true }
    Invoke-Simulated 'Test-Path' $PSBoundParameters
}

function Get-ItemProperty {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $LiteralPath)
    if ($LiteralPath -notlike 'HKLM:*') { return Microsoft.PowerShell.Management\Get-ItemProperty @PSBoundParameters }
    [pscustomobject] @{ PendingFileRenameOperations = $null }
}

function Invoke-CimMethod {
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(ParameterSetName = 'Instance', Mandatory = $true)] $InputObject,
        [Parameter(ParameterSetName = 'Class', Mandatory = $true)] [string] $ClassName,
        [Parameter(Mandatory = $true)] [string] $MethodName,
        [System.Collections.IDictionary] $Arguments
    )
    if ($ClassName -ne 'Win32_Process' -or $MethodName -ne 'Create') { throw "the simulated pool has no $MethodName" }
    Start-Child ([string] $Arguments['CommandLine']).Split(' ')
    [pscustomobject] @{ ReturnValue = 0 }
}

function Restart-Computer {
    [CmdletBinding(SupportsShouldProcess = $true)]
    param()
    if ($PSCmdlet.ShouldProcess($env:LIFEGUARD_SIMULATED_SERVER)) { Invoke-Simulated 'Restart-Computer' $PSBoundParameters }
}

function Test-NetConnection {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $ComputerName,
        [Parameter(Mandatory = $true)] [int] $Port,
        [Parameter(Mandatory = $true)] [ValidateSet('Quiet')] [string] $InformationLevel
    )
    Invoke-Simulated 'Test-NetConnection' $PSBoundParameters
}

# The viewers are the simulated server's; a process asked for by its number is one of this machine.
function Get-Process {
    [CmdletBinding(DefaultParameterSetName = 'Name')]
    param(
        [Parameter(ParameterSetName = 'Name', Mandatory = $true)] [string[]] $Name,
        [Parameter(ParameterSetName = 'Id', Mandatory = $true)] [int] $Id
    )
    if ($PSCmdlet.ParameterSetName -eq 'Id') { return Microsoft.PowerShell.Management\Get-Process @PSBoundParameters }
    Invoke-Simulated 'Get-Process' $PSBoundParameters
}

# A child process of ours on the simulated server. The patch command is the simulated pool's, so nothing is started for it.
# A FailOver, a FailBack or an operation on the whole pool is begun in the pool as the child's own text would call it, which is tried here; that it then waits
# for its end is simulated as well, for a process that did so would outlive the session.
function Start-Child([string[]] $Words) {
    $encoded = $Words[[array]::IndexOf($Words, '-EncodedCommand') + 1]
    $text = [Text.Encoding]::Unicode.GetString([Convert]::FromBase64String($encoded))
    if ($text -match "-Name '(patch|before|after)-run' -Values") { return Invoke-Simulated 'Start-Process' @{ Name = $Matches[1] } }
    $script:Tried = @{ Parameters = $null; State = '' }
    try {
        & ([scriptblock]::Create($text))
        $tried = $script:Tried
    } finally {
        $script:Tried = $null
    }
    if (-not $tried.Parameters) {
        $because = $tried.State -replace '^failed '
        if ($because -ne $tried.State) { $because = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($because)) }
        throw (New-Object -TypeName System.InvalidOperationException -ArgumentList "the process called no cmdlet: $because")
    }
    Invoke-Simulated 'Start-Process' $tried.Parameters
}

function Start-Process {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $FilePath,
        [Parameter(Mandatory = $true)] [string[]] $ArgumentList,
        [string] $WorkingDirectory,
        [string] $RedirectStandardOutput,
        [string] $RedirectStandardError,
        [string] $WindowStyle
    )
    Start-Child $ArgumentList
}

# The state files of those children are answers of the simulated pool.
function Test-StateFile([string] $Path) { 'patch-run.state', 'before-run.state', 'after-run.state', 'failover-run.state', 'operation-run.state' -contains (Split-Path -Leaf $Path) }

function Get-Content {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $LiteralPath)
    if (-not (Test-StateFile $LiteralPath)) { return Microsoft.PowerShell.Management\Get-Content @PSBoundParameters }
    $run = Invoke-Simulated 'Get-Content' @{ Name = Split-Path -Leaf $LiteralPath }
    if ($run.kind -eq 'none') { throw (New-Object -TypeName System.Management.Automation.ItemNotFoundException) }
    $age = if ($run.PSObject.Properties['age']) { [double] $run.age } else { 0 }
    $token = if ($run.PSObject.Properties['token']) { " $($run.token)" } else { '' }
    "starting $([datetime]::UtcNow.AddMilliseconds(-$age).Ticks) $($run.what)$token"
    # A process that lives as long as anybody asks: this one. Nothing was started at the beginning of time.
    $self = [System.Diagnostics.Process]::GetCurrentProcess()
    if ($run.gone) { return "started $($self.Id) 0" }
    "started $($self.Id) $($self.StartTime.ToUniversalTime().Ticks)"
    if ($run.failed) { "failed $([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($run.failed)))" }
    elseif ($run.kind -eq 'ended') { "ended $($run.exitCode)" }
}

function Set-Content {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $LiteralPath,
        [object[]] $Value,
        [string] $Encoding
    )
    if (-not (Test-StateFile $LiteralPath)) { Microsoft.PowerShell.Management\Set-Content @PSBoundParameters }
    elseif ($Value.Count -gt 0) { $script:Begun = ([string] $Value[0]).Split(' ')[-1] }
}

function Add-Content {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $LiteralPath,
        [object[]] $Value,
        [string] $Encoding
    )
    if (-not (Test-StateFile $LiteralPath)) { Microsoft.PowerShell.Management\Add-Content @PSBoundParameters }
    elseif ($script:Tried) { $script:Tried['State'] = [string] $Value[-1] }
}
