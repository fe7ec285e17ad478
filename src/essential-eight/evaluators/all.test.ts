import { expect, test } from 'vitest';
import { standingAlone } from '../alone.ts';
import { gapsOf } from '../gap.ts';
import { essentialEightKinds } from '../kinds.ts';
import { maturity } from '../maturity.ts';
import { judged, shippedTable } from '../testing.ts';
import { essentialEightEvaluators } from './all.ts';

const table = shippedTable();
const all = essentialEightEvaluators(table);

test('each evaluator has a name of its own, reads kinds that exist and judges controls of the table', () => {
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  const kinds: readonly string[] = essentialEightKinds.map(({ kind }) => kind);
  const controls = new Set(table.controls.map(({ id }) => id));
  for (const one of all) {
    expect(
      one.kinds.filter((kind) => !kinds.includes(kind)),
      one.id,
    ).toEqual([]);
    expect(
      one.controls.filter((id) => !controls.has(id)),
      one.id,
    ).toEqual([]);
  }
});

test('97 of the 126 controls are judged from evidence, and no control that only a person can speak for but one', () => {
  const judgedBy = new Set(all.flatMap(({ controls }) => controls));
  expect(judgedBy.size).toBe(97);
  const byPerson = table.controls.filter(({ id, judged: by }) => by === 'person' && judgedBy.has(id));
  expect(byPerson.map(({ id }) => id)).toEqual(['ism-1507']);
});

const unjudged = table.controls.filter(({ id }) => !all.some(({ controls }) => controls.includes(id)));
test.each(unjudged.map(({ id, levels }) => [id, levels[0] ?? 1] as const))(
  '%s, which no evidence here judges, is unknown and says what would settle it',
  (id, level) => {
    const standings = new Map([[id, standingAlone(id, [])]]);
    const gap = gapsOf(maturity(standings, table, level), standings, table).find(
      ({ control }) => control === id,
    );
    expect(gap).toMatchObject({ verdict: 'unknown' });
    expect(gap?.bring.length).toBeGreaterThan(0);
    for (const one of gap?.bring ?? []) expect(gap?.text).toContain(one);
  },
);

test.each(all.map((one) => [one.id, one] as const))(
  '%s says unknown to no evidence, and what would settle it',
  (_id, evaluator) => {
    const found = judged(evaluator, [], new Date('2026-03-20T00:00:00Z'));
    expect(found).toMatchObject({ status: 'unknown' });
    if (found.status === 'unknown') expect(found.wouldSettle.length).toBeGreaterThan(0);
  },
);

test.each(all.map((one) => [one.id, one] as const))(
  '%s takes facts of any shape without a verdict of its own making',
  (_id, evaluator) => {
    const now = new Date('2026-03-20T00:00:00Z');
    const odd = [
      { subject: '', values: {} },
      {
        subject: 'x',
        at: now,
        values: {
          role: 7,
          settings: [],
          modes: 'no',
          what: 'run',
          reaches: 'os',
          asr: 'x',
          features: [],
          read: 1,
          event: 'x',
        },
      },
      {
        subject: '__proto__',
        at: now,
        values: { second: 'satisfied', result: 'success', methods: [1, null] },
      },
    ];
    const found = judged(
      evaluator,
      evaluator.kinds.map((kind) => ({
        kind: essentialEightKinds.find((one) => one.kind === kind)?.kind ?? 'inventory.hosts',
        facts: odd,
      })),
      now,
    );
    expect(found.status, JSON.stringify(found)).not.toBe('satisfied');
  },
);
