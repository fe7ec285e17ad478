import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRules } from '../parse/rules.ts';
import { type CorrelationOptions, correlate } from './engine.ts';
import { parseCorrelations } from './parse.ts';
import type { CorrelationState } from './state.ts';

const base = ['a', 'b', 'c']
  .map(
    (name) =>
      `title: ${name}\nid: id-${name}\nname: ${name}\nlogsource: {product: test}\ndetection:\n  s: {x: 1}\n  condition: s\n`,
  )
  .join('---\n');

function read(...correlations: string[]) {
  const texts = correlations.map((text, i) => `title: t${i}\nid: c${i}\nname: n${i}\ncorrelation: ${text}\n`);
  const parsed = parseRules([{ path: 'r.yml', text: [base, ...texts].join('---\n') }]);
  expect(parsed.faults).toEqual([]);
  return parseCorrelations(parsed.correlations, parsed.rules);
}

function engine(correlations: string[], options?: Partial<CorrelationOptions>) {
  const { correlations: rules, faults } = read(...correlations);
  expect(faults).toEqual([]);
  return correlate(rules, options);
}

const minute = 60_000;
type Step = readonly [rule: string, seconds: number, fields?: Record<string, unknown>];
/** Times (s) and groups at which something fired. */
function run(correlator: ReturnType<typeof engine>, steps: readonly Step[]) {
  return steps.flatMap(([rule, seconds, fields = {}], i) =>
    correlator
      .push('t', `id-${rule}`, seconds * 1000, { host: 'h', ...fields }, `e${i}`)
      .map((fired) => `${fired.rule.id}@${fired.at / 1000} ${Object.values(fired.group).join(',')}`),
  );
}

