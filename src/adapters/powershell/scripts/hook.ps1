# Starts the pool's configured command for this moment on the server it runs on: before it goes down, or after it is back.
param(
    [Parameter(Mandatory = $true)] [string] $Name,
    [Parameter(Mandatory = $true)] [string] $File,
    [Parameter(Mandatory = $true)] [AllowEmptyCollection()] [AllowEmptyString()] [string[]] $Arguments,
    [hashtable] $Texts
)
$ErrorActionPreference = 'Stop'
$given = @{ File = $File; Arguments = @($Arguments) }
& ([scriptblock]::Create($Texts['start-child.ps1'])) -Name $Name -What 'hook' -Given $given -Texts $Texts
