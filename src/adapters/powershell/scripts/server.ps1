# The server it runs on: when it was started (ms since 1970, UTC) and its services with what they still carry.
$ErrorActionPreference = 'Stop'
$boot = (Get-CimInstance -ClassName Win32_OperatingSystem).LastBootUpTime
if ($boot -isnot [datetime]) { throw 'the time of the last start cannot be read' }
$services = @(Get-CsWindowsService | ForEach-Object {
        @{ name = [string] $_.Name; status = [string] $_.Status; activity = [string] $_.ActivityLevel }
    })
@{
    bootTime = [long] ($boot.ToUniversalTime() - [datetime] '1970-01-01').TotalMilliseconds
    services = $services
}
