import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact } from '#governance/evidence';
import { evaluatorNamed, type Given, host, hosts, judged } from '../testing.ts';
import { after, cadence, inTime, type Life } from './clock.ts';

const at = (text: string): Date => new Date(text.length === 10 ? `${text}T00:00:00Z` : text);
const now = at('2026-03-31');
const life = (more: Partial<Life>): Life => ({
  released: at('2026-03-01'),
  critical: false,
  exploitedAt: undefined,
  firstSeen: at('2026-03-02'),
  lastSeen: at('2026-03-05'),
  goneBy: undefined,
  ...more,
});
const ordinary = { within: '14d', when: 'ordinary' } as const;
const urgent = { within: '48h', when: 'urgent' } as const;
const any = { within: '14d', when: 'any' } as const;

describe('the clock of a fix', () => {
  test('two weeks of release: applied in the last minute is in time, a scan after it is late', () => {
    expect(inTime(ordinary, life({ lastSeen: at('2026-03-14'), goneBy: at('2026-03-15') }), now)).toEqual({
      is: 'good',
    });
    expect(
      inTime(ordinary, life({ lastSeen: at('2026-03-15'), goneBy: at('2026-03-16') }), now),
    ).toMatchObject({ is: 'late', due: at('2026-03-15') });
  });

  test('applied between two scans with the due time inside: nobody can tell', () => {
    expect(
      inTime(ordinary, life({ lastSeen: at('2026-03-14'), goneBy: at('2026-03-17') }), now),
    ).toMatchObject({ is: 'open' });
  });

  test('open and not due runs; open, due and not scanned since can’t be told; open and seen past its due is late', () => {
    expect(inTime(ordinary, life({}), at('2026-03-10'))).toEqual({ is: 'running', due: at('2026-03-15') });
    expect(inTime(ordinary, life({}), now)).toMatchObject({ is: 'open' });
    expect(inTime(ordinary, life({ lastSeen: at('2026-03-20') }), now)).toMatchObject({ is: 'late' });
  });

  test('an exploit that appears during its life moves the deadline to 48 hours from then, and to the other clock', () => {
    const exploited = life({
      exploitedAt: at('2026-03-06'),
      lastSeen: at('2026-03-07'),
      goneBy: at('2026-03-08'),
    });
    expect(inTime(ordinary, exploited, now)).toEqual({ is: 'other' });
    expect(inTime(urgent, exploited, now)).toEqual({ is: 'good' });
    expect(
      inTime(urgent, { ...exploited, lastSeen: at('2026-03-08'), goneBy: at('2026-03-09') }, now),
    ).toMatchObject({ is: 'late', due: at('2026-03-08') });
  });

  test('fixed before the exploit appeared stays ordinary', () => {
    const before = life({
      exploitedAt: at('2026-03-06'),
      lastSeen: at('2026-03-04'),
      goneBy: at('2026-03-05'),
    });
    expect(inTime(ordinary, before, now)).toEqual({ is: 'good' });
    expect(inTime(urgent, before, now)).toEqual({ is: 'other' });
  });

  test('an exploit after the ordinary deadline doesn’t excuse what was late already', () => {
    const late = life({
      exploitedAt: at('2026-03-20'),
      lastSeen: at('2026-03-21'),
      goneBy: at('2026-03-21T12:00:00Z'),
    });
    expect(inTime(ordinary, late, now)).toMatchObject({ is: 'late', due: at('2026-03-15') });
    expect(inTime(urgent, late, now)).toEqual({ is: 'good' });
  });

  test('critical counts from release, and an exploit known before release from release too', () => {
    expect(inTime(urgent, life({ critical: true, lastSeen: at('2026-03-03') }), now)).toMatchObject({
      is: 'late',
      due: at('2026-03-03'),
    });
    expect(
      inTime(urgent, life({ exploitedAt: at('2026-02-01'), lastSeen: at('2026-03-03') }), now),
    ).toMatchObject({ is: 'late', due: at('2026-03-03') });
    expect(
      inTime(
        any,
        life({ critical: true, lastSeen: at('2026-03-14'), goneBy: at('2026-03-14T01:00:00Z') }),
        now,
      ),
    ).toEqual({ is: 'good' });
  });

  test('a month is a month of the calendar', () => {
    expect(after('1mo', at('2026-01-31'))).toEqual(at('2026-02-28'));
    expect(after('1mo', at('2026-12-15'))).toEqual(at('2027-01-15'));
  });

  test('without a release date it can only be late, by what was seen', () => {
    expect(
      inTime(
        any,
        life({ released: undefined, firstSeen: at('2026-03-01'), lastSeen: at('2026-03-16') }),
        now,
      ),
    ).toMatchObject({ is: 'late' });
    expect(
      inTime(any, life({ released: undefined, lastSeen: at('2026-03-04'), goneBy: at('2026-03-05') }), now),
    ).toMatchObject({ is: 'open' });
    expect(inTime(urgent, life({ released: undefined, lastSeen: at('2026-03-30') }), now)).toMatchObject({
      is: 'open',
    });
  });

  test('for any life, an earlier fix is never judged worse', () => {
    const day = fc
      .integer({ min: 0, max: 60 })
      .map((days) => new Date(at('2026-01-01').getTime() + days * 86_400_000));
    const rank = { other: 0, good: 0, running: 1, open: 1, late: 2 } as const;
    fc.assert(
      fc.property(
        day,
        fc.option(day, { nil: undefined }),
        fc.boolean(),
        day,
        day,
        fc.constantFrom(any, urgent),
        (released, exploitedAt, critical, one, two, clock) => {
          const [early, later] = one <= two ? [one, two] : [two, one];
          const of = (goneBy: Date): Life => ({
            released,
            critical,
            exploitedAt,
            firstSeen: released,
            lastSeen: new Date(Math.max(released.getTime(), goneBy.getTime() - 3_600_000)),
            goneBy: new Date(Math.max(released.getTime() + 3_600_000, goneBy.getTime())),
          });
          expect(rank[inTime(clock, of(early), now).is]).toBeLessThanOrEqual(
            rank[inTime(clock, of(later), now).is],
          );
        },
      ),
    );
  });
});

