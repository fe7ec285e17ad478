import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { manualClock } from '#platform/clock';
import { NotFound } from '#platform/errors';
import { systemIds } from '#platform/ids';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { systemAccess, tenancyId } from '#platform/scope';
import type { LedgerEntry } from './actor.ts';
import type { AlertFilter, AlertStreamItem } from './contract.ts';
import type { DetectionRecord } from './detection.ts';
import { ChangedSince, MoreThanSeen, NothingToUndo } from './errors.ts';
import { exploitsSeen } from './store-exploits.ts';
import { analystOf, detectionOf } from './testing.ts';
import { createTriage, type Triage } from './triage.ts';

const clock = manualClock('2026-03-02T10:00:00Z');
const acme = analystOf('kim', 'acme', ['acme-odce']);
const zeta = analystOf('zoe', 'zeta', ['zeta-odce']);
const provider = analystOf('pat', 'sovereign', ['acme-odce', 'zeta-odce']);

let records: Records;
let triage: Triage;
let ledger: LedgerEntry[] = [];

beforeAll(async () => {
  records = await createTestRecords();
  triage = await createTriage({
    records,
    clock,
    ids: systemIds(clock),
    ledger: { record: async (_tx, entry) => void ledger.push(entry) },
    assignee: async (_tx, id) => (id === 'lee' ? { id, name: 'Lee' } : undefined),
    owner: (tenancy) => tenancy.split('-')[0],
    isDemo: () => false,
    failed: (error) => {
      throw error;
    },
  });
});
afterAll(async () => {
  await triage.close();
  await records.close();
});
/** Each test has a day of its own, so that filters by time see its alerts only. */
beforeEach(() => {
  clock.advance(86_400);
  ledger = [];
});

const today = (): AlertFilter => ({ from: clock.now().toISOString() });
const record = (...detections: DetectionRecord[]) =>
  records.transaction(systemAccess('test'), (tx) => triage.record(tx, detections));
const detected = (host: string, more: Parameters<typeof detectionOf>[1] = {}) =>
  detectionOf(host, { eventAt: clock.now(), ...more });
const queue = (filter: AlertFilter = today(), actor = acme) => triage.list(actor, filter, { limit: 200 });
async function one() {
  const { alerts } = await queue();
  const [alert] = alerts;
  if (alert === undefined || alerts.length !== 1) throw new Error(`${alerts.length} alerts`);
  return alert;
}
const select = (alert: { id: string; revision: number }) => ({
  alerts: [{ id: alert.id, revision: alert.revision }],
});

