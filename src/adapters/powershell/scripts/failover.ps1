# Takes the server it runs on out of its pool (Invoke-CsComputerFailOver), or into it again (Invoke-CsComputerFailBack). Both
# may take an hour and more, so they are started and looked at.
param(
    [Parameter(Mandatory = $true)] [string] $Server,
    [Parameter(Mandatory = $true)] [ValidateSet('fail-over', 'fail-back')] [string] $Direction,
    # In minutes: how long the cmdlet may take, and how long conferences may drain before they are ended.
    [Parameter(Mandatory = $true)] [long] $WaitTime,
    [Parameter(Mandatory = $true)] [long] $DrainingTimeout,
    [hashtable] $Texts
)
$ErrorActionPreference = 'Stop'
$cmdlet = if ($Direction -eq 'fail-over') { 'Invoke-CsComputerFailOver' } else { 'Invoke-CsComputerFailBack' }
if (-not (Microsoft.PowerShell.Core\Get-Command -Name $cmdlet -ErrorAction SilentlyContinue)) {
    return @{ kind = 'refused'; because = "this server has no $cmdlet" }
}
$given = @{ Server = $Server; Direction = $Direction; WaitTime = $WaitTime; DrainingTimeout = $DrainingTimeout }
& ([scriptblock]::Create($Texts['start-child.ps1'])) -Name 'failover-run' -What $Direction -Given $given -Texts $Texts
