# The cmdlets of Lync Server 2013 that Lifeguard uses, and no others, answered by a simulated pool.
@{
    ModuleVersion     = '5.0.8308'
    GUID              = '3b5d1f5e-6a0f-4a3d-9a42-1f6f0c1b2013'
    RootModule        = '../../stand-in.psm1'
    FunctionsToExport = @(
        'Get-CsComputer', 'Get-CsPool', 'Get-CsPoolFabricState', 'Get-CsWindowsService', 'Stop-CsWindowsService', 'Start-CsWindowsService', 'Get-CsDatabaseMirrorState', 'Get-CsPoolBackupRelationship', 'Get-CsServerVersion', 'Get-CsCertificate', 'Get-CsBackupServiceStatus', 'Get-CsManagementStoreReplicationStatus',
        'Get-CsPoolUpgradeReadinessState', 'Invoke-CsPoolFailOver', 'Invoke-CsPoolFailBack', 'Reset-CsPoolRegistrarState',
        'Get-CimInstance', 'Invoke-CimMethod', 'Restart-Computer', 'Test-NetConnection', 'Get-Process', 'Start-Process', 'Get-WinEvent', 'Test-Path', 'Get-ItemProperty', 'Get-Content', 'Set-Content', 'Add-Content'
    )
    CmdletsToExport   = @()
    AliasesToExport   = @()
}
