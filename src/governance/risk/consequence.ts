import { bandOf, degreeIn, dimensions, parametersOf, type RiskModel } from '@ironbark/risk';

/** A dependency this strong carries a consequence whole; a weaker one counts a band less. */
const strong = 0.5;

/**
 * For each asset the highest band of value among the information assets that a loss of it reaches along dependencies:
 * the mission impact of SSVC's tree. Whoever can be reached from it is left out: that is another asset's finding.
 */
export function bandsBelow(model: RiskModel): ReadonlyMap<string, number> {
  const { bands: ladder } = parametersOf(model);
  const bands = new Map<string, number>();
  const queue: string[] = [];
  const raise = (asset: string, band: number): void => {
    if (band <= (bands.get(asset) ?? 0)) return;
    bands.set(asset, band);
    queue.push(asset);
  };
  for (const { id, values } of model.assets)
    for (const value of Object.values(values ?? {}))
      raise(id, typeof value === 'number' ? value : bandOf(Math.sqrt(value.low * value.high), ladder));
  const below = Map.groupBy(model.dependencies ?? [], ({ from }) => from);
  for (let head = 0; head < queue.length; head++) {
    const asset = queue[head] ?? '';
    const band = bands.get(asset) ?? 1;
    for (const edge of below.get(asset) ?? []) {
      const degree = Math.max(...dimensions.map((dimension) => degreeIn(edge, dimension)));
      if (degree > 0) raise(edge.to, degree >= strong ? band : band - 1);
    }
  }
  return bands;
}
