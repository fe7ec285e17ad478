import { exposureOf, findingLikelihood, meanLikelihood, threatExposure } from './likelihood.ts';
import {
  type AttackKind,
  type ByDimension,
  degreeIn,
  dimensions,
  lostAt,
  parametersOf,
  type RiskModel,
} from './model.ts';

/** Every combination is looked at: more chances than this take too long. */
const mostChances = 22;

/**
 * The same model without sampling, by enumerating everything that may or may not happen: what the engine is tested
 * against, and an answer for models of a handful of assets. It shares no code with the walk.
 *
 * @param effectiveness of each control; a control is one number here, so uncertain ones are to be averaged over
 * @throws {RangeError} when more than 22 things are neither impossible nor certain
 */
export function exact(
  model: RiskModel,
  effectiveness: (control: string) => number = () => 0,
): ReadonlyMap<string, ByDimension<number>> {
  const parameters = parametersOf(model);
  const place = new Map(model.assets.map(({ id }, i) => [id, i]));
  const at = (id: string): number => place.get(id) ?? -1;
  const left = (asset: string, kind: AttackKind): number =>
    (model.controls ?? [])
      .filter(({ against, on }) => against.includes(kind) && (on === 'all' || on.includes(asset)))
      .reduce((product, { id }) => product * (1 - effectiveness(id)), 1);

  const chances: number[] = [];
  /** The index of a chance; -1 when it is certain, undefined when it can't be. */
  const chance = (p: number): number | undefined => {
    if (p <= 0) return undefined;
    return p >= 1 ? -1 : chances.push(p) - 1;
  };

  // An asset is struck in one of eight ways: as a whole (0), or in these dimensions alone.
  const missed = new Map<string, number>();
  const strike = (asset: number, ways: number, p: number): void => {
    const name = `${asset}/${ways}`;
    missed.set(name, (missed.get(name) ?? 1) * (1 - p));
  };
  for (const asset of model.assets) {
    const exposure = exposureOf(asset.exposure, parameters);
    for (const finding of model.findings ?? [])
      if (finding.asset === asset.id)
        strike(
          at(asset.id),
          0,
          meanLikelihood(findingLikelihood(finding, parameters)) * exposure * left(asset.id, 'exploit'),
        );
    for (const threat of model.threats ?? [])
      if (threat.asset === asset.id) {
        const controls = threat.kind === 'failure' ? 1 : left(asset.id, threat.kind);
        const alone = threat.strikes ?? (threat.kind === 'failure' ? (['A'] as const) : []);
        const ways = alone.reduce((bits, d) => bits | (1 << dimensions.indexOf(d)), 0);
        strike(
          at(asset.id),
          ways,
          meanLikelihood(threat.likelihood) * threatExposure(threat, exposure) * controls,
        );
      }
  }
  const roots = [...missed].map(([name, p]) => {
    const [asset = '0', ways = '0'] = name.split('/');
    return { bit: 1 << Number(asset), ways: Number(ways), chance: chance(1 - p) };
  });
  const steps = (model.reach ?? []).map((edge) => ({
    from: 1 << at(edge.from),
    to: 1 << at(edge.to),
    chance: chance(edge.step * left(edge.to, edge.kind)),
  }));
  // One chance for an edge in all dimensions, so that .5 opens where .1 does.
  const sizes = new Map<string, number>();
  for (const { group } of model.dependencies ?? [])
    if (group !== undefined) sizes.set(group, (sizes.get(group) ?? 0) + 1);

  const lostIn = dimensions.map((dimension) => {
    const gates = (model.groups ?? [])
      .filter((group) => (group.dimensions ?? ['A']).includes(dimension))
      .map((group) => ({
        id: group.id,
        to: 1 << at(group.asset),
        need: lostAt(group.lost, sizes.get(group.id) ?? 0),
      }));
    return { dimension, gates };
  });

  const result = new Map(model.assets.map(({ id }) => [id, { C: 0, I: 0, A: 0 }]));
  for (const [d, { dimension, gates }] of lostIn.entries()) {
    const before = chances.length;
    const edges = (model.dependencies ?? []).map((edge) => ({
      from: 1 << at(edge.to),
      to: 1 << at(edge.from),
      gate: gates.findIndex(({ id }) => id === edge.group),
      chance: chance(degreeIn(edge, dimension)),
    }));
    if (chances.length > mostChances)
      throw new RangeError(`${chances.length} chances are too many to enumerate`);
    for (let world = 0; world < 2 ** chances.length; world++) {
      const happens = (c: number | undefined): boolean =>
        c !== undefined && (c < 0 || ((world >>> c) & 1) === 1);
      let weight = 1;
      for (const [c, p] of chances.entries()) weight *= ((world >>> c) & 1) === 1 ? p : 1 - p;
      let held = 0;
      let lost = 0;
      for (const root of roots)
        if (happens(root.chance)) {
          if (root.ways === 0) held |= root.bit;
          else if (((root.ways >>> d) & 1) === 1) lost |= root.bit;
        }
      for (let old = -1; old !== held; ) {
        old = held;
        for (const step of steps) if ((held & step.from) !== 0 && happens(step.chance)) held |= step.to;
      }
      lost |= held;
      for (let old = -1; old !== lost; ) {
        old = lost;
        const down = gates.map(() => 0);
        for (const edge of edges) {
          if ((lost & edge.from) === 0 || !happens(edge.chance)) continue;
          if (edge.gate < 0) lost |= edge.to;
          else down[edge.gate] = (down[edge.gate] ?? 0) + 1;
        }
        for (const [g, gate] of gates.entries()) if ((down[g] ?? 0) >= gate.need) lost |= gate.to;
      }
      for (const [id, sums] of result) if ((lost & (1 << at(id))) !== 0) sums[dimension] += weight;
    }
    chances.length = before;
  }
  return result;
}
