# The full name of the machine it runs on, as the machine has it.
$ErrorActionPreference = 'Stop'
if (Microsoft.PowerShell.Core\Get-Command -Name Get-CimInstance -ErrorAction SilentlyContinue) {
    $system = Get-CimInstance -ClassName Win32_ComputerSystem
    @{ host = [string] $system.DNSHostName; domain = [string] $system.Domain }
} else {
    $own = [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
    @{ host = [string] $own.HostName; domain = [string] $own.DomainName }
}
