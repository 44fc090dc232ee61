# The fabric state is text; the warnings that belong to it are records of their own, kept by run.ps1.
param(
    [Parameter(Mandatory = $true)] [string] $PoolFqdn,
    [Parameter(Mandatory = $true)] [ValidateSet('plain', 'verbose')] [string] $Detail
)
$ErrorActionPreference = 'Stop'
if ($Detail -eq 'verbose') {
    $lines = @(Get-CsPoolFabricState -PoolFqdn $PoolFqdn -Verbose)
} else {
    $lines = @(Get-CsPoolFabricState -PoolFqdn $PoolFqdn)
}
@{ text = [string] (@($lines | ForEach-Object { [string] $_ }) -join "`n") }
