# The cmdlets of Skype for Business Server 2015 that Lifeguard uses, and no others, answered by a simulated pool.
@{
    ModuleVersion     = '6.0.9319'
    GUID              = '3b5d1f5e-6a0f-4a3d-9a42-1f6f0c1b2015'
    RootModule        = '../../stand-in.psm1'
    FunctionsToExport = @(
        'Get-CsComputer', 'Get-CsPool', 'Get-CsPoolFabricState', 'Get-CsWindowsService', 'Stop-CsWindowsService', 'Start-CsWindowsService', 'Get-CsDatabaseMirrorState', 'Get-CsPoolBackupRelationship', 'Get-CsServerVersion', 'Get-CsCertificate', 'Get-CsBackupServiceStatus', 'Get-CsManagementStoreReplicationStatus',
        'Get-CsPoolUpgradeReadinessState', 'Get-CsServerPatchVersion', 'Invoke-CsComputerFailOver', 'Invoke-CsComputerFailBack', 'Invoke-CsPoolFailOver', 'Invoke-CsPoolFailBack', 'Reset-CsPoolRegistrarState', 'Start-CsPool',
        'Get-CimInstance', 'Invoke-CimMethod', 'Restart-Computer', 'Test-NetConnection', 'Get-Process', 'Start-Process', 'Get-WinEvent', 'Test-Path', 'Get-ItemProperty', 'Get-Content', 'Set-Content', 'Add-Content'
    )
    CmdletsToExport   = @()
    AliasesToExport   = @()
}
