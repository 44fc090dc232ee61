# The readiness of the pool that this server is in. Its object's names are not published, so every property is handed on:
# enum values by name, numbers as numbers, and nothing is guessed here.
$ErrorActionPreference = 'Stop'
# Looking for a cmdlet that is not there would search every module of the machine.
$PSModuleAutoLoadingPreference = 'None'

function ConvertTo-Plain($Value, [int] $Depth) {
    if ($null -eq $Value -or $Value -is [string] -or $Value -is [bool]) { return $Value }
    if ($Value -is [Enum]) { return [string] $Value }
    if ($Value -is [ValueType]) {
        if ($Value.GetType().IsPrimitive) { return $Value }
        return [string] $Value
    }
    if ($Value -is [System.Collections.IEnumerable]) {
        $items = @(foreach ($item in $Value) { ConvertTo-Plain $item $Depth })
        return , $items
    }
    if ($Depth -le 0) { return [string] $Value }
    $plain = @{}
    foreach ($property in $Value.PSObject.Properties) { $plain[$property.Name] = ConvertTo-Plain $property.Value ($Depth - 1) }
    $plain
}

if (Get-Command -Name Get-CsPoolUpgradeReadinessState -ErrorAction SilentlyContinue) {
    $answers = @(Get-CsPoolUpgradeReadinessState)
} elseif (Get-Command -Name Get-CsUpgradeDomainInfo -ErrorAction SilentlyContinue) {
    $answers = @(Get-CsUpgradeDomainInfo)
} else {
    throw 'this server has neither Get-CsPoolUpgradeReadinessState nor Get-CsUpgradeDomainInfo'
}
$plain = @(foreach ($answer in $answers) { ConvertTo-Plain $answer 3 })
@{ answers = $plain; text = [string] ($answers | Format-List -Property * | Out-String -Width 4000) }
