# Runs an operation on a whole pool and writes down that it began and how it ended. Nobody waits for this process. Every
# cmdlet is given its pool: one that is not takes another, or asks, and there is nobody to answer.
param(
    [Parameter(Mandatory = $true)] [ValidatePattern('^[a-z-]+$')] [string] $Name,
    [Parameter(Mandatory = $true)] [ValidatePattern('^[A-Za-z0-9+/]+=*$')] [string] $Values
)
$ErrorActionPreference = 'Stop'
$state = "$env:ProgramData/Lifeguard/$Name.state"
$self = [System.Diagnostics.Process]::GetCurrentProcess()
Add-Content -LiteralPath $state -Value "started $($self.Id) $($self.StartTime.ToUniversalTime().Ticks)" -Encoding ASCII
try {
    $found = @(Get-Module -ListAvailable -Name 'Lync', 'SkypeForBusiness')
    if ($found.Count -gt 0) { Import-Module -ModuleInfo $found[0] }
    $given = ConvertFrom-Json -InputObject ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Values)))
    $pool = [string] $given.PoolFqdn
    switch ([string] $given.Operation) {
        'failover' { Invoke-CsPoolFailOver -PoolFqdn $pool -Confirm:$false }
        'failback' { Invoke-CsPoolFailBack -PoolFqdn $pool -Confirm:$false }
        'start' { Start-CsPool -PoolFqdn $pool -Confirm:$false }
        'recover' { Reset-CsPoolRegistrarState -PoolFqdn $pool -ResetType QuorumLossRecovery -Confirm:$false }
        'reset' { Reset-CsPoolRegistrarState -PoolFqdn $pool -ResetType ServiceReset -Confirm:$false }
        default { throw "there is no operation $_" }
    }
    Add-Content -LiteralPath $state -Value 'ended 0' -Encoding ASCII
} catch {
    $because = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes([string] $_.Exception.Message))
    Add-Content -LiteralPath $state -Value "failed $because" -Encoding ASCII
}
