# Which copy of the user databases is the principal. Other stores (monitoring, archiving) may be mirrored or not: they do not vote.
param([Parameter(Mandatory = $true)] [string] $PoolFqdn)
$ErrorActionPreference = 'Stop'
$databases = @(Get-CsDatabaseMirrorState -PoolFqdn $PoolFqdn -DatabaseType User | ForEach-Object {
        @{ name = [string] $_.DatabaseName; onPrimary = [string] $_.StateOnPrimary; onMirror = [string] $_.StateOnMirror }
    })
@{ databases = $databases }
