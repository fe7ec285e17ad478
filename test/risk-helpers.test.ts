import {
  Layer,
  RiskEngine,
  summarise,
  walksDone,
  walksIn,
  walkTogether,
  type Work,
  workOf,
} from '@ironbark/risk';
import { expect, test } from 'vitest';
import { estate } from '../packages/risk/bench/estate.ts';
import { help } from '../src/governance/risk/drawing/helpers.ts';

const model = estate({ assets: 400, findings: 1500, edges: 3000 });

/** What an engine starts from, and nothing walked yet. */
function unwalked(engine: RiskEngine): Work & { layers: Record<'worlds' | 'centre', Layer> } {
  const nodes = engine.elements.ids.length;
  const fresh = (variant: 'worlds' | 'centre'): Layer => {
    const layer = new Layer(engine.draws, nodes);
    for (let node = 0; node < nodes; node++) layer.write(node, engine.layer(variant).read(node));
    return layer;
  };
  const layers = { worlds: fresh('worlds'), centre: fresh('centre') };
  return { ...workOf(layers, engine.graphs, engine.draws), layers };
}

const bitsOf = (layer: Layer): Int32Array[] =>
  [layer.held, ...layer.lost].flatMap(({ byBatch }) => byBatch.map((bits) => bits.slice()));

test('a helping thread draws the same bits, into the memory of the one that asked', async () => {
  const engine = new RiskEngine(model, { draws: 4000 });
  const work = unwalked(engine);
  help(work);
  await expect.poll(() => walksDone(work), { timeout: 60_000 }).toBe(walksIn(engine.draws));
  expect(bitsOf(work.layers.worlds)).toEqual(bitsOf(engine.layer('worlds')));
  expect(bitsOf(work.layers.centre)).toEqual(bitsOf(engine.layer('centre')));
  expect(bitsOf(work.layers.worlds).some((bits) => bits.some((word) => word !== 0))).toBe(true);
});

test('a helper that fails is an error, and no answer with draws missing', () => {
  const work = unwalked(new RiskEngine(model, { draws: 4000 }));
  // One walk was begun by a thread that failed before it was done.
  work.progress.set([1, 0, 1]);
  expect(() => walkTogether(work)).toThrow('A thread that drew the risk failed.');
});

test('a large model has the same answer with a helper and without one', () => {
  const large = estate({ assets: 3300, findings: 3000, edges: 6000 });
  let helped = 0;
  const answers = [undefined, (work: Work) => (helped++, help(work))].map((helpers) =>
    summarise(new RiskEngine(large, { ...(helpers && { helpers }) })),
  );
  expect(helped).toBe(1);
  expect(answers[1]).toEqual(answers[0]);
});
