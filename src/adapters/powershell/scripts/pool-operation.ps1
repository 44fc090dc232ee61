# Starts an operation on a whole pool, on the server it runs on: each may take an hour and more, so it is started and looked
# at. A token is taken once: what was told to start and cannot be found again is not started a second time.
param(
    [Parameter(Mandatory = $true)] [string] $PoolFqdn,
    [Parameter(Mandatory = $true)] [ValidateSet('failover', 'failback', 'start', 'recover', 'reset')] [string] $Operation,
    [Parameter(Mandatory = $true)] [string] $Token,
    [hashtable] $Texts
)
$ErrorActionPreference = 'Stop'
$cmdlets = @{
    failover = 'Invoke-CsPoolFailOver'
    failback = 'Invoke-CsPoolFailBack'
    start    = 'Start-CsPool'
    recover  = 'Reset-CsPoolRegistrarState'
    reset    = 'Reset-CsPoolRegistrarState'
}
$cmdlet = $cmdlets[$Operation]
if (-not (Microsoft.PowerShell.Core\Get-Command -Name $cmdlet -ErrorAction SilentlyContinue)) {
    return @{ kind = 'refused'; because = "this server has no $cmdlet" }
}
$given = @{ PoolFqdn = $PoolFqdn; Operation = $Operation }
& ([scriptblock]::Create($Texts['start-child.ps1'])) -Name 'operation-run' -What $Operation -Given $given -Texts $Texts -Token $Token
