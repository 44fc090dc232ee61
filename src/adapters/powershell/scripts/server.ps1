# The server it runs on: when it was started (ms since 1970, UTC), its services with what they still carry, and whether its
# Front-End service may be started at all: a server that was failed over has it disabled.
$ErrorActionPreference = 'Stop'
$boot = (Get-CimInstance -ClassName Win32_OperatingSystem).LastBootUpTime
if ($boot -isnot [datetime]) { throw 'the time of the last start cannot be read' }
$services = @(Get-CsWindowsService | ForEach-Object {
        @{ name = [string] $_.Name; status = [string] $_.Status; activity = [string] $_.ActivityLevel }
    })
$mode = @(Get-CimInstance -ClassName Win32_Service -Filter "Name = 'RTCSRV'" | ForEach-Object { [string] $_.StartMode })
@{
    bootTime = [long] ($boot.ToUniversalTime() - [datetime] '1970-01-01').TotalMilliseconds
    services = $services
    startMode = [string] ($mode -join ', ')
}