describe('types', () => {
  test('event_count slides: the window includes both its ends and no boundary of the clock', () => {
    const rule = '{type: event_count, rules: [a], group-by: [host], timespan: 10s, condition: {gte: 3}}';
    expect(
      run(engine([rule]), [
        ['a', 1],
        ['a', 6],
        ['a', 11],
      ]),
    ).toEqual(['c0@11 h']);
    expect(
      run(engine([rule]), [
        ['a', 1],
        ['a', 6],
        ['a', 11.001],
      ]),
    ).toEqual([]);
  });
  test('groups are apart, and an event without a group-by field belongs to none', () => {
    const rule =
      '{type: event_count, rules: [a], group-by: [host, user.name], timespan: 1m, condition: {gte: 2}}';
    const steps: Step[] = [
      ['a', 1, { 'user.name': 'x' }],
      ['a', 2, { user: { name: 'y' } }],
      ['a', 3],
      ['a', 4, { user: { name: 'x' } }],
    ];
    expect(run(engine([rule]), steps)).toEqual(['c0@4 h,x']);
  });
  test('value_count counts different values, or tuples, and forgets those that leave', () => {
    const rule = (field: string) =>
      `{type: value_count, rules: [a], group-by: [host], timespan: 10s, condition: {field: ${field}, gte: 2}}`;
    expect(
      run(engine([rule('v')]), [
        ['a', 1, { v: 'x' }],
        ['a', 2, { v: 'x' }],
        ['a', 13, { v: 'y' }],
        ['a', 14, { v: 'z' }],
      ]),
    ).toEqual(['c0@14 h']);
    expect(
      run(engine([rule('[v, w]')]), [
        ['a', 1, { v: 'x', w: 1 }],
        ['a', 2, { v: 'x' }],
        ['a', 3, { v: 'x', w: 2 }],
      ]),
    ).toEqual(['c0@3 h']);
  });
  test('value_sum and value_avg take numbers and texts of numbers, and leave other events out', () => {
    const steps: Step[] = [
      ['a', 1, { v: '4' }],
      ['a', 2, { v: 'many' }],
      ['a', 3, { v: 6.5 }],
      ['a', 100, { v: 11 }],
    ];
    expect(
      run(
        engine([
          '{type: value_sum, rules: [a], group-by: [host], timespan: 1m, condition: {field: v, gt: 10}}',
        ]),
        steps,
      ),
    ).toEqual(['c0@3 h', 'c0@100 h']);
    expect(
      run(
        engine([
          '{type: value_avg, rules: [a], group-by: [host], timespan: 1m, condition: {field: v, gt: 5.2}}',
        ]),
        steps,
      ),
    ).toEqual(['c0@3 h', 'c0@100 h']);
  });
  test('value_percentile: of the numbers when it names one, else the share of the event’s own value', () => {
    const numbers =
      '{type: value_percentile, rules: [a], group-by: [host], timespan: 1h, condition: {field: v, percentile: 50, gte: 3}}';
    expect(
      run(
        engine([numbers]),
        [1, 2, 5, 3, 4].map((v, i): Step => ['a', i, { v }]),
      ),
    ).toEqual(['c0@4 h']);
    const share =
      '{type: value_percentile, rules: [a], group-by: [host], timespan: 1h, condition: {field: v, lte: 10}}';
    const steps = [
      ...Array.from({ length: 9 }, (_, i): Step => ['a', i, { v: 'usual' }]),
      ['a', 10, { v: 'rare' }] as const,
    ];
    expect(run(engine([share]), steps)).toEqual(['c0@10 h']);
  });
  test('temporal wants every rule, in any order', () => {
    const rule = '{type: temporal, rules: [a, b, c], group-by: [host], timespan: 10s}';
    expect(
      run(engine([rule]), [
        ['c', 1],
        ['a', 2],
        ['a', 3],
        ['b', 11],
      ]),
    ).toEqual(['c0@11 h']);
    expect(
      run(engine([rule]), [
        ['c', 1],
        ['a', 2],
        ['b', 12],
      ]),
    ).toEqual([]);
  });
  test('temporal_ordered wants them in the order of the rule, with others between', () => {
    const rule = '{type: temporal_ordered, rules: [a, b, c], group-by: [host], timespan: 10s}';
    expect(
      run(engine([rule]), [
        ['b', 1],
        ['a', 2],
        ['c', 3],
        ['b', 4],
        ['a', 5],
        ['c', 6],
      ]),
    ).toEqual(['c0@6 h']);
    expect(
      run(engine([rule]), [
        ['a', 1],
        ['b', 2],
        ['c', 12],
      ]),
    ).toEqual([]);
    const two =
      '{type: temporal_ordered, rules: [a, b, c], group-by: [host], timespan: 10s, condition: {gte: 2}}';
    expect(
      run(engine([two]), [
        ['c', 1],
        ['b', 2],
        ['a', 3],
        ['c', 4],
      ]),
    ).toEqual(['c0@4 h']);
  });
  test('temporal_extended: a condition in words, with not', () => {
    const rule =
      '{type: temporal_extended, group-by: [host], timespan: 10s, condition: (a or b) and c and not (a and b)}';
    expect(
      run(engine([rule]), [
        ['a', 1],
        ['b', 2],
        ['c', 3],
        ['c', 11.5],
      ]),
    ).toEqual(['c0@11.5 h']);
    expect(
      run(engine([rule]), [
        ['c', 1],
        ['b', 2],
      ]),
    ).toEqual(['c0@2 h']);
  });
  test('temporal_ordered_extended: what it asks for comes in order, what it negates not at all', () => {
    const rule =
      '{type: temporal_ordered_extended, rules: [a, b, c], group-by: [host], timespan: 10s, condition: a and c and not b}';
    expect(
      run(engine([rule]), [
        ['c', 1],
        ['a', 2],
        ['c', 3],
      ]),
    ).toEqual(['c0@3 h']);
    expect(
      run(engine([rule]), [
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ]),
    ).toEqual([]);
    expect(
      run(engine([rule]), [
        ['c', 1],
        ['a', 2],
      ]),
    ).toEqual([]);
  });
  test('a range is two bounds', () => {
    const rule =
      '{type: event_count, rules: [a], group-by: [host], timespan: 3s, condition: {gte: 2, lt: 3}}';
    expect(
      run(engine([rule]), [
        ['a', 1],
        ['a', 2],
      ]),
    ).toEqual(['c0@2 h']);
    expect(
      run(engine([rule]), [
        ['a', 1],
        ['a', 1],
        ['a', 1],
      ]),
    ).toEqual(['c0@1 h']);
  });
});

