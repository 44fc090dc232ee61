# What keeps copies of the pool: its backup service, whether it holds the Central Management Store, and that store's replicas.
# A part that cannot be read is null and `unread` says why: it does not spoil the others.
param([Parameter(Mandatory = $true)] [string] $PoolFqdn)
$ErrorActionPreference = 'Stop'
$unread = @{}
try {
    $backup = @(Get-CsBackupServiceStatus -PoolFqdn $PoolFqdn | ForEach-Object { $_.BackupModules } | ForEach-Object {
            $row = @{}
            foreach ($property in $_.PSObject.Properties) { $row[$property.Name] = [string] $property.Value }
            $row
        })
} catch {
    $backup = $null
    $unread['backup'] = [string] $_.Exception.Message
}
try {
    $services = @(Get-CsPool -Identity $PoolFqdn | ForEach-Object { $_.Services } | ForEach-Object { [string] $_ })
    if ($services.Count -eq 0) { throw 'Get-CsPool lists no service' }
    $holdsCms = @($services -like 'CentralManagement:*').Count -gt 0
} catch {
    $holdsCms = $null
    $unread['holdsCms'] = [string] $_.Exception.Message
}
try {
    $replicas = @(Get-CsManagementStoreReplicationStatus | ForEach-Object {
            $upToDate = $null
            if ($_.UpToDate -is [bool]) { $upToDate = $_.UpToDate }
            @{ server = [string] $_.ReplicaFqdn; upToDate = $upToDate }
        })
} catch {
    $replicas = $null
    $unread['replicas'] = [string] $_.Exception.Message
}
@{ backup = $backup; holdsCms = $holdsCms; replicas = $replicas; unread = $unread }
