/**
 * `node bench/governance/risk.ts [assets findings edges]`: the risk of an invented estate from nothing, after single
 * changes, and beside the naive way: one draw at a time, a coin for each finding and each edge of what is lost.
 */
import { cpus, loadavg } from 'node:os';
import { estate, sequence } from '../../packages/risk/bench/estate.ts';
import { naiveDraws } from '../../packages/risk/bench/naive.ts';
import { type Change, dimensions, RiskEngine, summarise, whatIf } from '../../packages/risk/src/index.ts';
import { helpers } from '../../src/governance/risk/drawing/helpers.ts';

const [assets = 10_000, findings = 50_000, edges = 100_000] = process.argv.slice(2).map(Number);
const model = estate({ assets, findings, edges });

type Timed<T> = { result: T; ms: number; cpuMs: number };
function timed<T>(work: () => T): Timed<T> {
  const from = performance.now();
  const cpu = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, ms: performance.now() - from, cpuMs: (user + system) / 1000 };
}
const rows: Record<string, string>[] = [];
const note = (what: string, { ms, cpuMs }: { ms: number; cpuMs: number }): void => {
  rows.push({ what, 'wall ms': ms.toFixed(0), 'processor ms': cpuMs.toFixed(0) });
};

const whole = timed(() => new RiskEngine(model, { helpers }));
note('from nothing', whole);
const engine = whole.result;
note(
  'all figures of it (intervals, losses)',
  timed(() => summarise(engine)),
);

const next = sequence(7);
const pick = <T>(list: readonly T[] | undefined): T => {
  const one = list?.[Math.floor(next() * list.length)];
  if (one === undefined) throw new Error('an estate without one of these');
  return one;
};
const singles: [string, () => Change][] = [
  ['a finding goes', () => ({ kind: 'findings', id: pick(model.findings).id })],
  [
    'a finding in KEV goes',
    () => ({ kind: 'findings', id: pick(model.findings?.filter(({ kev }) => kev)).id }),
  ],
  [
    'a finding comes',
    () => ({ kind: 'findings', id: 'new', value: { id: 'new', asset: pick(model.assets).id, epss: 0.3 } }),
  ],
  [
    'a step comes',
    () => ({
      kind: 'reach',
      id: 'new',
      value: {
        id: 'new',
        from: pick(model.assets).id,
        to: pick(model.assets).id,
        kind: 'network',
        step: 0.2,
      },
    }),
  ],
  [
    'a dependency comes',
    () => ({
      kind: 'dependencies',
      id: 'new',
      value: { id: 'new', from: pick(model.assets).id, to: pick(model.assets).id, degree: 0.5 },
    }),
  ],
];
for (const [what, make] of singles) {
  const times: Timed<unknown>[] = [];
  for (let i = 0; i < 9; i++) {
    let undo: readonly Change[] = [];
    times.push(timed(() => (undo = engine.apply([make()]))));
    engine.apply(undo);
  }
  times.sort((a, b) => a.cpuMs - b.cpuMs);
  const [middle, worst] = [times[4], times[8]];
  if (middle) note(`${what}, median of 9`, middle);
  if (worst) note(`${what}, worst of 9`, worst);
}
const cve = pick(model.findings).cve ?? '';
note(
  'what if one CVE were fixed everywhere',
  timed(() =>
    whatIf(
      engine,
      (model.findings ?? []).flatMap(({ id, cve: of }) => (of === cve ? [{ kind: 'findings', id }] : [])),
    ),
  ),
);

const few = 12;
const naive = timed(() => naiveDraws(model, few, dimensions));
const naiveMs = (naive.cpuMs / few) * engine.draws.count;
console.log(
  `${assets} assets, ${findings} findings, ${(model.dependencies?.length ?? 0) + (model.reach?.length ?? 0)} edges, ${engine.draws.count} draws; Node ${process.versions.node}, ${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`,
);
console.table(rows);
console.log(
  `The naive walk takes ${(naive.cpuMs / few).toFixed(1)} ms a draw, ${(naiveMs / 1000).toFixed(0)} s for as many draws (from ${few}); the engine, which draws twice as many, is ${(naiveMs / whole.cpuMs).toFixed(0)} times as fast.`,
);
