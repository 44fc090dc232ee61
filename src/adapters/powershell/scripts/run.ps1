# The one way in: decodes the values, splats them to one of our scripts, and frames what that returns in one line. Warnings
# and verbose text are records, told apart by type, so that neither can be mistaken for an answer. On a server that is
# reached over the network this text is sent, and the scripts with it.
param(
    [Parameter(Mandatory = $true)]
    [ValidateSet('computers.ps1', 'readiness.ps1', 'fabric.ps1', 'services.ps1', 'back-end.ps1', 'backup-pool.ps1', 'product.ps1', 'server.ps1', 'port.ps1', 'viewers.ps1', 'patch-level.ps1', 'child-run.ps1', 'machine.ps1', 'examine.ps1', 'condition.ps1', 'copies.ps1', 'probe.ps1', 'stop-services.ps1', 'start-services.ps1', 'restart.ps1', 'patch.ps1', 'hook.ps1', 'failover.ps1', 'pool-operation.ps1')]
    [string] $Script,
    [Parameter(Mandatory = $true)] [ValidatePattern('^[A-Za-z0-9+/]+=*$')] [string] $Values,
    # Our scripts by their names, where they came with this one; else they lie beside it.
    [hashtable] $Texts
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$records = New-Object System.Collections.ArrayList
try {
    if (-not $Texts) {
        $Texts = @{}
        foreach ($file in [System.IO.Directory]::GetFiles($PSScriptRoot, '*.ps1')) {
            $Texts[[System.IO.Path]::GetFileName($file)] = [System.IO.File]::ReadAllText($file)
        }
    }
    # A server has one of the two; in a warm process it is loaded already. Commands that a restricted endpoint replaces by
    # lesser ones of the same name (Get-Command, Select-Object) are either not used in any script or named with their module.
    if (-not (Get-Module -Name 'Lync', 'SkypeForBusiness')) {
        $found = @(Get-Module -ListAvailable -Name 'Lync', 'SkypeForBusiness' -Verbose:$false)
        if ($found.Count -gt 0) { Import-Module -ModuleInfo $found[0] -Verbose:$false }
    }
    $json = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Values))
    # PowerShell 7 makes a date of text that looks like one; 5.1 does not, and does not know the switch.
    $asText = @{}
    if ((Microsoft.PowerShell.Core\Get-Command -Name ConvertFrom-Json).Parameters.ContainsKey('DateKind')) { $asText['DateKind'] = 'String' }
    $named = @{}
    foreach ($value in (ConvertFrom-Json -InputObject $json @asText).PSObject.Properties) { $named[$value.Name] = $value.Value }
    # These start a process of ours, whose text they need.
    if ('patch.ps1', 'hook.ps1', 'failover.ps1', 'pool-operation.ps1' -contains $Script) { $named['Texts'] = $Texts }
    # One of the names above and no other: what is run is always a script of ours, word for word.
    $body = [scriptblock]::Create($Texts[$Script])
    & { & $body @named } *>&1 | ForEach-Object { [void] $records.Add($_) }
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
