# The way in to a server that is reached over the network: opens a session once per process, makes sure that it leads to the
# server that is meant, and has the same wrapper answer there. LIFEGUARD_CONNECTION says how, as JSON.
param(
    [Parameter(Mandatory = $true)] [ValidatePattern('^[a-z-]+\.ps1$')] [string] $Script,
    [Parameter(Mandatory = $true)] [ValidatePattern('^[A-Za-z0-9+/]+=*$')] [string] $Values
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# What could not even be asked is told apart from what may have happened.
function Format-Frame([hashtable] $Answer) {
    $bytes = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $Answer -Depth 4 -Compress))
    '<<lifeguard ' + [Convert]::ToBase64String($bytes) + '>>'
}

function Open-Session($To) {
    if ($To.transport -eq 'winrm') {
        $how = @{ ComputerName = $To.host; SessionOption = (New-PSSessionOption -OpenTimeout 30000 -OperationTimeout 1200000 -NoMachineProfile) }
        if ($To.configuration) { $how['ConfigurationName'] = $To.configuration }
        if ($To.ssl) { $how['UseSSL'] = $true }
        if ($To.port) { $how['Port'] = $To.port }
        return New-PSSession @how
    }
    if (-not (Get-Command -Name New-PSSession).Parameters.ContainsKey('HostName')) {
        throw "this PowerShell ($($PSVersionTable.PSVersion)) has no SSH: it takes PowerShell 7.3 or later on this machine"
    }
    # Never a question: without a key that is known on both sides there is no connection.
    $options = @{ BatchMode = 'yes'; StrictHostKeyChecking = 'yes'; HostKeyAlias = $To.server; ServerAliveInterval = '15' }
    if ($To.knownHosts) { $options['UserKnownHostsFile'] = $To.knownHosts }
    $how = @{ HostName = $To.host; UserName = $To.user; Port = $To.port; ConnectingTimeout = 30000; Options = $options }
    if ($To.key) { $how['KeyFilePath'] = $To.key }
    New-PSSession @how
}

# Over SSH a server answers with PowerShell 7, and its module is Windows PowerShell's: that one is started beside it.
$desktop = {
    param($Way, $Script, $Values, $Texts)
    if ($PSVersionTable.PSEdition -ne 'Core' -or $env:OS -ne 'Windows_NT') { return & ([scriptblock]::Create($Way)) $Script $Values $Texts }
    if (-not $global:LifeguardDesktop) { $global:LifeguardDesktop = New-PSSession -UseWindowsPowerShell }
    Invoke-Command -Session $global:LifeguardDesktop -ScriptBlock ([scriptblock]::Create($Way)) -ArgumentList $Script, $Values, $Texts
}

function Invoke-There($To, [string] $Name, [string] $Given) {
    # An endpoint of ours takes two words and no code: both have only letters that mean nothing to PowerShell.
    if ($To.configuration) {
        return Invoke-Command -Session $global:LifeguardSession -ScriptBlock ([scriptblock]::Create("Invoke-Lifeguard -Script '$Name' -Values '$Given'"))
    }
    $files = @($Name)
    if ('patch.ps1', 'hook.ps1', 'failover.ps1', 'pool-operation.ps1' -contains $Name) {
        $files += 'child-run.ps1', 'start-child.ps1', 'command-child.ps1', 'failover-child.ps1', 'operation-child.ps1'
    }
    $texts = @{}
    foreach ($file in $files) { $texts[$file] = [System.IO.File]::ReadAllText("$PSScriptRoot/$file") }
    $way = [System.IO.File]::ReadAllText("$PSScriptRoot/run.ps1")
    Invoke-Command -Session $global:LifeguardSession -ScriptBlock $desktop -ArgumentList $way, $Name, $Given, $texts
}

# The name that the machine at the other end has itself: an address that leads elsewhere is found out before anything is done.
function Get-NameThere($To) {
    $frame = [string] (Invoke-There $To 'machine.ps1' 'e30=')
    if ($frame -notmatch '^<<lifeguard ([A-Za-z0-9+/=]+)>>$') { throw 'it does not say which machine it is' }
    $answer = ConvertFrom-Json -InputObject ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Matches[1])))
    if ($answer.fault) { throw "it does not say which machine it is: $($answer.fault)" }
    "$($answer.values[0].host).$($answer.values[0].domain)".ToLowerInvariant()
}

$to = ConvertFrom-Json -InputObject $env:LIFEGUARD_CONNECTION
if ($null -eq $global:LifeguardSession) {
    try {
        $global:LifeguardSession = Open-Session $to
        $name = Get-NameThere $to
        if ($name -ne $to.server) { throw "the machine at $($to.host) is $name and not $($to.server): nothing was asked of it" }
    } catch {
        if ($global:LifeguardSession) { Remove-PSSession -Session $global:LifeguardSession }
        $global:LifeguardSession = $null
        return Format-Frame @{ unreached = [string] $_.Exception.Message }
    }
}
try {
    $frame = [string] (Invoke-There $to $Script $Values)
    if ($frame -notlike '<<lifeguard *>>') { throw "it answered: $frame" }
    $frame
} catch {
    Format-Frame @{ lost = [string] $_.Exception.Message }
}