describe('the cadence of scans', () => {
  const days = (...on: readonly number[]): Date[] =>
    on.map((one) => new Date(at('2026-03-01').getTime() + one * 86_400_000));
  test.each([
    ['every day', 1, days(0, 1, 2, 3), 3, 'good'],
    ['a day left out', 1, days(0, 1, 3), 3, 'bad'],
    ['the host left out at the end', 1, days(0, 1), 5, 'bad'],
    ['one scan', 1, days(3), 3, 'open'],
    ['none', 1, [], 3, 'open'],
    ['every two weeks', 14, days(0, 14, 28), 28, 'good'],
    ['fifteen days apart', 14, days(0, 15), 15, 'bad'],
  ] as const)('%s', (_name, every, runs, known, is) => {
    const until = new Date(at('2026-03-01').getTime() + known * 86_400_000);
    expect(cadence(every, runs, until, until).is).toBe(is);
  });

  test('results that stop arriving are missing, not bad', () => {
    const runs = days(0, 1, 2);
    expect(cadence(1, runs, days(2)[0] ?? now, days(6)[0] ?? now)).toMatchObject({
      is: 'open',
      why: expect.stringContaining('missing'),
    });
  });
});

const server = (name: string): Fact => host(name, { role: 'server', os: 'Debian 13', internetFacing: true });
const run = (name: string, when: string, more: Fact['values'] = {}): Fact => ({
  subject: name,
  at: at(when),
  values: {
    what: 'run',
    scanner: 'nessus',
    credentialed: true,
    reaches: ['os', 'application'],
    feedAt: when,
    ...more,
  },
});
const finding = (name: string, when: string, more: Fact['values'] = {}): Fact => ({
  subject: name,
  at: at(when),
  values: {
    what: 'finding',
    scanner: 'nessus',
    id: 'CVE-2026-1',
    cves: ['CVE-2026-1'],
    product: 'nginx',
    component: 'application',
    critical: false,
    released: '2026-03-01',
    ...more,
  },
});
const scans = (...facts: readonly Fact[]): Given => ({ kind: 'scanner.results', facts });
const kev = (cve: string, since: string): Given => ({
  kind: 'vulnerability.exploited',
  facts: [{ subject: cve, at: at(since), values: {} }],
});
const nothingExploited: Given = { kind: 'vulnerability.exploited', facts: [] };

