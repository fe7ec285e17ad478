import type { Actor } from '#identity';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { AssetDetail, SoftwareList } from './contract.ts';
import { mustFind } from './assets.ts';
import { type AssetDeps, staleAfter } from './deps.ts';
import { fieldNames } from './fields.ts';
import { keyText } from './keys.ts';
import { degreeOf, valuesOf } from './reading.ts';
import { type Dependency, dependencies, gates, type Gate, type Reach, reaches } from './store-edges.ts';
import { installed } from './store-software.ts';
import {
  assetsById,
  keysOfAssets,
  mergesInto,
  observations,
  partsOf,
  sharingKeys,
  type StoredAsset,
  type StoredObservation,
} from './store.ts';
import { words } from './survive.ts';
import { summary } from './view.ts';

/** Everything that is known of one asset, and who says so. @throws {NotFound} */
export function showAsset(deps: AssetDeps, actor: Actor, id: string): Promise<AssetDetail> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const asset = await mustFind(tx, scope, id);
    const parts = await partsOf(tx, scope, asset.id);
    const partIds = parts.map((part) => part.id);
    const said = await observations(tx, partIds);
    const around = await edgesAround(tx, scope, asset);
    const lists = await installed(tx, scope, [asset.id]);
    const once = new Set(lists.map((one) => `${one.type} ${one.name} ${one.version} ${one.architecture}`));
    const facts = {
      sources: new Map([[asset.id, [...new Set(said.map(({ source }) => source))].sort()]]),
      packages: new Map([[asset.id, once.size]]),
      dependsOn: new Map([[asset.id, around.dependencies.length]]),
      dependedBy: new Map([[asset.id, around.dependants.length]]),
    };
    const values = valuesOf(asset.fields);
    return {
      ...summary(asset, facts, deps.clock.now(), staleAfter(deps)),
      revision: asset.revision,
      addedAt: asset.addedAt.toISOString(),
      changedAt: asset.changedAt.toISOString(),
      retiredWhy: asset.retiredWhy,
      values: { c: values.c ?? null, i: values.i ?? null, a: values.a ?? null },
      fields: fieldsShown(said),
      keys: (await keysOfAssets(tx, partIds)).map(({ kind, value, source, firstSeenAt }) => ({
        kind,
        value,
        source,
        firstSeenAt: firstSeenAt.toISOString(),
      })),
      seenBy: said.map((one) => ({
        source: one.source,
        seenAt: one.seenAt.toISOString(),
        firstSeenAt: one.firstSeenAt.toISOString(),
        fields: Object.keys(one.said).length,
      })),
      ...around,
      merged: (await mergesInto(tx, partIds)).map((one) => ({
        id: one.absorbed,
        name: one.name,
        at: one.at.toISOString(),
        by: one.by,
        why: one.why,
      })),
      alike: (await sharingKeys(tx, scope, asset.id)).map((one) => ({ ...ended(one), by: keyText(one.by) })),
    };
  });
}

const ended = ({ id, name, kind, tenancy }: StoredAsset) => ({ id, name, kind, tenancy });

function fieldsShown(said: readonly StoredObservation[]): AssetDetail['fields'] {
  return fieldNames.flatMap((name) => {
    const [first, ...others] = words(said, name);
    return first === undefined
      ? []
      : [{ name, ...first, others: others.filter(({ value }) => value !== first.value) }];
  });
}

type Around = Pick<AssetDetail, 'dependencies' | 'dependants' | 'reaches' | 'reachedFrom' | 'elsewhere'>;
async function edgesAround(tx: Tx, scope: Scope, asset: StoredAsset): Promise<Around> {
  const depends = await dependencies(tx, scope, [asset.id]);
  const steps = await reaches(tx, scope, [asset.id]);
  const others = [
    ...depends.flatMap((one) => [one.dependant, one.dependency]),
    ...steps.flatMap((one) => [one.from, one.to]),
  ];
  const ends = new Map((await assetsById(tx, scope, others)).map((one) => [one.id, one]));
  const gateOf = new Map((await gates(tx, scope)).map((one) => [`${one.dependant} ${one.name}`, one]));
  let elsewhere = 0;
  const at = (id: string): StoredAsset | undefined => {
    const found = ends.get(id);
    if (found === undefined) elsewhere++;
    return found;
  };
  const edge = (one: Dependency, end: string): AssetDetail['dependencies'] => {
    const other = at(end);
    if (other === undefined) return [];
    const gate: Gate | undefined = one.gate === null ? undefined : gateOf.get(`${one.dependant} ${one.gate}`);
    return [
      {
        asset: ended(other),
        c: degreeOf(one.c),
        i: degreeOf(one.i),
        a: degreeOf(one.a),
        gate: gate === undefined ? null : { name: gate.name, kind: gate.kind, k: gate.k },
        source: one.source,
        note: one.note,
        at: one.at.toISOString(),
      },
    ];
  };
  const step = (one: Reach, end: string): AssetDetail['reaches'] => {
    const other = at(end);
    if (other === undefined) return [];
    return [
      {
        asset: ended(other),
        via: one.via,
        probability: one.probability,
        note: one.note,
        at: one.at.toISOString(),
      },
    ];
  };
  return {
    dependencies: depends
      .filter((one) => one.dependant === asset.id)
      .flatMap((one) => edge(one, one.dependency))
      .sort(byName),
    dependants: depends
      .filter((one) => one.dependency === asset.id)
      .flatMap((one) => edge(one, one.dependant))
      .sort(byName),
    reaches: steps
      .filter((one) => one.from === asset.id)
      .flatMap((one) => step(one, one.to))
      .sort(byName),
    reachedFrom: steps
      .filter((one) => one.to === asset.id)
      .flatMap((one) => step(one, one.from))
      .sort(byName),
    elsewhere,
  };
}

type Ended = { readonly asset: { readonly name: string; readonly id: string } };
const byName = (a: Ended, b: Ended): number =>
  a.asset.name.localeCompare(b.asset.name, 'en-AU') || (a.asset.id < b.asset.id ? -1 : 1);

const page = 500;
/** @throws {NotFound} */
export function listSoftware(
  deps: AssetDeps,
  actor: Actor,
  id: string,
  { text, from }: { text: string; from: number },
): Promise<SoftwareList> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const asset = await mustFind(tx, scope, id);
    const wanted = text.trim().toLowerCase();
    const all = (await installed(tx, scope, [asset.id])).filter(
      ({ name, purl }) =>
        wanted === '' || name.toLowerCase().includes(wanted) || purl.toLowerCase().includes(wanted),
    );
    return {
      software: all
        .slice(from, from + page)
        .map(({ asset: _asset, seenAt, ...one }) => ({ ...one, seenAt: seenAt.toISOString() })),
      total: all.length,
    };
  });
}