describe('references', () => {
  test('aliases find one value under different fields', () => {
    const rule =
      '{type: temporal, rules: [a, b], aliases: {ip: {a: src, b: dst}}, group-by: [ip], timespan: 10s}';
    expect(
      run(engine([rule]), [
        ['a', 1, { src: '1', dst: '9' }],
        ['b', 2, { dst: '2' }],
        ['b', 3, { dst: '1', src: '9' }],
      ]),
    ).toEqual(['c0@3 1']);
  });
  test('a chain counts every event that satisfies the inner one, and carries its groups', () => {
    const inner =
      '{type: event_count, rules: [a], group-by: [host, user], timespan: 1m, condition: {gte: 2}}';
    const outer = '{type: temporal_ordered, rules: [n0, b], group-by: [host], timespan: 5m}';
    const both = engine([inner, outer]);
    expect(
      run(both, [
        ['b', 1],
        ['a', 2, { user: 'u' }],
        ['a', 3, { user: 'u' }],
        ['b', 4],
      ]),
    ).toEqual(['c0@3 h,u', 'c1@4 h']);
    expect(both.alertsAlone('c0')).toBe(false);
    expect(both.alertsAlone('c1')).toBe(true);
  });
  test('rules a correlation refers to do not alert alone, unless it generates', () => {
    const quiet = engine([
      '{type: event_count, rules: [a], group-by: [host], timespan: 1m, condition: {gte: 2}}',
    ]);
    expect([
      quiet.alertsAlone('id-a'),
      quiet.alertsAlone('id-b'),
      quiet.wants('id-a'),
      quiet.wants('id-b'),
    ]).toEqual([false, true, true, false]);
    const loud = engine([
      '{type: event_count, rules: [id-a], generate: true, group-by: [host], timespan: 1m, condition: {gte: 2}}',
    ]);
    expect(loud.alertsAlone('id-a')).toBe(true);
  });
  test.each([
    [
      'an unresolved name',
      '{type: event_count, rules: [nobody], timespan: 1m, condition: {gte: 2}}',
      "No active rule has the id or name 'nobody'",
    ],
    ['itself', '{type: event_count, rules: [n0], timespan: 1m, condition: {gte: 2}}', 'in a circle'],
    ['an unknown type', '{type: guess, rules: [a], timespan: 1m, condition: {gte: 2}}', "type 'guess'"],
    ['no timespan', '{type: event_count, rules: [a], condition: {gte: 2}}', 'Timespan'],
    [
      'a timespan of nothing',
      '{type: event_count, rules: [a], timespan: 0m, condition: {gte: 2}}',
      'Timespan',
    ],
    ['no condition', '{type: event_count, rules: [a], timespan: 1m}', 'condition'],
    [
      'an unknown comparison',
      '{type: event_count, rules: [a], timespan: 1m, condition: {above: 2}}',
      "'above'",
    ],
    [
      'a comparison with text',
      '{type: event_count, rules: [a], timespan: 1m, condition: {gte: many}}',
      'number',
    ],
    [
      'a value type without a field',
      '{type: value_sum, rules: [a], timespan: 1m, condition: {gte: 2}}',
      "'field'",
    ],
    [
      'a count beyond what a window holds',
      '{type: event_count, rules: [a], timespan: 1m, condition: {gte: 5000000}}',
      'never be seen',
    ],
    ['the same rule twice', '{type: temporal, rules: [a, id-a], timespan: 1m}', 'twice'],
    ['no rules', '{type: temporal, rules: [], timespan: 1m}', 'no rule'],
    ['a list for a correlation', '[1]', 'not a map'],
  ])('%s is a fault', (_, correlation, why) => {
    const { correlations, faults } = read(correlation);
    expect(correlations).toEqual([]);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ what: 'correlation', ruleId: 'c0', file: 'r.yml', line: 24 });
    expect(faults[0]?.why).toContain(why);
  });
  test('a circle takes along what refers to it, and nothing else', () => {
    const on = (rule: string) => `{type: event_count, rules: [${rule}], timespan: 1m, condition: {gte: 2}}`;
    const { correlations, faults } = read(on('n1'), on('n0'), on('n1'), on('a'), on('n3'));
    expect(correlations.map(({ id }) => id)).toEqual(['c3', 'c4']);
    expect(faults.map(({ ruleId }) => ruleId)).toEqual(['c0', 'c1', 'c2']);
    expect(faults[0]?.why).toContain("'c0', 'c1' refer to each other in a circle");
  });
  test('a chain of more than eight is refused where it gets too long', () => {
    const chain = Array.from(
      { length: 10 },
      (_, i) =>
        `{type: event_count, rules: [${i === 0 ? 'a' : `n${i - 1}`}], timespan: 1m, condition: {gte: 1}}`,
    );
    expect(read(...chain).correlations).toHaveLength(8);
    expect(read(...chain).faults).toHaveLength(2);
  });
});

