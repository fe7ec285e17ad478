import { describe, expect, test } from 'vitest';
import type { Fact } from '#governance/evidence';
import { evaluatorNamed, type Given, host, hosts, judged } from '../testing.ts';

const now = new Date('2026-03-20T00:00:00Z');
const state = (...facts: readonly Fact[]): Given => ({ kind: 'windows.state', facts });
const policies = (...facts: readonly Fact[]): Given => ({ kind: 'application-control.policies', facts });
const events = (...facts: readonly Fact[]): Given => ({ kind: 'windows.events', facts });
const event = (on: string, channel: string, id: number, more: Fact['values'] = {}): Fact => ({
  subject: on,
  values: { channel, event: id, count: 3, last: '2026-03-19T12:00:00Z', ...more },
});

describe('attack surface reduction', () => {
  const win32 = evaluatorNamed('e8.asr.macro-win32');
  const guid = '92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b';
  const action = (value: number | undefined) =>
    judged(
      win32,
      [
        hosts('pc1'),
        state({ subject: 'PC1', values: { asr: value === undefined ? {} : { [guid]: value } } }),
      ],
      now,
    );

  test('only blocking is in force: auditing and warning are not', () => {
    expect(action(1)).toMatchObject({ status: 'satisfied', confidence: 'direct', of: 1 });
    for (const [value, why] of [
      [0, 'off'],
      [2, 'audited'],
      [6, 'warned'],
    ] as const)
      expect(action(value)).toMatchObject({
        status: 'not-satisfied',
        failing: [{ subject: 'pc1', why: expect.stringContaining(why) }],
      });
    expect(action(undefined)).toMatchObject({ status: 'not-satisfied' });
  });

  test('a state without these rules, or of half the hosts, is unknown', () => {
    expect(
      judged(win32, [hosts('pc1'), state({ subject: 'pc1', values: { features: {} } })], now).status,
    ).toBe('unknown');
    expect(
      judged(win32, [hosts('pc1', 'pc2'), state({ subject: 'pc1', values: { asr: { [guid]: 1 } } })], now),
    ).toMatchObject({ status: 'unknown', because: expect.stringContaining('pc2') });
  });

  test.each([
    'e8.asr.office-children',
    'e8.asr.office-executables',
    'e8.asr.office-injection',
    'e8.asr.pdf-children',
  ])('%s asks for its own rule', (id) => {
    expect(
      judged(
        evaluatorNamed(id),
        [hosts('pc1'), state({ subject: 'pc1', values: { asr: { [guid]: 1 } } })],
        now,
      ).status,
    ).toBe('not-satisfied');
    expect(judged(evaluatorNamed(id), [hosts('pc1')], now).status).toBe('unknown');
  });
});

describe('features', () => {
  test.each([
    ['e8.feature.internet-explorer', 'Internet-Explorer-Optional-amd64'],
    ['e8.feature.net35', 'NetFx3'],
    ['e8.feature.powershell2', 'MicrosoftWindowsPowerShellV2Root'],
  ])('%s', (id, name) => {
    const of = (value: Record<string, string>) =>
      judged(evaluatorNamed(id), [hosts('pc1'), state({ subject: 'pc1', values: { features: value } })], now)
        .status;
    expect([
      of({ [name]: 'Disabled' }),
      of({ [name]: 'DisabledWithPayloadRemoved' }),
      of({ [name]: 'Enabled' }),
      of({}),
    ]).toEqual(['satisfied', 'satisfied', 'not-satisfied', 'unknown']);
  });

  test('what runs counts, and not what is configured', () => {
    const guard = (id: string, running: number[] | null) =>
      judged(
        evaluatorNamed(id),
        [hosts('pc1'), state({ subject: 'pc1', values: { running, configured: [1, 2] } })],
        now,
      ).status;
    expect([
      guard('e8.credential-guard', [1]),
      guard('e8.credential-guard', [2]),
      guard('e8.credential-guard', null),
    ]).toEqual(['satisfied', 'not-satisfied', 'unknown']);
    expect([guard('e8.memory-integrity', [1, 2]), guard('e8.memory-integrity', [1])]).toEqual([
      'satisfied',
      'not-satisfied',
    ]);
  });

  test('PowerShell’s language', () => {
    const mode = (languageMode: string | null) =>
      judged(
        evaluatorNamed('e8.powershell.constrained'),
        [hosts('pc1'), state({ subject: 'pc1', values: { languageMode } })],
        now,
      ).status;
    expect([mode('ConstrainedLanguage'), mode('FullLanguage'), mode(null)]).toEqual([
      'satisfied',
      'not-satisfied',
      'unknown',
    ]);
  });

  test('the newest word on a host stands', () => {
    const one = (value: string, at: string): Given => ({
      ...state({ subject: 'pc1', values: { features: { NetFx3: value } } }),
      collectedAt: new Date(at),
    });
    expect(
      judged(
        evaluatorNamed('e8.feature.net35'),
        [hosts('pc1'), one('Enabled', '2026-03-01'), one('Disabled', '2026-03-10')],
        now,
      ).status,
    ).toBe('satisfied');
  });
});

