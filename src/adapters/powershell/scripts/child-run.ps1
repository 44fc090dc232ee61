# What the state file of a process that we started says (the patch command, a hook, a FailOver or FailBack, an
# operation on the whole pool), and whether that process still lives.
param([Parameter(Mandatory = $true)] [ValidateSet('patch-run', 'before-run', 'after-run', 'failover-run', 'operation-run')] [string] $Name)
$ErrorActionPreference = 'Stop'
if (-not $env:ProgramData) { throw "ProgramData is not set, so the state of $Name cannot be read" }
try {
    $lines = @(Get-Content -LiteralPath "$env:ProgramData/Lifeguard/$Name.state" | ForEach-Object { [string] $_ })
} catch [System.Management.Automation.ItemNotFoundException] {
    # Only a file that is not there means that nothing was started; one that cannot be read is a fault.
    return @{ lines = @(); alive = $false; ageSeconds = 0 }
}
$alive = $false
$age = 0
foreach ($line in $lines) {
    $words = $line.Split(' ')
    if ($words[0] -eq 'starting') {
        $age = [long] ([datetime]::UtcNow - (New-Object -TypeName datetime -ArgumentList ([long] $words[1]))).TotalSeconds
    }
    if ($words[0] -eq 'started') {
        $process = Get-Process -Id ([int] $words[1]) -ErrorAction SilentlyContinue
        # Numbers of processes are used again, so the time it was started has to fit too.
        $began = if ($process) { $process.StartTime }
        if ($null -ne $began) {
            $alive = [math]::Abs($began.ToUniversalTime().Ticks - [long] $words[2]) -lt 20000000
        } elseif ($process -and -not $process.HasExited) {
            throw "process $($words[1]) of $Name is there, but not when it was started"
        }
    }
    if ($words[0] -eq 'ended' -or $words[0] -eq 'failed') { $alive = $false }
}
@{ lines = $lines; alive = $alive; ageSeconds = $age }