describe('recording', () => {
  test('two batches of the same rule and host are one alert with the why and the event of each', async () => {
    await record(detected('lab-7'));
    clock.advance(60);
    await record(detected('lab-7'), detected('lab-8'));
    const { alerts, total } = await queue({ from: new Date(clock.now().getTime() - 60_000).toISOString() });
    expect(total).toBe(2);
    const grown = alerts.find((alert) => alert.entities[0]?.value === 'lab-7');
    expect(grown).toMatchObject({
      detections: 2,
      state: 'new',
      revision: 1,
      origin: 'sigma',
      attack: ['T1105', 'command-and-control'],
    });
    const detail = await triage.detail(acme, grown?.id ?? '');
    expect(detail.sample).toHaveLength(2);
    expect(detail.sample[0]).toMatchObject({
      reasons: [
        {
          selection: 'selection',
          field: 'Image',
          test: "endswith '\\certutil.exe'",
          value: 'C:\\Windows\\certutil.exe',
        },
      ],
      event: { Computer: 'lab-7' },
    });
    expect(detail).toMatchObject({
      ruleAuthor: 'Jo',
      ruleLicence: 'DRL 1.1',
      history: [{ action: 'created' }],
    });
  });

  test('text that a database refuses is kept in a form it takes', async () => {
    await record(detected('nul\0host\ud800', { eventJson: '{"raw":"a\\u0000b\\ud800"}' }));
    const alert = await one();
    expect(alert.entities[0]?.value).toBe('nul\uFFFDhost\uFFFD');
    expect((await triage.detail(acme, alert.id)).sample[0]?.event).toEqual({ raw: 'a\0b\ud800' });
  });

  test('an alert that is closed stays closed: what comes after is a new one that names the decision', async () => {
    await record(detected('lab-7'));
    const first = await one();
    await triage.act(acme, {
      select: select(first),
      do: { action: 'close', outcome: 'false-positive', reason: 'backup job' },
    });
    clock.advance(1);
    await record(detected('lab-7'));
    const { alerts } = await queue({ from: clock.now().toISOString() });
    expect(alerts).toHaveLength(1);
    const detail = await triage.detail(acme, alerts[0]?.id ?? '');
    expect(detail.before).toEqual([
      {
        alertId: first.id,
        closedAt: expect.any(String),
        outcome: 'false-positive',
        reason: 'backup job',
        by: 'kim',
      },
    ]);
  });

  test('a storm across batches is twenty alerts and one', async () => {
    for (let batch = 0; batch < 3; batch++) {
      await record(...Array.from({ length: 300 }, (_, at) => detected(`host-${batch}-${at}`)));
    }
    const { alerts, total } = await queue();
    expect(total).toBe(21);
    const storm = alerts.find((alert) => alert.title.startsWith('Storm: '));
    expect(storm?.detections).toBe(880);
    expect((await triage.detail(acme, storm?.id ?? '')).stormSuppressed).toBe(880 - 50);
  });

  test('nothing of a batch is there when its transaction fails', async () => {
    await expect(
      records.transaction(systemAccess('test'), async (tx) => {
        await triage.record(tx, [detected('lab-7')]);
        throw new Error('checkpoint failed');
      }),
    ).rejects.toThrow('checkpoint failed');
    expect((await queue()).total).toBe(0);
  });

  test('a silent source raises one alert while that is open', async () => {
    const raise = () =>
      records.transaction(systemAccess('test'), (tx) =>
        triage.raiseSystemAlert(tx, {
          tenancy: tenancyId('acme-odce'),
          kind: 'source-silent',
          title: 'acme-fw is silent',
          severity: 'medium',
          entity: { kind: 'source', value: 'acme-fw' },
          description: 'No event for 15 minutes.',
        }),
      );
    const id = await raise();
    expect(await raise()).toBe(id);
    const alert = await one();
    expect(alert).toMatchObject({ id, origin: 'ironbark', detections: 2, severity: 'medium' });
    await triage.act(acme, {
      select: select(alert),
      do: { action: 'close', outcome: 'benign', reason: 'planned work' },
    });
    expect(await raise()).not.toBe(id);
  });
});

