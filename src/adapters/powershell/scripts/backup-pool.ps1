# Every property of the relationship as text: their names are not published. An error is handed on in words, for a pool
# without a backup pool may be answered with one.
param([Parameter(Mandatory = $true)] [string] $PoolFqdn)
$ErrorActionPreference = 'Stop'
try {
    $relations = @(Get-CsPoolBackupRelationship -PoolFqdn $PoolFqdn)
} catch {
    return @{ relations = @(); failed = [string] $_.Exception.Message }
}
$plain = @(foreach ($relation in $relations) {
        if ($relation -is [string]) {
            @{ properties = @(@{ name = ''; value = $relation }) }
        } else {
            @{ properties = @(foreach ($property in $relation.PSObject.Properties) { @{ name = [string] $property.Name; value = [string] $property.Value } }) }
        }
    })
@{ relations = $plain; failed = $null }
