import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluatorNamed, hosts, imported, judged } from '../testing.ts';

const now = new Date('2026-03-20T00:00:00Z');

describe('a registry export', () => {
  const reg = [
    'Windows Registry Editor Version 5.00',
    '',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies]',
    '',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Edge]',
    '"SmartScreenEnabled"=dword:00000001',
    '"Long"=hex:00,01,\\',
    '  02,03',
    '',
    '[HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Control\\Lsa]',
    '"RunAsPPL"=dword:00000001',
    '',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-21-1-2-3-1001]',
    '"ProfileImagePath"=hex(2):43,00,3a,00,00,00',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-21-1-2-3-1002]',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-18]',
    '',
    '[HKEY_USERS\\S-1-5-21-1-2-3-1001\\Software\\Policies]',
    '[HKEY_USERS\\S-1-5-21-1-2-3-1001\\Software\\Policies\\Microsoft\\Office\\16.0\\Word\\Security]',
    '"VBAWarnings"=dword:00000004',
    '"Note"="a \\"quoted\\" text"',
    '[HKEY_USERS\\S-1-5-18\\Software\\Policies\\Microsoft\\Office\\16.0\\Word\\Security]',
    '"VBAWarnings"=dword:00000001',
  ].join('\r\n');

  test.each(['utf8', 'utf16le'] as const)(
    'in %s: hives, what was exported, and profiles nobody loaded',
    async (encoding) => {
      const content =
        encoding === 'utf8'
          ? Buffer.from(reg)
          : Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(reg, 'utf16le')]);
      const read = await imported('PC1.reg', content);
      expect(read).toMatchObject({
        kind: 'windows.settings',
        refused: [],
        end: { source: 'registry of PC1' },
      });
      expect(
        read?.facts.map(({ subject, values }) => [subject, values['hive'], values['user'], values['loaded']]),
      ).toEqual([
        ['PC1', 'machine', undefined, undefined],
        ['PC1', 'user', 's-1-5-21-1-2-3-1001', true],
        ['PC1', 'user', 's-1-5-21-1-2-3-1002', false],
      ]);
      expect(read?.facts[0]?.values).toMatchObject({
        profiles: true,
        covers: expect.arrayContaining(['hklm\\software\\policies']),
        settings: {
          'hklm\\software\\policies\\microsoft\\edge\\smartscreenenabled': 1,
          'hklm\\system\\currentcontrolset\\control\\lsa\\runasppl': 1,
        },
      });
      expect(read?.facts[1]?.values['settings']).toEqual({
        'hkcu\\software\\policies\\microsoft\\office\\16.0\\word\\security\\vbawarnings': 4,
        'hkcu\\software\\policies\\microsoft\\office\\16.0\\word\\security\\note': 'a "quoted" text',
      });
    },
  );

  test('is judged: the hive nobody loaded leaves the host open', async () => {
    const read = await imported('pc1.reg', reg);
    const given = { kind: 'windows.settings', facts: read?.facts ?? [] } as const;
    expect(judged(evaluatorNamed('e8.lsa.protected'), [hosts('pc1'), given], now).status).toBe('satisfied');
    expect(judged(evaluatorNamed('e8.macros.off'), [hosts('pc1'), given], now)).toMatchObject({
      status: 'unknown',
      because: expect.stringContaining('not loaded'),
    });
  });

  test('of any text is read without an accident', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constantFrom(...reg.split('\r\n')), fc.string()), { maxLength: 40 }),
        async (lines) => {
          await imported('x.reg', `Windows Registry Editor Version 5.00\n${lines.join('\n')}`);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('a group policy as LGPO text', async () => {
  const text =
    '; Parsed by LGPO\r\nComputer\r\nSYSTEM\\CurrentControlSet\\Control\\Lsa\r\nRunAsPPL\r\nDWORD:1\r\n\r\nUser\r\nSoftware\\Policies\\Microsoft\\Office\\16.0\\common\r\nVBAOff\r\nDWORD:1\r\n\r\nComputer\r\nhalf a block\r\n';
  const read = await imported('baseline.txt', text);
  expect(read).toMatchObject({ kind: 'windows.settings', refused: [expect.stringContaining('four lines')] });
  expect(read?.facts[0]).toMatchObject({
    subject: 'baseline',
    values: {
      from: 'policy',
      assigned: 'unstated',
      settings: {
        'hklm\\system\\currentcontrolset\\control\\lsa\\runasppl': 1,
        'hkcu\\software\\policies\\microsoft\\office\\16.0\\common\\vbaoff': 1,
      },
    },
  });
});

describe('Intune', () => {
  const choice = (id: string, value: string, children: object[] = []) => ({
    settingDefinitionId: id,
    choiceSettingValue: { value: `${id}_${value}`, children },
  });
  const policy = (assignments?: object[]) =>
    JSON.stringify({
      name: 'Office macros',
      settingCount: 2,
      ...(assignments && { assignments }),
      settings: [
        {
          settingInstance: choice(
            'user_vendor_msft_policy_config_excel16v2~policy~x~l_trustcenter_l_vbawarningspolicy',
            '1',
            [
              choice(
                'user_vendor_msft_policy_config_excel16v2~policy~x~l_trustcenter_l_vbawarningspolicy_l_empty4',
                '3',
              ),
            ],
          ),
        },
        {
          settingInstance: choice(
            'device_vendor_msft_policy_config_microsoft_edge~policy~microsoft_edge~smartscreen_smartscreenenabled',
            '1',
          ),
        },
      ],
    });
  const read = async (assignments?: object[]) =>
    (await imported('office.json', `\uFEFF${policy(assignments)}`))?.facts[0]?.values;

  test('settings get the names the registry has for them', async () => {
    expect((await read())?.['settings']).toMatchObject({
      'hkcu\\software\\policies\\microsoft\\office\\16.0\\excel\\security\\vbawarnings': 3,
      'hklm\\software\\policies\\microsoft\\edge\\smartscreenenabled': 1,
    });
  });

  test('whom it reaches', async () => {
    const all = { target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } };
    const group = { target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: 'g' } };
    const exclusion = {
      target: { '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget', groupId: 'g' },
    };
    expect(await read()).toMatchObject({ assigned: 'unstated' });
    expect(await read([])).toMatchObject({ assigned: 'none' });
    expect(await read([group])).toMatchObject({ assigned: 'some' });
    expect(await read([all])).toMatchObject({ assigned: 'all', excludes: false });
    expect(await read([all, exclusion])).toMatchObject({ assigned: 'all', excludes: true });
  });
});