describe('the queue', () => {
  test('pages through everything once, newest first', async () => {
    for (let at = 0; at < 7; at++) {
      await record(detected(`host-${at}`));
      clock.advance(at % 2);
    }
    const filter = { from: new Date(clock.now().getTime() - 60_000).toISOString() };
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await triage.list(acme, filter, { limit: 3, after });
      expect(page.total).toBe(7);
      seen.push(...page.alerts.map((alert) => alert.id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(7);
    expect(seen).toEqual([...seen].sort().reverse());
  });

  test('filters say what is counted too', async () => {
    await record(detected('lab-7', { level: 'critical' }), detected('lab-8'), detected('100%_x'));
    const filtered = async (filter: AlertFilter) => (await queue({ ...today(), ...filter })).total;
    expect((await queue()).bySeverity).toEqual({ critical: 1, high: 2, medium: 0, low: 0, informational: 0 });
    expect(await filtered({ severity: ['critical'] })).toBe(1);
    expect(await filtered({ entity: 'host:LAB-7' })).toBe(1);
    expect(await filtered({ entity: 'lab-8' })).toBe(1);
    expect(await filtered({ text: '%_' })).toBe(1);
    expect(await filtered({ text: 'CERTUTIL' })).toBe(3);
    expect(await filtered({ rule: 'other' })).toBe(0);
    expect(await filtered({ assignee: 'none' })).toBe(3);
    expect(await filtered({ assignee: 'me' })).toBe(0);
    expect(await filtered({ tenancy: ['zeta-odce'] })).toBe(0);
    expect(await filtered({ state: ['closed'] })).toBe(0);
    expect(await filtered({ to: clock.now().toISOString() })).toBe(0);
  });

  test('alerts over time have a place for every bucket', async () => {
    const from = clock.now().toISOString();
    await record(detected('a'));
    clock.advance(7200);
    await record(detected('b'), detected('c', { level: 'low' }));
    const to = new Date(Date.parse(from) + 4 * 3600_000).toISOString();
    const histogram = await triage.histogram(acme, { from, to }, 4);
    expect(histogram.stepSeconds).toBe(3600);
    expect(histogram.bySeverity.high).toEqual([1, 0, 1, 0]);
    expect(histogram.bySeverity.low).toEqual([0, 0, 1, 0]);
  });
});

describe('deciding', () => {
  test('an undo puts back exactly what stood before, once, and says so itself', async () => {
    await record(detected('lab-7'));
    const before = await one();
    const { undo } = await triage.act(acme, {
      select: select(before),
      do: { action: 'close', outcome: 'benign', reason: 'known tool' },
    });
    expect(await one()).toMatchObject({ state: 'closed', outcome: 'benign', revision: 2 });
    expect(await triage.undo(acme, undo)).toEqual({ changed: 1, skipped: [] });
    expect(await one()).toEqual({ ...before, revision: 3 });
    const { history } = await triage.detail(acme, before.id);
    expect(history.map((change) => change.action)).toEqual(['created', 'closed', 'undone']);
    await expect(triage.undo(acme, undo)).rejects.toThrow(NothingToUndo);
  });

  test('an undo is refused after ten minutes, to another person, and when somebody decided since', async () => {
    await record(detected('lab-7'));
    const first = await triage.act(acme, { select: select(await one()), do: { action: 'acknowledge' } });
    await expect(triage.undo(provider, first.undo)).rejects.toThrow(NothingToUndo);
    await triage.act(provider, { select: select(await one()), do: { action: 'note', note: 'looking' } });
    await expect(triage.undo(acme, first.undo)).rejects.toThrow(ChangedSince);
    const second = await triage.act(acme, {
      select: select(await one()),
      do: { action: 'escalate', reason: 'spreads' },
    });
    clock.advance(601);
    await expect(triage.undo(acme, second.undo)).rejects.toThrow(NothingToUndo);
  });

  test('what came in since does not stand in the way of an undo, nor of a decision', async () => {
    await record(detected('lab-7'));
    const seen = await one();
    await record(detected('lab-7'));
    const { changed, undo } = await triage.act(acme, { select: select(seen), do: { action: 'acknowledge' } });
    expect(changed).toBe(1);
    await record(detected('lab-7'));
    expect((await triage.undo(acme, undo)).changed).toBe(1);
    expect(await one()).toMatchObject({ state: 'new', assignee: null, detections: 3 });
  });

  test('two analysts never overwrite each other', async () => {
    await record(detected('lab-7'));
    const seen = await one();
    await triage.act(provider, { select: select(seen), do: { action: 'acknowledge' } });
    const late = await triage.act(acme, {
      select: select(seen),
      do: { action: 'close', outcome: 'benign', reason: 'mine' },
    });
    expect(late).toEqual({
      changed: 0,
      skipped: [{ id: seen.id, why: 'Somebody changed it since you looked.' }],
      undo: '',
    });
    expect(await one()).toMatchObject({ state: 'acknowledged', assignee: { id: 'pat' } });
  });

  test('all that match are closed together, and no more than were seen', async () => {
    await record(...['a', 'b', 'c'].map((host) => detected(host)));
    const action = { action: 'close', outcome: 'false-positive', reason: 'same script' } as const;
    await expect(triage.act(acme, { select: { filter: today(), atMost: 2 }, do: action })).rejects.toThrow(
      MoreThanSeen,
    );
    expect((await queue()).alerts.every((alert) => alert.state === 'new')).toBe(true);
    const { changed, undo } = await triage.act(acme, { select: { filter: today(), atMost: 3 }, do: action });
    expect(changed).toBe(3);
    expect(ledger).toMatchObject([
      {
        action: 'alert.close',
        subject: 'alerts',
        tenancy: 'acme-odce',
        facts: {
          outcome: 'false-positive',
          reason: 'same script',
          alerts: [expect.any(String), expect.any(String), expect.any(String)],
        },
      },
    ]);
    expect((await triage.undo(acme, undo)).changed).toBe(3);
    expect((await queue()).alerts.every((alert) => alert.state === 'new')).toBe(true);
  });

  test('an alert is given to somebody who may work on it', async () => {
    await record(detected('lab-7'));
    const seen = await one();
    expect(
      (await triage.act(acme, { select: select(seen), do: { action: 'assign', to: 'nobody' } })).changed,
    ).toBe(0);
    await triage.act(acme, { select: select(seen), do: { action: 'assign', to: 'lee' } });
    expect((await one()).assignee).toEqual({ id: 'lee', name: 'Lee' });
  });
});

describe('other tenancies', () => {
  test('see nothing, change nothing, and hear nothing', async () => {
    const heard: AlertStreamItem[] = [];
    const stop = await triage.hub.listen({ scope: zeta.scope, hear: (item) => void heard.push(item) }, '0');
    await record(detected('lab-7'));
    const alert = await one();
    expect((await queue(today(), zeta)).total).toBe(0);
    expect((await queue({ tenancy: ['acme-odce'] }, zeta)).total).toBe(0);
    await expect(triage.detail(zeta, alert.id)).rejects.toThrow(NotFound);
    expect(await triage.act(zeta, { select: select(alert), do: { action: 'acknowledge' } })).toMatchObject({
      changed: 0,
    });
    expect(
      await triage.act(zeta, { select: { filter: {}, atMost: 100 }, do: { action: 'acknowledge' } }),
    ).toMatchObject({ changed: 0 });
    const own = await triage.act(acme, { select: select(alert), do: { action: 'acknowledge' } });
    await expect(triage.undo(zeta, own.undo)).rejects.toThrow(NothingToUndo);
    await record(detected('theirs', { tenancy: 'zeta-odce' }));
    await expect.poll(() => heard.length).toBe(1);
    expect(heard[0]?.alert.tenancy).toBe('zeta-odce');
    stop();
  });

  test('learn who of the provider looked at theirs, once an hour', async () => {
    await record(detected('lab-7'));
    const alert = await one();
    await triage.detail(acme, alert.id);
    await triage.detail(provider, alert.id);
    await triage.detail(provider, alert.id);
    const mine = (await triage.reads(acme)).reads.filter((read) => read.at === clock.now().toISOString());
    expect(mine).toMatchObject([
      { tenancy: 'acme-odce', actor: { id: 'pat' }, organisation: 'sovereign', what: 'alert' },
    ]);
    expect((await triage.reads(zeta)).reads).toEqual([]);
    expect(ledger.map((entry) => entry.action)).toEqual(['alert.read-across']);
  });
});

describe('the stream', () => {
  test('tells of new and changed alerts after the commit, and goes on where it stopped', async () => {
    const heard: { item: AlertStreamItem; id: string }[] = [];
    // What the tests before did may still be on its way.
    const from = clock.now().toISOString();
    const hear = (item: AlertStreamItem, id: string) =>
      void (item.alert.createdAt >= from && heard.push({ item, id }));
    const stop = await triage.hub.listen({ scope: acme.scope, hear }, undefined);
    await record(detected('lab-7'));
    await expect.poll(() => heard.map(({ item }) => item.kind)).toEqual(['new']);
    await triage.act(acme, { select: select(await one()), do: { action: 'acknowledge' } });
    await expect.poll(() => heard.map(({ item }) => item.kind)).toEqual(['new', 'changed']);
    const last = heard.at(-1)?.id;
    stop();
    await record(detected('lab-9'));
    heard.length = 0;
    const stopAgain = await triage.hub.listen({ scope: acme.scope, hear }, last);
    expect(
      heard.filter(({ id }) => Number(id) > Number(last)).map(({ item }) => item.alert.entities[0]?.value),
    ).toEqual(['lab-9']);
    stopAgain();
  });
});

test('what alerts tell of exploits is by host: the CVE of the rule, or an exploiting technique, of what nobody closed as nothing', async () => {
  const since = clock.now();
  const told = (scope = acme.scope) =>
    records.transaction(systemAccess('test'), (tx) => exploitsSeen(tx, scope, since));
  const by = (host: string, ruleId: string, tags: readonly string[]): DetectionRecord => {
    const one = detected(host, { ruleId });
    return { ...one, rule: { ...one.rule, tags } };
  };
  await record(
    by('WEB-1', 'r1', ['attack.t1190', 'cve.2021-44228', 'cve.2021.45046']),
    by('web-2', 'r2', ['attack.t1190']),
    by('web-3', 'r3', ['attack.t1105']),
  );
  expect((await told()).sort((a, b) => (a.host < b.host ? -1 : 1))).toEqual([
    { host: 'web-1', cves: ['CVE-2021-44228', 'CVE-2021-45046'], technique: true },
    { host: 'web-2', cves: [], technique: true },
  ]);
  expect(await told(zeta.scope)).toEqual([]);
  const { alerts } = await queue();
  const web2 = alerts.find(({ entities }) => entities[0]?.value === 'web-2');
  if (web2 === undefined) throw new Error('no alert of web-2');
  await triage.act(acme, {
    select: select(web2),
    do: { action: 'close', outcome: 'false-positive', reason: 'our own scanner' },
  });
  expect((await told()).map(({ host }) => host)).toEqual(['web-1']);
});