const locker = (
  modes: Record<string, string>,
  allowedPaths: Record<string, string[]> = {},
  denied: string[] = [],
): Fact => ({ subject: 'pc1', values: { product: 'applocker', modes, allowedPaths, denied } });
const all = { Exe: 'Enabled', Dll: 'Enabled', Script: 'Enabled', Msi: 'Enabled' };
const appControl = (values: Fact['values'] = {}): Fact => ({
  subject: 'pc1',
  values: { product: 'app-control', audit: false, userMode: true, scripts: true, denied: [], ...values },
});

describe('application control', () => {
  const workstations = evaluatorNamed('e8.appcontrol.workstations');
  const of = (fact: Fact, ...more: readonly Given[]) =>
    judged(workstations, [hosts('pc1'), policies(fact), ...more], now);

  test('enforced is implemented, and events of it running make it direct', () => {
    expect(of(locker(all))).toMatchObject({ status: 'satisfied', confidence: 'proxy' });
    expect(
      of(locker(all), events(event('pc1', 'Microsoft-Windows-AppLocker/EXE and DLL', 8002))),
    ).toMatchObject({ status: 'satisfied', confidence: 'direct' });
    expect(
      of(appControl(), events(event('pc1', 'Microsoft-Windows-CodeIntegrity/Operational', 3077))),
    ).toMatchObject({ status: 'satisfied', confidence: 'direct' });
  });

  test('auditing is not implemented', () => {
    expect(of(locker({ ...all, Exe: 'AuditOnly' }))).toMatchObject({
      status: 'not-satisfied',
      failing: [{ why: 'its policy only audits' }],
    });
    expect(of(appControl({ audit: true }))).toMatchObject({
      status: 'not-satisfied',
      failing: [{ why: 'its policy only audits' }],
    });
    expect(of(appControl({ userMode: false })).status).toBe('not-satisfied');
    expect(
      of(locker(all), events(event('pc1', 'Microsoft-Windows-AppLocker/EXE and DLL', 8003))).status,
    ).toBe('not-satisfied');
  });

  test('a rule that lets everybody run everything is none', () => {
    expect(of(locker(all, { Exe: ['*'] })).status).toBe('not-satisfied');
  });

  test('a workstation without a policy here is unknown', () => {
    expect(judged(workstations, [hosts('pc1', 'pc2'), policies(locker(all))], now).status).toBe('unknown');
    expect(judged(workstations, [hosts('pc1')], now).status).toBe('unknown');
  });

  test('exposed and inner servers are judged apart', () => {
    const servers = hosts(
      host('pc1', { role: 'server', os: 'Windows Server 2025', internetFacing: true }),
      host('srv2', { role: 'server', os: 'Windows Server 2025' }),
    );
    expect(
      judged(evaluatorNamed('e8.appcontrol.exposed-servers'), [servers, policies(locker(all))], now),
    ).toMatchObject({ status: 'satisfied', of: 1 });
    expect(
      judged(evaluatorNamed('e8.appcontrol.inner-servers'), [servers, policies(locker(all))], now).status,
    ).toBe('unknown');
    expect(
      judged(
        evaluatorNamed('e8.appcontrol.inner-servers'),
        [servers, policies({ ...locker({}), subject: 'srv2' })],
        now,
      ).status,
    ).toBe('not-satisfied');
  });

  test('AppLocker alone never covers the seven kinds of file', () => {
    const files = evaluatorNamed('e8.appcontrol.files');
    const status = (fact: Fact) => judged(files, [hosts('pc1'), policies(fact)], now);
    expect(status(locker({ Exe: 'Enabled' }))).toMatchObject({
      status: 'not-satisfied',
      failing: [{ why: 'AppLocker doesn’t enforce libraries, scripts, installers' }],
    });
    expect(status(locker(all))).toMatchObject({
      status: 'not-satisfied',
      failing: [{ why: expect.stringContaining('.chm, .hta and .cpl') }],
    });
    expect(status(locker(all, {}, ['%SYSTEM32%\\mshta.exe', '%WINDIR%\\hh.exe'])).status).toBe('unknown');
    expect(status(appControl({ scripts: false })).status).toBe('not-satisfied');
    expect(status(appControl()).status).toBe('unknown');
    expect(status(appControl({ denied: ['hh.exe'] })).status).toBe('satisfied');
  });

  test('profiles and temporary folders: a path rule into them opens them', () => {
    const places = evaluatorNamed('e8.appcontrol.user-places');
    const status = (fact: Fact) => judged(places, [hosts('pc1'), policies(fact)], now).status;
    expect(status(locker(all, { Exe: ['%PROGRAMFILES%\\*', '%WINDIR%\\*'] }))).toBe('satisfied');
    expect(status(locker(all, { Script: ['%OSDRIVE%\\Users\\*\\AppData\\*'] }))).toBe('not-satisfied');
    expect(status(locker({ Exe: 'Enabled', Dll: 'AuditOnly' }))).toBe('not-satisfied');
    expect(status(appControl())).toBe('satisfied');
    expect(status(appControl({ anyPath: true }))).toBe('unknown');
    const elsewhere = (fact: Fact) =>
      judged(evaluatorNamed('e8.appcontrol.elsewhere'), [hosts('pc1'), policies(fact)], now).status;
    expect([
      elsewhere(locker(all)),
      elsewhere(locker(all, { Dll: ['%OSDRIVE%\\*'] })),
      elsewhere(appControl({ audit: true })),
    ]).toEqual(['satisfied', 'not-satisfied', 'not-satisfied']);
  });

  test('drivers and the lists of Microsoft', () => {
    const drivers = (fact: Fact) =>
      judged(evaluatorNamed('e8.appcontrol.drivers'), [hosts('pc1'), policies(fact)], now).status;
    expect([
      drivers(appControl()),
      drivers(appControl({ allowsAllDrivers: true })),
      drivers(locker(all)),
    ]).toEqual(['satisfied', 'not-satisfied', 'unknown']);
    const names = [
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
    const list = (denied: string[]) =>
      judged(
        evaluatorNamed('e8.appcontrol.blocklist'),
        [hosts('pc1'), policies(appControl({ denied }))],
        now,
      );
    expect(list(names).status).toBe('satisfied');
    expect(list(names.slice(1))).toMatchObject({
      status: 'not-satisfied',
      failing: [{ why: 'the list lacks addinprocess.exe' }],
    });
    expect(list([])).toMatchObject({ failing: [{ why: 'no policy carries the list' }] });
  });
});

describe('logs', () => {
  const of = (id: string, ...facts: readonly Fact[]) =>
    judged(evaluatorNamed(id), [hosts('pc1'), events(...facts)], now);

  test('silence is neither pass nor failure', () => {
    for (const id of [
      'e8.logs.privileged-access',
      'e8.logs.processes',
      'e8.logs.powershell',
      'e8.logs.application-control',
    ]) {
      expect(of(id).status, id).toBe('unknown');
      expect(of(id, event('pc1', 'System', 6005)).status, id).toBe('unknown');
    }
  });

  test('processes come with their command line or don’t', () => {
    expect(of('e8.logs.processes', event('pc1', 'Security', 4688, { commandLine: true })).status).toBe(
      'satisfied',
    );
    expect(of('e8.logs.processes', event('pc1', 'Security', 4688, { commandLine: false })).status).toBe(
      'not-satisfied',
    );
    expect(of('e8.logs.processes', event('pc1', 'Security', 4688)).status).toBe('unknown');
    expect(of('e8.logs.processes', event('pc1', 'Microsoft-Windows-Sysmon/Operational', 1)).status).toBe(
      'satisfied',
    );
    expect(
      of(
        'e8.logs.processes',
        event('pc1', 'Security', 4688, { commandLine: true, last: '2026-03-17T23:00:00Z' }),
      ).status,
    ).toBe('unknown');
  });

  test('privileged access, PowerShell and application control reach us', () => {
    expect(of('e8.logs.privileged-access', event('pc1', 'Security', 4672)).status).toBe('satisfied');
    const channel = 'Microsoft-Windows-PowerShell/Operational';
    expect(of('e8.logs.powershell', event('pc1', channel, 4103), event('pc1', channel, 4104))).toMatchObject({
      status: 'satisfied',
      confidence: 'partial',
    });
    expect(of('e8.logs.powershell', event('pc1', channel, 4104)).status).toBe('unknown');
    expect(
      of('e8.logs.application-control', event('pc1', 'Microsoft-Windows-AppLocker/MSI and Script', 8005))
        .status,
    ).toBe('satisfied');
    expect(
      of('e8.logs.application-control', event('pc1', 'Microsoft-Windows-CodeIntegrity/Operational', 3077)),
    ).toMatchObject({ status: 'unknown', because: expect.stringContaining('allows') });
  });

  test('changes to groups are rare: a month without one is unknown', () => {
    const dc = hosts(host('dc1', { role: 'server', os: 'Windows Server 2025' }));
    const status = (...facts: readonly Fact[]) =>
      judged(evaluatorNamed('e8.logs.privilege-changes'), [dc, events(...facts)], now).status;
    expect(
      status(
        event('dc1', 'Security', 4624),
        event('dc1', 'Security', 4728, { last: '2026-03-01T00:00:00Z' }),
      ),
    ).toBe('satisfied');
    expect(status(event('dc1', 'Security', 4624))).toBe('unknown');
    expect(status(event('dc1', 'Security', 4728, { last: '2026-03-01T00:00:00Z' }))).toBe('unknown');
  });
});

describe('who signs in where', () => {
  const inventory = hosts(host('paw1', { privileged: true }), host('pc1'));
  const directory: Given = {
    kind: 'directory.accounts',
    facts: [
      { subject: 'adm-ann', values: { privileged: true, sid: 'S-1-5-21-1-2-3-1001' } },
      { subject: 'ann', values: { privileged: false, sid: 'S-1-5-21-1-2-3-1002' } },
    ],
  };
  const logon = (on: string, account: string, more: Fact['values'] = {}) =>
    event(on, 'Security', 4624, { account, logonType: 2, ...more });
  const inside = evaluatorNamed('e8.privilege.environments');
  const outside = evaluatorNamed('e8.privilege.elsewhere');

  test('an ordinary account in a privileged environment, and a privileged one elsewhere, are told', () => {
    expect(judged(inside, [inventory, directory, events(logon('paw1', 'ann'))], now)).toMatchObject({
      status: 'not-satisfied',
      failing: [{ subject: 'paw1', why: 'an ordinary account signed in: ann on 2026-03-19' }],
    });
    expect(
      judged(outside, [inventory, directory, events(logon('pc1', 'adm-ann', { logonType: 10 }))], now),
    ).toMatchObject({ status: 'not-satisfied', failing: [{ subject: 'pc1' }] });
  });

  test('where everybody keeps to their own it is a proxy: nobody did isn’t nobody could', () => {
    expect(judged(inside, [inventory, directory, events(logon('paw1', 'adm-ann'))], now)).toMatchObject({
      status: 'satisfied',
      confidence: 'proxy',
    });
    expect(judged(outside, [inventory, directory, events(logon('pc1', 'ann'))], now)).toMatchObject({
      status: 'satisfied',
      confidence: 'proxy',
    });
  });

  test('network sign-ins, Windows itself and local administrators don’t count; strangers leave it open', () => {
    const only = (fact: Fact) =>
      judged(outside, [inventory, directory, events(logon('pc1', 'ann'), fact)], now).status;
    expect(only(logon('pc1', 'adm-ann', { logonType: 3 }))).toBe('satisfied');
    expect(only(logon('pc1', 'Administrator', { sid: 'S-1-5-21-9-9-9-500' }))).toBe('satisfied');
    expect(only(logon('pc1', 'SYSTEM', { sid: 'S-1-5-18' }))).toBe('satisfied');
    expect(only(logon('pc1', 'stranger'))).toBe('unknown');
  });

  test('without word on which environments are privileged it is unknown', () => {
    expect(judged(inside, [hosts('pc1'), directory, events(logon('pc1', 'ann'))], now).status).toBe(
      'unknown',
    );
    expect(judged(outside, [hosts('pc1'), directory, events(logon('pc1', 'ann'))], now).status).toBe(
      'unknown',
    );
  });
});

describe('work with privileges and without', () => {
  const apart = evaluatorNamed('e8.privilege.apart');
  const accounts: Given = {
    kind: 'directory.accounts',
    facts: [
      { subject: 'adm-jo', values: { privileged: true } },
      { subject: 'jo', values: { privileged: false } },
    ],
  };
  const seat = (on: string, account: string, logonType = 2): Fact =>
    event(on, 'Security', 4624, { account, logonType });
  const said = (...seats: readonly Fact[]) =>
    judged(apart, [hosts('paw1', 'pc1'), accounts, events(...seats)], now);

  test('on one host is a failure that names both', () => {
    expect(said(seat('paw1', 'adm-jo'), seat('pc1', 'adm-jo', 10), seat('pc1', 'jo'))).toMatchObject({
      status: 'not-satisfied',
      failing: [{ subject: 'pc1', why: expect.stringMatching(/adm-jo and jo/) }],
    });
  });
  test('apart on every host is satisfied in part: who may sign in elsewhere is not seen', () => {
    expect(said(seat('paw1', 'adm-jo'), seat('pc1', 'jo'))).toMatchObject({
      status: 'satisfied',
      confidence: 'partial',
      of: 2,
    });
  });
  test('with a stranger, a sign-in by the network alone or a silent host is unknown', () => {
    expect(said(seat('paw1', 'adm-jo'), seat('pc1', 'who')).status).toBe('unknown');
    expect(said(seat('paw1', 'adm-jo'), seat('pc1', 'jo', 3)).status).toBe('unknown');
    expect(said(seat('paw1', 'adm-jo')).status).toBe('unknown');
  });
});

describe('logs that somebody could read', () => {
  const exposed = evaluatorNamed('e8.logs.exposed');
  const web = host('web1', { role: 'server', os: 'Windows Server 2022', internetFacing: true });
  test('arrive: a part of what is asked; silent: unknown', () => {
    expect(judged(exposed, [hosts(web, 'pc1'), events(event('web1', 'Security', 4624))], now)).toMatchObject({
      status: 'satisfied',
      confidence: 'partial',
      of: 1,
    });
    const old = event('web1', 'Security', 4624, { last: '2026-03-10T00:00:00Z' });
    expect(judged(exposed, [hosts(web), events(old)], now).status).toBe('unknown');
  });
});

describe('two inventories of the same hosts', () => {
  const internal = evaluatorNamed('e8.logs.workstations');
  const other = (...facts: readonly Fact[]): Given => ({ ...hosts(...facts), source: 'assets' });
  const seen = events(event('pc1', 'Security', 4624));
  test('are one: a bare name is its full name, the newer holds, and what it leaves out stays', () => {
    const newer = other({ subject: 'pc1.harbour.example', values: { os: 'Windows 11' } });
    expect(judged(internal, [hosts('pc1'), newer, seen], now)).toMatchObject({ status: 'satisfied', of: 1 });
  });
  test('a host of which nobody knows what it is counts until somebody says', () => {
    const unclear = other({ subject: 'box7', values: {} });
    expect(judged(internal, [hosts('pc1'), unclear, seen], now)).toMatchObject({
      status: 'unknown',
      because: expect.stringContaining('box7'),
    });
    const server = other({ subject: 'box7', values: { os: 'Debian 13' } });
    expect(judged(internal, [hosts('pc1'), server, seen], now).status).toBe('satisfied');
  });
});
