import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countedIds } from '#platform/ids';
import { sourceId, tenancyId } from '#platform/scope';
import type { DetectionRecord } from './detection.ts';
import { group, keptPerAlert, keptPerMinute, type OpenAlert, opensPerMinute, stormKey } from './grouping.ts';

const start = Date.parse('2026-03-02T10:00:00Z');

function detection(host: string, seconds: number, ruleId = 'rule-1', tenancy = 'acme-odce'): DetectionRecord {
  return {
    tenancy: tenancyId(tenancy),
    source: sourceId('acme-dc'),
    rule: {
      id: ruleId,
      version: '1',
      title: 'Certutil fetches a file',
      level: 'high',
      author: 'Jo',
      licence: 'DRL 1.1',
      tags: [],
      description: '',
      references: [],
      falsePositives: [],
    },
    eventAt: new Date(start + seconds * 1000),
    receivedAt: new Date(start + seconds * 1000),
    eventUids: ['u'],
    reasons: [],
    entities: [{ kind: 'host', value: host }],
    eventJson: '{}',
  };
}

const ids = () => {
  const counted = countedIds();
  return () => counted.uuid();
};

function openAlert(host: string, from: number, to: number): OpenAlert {
  return {
    id: 'before',
    tenancy: 'acme-odce',
    ruleId: 'rule-1',
    groupKey: `host:${host}`,
    entities: [{ kind: 'host', value: host }],
    firstEventAt: new Date(start + from * 1000),
    lastEventAt: new Date(start + to * 1000),
    detections: 1,
    suppressed: 0,
  };
}

describe('grouping', () => {
  test('the same rule on the same host within the hour is one alert', () => {
    const { opened } = group(
      [detection('lab-7', 0), detection('LAB-7', 3500), detection('lab-7', 7000)],
      [],
      [],
      ids(),
    );
    expect(opened).toHaveLength(1);
    expect(opened[0]).toMatchObject({ detections: 3, lastEventAt: new Date(start + 7_000_000) });
  });

  test('another host, rule or tenancy is another alert', () => {
    const { opened } = group(
      [
        detection('a', 0),
        detection('b', 0),
        detection('a', 0, 'rule-2'),
        detection('a', 0, 'rule-1', 'zeta-odce'),
      ],
      [],
      [],
      ids(),
    );
    expect(opened).toHaveLength(4);
  });

  test('a gap of more than an hour opens a new alert', () => {
    expect(group([detection('a', 0), detection('a', 3601)], [], [], ids()).opened).toHaveLength(2);
  });

  test('an alert spans a day at most, however steady the rule', () => {
    const steady = Array.from({ length: 50 }, (_, at) => detection('a', at * 3600));
    expect(group(steady, [], [], ids()).opened).toHaveLength(2);
  });

  test('an event that comes late joins the alert of its own time', () => {
    const { opened, grown } = group([detection('a', -1800)], [openAlert('a', 0, 60)], [], ids());
    expect(opened).toEqual([]);
    expect(grown[0]).toMatchObject({
      id: 'before',
      detections: 2,
      firstEventAt: new Date(start - 1_800_000),
    });
  });

  test('past the valve the rest of the minute is one storm alert', () => {
    const flood = Array.from({ length: 1000 }, (_, at) => detection(`host-${at}`, 0));
    const { opened, kept, storms } = group(flood, [], [], ids());
    expect(opened).toHaveLength(opensPerMinute + 1);
    expect(opened.at(-1)).toMatchObject({ groupKey: stormKey, detections: 1000 - opensPerMinute });
    expect(kept).toHaveLength(opensPerMinute + keptPerAlert);
    expect(storms).toEqual([
      {
        tenancy: 'acme-odce',
        ruleId: 'rule-1',
        opened: opensPerMinute,
        kept: kept.length,
        suppressed: 1000 - kept.length,
      },
    ]);
  });

  test('the valve goes on from what the minute has counted so far', () => {
    const before = [
      { tenancy: 'acme-odce', ruleId: 'rule-1', opened: opensPerMinute, kept: keptPerMinute, suppressed: 5 },
    ];
    const { opened, kept, storms } = group([detection('new', 0)], [], before, ids());
    expect(opened[0]?.groupKey).toBe(stormKey);
    expect(kept).toEqual([]);
    expect(storms[0]?.suppressed).toBe(6);
  });

  test('every detection is counted exactly once, and is kept or suppressed', () => {
    const arbitrary = fc.array(
      fc.record({
        host: fc.constantFrom('a', 'b', 'c', 'd'),
        seconds: fc.integer({ min: -200_000, max: 200_000 }),
        rule: fc.constantFrom('r1', 'r2'),
      }),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(arbitrary, (list) => {
        const { opened, grown, kept, storms } = group(
          list.map(({ host, seconds, rule }) => detection(host, seconds, rule)),
          [openAlert('a', 0, 600)].map((alert) => ({ ...alert, ruleId: 'r1' })),
          [],
          ids(),
        );
        const counted =
          opened.reduce((sum, alert) => sum + alert.detections, 0) +
          grown.reduce((sum, alert) => sum + alert.detections - 1, 0);
        expect(counted).toBe(list.length);
        expect(kept.length + storms.reduce((sum, storm) => sum + storm.suppressed, 0)).toBe(list.length);
        for (const alert of opened)
          expect(alert.lastEventAt.getTime() - alert.firstEventAt.getTime()).toBeLessThanOrEqual(86_400_000);
      }),
    );
  });
});
