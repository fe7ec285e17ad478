import fc from 'fast-check';
import type { Asset, Control, Dependency, Finding, Group, Reach, RiskModel, Threat } from '../src/index.ts';

export const asOf = '2026-11-02T00:00:00Z';

/** A model of what is given, of assets that are open to everybody. */
export const modelOf = (part: Omit<Partial<RiskModel>, 'format' | 'asOf'>): RiskModel => ({
  format: 'ironbark-risk-1',
  asOf,
  assets: [],
  ...part,
});

export const asset = (id: string, more: Partial<Asset> = {}): Asset => ({
  id,
  kind: 'supporting',
  exposure: 1,
  ...more,
});
export const threat = (on: string, likelihood: Threat['likelihood'], more: Partial<Threat> = {}): Threat => ({
  id: `t-${on}`,
  asset: on,
  kind: 'misconfiguration',
  likelihood,
  ...more,
});

const some = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/**
 * Random models of up to `most` assets with cycles, gates, steps and strikes, of which no more than `chances` things are
 * neither impossible nor certain: small enough to be enumerated.
 */
export function models({ most = 15, chances = 15 } = {}): fc.Arbitrary<RiskModel> {
  return fc
    .record({
      nodes: fc.integer({ min: 2, max: most }),
      uncertain: fc.integer({ min: 3, max: chances }),
      roots: fc.array(
        fc.record({
          at: fc.nat(),
          p: fc.double({ min: 0.01, max: 0.6, noNaN: true }),
          kind: some(['finding', 'finding', 'threat', 'failure', 'C', 'I'] as const),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      edges: fc.array(
        fc.record({
          from: fc.nat(),
          to: fc.nat(),
          reach: fc.boolean(),
          p: some([1, 1, 1, 0.9, 0.5, 0.1, 0.01, 0]),
          partly: fc.boolean(),
          group: fc.boolean(),
        }),
        { minLength: 1, maxLength: 30 },
      ),
      lost: fc.array(some<Group['lost']>(['all', 'any', { atLeast: 2 }]), { minLength: 1, maxLength: 15 }),
    })
    .map((given) => build(given));
}

type Given = {
  nodes: number;
  uncertain: number;
  roots: readonly { at: number; p: number; kind: 'finding' | 'threat' | 'failure' | 'C' | 'I' }[];
  edges: readonly { from: number; to: number; reach: boolean; p: number; partly: boolean; group: boolean }[];
  lost: readonly Group['lost'][];
};

function build({ nodes, uncertain, roots, edges, lost }: Given): RiskModel {
  const name = (n: number): string => `n${n % nodes}`;
  const findings: Finding[] = [];
  const threats: Threat[] = [];
  let left = uncertain;
  for (const [i, root] of roots.entries()) {
    if (left-- <= 0) break;
    const on = name(root.at);
    if (root.kind === 'finding') findings.push({ id: `f${i}`, asset: on, epss: root.p });
    else if (root.kind === 'threat') threats.push(threat(on, root.p, { id: `t${i}` }));
    else if (root.kind === 'failure') threats.push(threat(on, root.p, { id: `t${i}`, kind: 'failure' }));
    else threats.push(threat(on, root.p, { id: `t${i}`, strikes: [root.kind] }));
  }
  const reach: Reach[] = [];
  const dependencies: Dependency[] = [];
  const grouped = new Map<string, number>();
  for (const [i, edge] of edges.entries()) {
    const sure = edge.p === 0 || edge.p === 1;
    if (!sure && left-- <= 0) continue;
    if (edge.reach)
      reach.push({ id: `r${i}`, from: name(edge.from), to: name(edge.to), kind: 'network', step: edge.p });
    else {
      const from = name(edge.from);
      if (edge.group) grouped.set(from, (grouped.get(from) ?? 0) + 1);
      dependencies.push({
        id: `d${i}`,
        from,
        to: name(edge.to),
        degree: edge.partly ? { C: 1, A: edge.p } : edge.p,
        ...(edge.group ? { group: `g-${from}` } : {}),
      });
    }
  }
  const groups = [...grouped].map(([on, size], i): Group => {
    const wanted = lost[i % lost.length] ?? 'all';
    return { id: `g-${on}`, asset: on, lost: typeof wanted === 'object' && size < 2 ? 'any' : wanted };
  });
  const assets = Array.from({ length: nodes }, (_, n) => asset(name(n), { kind: 'information' }));
  return modelOf({ assets, findings, threats, reach, dependencies, groups });
}

export const control = (id: string, more: Partial<Control> = {}): Control => ({
  id,
  status: 'Effective',
  against: ['exploit', 'misconfiguration'],
  on: 'all',
  ...more,
});
