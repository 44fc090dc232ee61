# Stands in for the cmdlets of a Front End Server, and for those of Windows that Lifeguard's scripts use, on a machine that
# has neither. Every call is put to the simulated pool over loopback. Parameters are those of the documentation, mandatory
# ones mandatory, so that a call which the real cmdlet would not take fails here too; -Force and -WhatIf do not exist here.

enum PoolUpgradeState { Ready; Busy; InsufficientActiveFrontEnds }
enum ServiceStatus { Stopped = 1; StartPending = 2; StopPending = 3; Running = 4 }

$script:Client = $null

function Invoke-Simulated([string] $Cmdlet, [System.Collections.IDictionary] $Parameters) {
    if (-not $script:Client) {
        Add-Type -AssemblyName System.Net.Http
        $script:Client = New-Object -TypeName System.Net.Http.HttpClient
        $script:Client.DefaultRequestHeaders.Add('Authorization', "Bearer $env:LIFEGUARD_SIMULATED_TOKEN")
    }
    $plain = @{}
    foreach ($name in $Parameters.Keys) {
        $value = $Parameters[$name]
        if ($value -is [System.Management.Automation.SwitchParameter]) { $plain[$name] = [bool] $value }
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
        $instance
    }
}

function Invoke-CimMethod {
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true)] $InputObject,
        [Parameter(Mandatory = $true)] [string] $MethodName
    )
    throw "the simulated pool has no $MethodName"
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

# The patch command of the simulated server is the simulated pool's: nothing is started, and its state file is an answer.
function Start-Process {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $FilePath,
        [string[]] $ArgumentList,
        [string] $WorkingDirectory,
        [string] $RedirectStandardOutput,
        [string] $RedirectStandardError,
        [string] $WindowStyle
    )
    Invoke-Simulated 'Start-Process' $PSBoundParameters
}

function Get-Content {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $LiteralPath)
    if ((Split-Path -Leaf $LiteralPath) -ne 'patch-run.state') { return Microsoft.PowerShell.Management\Get-Content @PSBoundParameters }
    $run = Invoke-Simulated 'Get-Content' @{}
    if ($run.kind -eq 'none') { throw (New-Object -TypeName System.Management.Automation.ItemNotFoundException) }
    # A process that lives as long as anybody asks: this one.
    $self = [System.Diagnostics.Process]::GetCurrentProcess()
    "started $($self.Id) $($self.StartTime.ToUniversalTime().Ticks)"
    if ($run.kind -eq 'ended') { "ended $($run.exitCode)" }
}

function Set-Content {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $LiteralPath,
        [object[]] $Value,
        [string] $Encoding
    )
    if ((Split-Path -Leaf $LiteralPath) -ne 'patch-run.state') { Microsoft.PowerShell.Management\Set-Content @PSBoundParameters }
}
