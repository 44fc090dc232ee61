# Starts the pool's configured patch command on the server it runs on. Nothing in it is from chat.
param(
    [Parameter(Mandatory = $true)] [string] $File,
    [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [AllowEmptyString()] [string[]] $Arguments,
    [hashtable] $Texts
)
$ErrorActionPreference = 'Stop'
$given = @{ File = $File; Arguments = @($Arguments) }
& ([scriptblock]::Create($Texts['start-child.ps1'])) -Name 'patch-run' -What 'patch' -Given $given -Texts $Texts