describe('the state of hosts', () => {
  test('preferences, features, device guard and language of one or many', async () => {
    const read = await imported(
      'state.json',
      JSON.stringify([
        {
          PSComputerName: 'PC1',
          AttackSurfaceReductionRules_Ids: ['D4F940AB-401B-4EFC-AADC-AD5F3C50688A'],
          AttackSurfaceReductionRules_Actions: [1],
        },
        { PSComputerName: 'PC1', FeatureName: 'NetFx3', State: 'Disabled' },
        { PSComputerName: 'PC1', SecurityServicesRunning: [1, 2], SecurityServicesConfigured: [1, 2] },
        { PSComputerName: 'PC1', LanguageMode: 'ConstrainedLanguage' },
        { PSComputerName: 'PC1', FeatureName: 'NetFx3', State: 2 },
      ]),
    );
    expect(read?.facts.map(({ subject, values }) => [subject, values])).toEqual([
      ['PC1', { asr: { 'd4f940ab-401b-4efc-aadc-ad5f3c50688a': 1 } }],
      ['PC1', { features: { NetFx3: 'Disabled' } }],
      ['PC1', { running: [1, 2], configured: [1, 2] }],
      ['PC1', { languageMode: 'ConstrainedLanguage' }],
    ]);
    expect(read?.refused).toEqual([expect.stringContaining('EnumsAsStrings')]);
  });

  test('a file of one host is called after it', async () => {
    const read = await imported(
      'lab-7.json',
      JSON.stringify({ AttackSurfaceReductionRules_Ids: null, AttackSurfaceReductionRules_Actions: null }),
    );
    expect(read?.facts).toEqual([{ subject: 'lab-7', values: { asr: {} } }]);
  });
});

