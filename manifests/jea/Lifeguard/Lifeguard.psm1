# The one command of the endpoint. Its scripts lie in the folder `scripts` of this module; whoever connects names one of them
# and gives it values, and can send neither a script nor a word of PowerShell.
function Invoke-Lifeguard {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [ValidatePattern('^[a-z-]+\.ps1$')] [string] $Script,
        [Parameter(Mandatory = $true)] [ValidatePattern('^[A-Za-z0-9+/]+=*$')] [string] $Values
    )
    & "$PSScriptRoot/scripts/run.ps1" -Script $Script -Values $Values
}
Export-ModuleMember -Function Invoke-Lifeguard