describe('online services', () => {
  const ordinaryServices = evaluatorNamed('e8.patch.ism-1690');
  const urgentServices = evaluatorNamed('e8.patch.ism-1876');
  const web = hosts(server('web1'));

  test('are satisfied where every fix was in time', () => {
    const given = [
      web,
      nothingExploited,
      scans(
        run('web1', '2026-03-05'),
        finding('web1', '2026-03-05'),
        run('web1', '2026-03-20'),
        run('web1', '2026-03-30'),
      ),
    ];
    // Seen on the 5th, gone by the 20th, due on the 15th: nobody can tell.
    expect(judged(ordinaryServices, given, now)).toMatchObject({
      status: 'unknown',
      because: expect.stringContaining('between two scans'),
    });
    const daily = [
      web,
      nothingExploited,
      scans(
        run('web1', '2026-03-05'),
        finding('web1', '2026-03-05'),
        run('web1', '2026-03-12'),
        run('web1', '2026-03-30'),
      ),
    ];
    expect(judged(ordinaryServices, daily, now)).toMatchObject({
      status: 'satisfied',
      confidence: 'direct',
      because: expect.stringContaining('1 of 1 fixes'),
    });
  });

  test('an exploit turns a running clock into a missed one of 48 hours', () => {
    const seen = scans(
      run('web1', '2026-03-05'),
      finding('web1', '2026-03-05'),
      run('web1', '2026-03-09'),
      finding('web1', '2026-03-09'),
      run('web1', '2026-03-10'),
      run('web1', '2026-03-30'),
    );
    expect(judged(urgentServices, [web, nothingExploited, seen], now).status).toBe('satisfied');
    expect(judged(urgentServices, [web, kev('CVE-2026-1', '2026-03-06'), seen], now)).toMatchObject({
      status: 'not-satisfied',
      failing: [{ subject: 'web1', due: at('2026-03-08'), why: 'CVE-2026-1 in nginx was fixed late' }],
    });
  });

  test('are unknown without the list of exploits', () => {
    expect(judged(urgentServices, [web, scans(run('web1', '2026-03-30'))], now)).toMatchObject({
      status: 'unknown',
      wouldSettle: expect.arrayContaining([expect.stringContaining('exploited')]),
    });
  });

  test('are unknown where no scan signed in, or the last one is weeks old, or no inventory is there', () => {
    expect(
      judged(
        urgentServices,
        [web, nothingExploited, scans(run('web1', '2026-03-30', { credentialed: false }))],
        now,
      ).status,
    ).toBe('unknown');
    expect(
      judged(urgentServices, [web, nothingExploited, scans(run('web1', '2026-03-10'))], now),
    ).toMatchObject({ status: 'unknown', because: expect.stringContaining('14 days') });
    expect(judged(urgentServices, [nothingExploited, scans(run('web1', '2026-03-30'))], now).status).toBe(
      'unknown',
    );
  });

  test('a server nobody scanned leaves it unknown', () => {
    expect(
      judged(
        urgentServices,
        [hosts(server('web1'), server('web2')), nothingExploited, scans(run('web1', '2026-03-30'))],
        now,
      ),
    ).toMatchObject({ status: 'unknown', because: expect.stringContaining('web2') });
  });

  test('turns by itself when the next open fix falls due', () => {
    const given = [
      web,
      nothingExploited,
      scans(run('web1', '2026-03-30'), finding('web1', '2026-03-30', { released: '2026-03-28' })),
    ];
    expect(judged(ordinaryServices, given, now)).toMatchObject({
      status: 'satisfied',
      until: at('2026-04-11'),
    });
  });
});

test('a fix counts for the control its product and host belong to, and for no other', () => {
  const pc = hosts(host('pc1', {}));
  const seen = scans(
    run('pc1', '2026-03-01'),
    finding('pc1', '2026-03-01', { product: 'Google Chrome', released: '2026-02-01' }),
    run('pc1', '2026-03-30'),
    finding('pc1', '2026-03-30', { product: 'Google Chrome', released: '2026-02-01' }),
  );
  const of = (control: string) =>
    judged(evaluatorNamed(`e8.patch.${control}`), [pc, nothingExploited, seen], now).status;
  expect(of('ism-1691')).toBe('not-satisfied');
  expect(of('ism-1901')).toBe('not-satisfied');
  expect(of('ism-1692')).toBe('satisfied');
  expect(of('ism-1693')).toBe('satisfied');
  expect(of('ism-1695')).toBe('satisfied');
  // No scan says that it looks for drivers or firmware.
  expect(of('ism-1879')).toBe('unknown');
  expect(of('ism-1903')).toBe('unknown');
});

