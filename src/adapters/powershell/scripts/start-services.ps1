# Tells the services of the server it runs on to start, and does not wait. One that runs already is no error.
$ErrorActionPreference = 'Stop'
Start-CsWindowsService -NoWait -Verbose -Confirm:$false | Out-Null
@{ kind = 'accepted' }
