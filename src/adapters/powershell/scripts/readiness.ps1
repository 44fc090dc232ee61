# The readiness of the pool that this server is in. Its object's names are not published, so every property is handed on:
# enum values by name, numbers as numbers, and nothing is guessed here.
$ErrorActionPreference = 'Stop'
# Looking for a cmdlet that is not there would search every module of the machine.
$PSModuleAutoLoadingPreference = 'None'

# Lists are made where they are kept: one that is handed on by a function is written by ConvertTo-Json 5.1 as an object.
function ConvertTo-Plain($Value, [int] $Depth) {
    if ($null -eq $Value -or $Value -is [bool]) { return $Value }
    if ($Value -is [ValueType] -and $Value -isnot [Enum] -and $Value.GetType().IsPrimitive) { return $Value }
    if ($Value -is [string] -or $Value -is [ValueType] -or $Value -is [System.Collections.IEnumerable] -or $Depth -le 0) {
        return [string] $Value
    }
    $plain = @{}
    foreach ($property in $Value.PSObject.Properties) {
        $inner = $property.Value
        if ($inner -is [System.Collections.IEnumerable] -and $inner -isnot [string]) {
            $plain[$property.Name] = @(foreach ($item in $inner) { ConvertTo-Plain $item ($Depth - 1) })
        } else {
            $plain[$property.Name] = ConvertTo-Plain $inner ($Depth - 1)
        }
    }
    $plain
}

if (Microsoft.PowerShell.Core\Get-Command -Name Get-CsPoolUpgradeReadinessState -ErrorAction SilentlyContinue) {
    $answers = @(Get-CsPoolUpgradeReadinessState)
} elseif (Microsoft.PowerShell.Core\Get-Command -Name Get-CsUpgradeDomainInfo -ErrorAction SilentlyContinue) {
    $answers = @(Get-CsUpgradeDomainInfo)
} else {
    throw 'this server has neither Get-CsPoolUpgradeReadinessState nor Get-CsUpgradeDomainInfo'
}
$plain = @(foreach ($answer in $answers) { ConvertTo-Plain $answer 3 })
@{ answers = $plain; text = [string] ($answers | Format-List -Property * | Out-String -Width 4000) }
