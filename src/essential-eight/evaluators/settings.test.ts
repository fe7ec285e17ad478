import { describe, expect, test } from 'vitest';
import type { Fact } from '#governance/evidence';
import { evaluatorNamed, type Given, hosts, judged } from '../testing.ts';

const now = new Date('2026-03-20T00:00:00Z');
const office = 'hkcu\\software\\policies\\microsoft\\office\\16.0';
const settings = (...facts: readonly Fact[]): Given => ({ kind: 'windows.settings', facts });
const hive = (user: string, values: Record<string, string | number>, more: Fact['values'] = {}): Fact => ({
  subject: 'pc1',
  values: {
    from: 'registry',
    hive: 'user',
    user,
    loaded: true,
    covers: ['hkcu\\software'],
    settings: values,
    ...more,
  },
});
const machine = (values: Record<string, string | number>, more: Fact['values'] = {}): Fact => ({
  subject: 'pc1',
  values: {
    from: 'registry',
    hive: 'machine',
    profiles: true,
    covers: ['hklm\\software', 'hklm\\system'],
    settings: values,
    ...more,
  },
});
const inApps = (name: string, value: number, apps = ['word', 'excel', 'powerpoint', 'access', 'visio']) =>
  Object.fromEntries(apps.map((app) => [`${office}\\${app}\\security\\${name}`, value]));
const policy = (values: Record<string, string | number>, more: Fact['values'] = {}): Fact => ({
  subject: 'Office hardening',
  values: {
    from: 'policy',
    hive: 'user',
    assigned: 'all',
    excludes: false,
    covers: [],
    settings: values,
    ...more,
  },
});

describe('macros from the internet', () => {
  const internet = evaluatorNamed('e8.macros.internet');
  const of = (...facts: readonly Fact[]) => judged(internet, [hosts('pc1'), settings(...facts)], now);
  const blocked = inApps('blockcontentexecutionfrominternet', 1);

  test('are blocked where every profile of every host blocks them', () => {
    expect(of(machine({}), hive('ann', blocked), hive('ben', blocked))).toMatchObject({
      status: 'satisfied',
      confidence: 'direct',
      of: 1,
    });
  });

  test('one person who doesn’t is named', () => {
    expect(
      of(
        machine({}),
        hive('ann', blocked),
        hive('ben', { ...blocked, [`${office}\\word\\security\\blockcontentexecutionfrominternet`]: 0 }),
      ),
    ).toMatchObject({
      status: 'not-satisfied',
      failing: [{ subject: 'pc1', why: expect.stringContaining('ben') }],
    });
    expect(of(machine({}), hive('ann', {})).status).toBe('not-satisfied');
  });

  test('a hive that wasn’t loaded is unassessed, never a pass', () => {
    expect(of(machine({}), hive('ann', blocked), hive('ben', {}, { loaded: false }))).toMatchObject({
      status: 'unknown',
      because: expect.stringContaining('ben was not loaded'),
    });
  });

  test('without the list of profiles, or a part of the registry, nobody can tell', () => {
    expect(of(hive('ann', blocked)).status).toBe('unknown');
    expect(of(machine({}), hive('ann', {}, { covers: ['hkcu\\software\\other'] })).status).toBe('unknown');
  });

  test('an application of which nobody knows whether it is there leaves it open', () => {
    expect(
      of(
        machine({}),
        hive('ann', inApps('blockcontentexecutionfrominternet', 1, ['word', 'excel', 'powerpoint'])),
      ).status,
    ).toBe('unknown');
  });

  test('macros switched off altogether do as well', () => {
    expect(of(machine({}), hive('ann', { [`${office}\\common\\vbaoff`]: 1 })).status).toBe('satisfied');
  });
});

describe('policies', () => {
  const scanned = evaluatorNamed('e8.macros.scanned');
  const of = (...facts: readonly Fact[]) => judged(scanned, [settings(...facts)], now);
  const good = { [`${office}\\common\\security\\macroruntimescanscope`]: 2 };

  test('that reach everybody are a proxy', () => {
    expect(of(policy(good))).toMatchObject({
      status: 'satisfied',
      confidence: 'proxy',
      because: expect.stringContaining('Office hardening'),
    });
  });

  test('whose assignment isn’t said, or that leave people out, settle nothing', () => {
    expect(of(policy(good, { assigned: 'unstated' }))).toMatchObject({
      status: 'unknown',
      wouldSettle: expect.arrayContaining([expect.stringContaining('assignments')]),
    });
    expect(of(policy(good, { assigned: 'some' })).status).toBe('unknown');
    expect(of(policy(good, { excludes: true })).status).toBe('unknown');
  });

  test('that say the contrary are told; that say nothing are not', () => {
    const protectedLsa = (value: number) =>
      judged(
        evaluatorNamed('e8.lsa.protected'),
        [settings(policy({ 'hklm\\system\\currentcontrolset\\control\\lsa\\runasppl': value }))],
        now,
      ).status;
    expect([protectedLsa(0), protectedLsa(1)]).toEqual(['not-satisfied', 'satisfied']);
    expect(of(policy({ other: 1 })).status).toBe('unknown');
  });

  test('count less than what was seen on hosts', () => {
    expect(
      judged(
        scanned,
        [
          hosts('pc1'),
          settings(
            policy(good),
            machine({}),
            hive('ann', { [`${office}\\common\\security\\macroruntimescanscope`]: 0 }),
          ),
        ],
        now,
      ).status,
    ).toBe('not-satisfied');
  });

  test('only low trust scanned is for an assessor to say', () => {
    expect(of(policy({ [`${office}\\common\\security\\macroruntimescanscope`]: 1 })).status).toBe('unknown');
  });
});

