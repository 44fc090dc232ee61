# Runs the FailOver or FailBack of this server and writes down that it began and how it ended. Nobody waits for this process.
param(
    [Parameter(Mandatory = $true)] [ValidatePattern('^[a-z-]+$')] [string] $Name,
    [Parameter(Mandatory = $true)] [ValidatePattern('^[A-Za-z0-9+/]+=*$')] [string] $Values
)
$ErrorActionPreference = 'Stop'
$state = "$env:ProgramData/Lifeguard/$Name.state"
$self = [System.Diagnostics.Process]::GetCurrentProcess()
Add-Content -LiteralPath $state -Value "started $($self.Id) $($self.StartTime.ToUniversalTime().Ticks)" -Encoding ASCII
try {
    $found = @(Get-Module -ListAvailable -Name 'SkypeForBusiness')
    if ($found.Count -gt 0) { Import-Module -ModuleInfo $found[0] }
    $given = ConvertFrom-Json -InputObject ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Values)))
    $wait = New-Object -TypeName timespan -ArgumentList 0, ([int] $given.WaitTime), 0
    if ($given.Direction -eq 'fail-over') {
        $draining = New-Object -TypeName timespan -ArgumentList 0, ([int] $given.DrainingTimeout), 0
        Invoke-CsComputerFailOver -ComputerName $given.Server -WaitTime $wait -DrainingTimeout $draining -Confirm:$false
    } else {
        Invoke-CsComputerFailBack -ComputerName $given.Server -WaitTime $wait -Confirm:$false
    }
    Add-Content -LiteralPath $state -Value 'ended 0' -Encoding ASCII
} catch {
    $because = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes([string] $_.Exception.Message))
    Add-Content -LiteralPath $state -Value "failed $because" -Encoding ASCII
}
