# Restarts the server it runs on, if that is still in the boot that was seen (ms since 1970). It refuses while people are
# logged on, as Windows does unless it is told otherwise, and says who they are.
param([Parameter(Mandatory = $true)] [long] $BootTimeSeen)
$ErrorActionPreference = 'Stop'
# Whatever goes wrong in these lines ends the script: without a boot time there is no restart.
$boot = (Get-CimInstance -ClassName Win32_OperatingSystem).LastBootUpTime
if ($boot -isnot [datetime]) { throw 'the time of the last start cannot be read, so nothing was restarted' }
$now = [long] ($boot.ToUniversalTime() - [datetime] '1970-01-01').TotalMilliseconds
# Windows corrects its boot time when it corrects its clock, so a minute's difference is still the same boot.
if ([math]::Abs($now - $BootTimeSeen) -gt 60000) {
    return @{ kind = 'refused'; because = 'it has restarted since it was looked at' }
}
try {
    Restart-Computer -Confirm:$false
} catch {
    $because = [string] $_.Exception.Message
    try {
        $people = @(Get-CimInstance -ClassName Win32_Process -Filter "Name = 'explorer.exe'" | ForEach-Object {
                $owner = Invoke-CimMethod -InputObject $_ -MethodName GetOwner
                "$($owner.Domain)\$($owner.User)"
            })
        $people += @(Get-CimInstance -ClassName Win32_ComputerSystem | ForEach-Object { [string] $_.UserName })
        $people = @($people | Where-Object { $_ -and $_ -ne '\' } | Sort-Object -Unique)
        if ($people.Count -gt 0) { $because = "$because (logged on: $($people -join ', '))" }
    } catch {
        # Who is logged on is a courtesy; the refusal stands without it.
        $because = "$because (who is logged on cannot be read)"
    }
    return @{ kind = 'refused'; because = $because }
}
@{ kind = 'accepted' }
