# What Lifeguard needs to find on the server it runs on. Nothing is changed, and no cmdlet that is looked for is run. A part
# that cannot be read is null and `unread` says why: it does not spoil the others.
param(
    [Parameter(Mandatory = $true)] [string[]] $Cmdlets,
    [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [string[]] $Files
)
$ErrorActionPreference = 'Stop'
$epoch = [datetime] '1970-01-01'
$began = [long] ([datetime]::UtcNow - $epoch).TotalMilliseconds
$windows = $env:OS -eq 'Windows_NT'
$unread = @{}

try {
    $policies = @(Get-ExecutionPolicy -List | ForEach-Object { @{ scope = [string] $_.Scope; policy = [string] $_.ExecutionPolicy } })
} catch {
    $policies = $null
    $unread['policies'] = [string] $_.Exception.Message
}
try {
    $modules = @(Get-Module -Name 'Lync', 'SkypeForBusiness' | ForEach-Object { @{ name = [string] $_.Name; version = [string] $_.Version } })
} catch {
    $modules = $null
    $unread['modules'] = [string] $_.Exception.Message
}
try {
    $found = @(foreach ($name in $Cmdlets) {
            # Looking for a cmdlet of the product that is not there would search every module of the machine.
            $PSModuleAutoLoadingPreference = if ($name -like '*-Cs*') { 'None' } else { 'All' }
            $commands = @(Microsoft.PowerShell.Core\Get-Command -Name $name -ErrorAction SilentlyContinue)
            if ($commands.Count -gt 0) { @{ name = $name; parameters = @(foreach ($parameter in $commands[0].Parameters.Keys) { [string] $parameter }) } }
        })
} catch {
    $found = $null
    $unread['cmdlets'] = [string] $_.Exception.Message
}
$PSModuleAutoLoadingPreference = 'None'
try {
    $version = [string] (@(Get-CsServerVersion | ForEach-Object { [string] $_ }) -join "`n")
} catch {
    $version = $null
    $unread['version'] = [string] $_.Exception.Message
}
try {
    $patched = @()
    if (Microsoft.PowerShell.Core\Get-Command -Name Get-CsServerPatchVersion -ErrorAction SilentlyContinue) {
        $patched = @(Get-CsServerPatchVersion | ForEach-Object { [string] $_.Version })
    }
} catch {
    $patched = $null
    $unread['patched'] = [string] $_.Exception.Message
}
try {
    $certificates = @(Get-CsCertificate | ForEach-Object {
            $ends = $null
            if ($_.NotAfter -is [datetime]) { $ends = [long] ($_.NotAfter.ToUniversalTime() - $epoch).TotalMilliseconds }
            @{ use = [string] $_.Use; thumbprint = [string] $_.Thumbprint; ends = $ends }
        })
} catch {
    $certificates = $null
    $unread['certificates'] = [string] $_.Exception.Message
}
try {
    if (-not $windows) { throw 'it is no Windows' }
    $identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
    $principal = New-Object -TypeName System.Security.Principal.WindowsPrincipal -ArgumentList $identity
    $serverAdmin = $false
    foreach ($group in $identity.Groups) {
        # A group of a domain that is gone has no name any more, and is not the one that is looked for.
        try { $full = [string] $group.Translate([System.Security.Principal.NTAccount]) } catch { $full = '' }
        if ($full.Split('\')[-1] -eq 'RTCUniversalServerAdmins') { $serverAdmin = $true }
    }
    $rights = @{
        account       = [string] $identity.Name
        administrator = [bool] $principal.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator)
        serverAdmin   = $serverAdmin
    }
} catch {
    $rights = $null
    $unread['rights'] = [string] $_.Exception.Message
}
try {
    $roots = @($env:SystemDrive, $env:ProgramData | Where-Object { $_ } | ForEach-Object { [System.IO.Path]::GetPathRoot("$_/") } | Sort-Object -Unique)
    # Windows' own list of its disks; what has none of it, such as another system, has drives all the same.
    $PSModuleAutoLoadingPreference = 'All'
    $cim = [bool] (Microsoft.PowerShell.Core\Get-Command -Name Get-CimInstance -ErrorAction SilentlyContinue)
    $disks = @(foreach ($root in $roots) {
            $disk = @(if ($cim) { Get-CimInstance -ClassName Win32_LogicalDisk -Filter "DeviceID = '$($root.TrimEnd('\'))'" })
            if ($disk.Count -eq 1) { @{ root = "$($disk[0].DeviceID)\"; free = [long] $disk[0].FreeSpace }; continue }
            $drive = New-Object -TypeName System.IO.DriveInfo -ArgumentList $root
            @{ root = [string] $root; free = [long] $drive.AvailableFreeSpace }
        })
} catch {
    $disks = $null
    $unread['disks'] = [string] $_.Exception.Message
}
$PSModuleAutoLoadingPreference = 'None'
try {
    if (-not (Test-Path -LiteralPath 'HKLM:\SOFTWARE')) { throw 'it is no Windows' }
    $current = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion'
    $session = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager'
    $restart = @{
        servicing = [bool] (Test-Path -LiteralPath "$current\Component Based Servicing\RebootPending")
        updates   = [bool] (Test-Path -LiteralPath "$current\WindowsUpdate\Auto Update\RebootRequired")
        renames   = [bool] $session.PendingFileRenameOperations
    }
} catch {
    $restart = $null
    $unread['restart'] = [string] $_.Exception.Message
}
# Looked for as command-child.ps1 does before it runs the file.
$there = @(foreach ($file in $Files) { @{ file = $file; there = [bool] [System.IO.File]::Exists($file) } })
@{
    began        = $began
    windows      = [bool] $windows
    powershell   = @{ version = [string] $PSVersionTable.PSVersion; edition = [string] $PSVersionTable.PSEdition; languageMode = [string] $ExecutionContext.SessionState.LanguageMode }
    policies     = $policies
    modules      = $modules
    cmdlets      = $found
    version      = $version
    patched      = $patched
    certificates = $certificates
    rights       = $rights
    disks        = $disks
    restart      = $restart
    files        = $there
    unread       = $unread
    ended        = [long] ([datetime]::UtcNow - $epoch).TotalMilliseconds
}