describe('scans', () => {
  test('every day of the exposed, judged host by host', () => {
    const daily = evaluatorNamed('e8.scan.ism-1701');
    const of = (name: string, ...days: readonly string[]) => days.map((day) => run(name, `2026-03-${day}`));
    const given = [
      hosts(server('web1'), server('web2')),
      scans(...of('web1', '28', '29', '30', '31'), ...of('web2', '28', '29')),
    ];
    expect(judged(daily, given, now)).toMatchObject({
      status: 'not-satisfied',
      failing: [{ subject: 'web2' }],
    });
    expect(
      judged(daily, [hosts(server('web1')), scans(...of('web1', '28', '29', '30'))], at('2026-03-31')),
    ).toMatchObject({ status: 'satisfied' });
    expect(judged(daily, [hosts(server('web1'))], now).status).toBe('unknown');
  });

  test('a feed of last week is old, one that isn’t dated is unknown', () => {
    const feed = evaluatorNamed('e8.scan.feed');
    expect(judged(feed, [scans(run('web1', '2026-03-30', { feedAt: '2026-03-29' }))], now).status).toBe(
      'satisfied',
    );
    expect(judged(feed, [scans(run('web1', '2026-03-30', { feedAt: '2026-03-20' }))], now)).toMatchObject({
      status: 'not-satisfied',
      failing: [{ subject: 'nessus' }],
    });
    expect(judged(feed, [scans(run('web1', '2026-03-30', { feedAt: null }))], now).status).toBe('unknown');
  });
});

test('a system’s support counts to the day, and what isn’t said is unknown', () => {
  const supported = evaluatorNamed('e8.systems.supported');
  const with_ = (supportEnds: string | null) => judged(supported, [hosts(host('pc1', { supportEnds }))], now);
  expect(with_('2026-04-01')).toMatchObject({ status: 'satisfied', until: at('2026-04-01') });
  expect(with_('2026-03-31').status).toBe('not-satisfied');
  expect(with_(null).status).toBe('unknown');
});

test('a system two releases behind is too old', () => {
  const newest = evaluatorNamed('e8.systems.newest');
  const behind = (releases: number | null) =>
    judged(newest, [hosts(host('pc1', { behind: releases }))], now).status;
  expect([behind(0), behind(1), behind(2), behind(null)]).toEqual([
    'satisfied',
    'satisfied',
    'not-satisfied',
    'unknown',
  ]);
});

test('software without support is told by host and product; other kinds of it don’t count', () => {
  const user = evaluatorNamed('e8.software.user');
  const product = (values: Fact['values']): Given => ({
    kind: 'software.support',
    facts: [{ subject: 'pc1', values: { product: 'Reader 9', class: 'user-application', ...values } }],
  });
  expect(judged(user, [hosts('pc1'), product({ supportEnds: '2025-01-01' })], now)).toMatchObject({
    status: 'not-satisfied',
    failing: [{ subject: 'pc1', why: 'Reader 9, ended 2025-01-01' }],
  });
  expect(judged(user, [hosts('pc1'), product({ supportEnds: '2027-01-01' })], now)).toMatchObject({
    status: 'satisfied',
    confidence: 'partial',
  });
  expect(judged(user, [hosts('pc1'), product({})], now).status).toBe('unknown');
  expect(
    judged(user, [hosts('pc1'), product({ class: 'other', supportEnds: '2025-01-01' })], now).status,
  ).toBe('satisfied');
});

test('discovery is judged where the sender says how many networks there are', () => {
  const discovery = evaluatorNamed('e8.discovery');
  const runs = (of: number | undefined, ...days: readonly string[]): Given => ({
    kind: 'discovery.runs',
    ...(of && { of }),
    facts: days.map((one) => ({ subject: '10.0.0.0/24', at: at(one), values: {} })),
  });
  expect(judged(discovery, [runs(1, '2026-03-10', '2026-03-24')], now).status).toBe('satisfied');
  expect(judged(discovery, [runs(1, '2026-03-01', '2026-03-24')], now).status).toBe('not-satisfied');
  expect(judged(discovery, [runs(undefined, '2026-03-10', '2026-03-24')], now).status).toBe('unknown');
  expect(judged(discovery, [runs(2, '2026-03-10', '2026-03-24')], now).status).toBe('unknown');
});
