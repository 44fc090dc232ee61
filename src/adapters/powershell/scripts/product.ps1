# The product on the server it runs on, in its own words: the number in them is that of the product without its updates.
$ErrorActionPreference = 'Stop'
@{ text = [string] (@(Get-CsServerVersion | ForEach-Object { [string] $_ }) -join "`n") }
