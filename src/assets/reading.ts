import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { AssetKind, AssetValue, Degree, Exposure, GateKind, ReachVia } from './contract.ts';
import { type Fields, readValue } from './fields.ts';
import * as edges from './store-edges.ts';
import { installed, type Installed } from './store-software.ts';
import { roots, type StoredAsset } from './store.ts';
import { exposureOf, stateOf } from './view.ts';

/** An asset as other modules read it. */
export type Asset = {
  readonly id: string;
  readonly tenancy: string;
  readonly environment: string;
  readonly kind: AssetKind;
  readonly name: string;
  readonly fields: Fields;
  /** Undefined: nobody said what its loss would mean. */
  readonly value: {
    readonly c: AssetValue | undefined;
    readonly i: AssetValue | undefined;
    readonly a: AssetValue | undefined;
  };
  /** Undefined: nobody knows. */
  readonly exposure: Exposure | undefined;
  readonly retired: boolean;
  readonly seenAt: Date | null;
};

export type DependencyEdge = {
  readonly dependant: string;
  readonly dependency: string;
  readonly c: Degree;
  readonly i: Degree;
  readonly a: Degree;
  /** A gate's name, of the dependant. */
  readonly gate: string | undefined;
};
export type GateOf = {
  readonly dependant: string;
  readonly name: string;
  readonly kind: GateKind;
  readonly k: number | undefined;
};
export type ReachEdge = {
  readonly from: string;
  readonly to: string;
  readonly via: ReachVia;
  readonly probability: number;
};
export type AssetEdges = {
  readonly dependencies: readonly DependencyEdge[];
  readonly gates: readonly GateOf[];
  readonly reaches: readonly ReachEdge[];
};

const valueOf = (text: string | undefined): AssetValue | undefined =>
  text === undefined ? undefined : readValue(text);

export const valuesOf = (fields: Fields): Asset['value'] => ({
  c: valueOf(fields.confidentiality),
  i: valueOf(fields.integrity),
  a: valueOf(fields.availability),
});

/** Every asset in scope, merged ones as one. */
export async function assetsOf(tx: Tx, scope: Scope): Promise<Asset[]> {
  return (await roots(tx, scope)).map((one) => ({
    id: one.id,
    tenancy: one.tenancy,
    environment: one.environment,
    kind: one.kind,
    name: one.name,
    fields: one.fields,
    value: valuesOf(one.fields),
    exposure: exposureOf(one.fields) ?? undefined,
    retired: one.retiredAt !== null,
    seenAt: one.seenAt,
  }));
}

// The table holds no other numbers.
export const degreeOf = (percent: number): Degree => (percent / 100) as Degree;

/**
 * Every edge in scope. Where merged assets had the same edge, the strongest holds. An end that is out of scope keeps its id:
 * a tenancy's host may depend on the provider's hypervisor.
 */
export async function edgesOf(tx: Tx, scope: Scope): Promise<AssetEdges> {
  const dependencies = new Map<string, DependencyEdge>();
  for (const one of await edges.wholeDependencies(tx, scope)) {
    const key = `${one.dependant} ${one.dependency}`;
    const before = dependencies.get(key);
    const most = (a: number, b: Degree | undefined): Degree => degreeOf(Math.max(a, (b ?? 0) * 100));
    dependencies.set(key, {
      dependant: one.dependant,
      dependency: one.dependency,
      c: most(one.c, before?.c),
      i: most(one.i, before?.i),
      a: most(one.a, before?.a),
      gate: before === undefined ? (one.gate ?? undefined) : (before.gate ?? one.gate ?? undefined),
    });
  }
  const reaches = new Map<string, ReachEdge>();
  for (const { from, to, via, probability } of await edges.reaches(tx, scope)) {
    const key = `${from} ${to} ${via}`;
    if ((reaches.get(key)?.probability ?? -1) < probability) reaches.set(key, { from, to, via, probability });
  }
  const gates = (await edges.gates(tx, scope)).map((one) => ({ ...one, k: one.k ?? undefined }));
  return { dependencies: [...dependencies.values()], gates, reaches: [...reaches.values()] };
}

/** What is installed, by asset; of these assets only, or of all in scope. */
export const softwareOf = (tx: Tx, scope: Scope, ids?: readonly string[]): Promise<Installed[]> =>
  installed(tx, scope, ids);

export type InventoryCount = {
  readonly environment: string;
  readonly tenancy: string;
  readonly kind: AssetKind;
  readonly active: number;
  readonly stale: number;
  readonly retired: number;
};

/** The populations that evidence is measured against. */
export async function inventoryCount(
  tx: Tx,
  scope: Scope,
  at: { readonly now: Date; readonly staleAfterDays?: number },
): Promise<InventoryCount[]> {
  const all = Map.groupBy(await roots(tx, scope), (one) => `${one.tenancy} ${one.kind}`);
  return [...all.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const count = (state: string): number =>
      group.filter((one: StoredAsset) => stateOf(one, at.now, at.staleAfterDays ?? 30) === state).length;
    return {
      environment: first.environment,
      tenancy: first.tenancy,
      kind: first.kind,
      active: count('active'),
      stale: count('stale'),
      retired: count('retired'),
    };
  });
}
