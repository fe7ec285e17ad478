/**
 * Detections a second into correlations, one core. `node bench/sigma/correlation.ts [events]`
 * Each line is the best of three runs over fresh state, by the processor's time, so that a busy machine does not count; the targets are the house's own.
 */
import { correlate, parseCorrelations, parseRules } from '@ironbark/sigma';

const events = Number(process.argv[2] ?? 1_000_000);
const base =
  'title: a\nid: id-a\nname: a\nlogsource: {product: p}\ndetection: {s: {x: 1}, condition: s}\n---\n' +
  'title: b\nid: id-b\nname: b\nlogsource: {product: p}\ndetection: {s: {x: 1}, condition: s}\n---\n';

type Lane = {
  name: string;
  correlation: string;
  fields: (i: number) => Record<string, unknown>;
  target: number | null;
};
const lanes: Lane[] = [
  {
    name: 'event_count, 1,000 groups',
    correlation: '{type: event_count, rules: [a], group-by: [host], timespan: 5m, condition: {gte: 1000}}',
    fields: (i) => ({ host: `host-${i % 1000}` }),
    target: 500_000,
  },
  {
    name: 'event_count, 90,000 groups, two fields',
    correlation:
      '{type: event_count, rules: [a], group-by: [host, user], timespan: 5m, condition: {gte: 1000}}',
    fields: (i) => ({ host: `host-${i % 300}`, user: `user-${i % 90_000}` }),
    target: 500_000,
  },
  {
    name: 'value_count, 10,000 distinct in the window',
    correlation:
      '{type: value_count, rules: [a], group-by: [host], timespan: 10s, condition: {field: v, gte: 20000}}',
    fields: (i) => ({ host: 'h', v: `value-${i % 10_000}` }),
    target: 300_000,
  },
  {
    name: 'value_sum, 100 groups',
    correlation:
      '{type: value_sum, rules: [a], group-by: [host], timespan: 5s, condition: {field: v, gt: 1e12}}',
    fields: (i) => ({ host: `host-${i % 100}`, v: i % 1500 }),
    target: null,
  },
  {
    name: 'value_percentile 95, 10,000 in the window',
    correlation:
      '{type: value_percentile, rules: [a], group-by: [host], timespan: 10s, condition: {field: v, percentile: 95, gt: 1e9}}',
    fields: (i) => ({ host: 'h', v: (i * 7919) % 100_003 }),
    target: null,
  },
  {
    name: 'temporal_ordered, 1,000 groups',
    correlation: '{type: temporal_ordered, rules: [b, a], group-by: [host], timespan: 5m}',
    fields: (i) => ({ host: `host-${i % 1000}` }),
    target: null,
  },
];

function perSecond({ correlation, fields }: Lane): { rate: number; entries: number } {
  const { rules, correlations } = parseRules([
    { path: 'bench.yml', text: `${base}title: c\nid: c\ncorrelation: ${correlation}\n` },
  ]);
  const parsed = parseCorrelations(correlations, rules);
  if (parsed.faults[0]) throw new Error(parsed.faults[0].why);
  const inputs = Array.from({ length: events }, (_, i) => fields(i));
  let best = 0;
  let entries = 0;
  for (let run = 0; run < 3; run++) {
    const correlator = correlate(parsed.correlations);
    const begun = process.cpuUsage();
    // One event a millisecond: a window of ten seconds holds 10,000.
    for (const [i, input] of inputs.entries())
      correlator.push('t', 'id-a', 1_700_000_000_000 + i, input, 'ref');
    const { user, system } = process.cpuUsage(begun);
    best = Math.max(best, events / ((user + system) / 1e6));
    entries = correlator.counters('t').entries;
  }
  return { rate: best, entries };
}

console.log(
  `${events.toLocaleString('en-AU')} detections a lane, Node ${process.version}, the collector's threads included, best of 3`,
);
console.table(
  lanes.map((lane) => {
    const { rate, entries } = perSecond(lane);
    return {
      lane: lane.name,
      'detections per processor second': Math.round(rate),
      'held at the end': entries,
      target: lane.target ?? '-',
      met: lane.target === null ? '-' : rate >= lane.target,
    };
  }),
);
