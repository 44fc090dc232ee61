# Starts one of our scripts in a process of its own on the server it runs on: whoever asked may go, it goes on, and writes
# into its state file how it ended. Refused while an earlier one of the same name runs.
param(
    [Parameter(Mandatory = $true)] [ValidateSet('patch-run', 'before-run', 'after-run', 'failover-run', 'operation-run')] [string] $Name,
    # What is done, for the first line of the state file.
    [Parameter(Mandatory = $true)] [ValidatePattern('^[a-z-]+$')] [string] $What,
    [Parameter(Mandatory = $true)] [hashtable] $Given,
    [Parameter(Mandatory = $true)] [hashtable] $Texts,
    # Where what is done must not be done twice, a mark of its own.
    [ValidatePattern('^[a-z0-9-]{1,40}$')] [string] $Token
)
$ErrorActionPreference = 'Stop'
$before = & ([scriptblock]::Create($Texts['child-run.ps1'])) -Name $Name
if ($before.alive) {
    $called = if ($What -eq 'hook') { "hook $($Name -replace '-run$')" } else { "$($Name -replace '-run$') command" }
    return @{ kind = 'refused'; because = "the $called is still running there" }
}
if ($Token -and @($before.lines -like "starting * $Token").Count -gt 0) {
    return @{ kind = 'refused'; because = "$Token was started there before" }
}
$folder = "$env:ProgramData/Lifeguard"
[void] [System.IO.Directory]::CreateDirectory($folder)
$state = "$folder/$Name.state"
$values = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $Given -Compress)))
# The text itself goes along: no file of ours needs to be on the server, and none can be changed in between.
$children = @{ 'failover-run' = 'failover-child.ps1'; 'operation-run' = 'operation-child.ps1' }
$child = $Texts[$(if ($children.ContainsKey($Name)) { $children[$Name] } else { 'command-child.ps1' })]
$text = "& {`n" + $child + "`n} -Name '$Name' -Values '$values'"
$encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($text))
if ($encoded.Length -gt 30000) { return @{ kind = 'refused'; because = 'the command and its arguments are longer than Windows takes' } }
$shell = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
# What an earlier run left behind is gone before this one starts, or a look in between would see that one's end.
$begin = "starting $([datetime]::UtcNow.Ticks) $What $Token".TrimEnd()
Set-Content -LiteralPath $state -Value $begin -Encoding ASCII
try {
    if ($env:OS -eq 'Windows_NT') {
        # Over WinRM and SSH the shell is the host of that service, which starts no script; and what it starts ends with the session.
        $line = "`"$env:SystemRoot\System32\WindowsPowerShell\v1.0\powershell.exe`" -NoProfile -NonInteractive -EncodedCommand $encoded"
        $made = Invoke-CimMethod -ClassName Win32_Process -MethodName Create -Arguments @{ CommandLine = $line; CurrentDirectory = $folder }
        if ($made.ReturnValue -ne 0) { throw (New-Object -TypeName System.InvalidOperationException -ArgumentList "Windows starts no process: Win32_Process.Create gives $($made.ReturnValue)") }
    } else {
        Start-Process -FilePath $shell -ArgumentList '-NoProfile', '-NonInteractive', '-EncodedCommand', $encoded -WorkingDirectory $folder -RedirectStandardOutput "$folder/$Name.out" -RedirectStandardError "$folder/$Name.err"
    }
} catch [System.InvalidOperationException] {
    # Start-Process says it this way when there is no process.
    Set-Content -LiteralPath $state -Value @() -Encoding ASCII
    return @{ kind = 'refused'; because = [string] $_.Exception.Message }
}
@{ kind = 'accepted' }
