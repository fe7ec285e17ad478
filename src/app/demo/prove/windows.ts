import type { DemoHost } from './estate.ts';

/** An App Control policy in force on a host, with what Microsoft's list of applications to block names. */
export const appControlFile = (): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<SiPolicy xmlns="urn:schemas-microsoft-com:sipolicy" PolicyType="Base Policy">
<VersionEx>10.0.0.12</VersionEx><PolicyID>{6A0D2F1C-0000-4000-8000-00000000DE30}</PolicyID>
<Rules><Rule><Option>Enabled:UMCI</Option></Rule><Rule><Option>Enabled:Update Policy No Reboot</Option></Rule></Rules>
<FileRules>${blocked.map((name, at) => `<Deny ID="ID_DENY_${at}" FriendlyName="${name}" FileName="${name}" MinimumFileVersion="65535.65535.65535.65535"/>`).join('')}</FileRules>
<SigningScenarios><SigningScenario Value="131" ID="ID_SIGNINGSCENARIO_DRIVERS"><ProductSigners/></SigningScenario>
<SigningScenario Value="12" ID="ID_SIGNINGSCENARIO_WINDOWS"><ProductSigners/></SigningScenario></SigningScenarios>
</SiPolicy>
`;
const blocked = [
  'addinprocess.exe',
  'aspnet_compiler.exe',
  'bginfo.exe',
  'cdb.exe',
  'csi.exe',
  'dnx.exe',
  'fsi.exe',
  'msbuild.exe',
  'rcsi.exe',
  'windbg.exe',
  'wmic.exe',
];

/** AppLocker's effective policy of a host. It has no collection for compiled help, HTML applications and control panel items. */
export function appLockerFile(enforced: boolean): string {
  const mode = enforced ? 'Enabled' : 'AuditOnly';
  const collections = ['Exe', 'Dll', 'Script', 'Msi'].map(
    (type) => `<RuleCollection Type="${type}" EnforcementMode="${mode}">
<FilePathRule Id="${type}-1" Name="Program files" UserOrGroupSid="S-1-1-0" Action="Allow"><Conditions><FilePathCondition Path="%PROGRAMFILES%\\*"/></Conditions></FilePathRule>
<FilePathRule Id="${type}-2" Name="Windows" UserOrGroupSid="S-1-1-0" Action="Allow"><Conditions><FilePathCondition Path="%WINDIR%\\*"/></Conditions></FilePathRule>
</RuleCollection>`,
  );
  return `<AppLockerPolicy Version="1">\n${collections.join('\n')}\n</AppLockerPolicy>\n`;
}

const asrRules = [
  'd4f940ab-401b-4efc-aadc-ad5f3c50688a',
  '92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b',
  '3b576869-a4ec-4529-8536-b80a7769e899',
  '75668c1f-73b5-4cf0-bb93-3ecf5cb7cc84',
  '7674ba52-37eb-4a4f-a9a1-f0f9a1619a2c',
];

/** Defender's rules, features and Device Guard of every Windows host, as PowerShell's remoting writes them. */
export const windowsStateFile = (hosts: readonly DemoHost[]): string =>
  JSON.stringify(
    hosts
      .filter(({ windows }) => windows)
      .flatMap(({ name, role }) => [
        ...(role === 'workstation'
          ? [
              {
                PSComputerName: name,
                AttackSurfaceReductionRules_Ids: asrRules,
                AttackSurfaceReductionRules_Actions: asrRules.map(() => 1),
              },
            ]
          : []),
        { PSComputerName: name, FeatureName: 'Internet-Explorer-Optional-amd64', State: 'Disabled' },
        { PSComputerName: name, FeatureName: 'NetFx3', State: 'Disabled' },
        { PSComputerName: name, FeatureName: 'MicrosoftWindowsPowerShellV2Root', State: 'Disabled' },
        {
          PSComputerName: name,
          SecurityServicesConfigured: [1, 2],
          SecurityServicesRunning: role === 'workstation' ? [1, 2] : [1],
        },
        {
          PSComputerName: name,
          LanguageMode: role === 'workstation' ? 'ConstrainedLanguage' : 'FullLanguage',
        },
      ]),
  );

const person = (at: number): string => `S-1-5-21-1004336348-1177238915-682003330-${1100 + at}`;

/** A workstation's registry with the hive of whoever works there; the export of a group of policies that are in force. */
export function registryFile(at: number, options: { readonly macrosOff: boolean }): string {
  const user = `HKEY_USERS\\${person(at)}\\Software\\Policies\\Microsoft\\Office\\16.0`;
  const edge = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Edge';
  const applications = ['word', 'excel', 'powerpoint', 'access', 'visio'].flatMap((application) => [
    `[${user}\\${application}\\Security]`,
    '"blockcontentexecutionfrominternet"=dword:00000001',
    '"vbawarnings"=dword:00000002',
    `[HKEY_USERS\\${person(at)}\\Software\\Microsoft\\Office\\16.0\\${application}\\Security]`,
    '"PackagerPrompt"=dword:00000002',
  ]);
  return [
    'Windows Registry Editor Version 5.00',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE]',
    `[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\${person(at)}]`,
    `"ProfileImagePath"="C:\\\\Users\\\\person${at}"`,
    `[${edge}]`,
    '"SmartScreenEnabled"=dword:00000001',
    '"PreventSmartScreenPromptOverride"=dword:00000001',
    '"PreventSmartScreenPromptOverrideForFiles"=dword:00000001',
    `[${edge}\\ExtensionInstallForcelist]`,
    '"1"="odfafepnkmbhccpbejgmiehpchacaeak;https://edge.microsoft.com/extensionwebstorebase/v1/crx"',
    '[HKEY_LOCAL_MACHINE\\SYSTEM]',
    '[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Lsa]',
    '"RunAsPPL"=dword:00000001',
    '[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\CI\\Config]',
    '"VulnerableDriverBlocklistEnable"=dword:00000001',
    `[HKEY_USERS\\${person(at)}\\Software]`,
    `[${user}\\common]`,
    ...(options.macrosOff ? ['"vbaoff"=dword:00000001'] : []),
    `[${user}\\common\\Security]`,
    '"macroruntimescanscope"=dword:00000002',
    ...applications,
    '',
  ].join('\r\n');
}
