# Event Viewers and Performance Monitors open on the server it runs on, whoever opened them.
$ErrorActionPreference = 'Stop'
# A name without a process is an error of Get-Process, and here the good case.
@{ open = @(Get-Process -Name 'mmc', 'perfmon' -ErrorAction SilentlyContinue | ForEach-Object { [string] $_.ProcessName }) }
