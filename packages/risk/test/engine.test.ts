import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estate } from '../bench/estate.ts';
import {
  type Change,
  changesBetween,
  checkModel,
  dimensions,
  evaluate,
  InvalidModel,
  modelHash,
  modelOf as modelIn,
  RiskEngine,
  type RiskModel,
  whatIf,
} from '../src/index.ts';
import { asset, control, modelOf, models, threat } from './models.ts';

const draws = 4000;

/** Every bit of every asset: held, and lost in C, I and A, with each world's controls and with the expected ones. */
function bits(engine: RiskEngine): Record<string, string> {
  const all: Record<string, string> = {};
  const row = new Int32Array(engine.draws.worlds * engine.draws.words);
  for (const id of [...engine.elements.assets.keys()].sort()) {
    const node = engine.elements.index.get(id) ?? -1;
    for (const variant of ['worlds', 'centre'] as const) {
      const layer = engine.layer(variant);
      for (const [name, part] of Object.entries({
        held: layer.held,
        C: layer.lost[0],
        I: layer.lost[1],
        A: layer.lost[2],
      }))
        all[`${id} ${variant} ${name}`] = part === undefined ? '' : part.read(node, row).join();
    }
  }
  return all;
}

const withControls = (model: RiskModel): RiskModel => ({
  ...model,
  controls: [
    control('patching', { status: 'Alternate Control', against: ['exploit', 'network'] }),
    control('hardening', { status: 'No Visibility', on: model.assets.slice(0, 2).map(({ id }) => id) }),
  ],
});

/** A random change of a random model: something put, changed or taken away. */
const change = fc.record({ what: fc.nat(), which: fc.nat(), p: fc.double({ min: 0, max: 1, noNaN: true }) });
function changeOf(
  model: RiskModel,
  { what, which, p }: { what: number; which: number; p: number },
): Change[] {
  const pick = <T>(list: readonly T[] | undefined): T | undefined => list?.[which % Math.max(1, list.length)];
  const on = pick(model.assets)?.id ?? '';
  const finding = pick(model.findings);
  const reach = pick(model.reach);
  const dependency = pick(model.dependencies);
  const group = pick(model.groups);
  const first = model.assets[0]?.id ?? '';
  const kinds: (Change | undefined)[] = [
    { kind: 'findings', id: 'new', value: { id: 'new', asset: on, epss: p } },
    finding && { kind: 'findings', id: finding.id },
    finding && { kind: 'findings', id: finding.id, value: { ...finding, epss: p } },
    { kind: 'threats', id: 'new', value: threat(on, p, { id: 'new', strikes: ['I'] }) },
    reach?.id ? { kind: 'reach', id: reach.id } : undefined,
    reach?.id ? { kind: 'reach', id: reach.id, value: { ...reach, step: p } } : undefined,
    { kind: 'reach', id: 'new', value: { id: 'new', from: on, to: first, kind: 'network', step: p } },
    dependency?.id
      ? { kind: 'dependencies', id: dependency.id, value: { ...dependency, degree: p } }
      : undefined,
    { kind: 'dependencies', id: 'new', value: { id: 'new', from: on, to: first, degree: p } },
    group && { kind: 'groups', id: group.id, value: { ...group, lost: 'all', dimensions: ['C', 'A'] } },
    { kind: 'assets', id: on, value: asset(on, { kind: 'information', exposure: p }) },
    { kind: 'controls', id: 'patching', value: control('patching', { status: 'Ineffective' }) },
    { kind: 'controls', id: 'hardening' },
  ];
  const chosen = kinds[what % kinds.length];
  const added: Change[] = [
    { kind: 'assets', id: 'fresh', value: asset('fresh', { kind: 'information' }) },
    { kind: 'dependencies', id: 'fresh', value: { id: 'fresh', from: 'fresh', to: on, degree: 1 } },
  ];
  return chosen === undefined ? added : [chosen];
}

