import { causesOf } from './causes.ts';
import type { Change } from './elements.ts';
import type { RiskEngine } from './engine.ts';
import { type Dimension, dimensions } from './model.ts';
import { compare, informationAssets, meanLoss } from './result.ts';

/** One piece of work, and what it changes in the model. */
export type Treatment = {
  readonly id: string;
  readonly title: string;
  readonly kind: 'fix' | 'control';
  readonly hours: number;
  /** The findings and threats that it closes; of a control the control. */
  readonly closes: readonly string[];
  readonly changes: readonly Change[];
};

export type Difference = {
  readonly asset: string;
  readonly dimension: Dimension;
  readonly before: number;
  readonly after: number;
};
export type Effect = {
  /** What differs, the largest drop first; at most so many as were asked for. */
  readonly differences: readonly Difference[];
  /** Of the sum of all probabilities. */
  readonly drop: number;
  /** AUD within the horizon, of what is valued. */
  readonly lossDrop: number;
};
export type RankedTreatment = Omit<Treatment, 'changes'> &
  Effect & { readonly dropPerHour: number; readonly lossDropPerHour: number };

/** "Remove X": what these changes would do, on the same draws. The engine is as before afterwards. */
export function whatIf(engine: RiskEngine, changes: readonly Change[], show = 20): Effect {
  const before = probabilities(engine);
  const after = engine.during(changes, () => probabilities(engine));
  const differences: Difference[] = [];
  let drop = 0;
  let lossDrop = 0;
  for (const asset of informationAssets(engine))
    for (const [d, dimension] of dimensions.entries()) {
      const was = before.get(asset.id)?.[d] ?? 0;
      const is = after.get(asset.id)?.[d] ?? 0;
      if (was === is) continue;
      const value = asset.values?.[dimension];
      differences.push({ asset: asset.id, dimension, before: was, after: is });
      drop += was - is;
      if (value !== undefined) lossDrop += (was - is) * meanLoss(value, engine.elements.parameters);
    }
  differences.sort(
    (a, b) =>
      b.before - b.after - (a.before - a.after) ||
      compare(a.asset, b.asset) ||
      compare(a.dimension, b.dimension),
  );
  return { differences: differences.slice(0, show), drop, lossDrop };
}

function probabilities(engine: RiskEngine): Map<string, readonly number[]> {
  return new Map(
    informationAssets(engine).map(({ id }) => [
      id,
      dimensions.map((_, d) => engine.lost(id, d) / engine.draws.count),
    ]),
  );
}

/**
 * What is worth trying: everything that closes a cause of the gravest risks, and every control that is not effective.
 * Findings of one CVE are one piece of work, on all assets that have it.
 */
export function treatments(engine: RiskEngine, { risks = 10, looks = 200, most = 20 } = {}): Treatment[] {
  const counts = new Map<string, number>();
  const gravest = informationAssets(engine)
    .flatMap((asset) =>
      dimensions.map((dimension, d) => {
        const value = asset.values?.[dimension];
        const weight = value === undefined ? 1 : meanLoss(value, engine.elements.parameters);
        return { asset: asset.id, dimension, weight: weight * engine.lost(asset.id, d) };
      }),
    )
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || compare(a.asset, b.asset) || compare(a.dimension, b.dimension))
    .slice(0, risks);
  for (const { asset, dimension, weight } of gravest)
    for (const { share, roots } of causesOf(engine, asset, dimension, { looks, sets: looks }).sets)
      for (const { kind, id } of roots) {
        const name = treatmentOf(engine, kind, id);
        counts.set(name, (counts.get(name) ?? 0) + share * weight);
      }
  const chosen = [...counts].sort(([a, x], [b, y]) => y - x || compare(a, b)).slice(0, most);
  const wanted = new Set(chosen.map(([name]) => name));
  return [...fixes(engine, wanted), ...controls(engine)];
}

function treatmentOf({ elements }: RiskEngine, kind: 'finding' | 'threat', id: string): string {
  if (kind === 'threat') return elements.threats.get(id)?.treatment ?? `threat:${id}`;
  const finding = elements.findings.get(id);
  return finding?.treatment ?? finding?.cve ?? `finding:${id}`;
}

function fixes(engine: RiskEngine, wanted: ReadonlySet<string>): Treatment[] {
  const { elements } = engine;
  const found = new Map<string, { title: string; hours: number; closes: string[]; changes: Change[] }>();
  const add = (kind: 'finding' | 'threat', id: string, title: string, hours: number): void => {
    const name = treatmentOf(engine, kind, id);
    if (!wanted.has(name)) return;
    const fix = found.get(name) ?? { title, hours: 0, closes: [], changes: [] };
    found.set(name, fix);
    fix.hours += hours;
    fix.closes.push(id);
    fix.changes.push({ kind: kind === 'finding' ? 'findings' : 'threats', id });
  };
  const { hoursPerFinding } = elements.parameters;
  for (const id of [...elements.findings.keys()].sort()) {
    const one = elements.findings.get(id);
    if (one) add('finding', id, one.treatment ?? one.cve ?? one.title ?? id, one.hours ?? hoursPerFinding);
  }
  for (const id of [...elements.threats.keys()].sort()) {
    const one = elements.threats.get(id);
    if (one) add('threat', id, one.treatment ?? one.title ?? id, one.hours ?? hoursPerFinding);
  }
  return [...found]
    .map(([id, fix]): Treatment => ({ id, kind: 'fix', ...fix }))
    .sort((a, b) => compare(a.id, b.id));
}

function controls({ elements }: RiskEngine): Treatment[] {
  return [...elements.controls.values()]
    .filter(({ status }) => status !== 'Effective' && status !== 'Not Applicable')
    .sort((a, b) => compare(a.id, b.id))
    .map((control): Treatment => {
      const { observed: _before, ...rest } = control;
      return {
        id: `control:${control.id}`,
        title: `Make effective: ${control.title ?? control.id}`,
        kind: 'control',
        hours: control.hours ?? elements.parameters.hoursPerControl,
        closes: [control.id],
        changes: [{ kind: 'controls', id: control.id, value: { ...rest, status: 'Effective' } }],
      };
    });
}

/** Best first: by money where anything is valued, else by probability; per hour of work, on the same draws. */
export function rank(engine: RiskEngine, tried: readonly Treatment[]): RankedTreatment[] {
  return tried
    .map(({ changes, ...treatment }) => {
      const effect = whatIf(engine, changes, 10);
      return {
        ...treatment,
        ...effect,
        dropPerHour: effect.drop / treatment.hours,
        lossDropPerHour: effect.lossDrop / treatment.hours,
      };
    })
    .sort(
      (a, b) => b.lossDropPerHour - a.lossDropPerHour || b.dropPerHour - a.dropPerHour || compare(a.id, b.id),
    );
}
