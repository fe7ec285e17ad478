import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile } from '../src/beta.ts';
import { exact } from '../src/exact.ts';
import { dimensions, intervalOf, RiskEngine, type RiskModel } from '../src/index.ts';
import { asset, control, modelOf, models, threat } from './models.ts';

const probability = (model: RiskModel, id: string, dimension = 2, seed = 1): number => {
  const engine = new RiskEngine(model, { seed });
  return engine.lost(id, dimension) / engine.draws.count;
};

test('a hypervisor under two hosts is one cause: .10, and not .19', () => {
  const model = modelOf({
    assets: [asset('records'), asset('host-1'), asset('host-2'), asset('hypervisor')],
    threats: [threat('hypervisor', 0.1)],
    dependencies: [
      { from: 'records', to: 'host-1', degree: 1 },
      { from: 'records', to: 'host-2', degree: 1 },
      { from: 'host-1', to: 'hypervisor', degree: 1 },
      { from: 'host-2', to: 'hypervisor', degree: 1 },
    ],
  });
  for (const seed of [1, 2, 3]) expect(probability(model, 'records', 2, seed)).toBeCloseTo(0.1, 3);
  expect(exact(model).get('records')?.A).toBeCloseTo(0.1, 12);
});

test('two replicas of which one suffices, and a cause they share: .030, and neither .010 nor .19', () => {
  const model = modelOf({
    assets: [asset('service'), asset('replica-1'), asset('replica-2'), asset('power')],
    threats: [
      threat('replica-1', 0.1, { kind: 'failure' }),
      threat('replica-2', 0.1, { kind: 'failure' }),
      threat('power', 0.02, { kind: 'failure' }),
    ],
    groups: [{ id: 'replicas', asset: 'service', lost: 'all' }],
    dependencies: [
      { from: 'service', to: 'replica-1', degree: 1, group: 'replicas' },
      { from: 'service', to: 'replica-2', degree: 1, group: 'replicas' },
      { from: 'replica-1', to: 'power', degree: 1 },
      { from: 'replica-2', to: 'power', degree: 1 },
    ],
  });
  expect(exact(model).get('service')?.A).toBeCloseTo(1 - 0.98 * (1 - 0.01), 12);
  for (const seed of [1, 2, 3, 4, 5]) expect(probability(model, 'service', 2, seed)).toBeCloseTo(0.0298, 2);
  expect(exact(model).get('service')?.C).toBe(0);
});

test('20,000 draws are within .01 of exact enumeration on random graphs with gates and cycles', () => {
  fc.assert(
    fc.property(models({ chances: 13 }), fc.integer({ min: 0, max: 2 ** 31 }), (model, seed) => {
      const truth = exact(model);
      const engine = new RiskEngine(model, { seed });
      for (const [id, by] of truth)
        for (const [d, dimension] of dimensions.entries()) {
          const error = Math.abs(engine.lost(id, d) / engine.draws.count - by[dimension]);
          expect(error, `${id} ${dimension}`).toBeLessThan(0.01);
        }
    }),
    { numRuns: 150 },
  );
});

test('one control that nobody has assessed: the mean is of all it may be, and the interval spans it', () => {
  const model = modelOf({
    assets: [asset('host')],
    threats: [threat('host', 0.4)],
    controls: [control('c', { status: 'Not Assessed' })],
  });
  const engine = new RiskEngine(model);
  const found = intervalOf(engine.counts('host', 0), engine.draws);
  // Uniform on 0 … .4: mean .2, quantiles .02 and .38.
  expect(found.probability).toBeCloseTo(0.2, 2);
  expect(Math.abs(found.low - 0.02)).toBeLessThan(0.02);
  expect(Math.abs(found.high - 0.38)).toBeLessThan(0.02);
});

test('with nothing unknown the interval is the probability itself', () => {
  const model = modelOf({
    assets: [asset('a'), asset('b')],
    threats: [threat('a', 0.3)],
    reach: [{ from: 'a', to: 'b', kind: 'network', step: 0.5 }],
  });
  const engine = new RiskEngine(model);
  const found = intervalOf(engine.counts('b', 0), engine.draws);
  expect([found.low, found.high]).toEqual([found.probability, found.probability]);
  expect(found.standardError).toBeLessThan(0.003);
});

test('a control on two hosts is one unknown, not two: what it does to both is correlated', () => {
  const both = (controls: RiskModel['controls']): RiskModel =>
    modelOf({
      assets: [asset('data'), asset('a'), asset('b')],
      threats: [threat('a', 0.5), threat('b', 0.5)],
      groups: [{ id: 'g', asset: 'data', lost: 'all', dimensions: ['C', 'I', 'A'] }],
      dependencies: [
        { from: 'data', to: 'a', degree: 1, group: 'g' },
        { from: 'data', to: 'b', degree: 1, group: 'g' },
      ],
      controls: controls ?? [],
    });
  const unknown = { status: 'Not Assessed' } as const;
  // Uniform e: E[(.5 (1 - e))^2] = .25 / 3 when shared, (.5 * .5)^2 when each host has its own.
  expect(probability(both([control('c', unknown)]), 'data')).toBeCloseTo(0.25 / 3, 2);
  const apart = [control('c', { ...unknown, on: ['a'] }), control('d', { ...unknown, on: ['b'] })];
  expect(Math.abs(probability(both(apart), 'data') - 0.0625)).toBeLessThan(0.005);
});

test('controls average out to what exact enumeration gives over their distribution', () => {
  fc.assert(
    fc.property(models({ most: 8, chances: 8 }), (model) => {
      const uncertain = {
        ...model,
        controls: [control('c', { status: 'Ineffective', against: ['exploit', 'network'] })],
      };
      const slices = 40;
      const engine = new RiskEngine(uncertain);
      const sums = new Map<string, number>();
      for (let i = 0; i < slices; i++) {
        const e = quantile({ alpha: 2, beta: 18 }, (i + 0.5) / slices);
        for (const [id, by] of exact(uncertain, () => e)) sums.set(id, (sums.get(id) ?? 0) + by.I / slices);
      }
      for (const [id, truth] of sums)
        expect(Math.abs(engine.lost(id, 1) / engine.draws.count - truth)).toBeLessThan(0.01);
    }),
    { numRuns: 20 },
  );
});

test('two unknown controls: the interval is that of their product, for rare and for common losses', () => {
  for (const [likelihood, low, high] of [
    // Quantiles of the product of two uniforms are .0087 and .7022.
    [0.5, 0.0043, 0.3511],
    [0.2, 0.0017, 0.1404],
    [0.05, 0.0004, 0.0351],
  ] as const) {
    const engine = new RiskEngine(
      modelOf({
        assets: [asset('host')],
        threats: [threat('host', likelihood)],
        controls: ['c', 'd'].map((id) => control(id, { status: 'No Visibility' })),
      }),
    );
    const found = intervalOf(engine.counts('host', 0), engine.draws);
    expect(Math.abs(found.probability - likelihood / 4)).toBeLessThan(3 * found.standardError);
    expect(Math.abs(found.low - low)).toBeLessThan(0.02 * likelihood + 0.004);
    expect(Math.abs(found.high - high)).toBeLessThan(0.1 * likelihood);
  }
});
