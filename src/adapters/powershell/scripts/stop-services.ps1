# Tells the services of the server it runs on to stop, and does not wait: a graceful stop ends when the last call does.
param([Parameter(Mandatory = $true)] [ValidateSet('graceful', 'immediate')] [string] $StopMode)
$ErrorActionPreference = 'Stop'
if ($StopMode -eq 'graceful') {
    Stop-CsWindowsService -Graceful -NoWait -Verbose -Confirm:$false | Out-Null
} else {
    Stop-CsWindowsService -NoWait -Verbose -Confirm:$false | Out-Null
}
@{ kind = 'accepted' }
