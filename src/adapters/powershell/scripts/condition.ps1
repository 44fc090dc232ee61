# The key services of the server it runs on, in Windows' words, and the telling events of the last hour. A part that cannot
# be read is null and `unread` says why: it does not spoil the other.
$ErrorActionPreference = 'Stop'
$epoch = [datetime] '1970-01-01'
$unread = @{}
try {
    $filter = "Name = 'RTCSRV' OR Name = 'FabricHostSvc' OR Name = 'REPLICA' OR Name = 'W3SVC'"
    $services = @(Get-CimInstance -ClassName Win32_Service -Filter $filter | ForEach-Object {
            $since = $null
            # How long it is starting: the service itself keeps no time, but its process does.
            if ([string] $_.State -eq 'Start Pending' -and $_.ProcessId) {
                $process = @(Get-CimInstance -ClassName Win32_Process -Filter "ProcessId = $([long] $_.ProcessId)")
                if ($process.Count -eq 1 -and $process[0].CreationDate -is [datetime]) {
                    $since = [long] ($process[0].CreationDate.ToUniversalTime() - $epoch).TotalMilliseconds
                }
            }
            @{ name = [string] $_.Name; state = [string] $_.State; since = $since }
        })
} catch {
    $services = $null
    $unread['services'] = [string] $_.Exception.Message
}
try {
    $wanted = @{ LogName = 'Lync Server'; Id = 32163, 32169, 32170, 32173, 32174, 61029; StartTime = [datetime]::Now.AddHours(-1) }
    $events = @(Get-WinEvent -FilterHashtable $wanted -MaxEvents 200 -ErrorAction Stop | ForEach-Object {
            $text = [string] $_.Message
            @{
                id   = [long] $_.Id
                at   = [long] ($_.TimeCreated.ToUniversalTime() - $epoch).TotalMilliseconds
                text = $text.Substring(0, [math]::Min(500, $text.Length))
            }
        })
} catch {
    # None is an error of Get-WinEvent, and here the good case; a log that is not there is another.
    if ([string] $_.FullyQualifiedErrorId -like 'NoMatchingEventsFound*') {
        $events = @()
    } else {
        $events = $null
        $unread['events'] = [string] $_.Exception.Message
    }
}
@{ services = $services; events = $events; unread = $unread }
