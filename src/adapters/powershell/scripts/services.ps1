# RTCSRV of each server. One that cannot be asked is null and says why; it does not spoil the others.
param([Parameter(Mandatory = $true)] [string[]] $Servers)
$ErrorActionPreference = 'Stop'
$services = @(foreach ($server in $Servers) {
        try {
            $found = @(Get-CsWindowsService -Name RTCSRV -ComputerName $server -ExcludeActivityLevel)
            if ($found.Count -ne 1) { throw "it lists $($found.Count) services named RTCSRV" }
            @{ server = $server; status = [string] $found[0].Status; because = '' }
        } catch {
            @{ server = $server; status = $null; because = [string] $_.Exception.Message }
        }
    })
@{ services = $services }
