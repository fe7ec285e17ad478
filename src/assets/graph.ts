import type { Actor } from '#identity';
import { type AssetGraph, assetKinds } from './contract.ts';
import { type AssetDeps, staleAfter } from './deps.ts';
import { edgesOf } from './reading.ts';
import { roots } from './store.ts';
import { stateOf } from './view.ts';

const stateNumber = { active: 0, stale: 1, retired: 2 } as const;

/** The whole graph in scope, small enough to send: 10,000 assets and 100,000 edges are about 2 MB. */
export function graphOf(deps: AssetDeps, actor: Actor): Promise<AssetGraph> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const nodes = await roots(tx, scope);
    const edges = await edgesOf(tx, scope);
    const position = new Map(nodes.map(({ id }, at) => [id, at]));
    const tenancies = [...new Set(nodes.map(({ tenancy }) => tenancy))].sort();
    const now = deps.clock.now();
    const flat = (list: readonly (readonly [string, string, number])[]): number[] => {
      const numbers: number[] = [];
      for (const [from, to, weight] of list) {
        const a = position.get(from);
        const b = position.get(to);
        if (a !== undefined && b !== undefined) numbers.push(a, b, weight);
      }
      return numbers;
    };
    return {
      ids: nodes.map(({ id }) => id),
      names: nodes.map(({ name }) => name),
      kinds: [...assetKinds],
      kindOf: nodes.map(({ kind }) => assetKinds.indexOf(kind)),
      tenancies,
      tenancyOf: nodes.map(({ tenancy }) => tenancies.indexOf(tenancy)),
      states: nodes.map((one) => stateNumber[stateOf(one, now, staleAfter(deps))]),
      depends: flat(
        edges.dependencies.map((one) => [
          one.dependant,
          one.dependency,
          Math.round(Math.max(one.c, one.i, one.a) * 100),
        ]),
      ),
      reaches: flat(edges.reaches.map((one) => [one.from, one.to, Math.round(one.probability * 100)])),
    };
  });
}
