# Runs the patch command or a hook and writes down that it began and how it ended. Nobody waits for this process.
param(
    [Parameter(Mandatory = $true)] [ValidatePattern('^[a-z-]+$')] [string] $Name,
    [Parameter(Mandatory = $true)] [ValidatePattern('^[A-Za-z0-9+/]+=*$')] [string] $Values
)
$ErrorActionPreference = 'Stop'
$state = "$env:ProgramData/Lifeguard/$Name.state"
$self = [System.Diagnostics.Process]::GetCurrentProcess()
Add-Content -LiteralPath $state -Value "started $($self.Id) $($self.StartTime.ToUniversalTime().Ticks)" -Encoding ASCII
try {
    $given = ConvertFrom-Json -InputObject ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Values)))
    $command = @{ FilePath = [string] $given.File; Wait = $true; PassThru = $true }
    # Left to itself, Start-Process hands what it cannot run to whatever opens such a name on this machine.
    if (-not [System.IO.File]::Exists($command.FilePath)) { throw "there is no file $($command.FilePath) on this server" }
    # Start-Process joins its arguments with spaces and quotes none of them.
    $quoted = @(foreach ($argument in $given.Arguments) {
            $text = [string] $argument
            if ($text -eq '' -or $text -match '[\s"]') { '"' + ($text -replace '(\\*)"', '$1$1\"' -replace '(\\+)$', '$1$1') + '"' } else { $text }
        })
    if ($quoted.Count -gt 0) { $command['ArgumentList'] = $quoted }
    $process = Start-Process @command
    Add-Content -LiteralPath $state -Value "ended $($process.ExitCode)" -Encoding ASCII
} catch {
    $because = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes([string] $_.Exception.Message))
    Add-Content -LiteralPath $state -Value "failed $because" -Encoding ASCII
}
