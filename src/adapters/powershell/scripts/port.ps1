# Whether a TCP port of a server takes a connection from here.
param(
    [Parameter(Mandatory = $true)] [string] $Server,
    [Parameter(Mandatory = $true)] [long] $Port
)
$ErrorActionPreference = 'Stop'
if (Microsoft.PowerShell.Core\Get-Command -Name Test-NetConnection -ErrorAction SilentlyContinue) {
    $open = [bool] (Test-NetConnection -ComputerName $Server -Port $Port -InformationLevel Quiet -WarningAction SilentlyContinue)
} else {
    # Windows Server 2008 R2 and 2012 have no Test-NetConnection.
    $client = New-Object -TypeName System.Net.Sockets.TcpClient
    try {
        $attempt = $client.BeginConnect($Server, $Port, $null, $null)
        $open = $attempt.AsyncWaitHandle.WaitOne(5000) -and $client.Connected
    } finally {
        $client.Close()
    }
}
@{ open = $open }
