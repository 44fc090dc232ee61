# The one way in: decodes the values, splats them to a script beside this one, and frames what it returns in one line.
# Warnings and verbose text are records, told apart by type, so that neither can be mistaken for an answer.
param(
    [Parameter(Mandatory = $true)]
    [ValidateSet('computers.ps1', 'readiness.ps1', 'fabric.ps1', 'services.ps1', 'back-end.ps1', 'backup-pool.ps1', 'server.ps1', 'sip-port.ps1', 'viewers.ps1', 'patch-level.ps1', 'patch-run.ps1', 'machine.ps1', 'stop-services.ps1', 'start-services.ps1', 'restart.ps1', 'patch.ps1')]
    [string] $Script,
    [Parameter(Mandatory = $true)] [ValidatePattern('^[A-Za-z0-9+/]+=*$')] [string] $Values
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$records = New-Object System.Collections.ArrayList
try {
    # A server has one of the two; in a warm process it is loaded already.
    if (-not (Get-Module -Name 'Lync', 'SkypeForBusiness')) {
        Get-Module -ListAvailable -Name 'Lync', 'SkypeForBusiness' -Verbose:$false | Select-Object -First 1 | Import-Module -Verbose:$false
    }
    $json = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Values))
    # PowerShell 7 makes a date of text that looks like one; 5.1 does not, and does not know the switch.
    $asText = @{}
    if ((Get-Command -Name ConvertFrom-Json).Parameters.ContainsKey('DateKind')) { $asText['DateKind'] = 'String' }
    $named = @{}
    foreach ($value in (ConvertFrom-Json -InputObject $json @asText).PSObject.Properties) { $named[$value.Name] = $value.Value }
    & {
        # Written out one by one: a script's name is never a variable.
        switch ($Script) {
            'computers.ps1' { & "$PSScriptRoot/computers.ps1" @named }
            'readiness.ps1' { & "$PSScriptRoot/readiness.ps1" @named }
            'fabric.ps1' { & "$PSScriptRoot/fabric.ps1" @named }
            'services.ps1' { & "$PSScriptRoot/services.ps1" @named }
            'back-end.ps1' { & "$PSScriptRoot/back-end.ps1" @named }
            'backup-pool.ps1' { & "$PSScriptRoot/backup-pool.ps1" @named }
            'server.ps1' { & "$PSScriptRoot/server.ps1" @named }
            'sip-port.ps1' { & "$PSScriptRoot/sip-port.ps1" @named }
            'viewers.ps1' { & "$PSScriptRoot/viewers.ps1" @named }
            'patch-level.ps1' { & "$PSScriptRoot/patch-level.ps1" @named }
            'patch-run.ps1' { & "$PSScriptRoot/patch-run.ps1" @named }
            'machine.ps1' { & "$PSScriptRoot/machine.ps1" @named }
            'stop-services.ps1' { & "$PSScriptRoot/stop-services.ps1" @named }
            'start-services.ps1' { & "$PSScriptRoot/start-services.ps1" @named }
            'restart.ps1' { & "$PSScriptRoot/restart.ps1" @named }
            'patch.ps1' { & "$PSScriptRoot/patch.ps1" @named }
        }
    } *>&1 | ForEach-Object { [void] $records.Add($_) }
    $answer = @{}
} catch {
    $answer = @{ fault = [string] $_.Exception.Message; category = [string] $_.CategoryInfo.Category; errorId = [string] $_.FullyQualifiedErrorId }
}
$answer['warnings'] = @(foreach ($record in $records) { if ($record -is [System.Management.Automation.WarningRecord]) { [string] $record.Message } })
$answer['verbose'] = @(foreach ($record in $records) { if ($record -is [System.Management.Automation.VerboseRecord]) { [string] $record.Message } })
$answer['errors'] = @(foreach ($record in $records) { if ($record -is [System.Management.Automation.ErrorRecord]) { [string] $record } })
# What Write-Host writes is an information record since 5.0, of a type that 4.0 does not have.
$answer['values'] = @(foreach ($record in $records) {
        if ($null -eq $record -or $record.GetType().FullName -notlike 'System.Management.Automation.*Record') { $record }
    })
$bytes = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $answer -Depth 12 -Compress))
'<<lifeguard ' + [Convert]::ToBase64String($bytes) + '>>'