describe('an engine', () => {
  test('after changes holds the same bits as a new engine of the changed model', () => {
    fc.assert(
      fc.property(models(), fc.array(change, { minLength: 1, maxLength: 6 }), (model, changes) => {
        const engine = new RiskEngine(withControls(model), { draws });
        for (const one of changes) {
          engine.apply(changeOf(modelIn(engine), one));
          expect(bits(engine)).toEqual(bits(new RiskEngine(modelIn(engine), { draws })));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is as it was after what-if', () => {
    fc.assert(
      fc.property(models(), change, (model, one) => {
        const engine = new RiskEngine(withControls(model), { draws });
        const before = bits(engine);
        whatIf(engine, changeOf(model, one));
        expect(bits(engine)).toEqual(before);
      }),
      { numRuns: 30 },
    );
  });

  test('gives the same bits for any order of the model’s lists and any names of its assets', () => {
    fc.assert(
      fc.property(models(), fc.nat(), (model, turn) => {
        const turned = <T>(list: readonly T[] | undefined): T[] => {
          const all = [...(list ?? [])].reverse();
          return [...all.slice(turn % (all.length + 1)), ...all.slice(0, turn % (all.length + 1))];
        };
        const whole = withControls(model);
        const other: RiskModel = {
          ...whole,
          assets: turned(whole.assets).map((one) => ({ ...one, name: `renamed ${one.id}` })),
          dependencies: turned(whole.dependencies),
          groups: turned(whole.groups),
          reach: turned(whole.reach),
          findings: turned(whole.findings),
          threats: turned(whole.threats),
          controls: turned(whole.controls),
        };
        expect(bits(new RiskEngine(other, { draws }))).toEqual(bits(new RiskEngine(whole, { draws })));
        expect(modelHash({ ...other, assets: turned(whole.assets) })).toBe(modelHash(whole));
      }),
      { numRuns: 30 },
    );
  });

  test('gives the same answer for the same seed and another for another', () => {
    const model = estate({ assets: 200, findings: 600, edges: 800 });
    const first = evaluate(model, { seed: 7, draws, tried: 4 });
    expect(evaluate(model, { seed: 7, draws, tried: 4 })).toEqual(first);
    expect(
      evaluate({ ...model, reach: model.reach?.toReversed() ?? [] }, { seed: 7, draws, tried: 4 }),
    ).toEqual(first);
    expect(evaluate(model, { seed: 8, draws, tried: 4 }).outcomes).not.toEqual(first.outcomes);
  });

  test('walks a large estate with changes as it would anew', () => {
    const model = estate({ assets: 400, findings: 1500, edges: 3000 });
    const engine = new RiskEngine(model, { draws });
    const kev = model.findings?.filter(({ kev: known }) => known) ?? [];
    engine.apply(kev.slice(0, 3).map(({ id }) => ({ kind: 'findings', id })));
    engine.apply([
      { kind: 'reach', id: 'x', value: { id: 'x', from: 'admin-0', to: 'host-1', kind: 'admin', step: 0.7 } },
    ]);
    expect(bits(engine)).toEqual(bits(new RiskEngine(modelIn(engine), { draws })));
  });
});

describe('risk never', () => {
  const worse = (model: RiskModel, other: RiskModel): void => {
    const [a, b] = [new RiskEngine(model, { draws }), new RiskEngine(other, { draws })];
    for (const { id } of model.assets)
      for (const d of dimensions.keys()) expect(b.lost(id, d)).toBeGreaterThanOrEqual(a.lost(id, d));
  };

  test('falls when a finding is added, or one becomes known to be exploited', () => {
    fc.assert(
      fc.property(models(), fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (model, at, epss) => {
        const whole = withControls(model);
        const on = model.assets[at % model.assets.length]?.id ?? '';
        const more = [...(model.findings ?? []), { id: 'added', asset: on, epss }];
        worse(whole, { ...whole, findings: more });
        worse(
          { ...whole, findings: more },
          { ...whole, findings: more.map((one) => ({ ...one, kev: true })) },
        );
        worse(whole, { ...whole, findings: (whole.findings ?? []).map((one) => ({ ...one, seen: true })) });
      }),
      { numRuns: 40 },
    );
  });

  test('rises when a working control is added', () => {
    fc.assert(
      fc.property(models(), (model) => {
        const whole = withControls(model);
        const added = control('added', { against: ['exploit', 'misconfiguration', 'network'] });
        worse({ ...whole, controls: [...(whole.controls ?? []), added] }, whole);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a model', () => {
  test('that is wrong is refused with the place of each fault', () => {
    const faults = (part: object): string[] => {
      const checked = checkModel({ ...modelOf({ assets: [asset('a')] }), ...part });
      return checked.ok ? [] : checked.faults.map(({ path }) => path);
    };
    expect(faults({})).toEqual([]);
    expect(faults({ format: 'other' })).toEqual(['format']);
    expect(faults({ asOf: 'soon' })).toEqual(['asOf']);
    expect(faults({ assets: [asset('a'), asset('a')] })).toEqual(['assets[1].id']);
    expect(faults({ findings: [{ id: 'f', asset: 'b', epss: 2 }] })).toEqual([
      'findings[0].asset',
      'findings[0].epss',
    ]);
    expect(faults({ dependencies: [{ from: 'a', to: 'a', degree: { X: 1 } }] })).toEqual([
      'dependencies[0].degree',
    ]);
    expect(faults({ reach: [{ from: 'a', to: 'a', kind: 'magic', step: -1 }] })).toEqual([
      'reach[0].kind',
      'reach[0].step',
    ]);
    expect(faults({ groups: [{ id: 'g', asset: 'a', lost: { atLeast: 2 } }] })).toEqual(['groups']);
    expect(faults({ parameters: { horizon: 3 } })).toEqual(['parameters.horizon']);
    expect(faults({ controls: [control('c', { status: { alpha: 0, beta: 1 } })] })).toEqual([
      'controls[0].status.alpha',
    ]);
    expect(faults({ threats: [threat('a', Number.NaN)] })).toEqual(['threats[0].likelihood']);
  });

  test('of anything at all is refused or understood, and never throws anything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const checked = checkModel(value);
        expect(checked.ok).toBe(false);
      }),
    );
    expect(() => new RiskEngine(modelOf({ assets: [asset('a')], threats: [threat('b', 1)] }))).toThrow(
      InvalidModel,
    );
  });

  test('in which a change names what is not there stays as it was', () => {
    const engine = new RiskEngine(modelOf({ assets: [asset('a')], threats: [threat('a', 0.5)] }), { draws });
    const before = bits(engine);
    expect(() =>
      engine.apply([{ kind: 'findings', id: 'f', value: { id: 'f', asset: 'b', epss: 1 } }]),
    ).toThrow(/no asset/);
    expect(() => engine.apply([{ kind: 'assets', id: 'a' }])).toThrow(InvalidModel);
    expect(bits(engine)).toEqual(before);
  });

  test('leads to another by the changes between them', () => {
    const from = estate({ assets: 100, findings: 200, edges: 300 });
    const to: RiskModel = {
      ...from,
      findings: from.findings?.slice(5) ?? [],
      reach: [...(from.reach ?? []), { from: 'host-1', to: 'host-2', kind: 'identity', step: 0.4 }],
    };
    const changes = changesBetween(from, to) ?? [];
    expect(changes).toHaveLength(6);
    const engine = new RiskEngine(from, { draws });
    engine.apply(changes);
    expect(bits(engine)).toEqual(bits(new RiskEngine(to, { draws })));
    expect(changesBetween(from, { ...from, asOf: '2027-01-01T00:00:00Z' })).toBeUndefined();
  });
});
