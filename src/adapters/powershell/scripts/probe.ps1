# What one reading cmdlet really prints, in every shape that a decoder may be written from: members, list, CLIXML, text and
# each record with its stream. Nothing is projected here and nothing is understood.
param(
    [Parameter(Mandatory = $true)] [string] $PoolFqdn,
    [Parameter(Mandatory = $true)] [ValidateSet('readiness', 'fabric', 'fabric-verbose', 'backup-pool', 'back-end', 'services', 'version', 'patch-level', 'computers', 'pool')] [string] $Part
)
$ErrorActionPreference = 'Stop'
# Looking for a cmdlet that is not there would search every module of the machine.
$PSModuleAutoLoadingPreference = 'None'
$records = New-Object -TypeName System.Collections.ArrayList
$failed = $null
try {
    & {
        # An error that does not end the cmdlet is a record like any other.
        $ErrorActionPreference = 'Continue'
        switch ($Part) {
            'readiness' {
                if (Microsoft.PowerShell.Core\Get-Command -Name Get-CsPoolUpgradeReadinessState -ErrorAction SilentlyContinue) { Get-CsPoolUpgradeReadinessState } else { Get-CsUpgradeDomainInfo }
            }
            'fabric' { Get-CsPoolFabricState -PoolFqdn $PoolFqdn }
            'fabric-verbose' { Get-CsPoolFabricState -PoolFqdn $PoolFqdn -Verbose }
            'backup-pool' { Get-CsPoolBackupRelationship -PoolFqdn $PoolFqdn }
            'back-end' { Get-CsDatabaseMirrorState -PoolFqdn $PoolFqdn -DatabaseType User }
            'services' { Get-CsWindowsService }
            'version' { Get-CsServerVersion }
            'patch-level' { Get-CsServerPatchVersion }
            'computers' { Get-CsComputer -Pool $PoolFqdn }
            'pool' { Get-CsPool -Identity $PoolFqdn }
        }
    } *>&1 | ForEach-Object { [void] $records.Add($_) }
} catch {
    $failed = @{ message = [string] $_.Exception.Message; errorId = [string] $_.FullyQualifiedErrorId }
}
$output = New-Object -TypeName System.Collections.ArrayList
$streams = @(foreach ($record in $records) {
        if ($null -eq $record) { continue }
        $type = $record.GetType().FullName
        if ($type -notlike 'System.Management.Automation.*Record') {
            [void] $output.Add($record)
            @{ stream = 'output'; text = [string] $record }
        } else {
            @{ stream = [string] ($type -replace '^.*\.' -replace 'Record$').ToLowerInvariant(); text = [string] $record }
        }
    })
# The members of text are everybody's.
$objects = @($output | Where-Object { $_ -isnot [string] })
$members = ''
if ($objects.Count -gt 0) { $members = [string] ($objects | Get-Member | Out-String -Width 4000) }
@{
    failed  = $failed
    streams = $streams
    types   = @(foreach ($item in $output) { [string] $item.PSObject.TypeNames[0] })
    members = $members
    list    = [string] ($objects | Format-List -Property * | Out-String -Width 4000)
    text    = [string] ($output | Out-String -Width 4000)
    clixml  = @(foreach ($item in $output) { [string] [System.Management.Automation.PSSerializer]::Serialize($item, 5) })
}
