import type { Actor } from '#identity';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { Answers } from './answers.ts';
import { type AssetGraph, assetKinds } from './contract.ts';
import { type AssetDeps, staleAfter } from './deps.ts';
import { edgesOf } from './reading.ts';
import { lines } from './store-inventory.ts';
import { staleAt, stateOf } from './view.ts';

const stateNumber = { active: 0, stale: 1, retired: 2 } as const;

/** The whole graph in scope, small enough to send: 10,000 assets and 100,000 edges are about 2 MB. */
export const graphText = (deps: AssetDeps, actor: Actor, kept: Answers): Promise<string> =>
  deps.records.transaction(actor.scope, (tx) =>
    kept.of('graph', tx, actor.scope, deps.clock.now(), async () => {
      const { graph, until } = await graphIn(deps, tx, actor.scope);
      return { text: JSON.stringify(graph), until };
    }),
  );

async function graphIn(
  deps: AssetDeps,
  tx: Tx,
  scope: Scope,
): Promise<{ graph: AssetGraph; until: Date | undefined }> {
  const nodes = await lines(tx, scope);
  const edges = await edgesOf(tx, scope);
  const position = new Map(nodes.map(({ id }, at) => [id, at]));
  const tenancies = [...new Set(nodes.map(({ tenancy }) => tenancy))].sort();
  const now = deps.clock.now();
  const days = staleAfter(deps);
  const flat = <Edge>(
    list: readonly Edge[],
    read: (edge: Edge) => readonly [from: string, to: string, weight: number],
  ): number[] => {
    const numbers: number[] = [];
    for (const one of list) {
      const [from, to, weight] = read(one);
      const a = position.get(from);
      const b = position.get(to);
      if (a !== undefined && b !== undefined) numbers.push(a, b, Math.round(weight * 100));
    }
    return numbers;
  };
  const graph = {
    ids: nodes.map(({ id }) => id),
    names: nodes.map(({ name }) => name),
    kinds: [...assetKinds],
    kindOf: nodes.map(({ kind }) => assetKinds.indexOf(kind)),
    tenancies,
    tenancyOf: nodes.map(({ tenancy }) => tenancies.indexOf(tenancy)),
    states: nodes.map((one) => stateNumber[stateOf(one, now, days)]),
    depends: flat(edges.dependencies, (one) => [
      one.dependant,
      one.dependency,
      Math.max(one.c, one.i, one.a),
    ]),
    reaches: flat(edges.reaches, (one) => [one.from, one.to, one.probability]),
  };
  return { graph, until: staleAt(nodes, now, days) };
}