describe('application control', () => {
  const locker = (inside: string) => `<AppLockerPolicy Version="1">${inside}</AppLockerPolicy>`;
  const rule = (action: string, path: string, sid = 'S-1-1-0') =>
    `<FilePathRule Id="1" Name="x" UserOrGroupSid="${sid}" Action="${action}"><Conditions><FilePathCondition Path="${path}"/></Conditions></FilePathRule>`;

  test('AppLocker: modes, paths for everybody, and what is denied', async () => {
    const xml = locker(
      `<RuleCollection Type="Exe" EnforcementMode="Enabled">${rule('Allow', '%PROGRAMFILES%\\*')}${rule('Allow', '*', 'S-1-5-32-544')}${rule('Deny', '%SYSTEM32%\\mshta.exe')}</RuleCollection>` +
        `<RuleCollection Type="Dll" EnforcementMode="AuditOnly">${rule('Allow', '*')}</RuleCollection><RuleCollection Type="Script" EnforcementMode="Enabled"/>`,
    );
    expect(await imported('pc1.applocker.xml', xml)).toMatchObject({
      kind: 'application-control.policies',
      facts: [
        {
          subject: 'pc1',
          values: {
            product: 'applocker',
            modes: { Exe: 'Enabled', Dll: 'AuditOnly', Script: 'NotConfigured' },
            allowedPaths: { Exe: ['%PROGRAMFILES%\\*'], Dll: ['*'] },
            denied: ['%SYSTEM32%\\mshta.exe'],
          },
        },
      ],
    });
  });

  test('App Control: audit, user mode, scripts and deny rules', async () => {
    const xml = (options: string) =>
      `<?xml version="1.0"?><SiPolicy xmlns="urn:schemas-microsoft-com:sipolicy"><PolicyID>{1}</PolicyID><Rules>${options}</Rules><FileRules><Deny ID="D1" FriendlyName="x" FileName="wmic.exe"/></FileRules></SiPolicy>`;
    const option = (name: string) => `<Rule><Option>${name}</Option></Rule>`;
    const values = async (options: string) => (await imported('pc1.xml', xml(options)))?.facts[0]?.values;
    expect(await values(option('Enabled:UMCI'))).toMatchObject({
      audit: false,
      userMode: true,
      scripts: true,
      denied: ['wmic.exe'],
    });
    expect(
      await values(
        option('Enabled:UMCI') + option('Enabled:Audit Mode') + option('Disabled:Script Enforcement'),
      ),
    ).toMatchObject({ audit: true, scripts: false });
  });

  test.each([
    ['a document type', `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>${locker('&a;')}`],
    ['elements nested without end', `<AppLockerPolicy>${'<a>'.repeat(200)}`],
    ['half a file', '<AppLockerPolicy><RuleCollection Type="Exe"'],
  ])('%s is refused', async (_name, xml) => {
    const read = await imported('pc1.xml', xml);
    expect(read?.facts).toEqual([]);
    expect(read?.refused).toHaveLength(1);
  });
});

test('Windows events are summed up by host, event and account', async () => {
  const event = (more: object) =>
    JSON.stringify({
      '@timestamp': '2026-03-19T10:00:00Z',
      Hostname: 'PC1',
      Channel: 'Security',
      EventID: 4624,
      TargetUserName: 'ann',
      TargetUserSid: 'S-1-5-21-1-2-3-1002',
      LogonType: 2,
      ...more,
    });
  const ecs = JSON.stringify({
    '@timestamp': '2026-03-19T11:00:00Z',
    winlog: {
      computer_name: 'PC1',
      channel: 'Security',
      event_id: 4624,
      event_data: { TargetUserName: 'ann', TargetUserSid: 'S-1-5-21-1-2-3-1002', LogonType: '2' },
    },
  });
  const read = await imported(
    'events.ndjson',
    [
      event({}),
      ecs,
      event({ EventID: 4688, CommandLine: 'cmd /c' }),
      event({ EventID: 4688 }),
      event({ EventID: 5156 }),
      '{"half":',
      '',
    ].join('\n'),
  );
  expect(read?.facts.map(({ subject, values }) => [subject, values])).toEqual([
    [
      'PC1',
      {
        channel: 'Security',
        event: 4624,
        account: 'ann',
        sid: 'S-1-5-21-1-2-3-1002',
        logonType: 2,
        count: 2,
        first: '2026-03-19T10:00:00.000Z',
        last: '2026-03-19T11:00:00.000Z',
      },
    ],
    [
      'PC1',
      {
        channel: 'Security',
        event: 4688,
        commandLine: false,
        count: 2,
        first: '2026-03-19T10:00:00.000Z',
        last: '2026-03-19T10:00:00.000Z',
      },
    ],
  ]);
  expect(read?.refused).toHaveLength(1);
});
