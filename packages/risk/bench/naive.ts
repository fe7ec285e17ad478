import {
  type Dimension,
  degreeIn,
  effectiveness,
  exposureOf,
  findingLikelihood,
  lostAt,
  parametersOf,
  type RiskModel,
} from '../src/index.ts';

/**
 * The same model the plain way: in each draw a coin for every finding, then a queue over edges with a coin for each.
 * @returns how often each asset was lost, by dimension
 */
export function naiveDraws(
  model: RiskModel,
  draws: number,
  dimensions: readonly Dimension[],
): Map<Dimension, Uint32Array> {
  const parameters = parametersOf(model);
  const place = new Map(model.assets.map(({ id }, i) => [id, i]));
  const at = (id: string): number => place.get(id) ?? 0;
  const n = model.assets.length;
  const left = (kind: string): number => {
    let product = 1;
    for (const control of model.controls ?? [])
      if (control.against.some((one) => one === kind) && control.on === 'all') {
        const counts = effectiveness(control, model.asOf, parameters);
        if (counts) product *= counts.beta / (counts.alpha + counts.beta);
      }
    return product;
  };
  const exposures = model.assets.map(({ exposure }) => exposureOf(exposure, parameters));
  const exploit = left('exploit');
  const roots = (model.findings ?? []).map((finding) => {
    const q = findingLikelihood(finding, parameters);
    return {
      node: at(finding.asset),
      p: (typeof q === 'number' ? q : 0.05) * (exposures[at(finding.asset)] ?? 1) * exploit,
    };
  });
  const steps: { to: number; p: number }[][] = Array.from({ length: n }, () => []);
  for (const edge of model.reach ?? [])
    steps[at(edge.from)]?.push({ to: at(edge.to), p: edge.step * left(edge.kind) });
  const gates = new Map((model.groups ?? []).map((group) => [group.id, group]));
  const sizes = new Map<string, number>();
  for (const { group } of model.dependencies ?? []) if (group) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const depends = new Map(
    dimensions.map((dimension) => {
      const out: { to: number; p: number; gate: string | undefined; need: number }[][] = Array.from(
        { length: n },
        () => [],
      );
      for (const edge of model.dependencies ?? []) {
        const gate = edge.group === undefined ? undefined : gates.get(edge.group);
        const need =
          gate && (gate.dimensions ?? ['A']).includes(dimension)
            ? lostAt(gate.lost, sizes.get(gate.id) ?? 0)
            : 1;
        out[at(edge.to)]?.push({ to: at(edge.from), p: degreeIn(edge, dimension), gate: edge.group, need });
      }
      return [dimension, out];
    }),
  );
  const lost = new Map(dimensions.map((dimension) => [dimension, new Uint32Array(n)]));
  for (let draw = 0; draw < draws; draw++) {
    const held = new Uint8Array(n);
    const queue: number[] = [];
    for (const { node, p } of roots)
      if (Math.random() < p && held[node] === 0) {
        held[node] = 1;
        queue.push(node);
      }
    for (let head = 0; head < queue.length; head++)
      for (const { to, p } of steps[queue[head] ?? 0] ?? [])
        if (held[to] === 0 && Math.random() < p) {
          held[to] = 1;
          queue.push(to);
        }
    for (const dimension of dimensions) {
      const down = held.slice();
      const pending = [...queue];
      const counted = new Map<string, number>();
      for (let head = 0; head < pending.length; head++)
        for (const { to, p, gate, need } of depends.get(dimension)?.[pending[head] ?? 0] ?? []) {
          if (down[to] !== 0 || Math.random() >= p) continue;
          if (need > 1 && gate !== undefined) {
            const count = (counted.get(gate) ?? 0) + 1;
            counted.set(gate, count);
            if (count < need) continue;
          }
          down[to] = 1;
          pending.push(to);
        }
      const sums = lost.get(dimension);
      if (sums) for (let i = 0; i < n; i++) sums[i] = (sums[i] ?? 0) + (down[i] ?? 0);
    }
  }
  return lost;
}
