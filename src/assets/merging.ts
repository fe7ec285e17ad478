import type { Actor } from '#identity';
import { Conflict, Invalid, NotFound } from '#platform/errors';
import { change, mustFind, renew } from './assets.ts';
import type { AssetDeps } from './deps.ts';
import { assetsById, insertMerge, partsOf, setRoot, type StoredAsset, undoMerge } from './store.ts';

/**
 * `other` becomes part of this one: what its sources say, its keys, software and edges count as this one's. None of its rows
 * are moved, so taking it out again gives back what was.
 * @throws {NotFound} {Invalid} {Conflict}
 */
export const mergeAssets = (
  deps: AssetDeps,
  actor: Actor,
  id: string,
  { other, why }: { other: string; why: string },
): Promise<{ id: string }> =>
  change(deps, actor, id, async (tx, asset, now) => {
    const absorbed = await mustFind(tx, actor.scope, other);
    if (absorbed.id === asset.id) throw new Conflict('The two are one asset already.');
    const refused = whyNotOne(asset, absorbed);
    if (refused !== undefined) throw new Invalid(refused);
    const parts = await partsOf(tx, actor.scope, absorbed.id);
    await setRoot(
      tx,
      parts.map((part) => part.id),
      asset.id,
      absorbed.id,
      asset.id,
    );
    await insertMerge(tx, asset.tenancy, {
      id: deps.ids.uuid(),
      kept: asset.id,
      absorbed: absorbed.id,
      why,
      by: actor.name,
      at: now,
    });
    await renew(tx, actor.scope, asset, now);
    return { action: 'asset.merged', facts: { absorbed: absorbed.id, name: absorbed.name, why } };
  });

/** Takes `other`, and what was merged into it before, out of this one again. @throws {NotFound} {Conflict} */
export const unmergeAssets = (
  deps: AssetDeps,
  actor: Actor,
  id: string,
  { other, why }: { other: string; why: string },
): Promise<{ id: string }> =>
  change(deps, actor, id, async (tx, asset, now) => {
    const [absorbed] = await assetsById(tx, actor.scope, [other]);
    if (absorbed === undefined) throw new NotFound('asset', other);
    const parts = await partsOf(tx, actor.scope, asset.id);
    if (absorbed.root !== asset.id || absorbed.mergedInto === null)
      throw new Conflict(`"${absorbed.name}" is not merged into "${asset.name}".`);
    const branch = below(absorbed, parts);
    await setRoot(tx, branch, absorbed.id, absorbed.id, null);
    await undoMerge(tx, absorbed.id, { at: now, by: actor.name, why });
    await renew(tx, actor.scope, asset, now);
    await renew(tx, actor.scope, absorbed, now);
    return { action: 'asset.unmerged', facts: { taken: absorbed.id, name: absorbed.name, why } };
  });

const machine = ({ kind }: StoredAsset): boolean => kind === 'host' || kind === 'hypervisor';
/** Why two assets can’t be made one; undefined: a person may. */
export function whyNotOne(asset: StoredAsset, other: StoredAsset): string | undefined {
  if (other.id === asset.id) return 'The two are one asset already.';
  if (other.tenancy !== asset.tenancy)
    return 'Assets of two tenancies can’t be one. Draw a dependency between them.';
  return alike(asset, other)
    ? undefined
    : `One is a ${asset.kind}, the other a ${other.kind}: these can’t be one.`;
}
const alike = (a: StoredAsset, b: StoredAsset): boolean => a.kind === b.kind || (machine(a) && machine(b));

/** The asset and all that was merged into it, at whatever distance. */
function below(top: StoredAsset, parts: readonly StoredAsset[]): string[] {
  const found = [top.id];
  for (const id of found)
    for (const part of parts) if (part.mergedInto === id && !found.includes(part.id)) found.push(part.id);
  return found;
}
