@{
    ModuleVersion = '0.1.0'
    GUID = '2f0ad0b4-7d9c-4f3c-8f0e-5c3f4f3d9a10'
    Description = 'What Lifeguard may do on a Front End Server'
    PowerShellVersion = '3.0'
    RootModule = 'Lifeguard.psm1'
    FunctionsToExport = 'Invoke-Lifeguard'
    CmdletsToExport = @()
    AliasesToExport = @()
}
