# The full name of the machine it runs on.
$ErrorActionPreference = 'Stop'
$own = [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
@{ host = [string] $own.HostName; domain = [string] $own.DomainName }