describe.each([
  // VBAWarnings: 1 all run, 2 ask, 3 signed only, 4 none.
  ['e8.macros.locked', ['not-satisfied', 'satisfied', 'satisfied', 'satisfied']],
  ['e8.macros.off', ['unknown', 'unknown', 'unknown', 'satisfied']],
  ['e8.macros.trusted-only', ['not-satisfied', 'not-satisfied', 'satisfied', 'satisfied']],
  ['e8.macros.no-waving-through', ['unknown', 'not-satisfied', 'unknown', 'satisfied']],
] as const)('%s', (id, expected) => {
  test.each([1, 2, 3, 4])('VBAWarnings %i', (value) => {
    const given = settings(machine({}), hive('ann', inApps('vbawarnings', value)));
    expect(judged(evaluatorNamed(id), [hosts('pc1'), given], now).status).toBe(expected[value - 1]);
  });
  test('no evidence is unknown', () => {
    expect(judged(evaluatorNamed(id), [hosts('pc1')], now).status).toBe('unknown');
  });
});

test('embedded packages', () => {
  const key = (app: string) => `hkcu\\software\\microsoft\\office\\16.0\\${app}\\security\\packagerprompt`;
  const of = (value: number) =>
    judged(
      evaluatorNamed('e8.office.packages'),
      [
        hosts('pc1'),
        settings(
          machine({}),
          hive('ann', { [key('word')]: value, [key('excel')]: value, [key('powerpoint')]: value }),
        ),
      ],
      now,
    );
  expect(of(2)).toMatchObject({ status: 'satisfied', confidence: 'partial' });
  expect(of(1).status).toBe('not-satisfied');
  expect(judged(evaluatorNamed('e8.office.packages'), [], now).status).toBe('unknown');
});

describe('machine settings', () => {
  const edge = 'hklm\\software\\policies\\microsoft\\edge';
  const locked = {
    [`${edge}\\smartscreenenabled`]: 1,
    [`${edge}\\preventsmartscreenpromptoverride`]: 1,
    [`${edge}\\preventsmartscreenpromptoverrideforfiles`]: 1,
  };
  const of = (id: string, values: Record<string, string | number>, more: Fact['values'] = {}) =>
    judged(evaluatorNamed(id), [hosts('pc1'), settings(machine(values, more))], now);

  test('a browser policy holds; a recommended one people can change', () => {
    expect(of('e8.browser.locked', locked)).toMatchObject({ status: 'satisfied', confidence: 'proxy' });
    const recommended = Object.fromEntries(
      Object.entries(locked).map(([key, value]) => [key.replace('\\edge\\', '\\edge\\recommended\\'), value]),
    );
    expect(of('e8.browser.locked', recommended)).toMatchObject({
      status: 'not-satisfied',
      failing: [{ why: expect.stringContaining('only recommended') }],
    });
    expect(of('e8.browser.locked', {}, { covers: [] }).status).toBe('unknown');
  });

  test('where Chrome has policies, they count too', () => {
    expect(
      of('e8.browser.locked', {
        ...locked,
        'hklm\\software\\policies\\google\\chrome\\safebrowsingprotectionlevel': 0,
      }).status,
    ).toBe('not-satisfied');
  });

  test('Edge’s own advert blocking isn’t enough and isn’t a failure: a gateway may do it', () => {
    expect(of('e8.browser.adverts', { [`${edge}\\adssettingforintrusiveadssites`]: 2 })).toMatchObject({
      status: 'unknown',
      because: expect.stringContaining('isn’t enough'),
    });
    expect(
      of('e8.browser.adverts', {
        [`${edge}\\extensioninstallforcelist\\1`]: 'odfafepnkmbhccpbejgmiehpchacaeak;https://edge',
      }).status,
    ).toBe('satisfied');
    expect(of('e8.browser.adverts', {}).status).toBe('unknown');
  });

  test.each([
    ['e8.lsa.protected', 'hklm\\system\\currentcontrolset\\control\\lsa\\runasppl', 1, 0],
    [
      'e8.drivers.blocklist',
      'hklm\\system\\currentcontrolset\\control\\ci\\config\\vulnerabledriverblocklistenable',
      1,
      0,
    ],
    [
      'e8.credential-guard.remote',
      'hklm\\software\\policies\\microsoft\\windows\\credentialsdelegation\\allowprotectedcreds',
      1,
      0,
    ],
  ])('%s', (id, key, good, bad) => {
    expect([
      of(id, { [key]: good }).status,
      of(id, { [key]: bad }).status,
      of(id, {}, { covers: [] }).status,
    ]).toEqual(['satisfied', 'not-satisfied', 'unknown']);
  });
});