describe('time, space and restarts', () => {
  const three = '{type: event_count, rules: [a], group-by: [host], timespan: 10m, condition: {gte: 3}}';
  test('an event that comes late counts within the bound, and is counted as late beyond it', () => {
    const correlator = engine([three], { latenessMs: minute });
    expect(
      run(correlator, [
        ['a', 100],
        ['a', 39.9],
        ['a', 300],
        ['a', 250],
      ]),
    ).toEqual(['c0@300 h']);
    expect(correlator.counters('t').late).toBe(1);
  });
  test('order is by the events’ own time, however they arrive', () => {
    const rule = '{type: temporal_ordered, rules: [a, b], group-by: [host], timespan: 10m}';
    expect(
      run(engine([rule]), [
        ['b', 20],
        ['a', 10],
      ]),
    ).toEqual(['c0@20 h']);
    expect(
      run(engine([rule]), [
        ['a', 20],
        ['b', 10],
      ]),
    ).toEqual([]);
  });
  test('a group fires once a timespan while its condition holds', () => {
    const steps = Array.from({ length: 25 }, (_, i): Step => ['a', i * 60]);
    expect(run(engine([three]), steps)).toEqual(['c0@120 h', 'c0@780 h', 'c0@1440 h']);
  });
  test('tenancies never share a group', () => {
    const correlator = engine([three]);
    const push = (tenancy: string) => correlator.push(tenancy, 'id-a', 1000, { host: 'h' }, 'e').length;
    expect([push('x'), push('y'), push('x'), push('y'), push('x')]).toEqual([0, 0, 0, 0, 1]);
  });
  test('state is bounded: the stalest group goes first, and it is counted', () => {
    const correlator = engine([three], { groups: 2 });
    run(correlator, [
      ['a', 1, { host: 'x' }],
      ['a', 2, { host: 'x' }],
      ['a', 3, { host: 'y' }],
      ['a', 4, { host: 'x1' }],
    ]);
    expect(correlator.counters('t')).toMatchObject({ groups: 2, entries: 2, evictedGroups: 1 });
    expect(correlator.totals()).toMatchObject({ groups: 2, entries: 2, evictedGroups: 1 });
    const small = engine([three], { entries: 3, entriesPerGroup: 2 });
    run(small, [
      ['a', 1],
      ['a', 2],
      ['a', 3],
      ['a', 4, { host: 'y' }],
      ['a', 5, { host: 'y' }],
    ]);
    expect(small.counters('t')).toMatchObject({ groups: 1, entries: 2, evictedGroups: 1, evictedEntries: 1 });
  });
  test('what has left its window leaves the state without being an eviction', () => {
    const correlator = engine([three], { latenessMs: 0 });
    run(correlator, [
      ['a', 1, { host: 'x' }],
      ['a', 2, { host: 'y' }],
      ['a', 5000, { host: 'z' }],
    ]);
    expect(correlator.counters('t')).toMatchObject({ groups: 1, entries: 1, evictedGroups: 0 });
  });
  test('saved state goes on where it stopped; the state of a changed correlation does not', () => {
    const before = engine([three]);
    run(before, [
      ['a', 1],
      ['a', 2],
    ]);
    const saved = JSON.parse(JSON.stringify(before.snapshot())) as CorrelationState; // Its own JSON, back again.
    const after = engine([three]);
    after.restore(saved);
    expect(run(after, [['a', 3]])).toEqual(['c0@3 h']);
    expect(after.counters('t')).toEqual({
      groups: 1,
      entries: 3,
      evictedGroups: 0,
      evictedEntries: 0,
      late: 0,
    });
    const changed = engine([three.replace('10m', '5m')]);
    changed.restore(saved);
    expect(run(changed, [['a', 3]])).toEqual([]);
  });
  test('a fired correlation names its group, its window and its newest events', () => {
    const correlator = engine([three], { refsPerFired: 2 });
    const push = (seconds: number, ref: string) =>
      correlator.push('t', 'id-a', seconds * 1000, { host: 'h' }, ref);
    push(1, 'x');
    push(2, 'y');
    expect(push(3, 'z')).toMatchObject([
      { tenancy: 't', alone: true, group: { host: 'h' }, from: 1000, at: 3000, events: 3, refs: ['y', 'z'] },
    ]);
  });
  test('a time that is no number is not counted', () => {
    expect(engine([three]).push('t', 'id-a', Number.NaN, { host: 'h' }, 'e')).toEqual([]);
  });
});

