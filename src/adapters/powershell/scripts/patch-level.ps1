# Versions of the components on the server it runs on, where the product can tell: Lync Server 2013 cannot.
$ErrorActionPreference = 'Stop'
# Looking for a cmdlet that is not there would search every module of the machine.
$PSModuleAutoLoadingPreference = 'None'
if (-not (Microsoft.PowerShell.Core\Get-Command -Name Get-CsServerPatchVersion -ErrorAction SilentlyContinue)) {
    return @{ canTell = $false; components = @() }
}
$components = @(Get-CsServerPatchVersion | ForEach-Object { @{ name = [string] $_.ComponentName; version = [string] $_.Version } })
@{ canTell = $true; components = $components }
