# Starts the pool's configured patch command on the server it runs on, in a process of its own: the bot may stop, the
# installer goes on, and patch-child.ps1 writes down how it ended.
param(
    [Parameter(Mandatory = $true)] [string] $File,
    [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [AllowEmptyString()] [string[]] $Arguments
)
$ErrorActionPreference = 'Stop'
$before = & "$PSScriptRoot/patch-run.ps1"
if ($before.alive) { return @{ kind = 'refused'; because = 'the patch command is still running there' } }
$folder = "$env:ProgramData/Lifeguard"
[void] [System.IO.Directory]::CreateDirectory($folder)
$state = "$folder/patch-run.state"
$json = ConvertTo-Json -InputObject @{ File = $File; Arguments = @($Arguments) } -Compress
$values = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json))
$child = @{
    FilePath               = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    ArgumentList           = @('-NoProfile', '-NonInteractive', '-File', './patch-child.ps1', '-Values', $values)
    # The scripts' own folder, so that its path, which may hold spaces or quotes, is part of no command line.
    WorkingDirectory       = $PSScriptRoot
    RedirectStandardOutput = "$folder/patch-run.out"
    RedirectStandardError  = "$folder/patch-run.err"
}
if ($env:OS -eq 'Windows_NT') {
    $child['ArgumentList'] = @('-ExecutionPolicy', 'RemoteSigned') + $child['ArgumentList']
    $child['WindowStyle'] = 'Hidden'
}
# What an earlier run left behind is gone before this one starts, or a look in between would see that one's end.
Set-Content -LiteralPath $state -Value "starting $([datetime]::UtcNow.Ticks)" -Encoding ASCII
try {
    Start-Process @child
} catch [System.InvalidOperationException] {
    # Start-Process says it this way when there is no process.
    Set-Content -LiteralPath $state -Value @() -Encoding ASCII
    return @{ kind = 'refused'; because = [string] $_.Exception.Message }
}
@{ kind = 'accepted' }
