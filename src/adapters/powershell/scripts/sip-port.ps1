# Whether TCP 5061 of a server takes a connection from here.
param([Parameter(Mandatory = $true)] [string] $Server)
$ErrorActionPreference = 'Stop'
if (Microsoft.PowerShell.Core\Get-Command -Name Test-NetConnection -ErrorAction SilentlyContinue) {
    $open = [bool] (Test-NetConnection -ComputerName $Server -Port 5061 -InformationLevel Quiet -WarningAction SilentlyContinue)
} else {
    # Windows Server 2008 R2 and 2012 have no Test-NetConnection.
    $client = New-Object -TypeName System.Net.Sockets.TcpClient
    try {
        $attempt = $client.BeginConnect($Server, 5061, $null, $null)
        $open = $attempt.AsyncWaitHandle.WaitOne(5000) -and $client.Connected
    } finally {
        $client.Close()
    }
}
@{ open = $open }
