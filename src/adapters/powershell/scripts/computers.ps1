# Both lists of a pool's servers, for whoever compares them: Get-CsComputer's is in topology order.
param([Parameter(Mandatory = $true)] [string] $PoolFqdn)
$ErrorActionPreference = 'Stop'
$computers = @(Get-CsComputer -Pool $PoolFqdn | ForEach-Object { [string] $_.Fqdn })
$pool = @(Get-CsPool -Identity $PoolFqdn | ForEach-Object { $_.Computers } | ForEach-Object { [string] $_ })
@{ computers = $computers; pool = $pool }