describe('against a plain reading of the specification', () => {
  const event = fc.record({
    rule: fc.constantFrom('a', 'b', 'c'),
    gap: fc.integer({ min: 0, max: 4 }),
    v: fc.integer({ min: 0, max: 3 }),
    host: fc.constantFrom('x', 'y'),
  });
  type Event = { rule: string; time: number; v: number; host: string };
  const inOrder = (window: Event[], names: string[]): boolean => {
    let at = 0;
    for (const { rule } of window) if (rule === names[at]) at++;
    return at === names.length;
  };
  const cases: [string, (window: Event[]) => boolean][] = [
    [
      '{type: event_count, rules: [a, b], group-by: [host], timespan: 5s, condition: {gte: 3}}',
      (w) => w.filter(({ rule }) => rule !== 'c').length >= 3,
    ],
    [
      '{type: value_count, rules: [a, b, c], group-by: [host], timespan: 5s, condition: {field: v, eq: 3}}',
      (w) => new Set(w.map(({ v }) => v)).size === 3,
    ],
    [
      '{type: value_sum, rules: [a, b, c], group-by: [host], timespan: 5s, condition: {field: v, gt: 5}}',
      (w) => w.reduce((sum, { v }) => sum + v, 0) > 5,
    ],
    [
      '{type: value_avg, rules: [a, b, c], group-by: [host], timespan: 5s, condition: {field: v, gt: 2}}',
      (w) => w.reduce((sum, { v }) => sum + v, 0) / w.length > 2,
    ],
    [
      '{type: value_percentile, rules: [a, b, c], group-by: [host], timespan: 5s, condition: {field: v, percentile: 75, gte: 2}}',
      (w) => (w.map(({ v }) => v).sort((a, b) => a - b)[Math.ceil(0.75 * w.length) - 1] ?? 0) >= 2,
    ],
    [
      '{type: temporal, rules: [a, b, c], group-by: [host], timespan: 5s}',
      (w) => new Set(w.map(({ rule }) => rule)).size === 3,
    ],
    [
      '{type: temporal_ordered, rules: [a, b, c], group-by: [host], timespan: 5s}',
      (w) => inOrder(w, ['a', 'b', 'c']),
    ],
    [
      '{type: temporal_ordered_extended, rules: [a, b, c], group-by: [host], timespan: 5s, condition: a and (b or c)}',
      (w) => inOrder(w, ['a', 'b']) || inOrder(w, ['a', 'c']),
    ],
  ];
  test.each(cases)('%s', (text, holds) => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (steps) => {
        const correlator = engine([text]);
        const seen: Event[] = [];
        const first = new Map<string, number>();
        const expected = new Map<string, number>();
        let time = 0;
        for (const { rule, gap, v, host } of steps) {
          time += gap;
          for (const fired of correlator.push('t', `id-${rule}`, time * 1000, { host, v }, '')) {
            const group = fired.group['host'] ?? '';
            if (!first.has(group)) first.set(group, fired.at / 1000);
          }
          if (rule === 'c' && text.includes('[a, b],')) continue;
          seen.push({ rule, time, v, host });
          const window = seen.filter((one) => one.host === host && one.time >= time - 5);
          if (holds(window) && !expected.has(host)) expected.set(host, time);
        }
        expect(first).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
