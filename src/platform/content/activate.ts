import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { ContentPack } from './contract.ts';
import { type ContentDeps, type ContentKeeper, mustKeep } from './deps.ts';
import { PackOlder } from './errors.ts';
import type { ContentKind } from './kinds.ts';
import type { PackKey } from './keys.ts';
import {
  activatePack,
  deactivatePack,
  getPack,
  listPacks,
  lockName,
  removePack,
  rollBackPack,
} from './store.ts';
import type { Pack } from './pack.ts';
import { allKeys, mustBeTrusted } from './trust.ts';
import { isOlder, packView } from './view.ts';

const access = systemAccess('content packs are of no tenancy');

/** @throws {NotFound} {PackUntrusted} {PackOlder} {NotAllowed} and what the kind throws */
export function setActive(
  deps: ContentDeps,
  actor: ContentKeeper,
  id: string,
  { active, older = false }: { active: boolean; older?: boolean },
): Promise<ContentPack> {
  return change(deps, actor, id, async (tx, pack, kind, keys) => {
    if (pack.active === active) return;
    if (active) return activateIn(deps, tx, actor, { kind, pack, keys, older });
    const gone = await deactivatePack(tx, id);
    await kind?.deactivated?.(tx, { pack: gone, actor, now: deps.clock.now() });
    await note(deps, tx, actor, 'content.deactivated', pack);
  });
}

/** Back to the version that was active before the one that is. @throws {PackInUse} where there was none {PackUntrusted} */
export async function rollBack(
  deps: ContentDeps,
  actor: ContentKeeper,
  { kind: kindName, name }: { kind: string; name: string },
): Promise<ContentPack> {
  const kind = deps.kinds.find((one) => one.kind === kindName);
  mustKeep(actor, kind);
  return deps.records.transaction(access, async (tx) => {
    await lockName(tx, kindName, name);
    const before = (await listPacks(tx, kindName)).find((one) => one.name === name && one.active);
    const now = deps.clock.now();
    const pack = await rollBackPack(tx, kindName, name, actor.name, now);
    const keys = await allKeys(deps, tx);
    mustBeTrusted(pack, keys, deps.plain);
    await kind?.activated?.(tx, { pack, before, actor, now });
    await note(deps, tx, actor, 'content.rolled-back', pack, before && { from: before.version });
    return packView(pack, await listPacks(tx, kindName), keys);
  });
}

/** Forgets a version that is not active. @throws {NotFound} {PackInUse} and what the kind throws */
export async function remove(deps: ContentDeps, actor: ContentKeeper, id: string): Promise<void> {
  await change(deps, actor, id, async (tx, pack, kind) => {
    // What was made of it goes first: it may refer to the pack.
    if (!pack.active) await kind?.removed?.(tx, pack);
    await removePack(tx, id);
    await note(deps, tx, actor, 'content.removed', pack);
  });
}

/**
 * In the transaction of a module that puts a version to use where its kind decides (for one system of several): as trusted
 * as any activation, and noted as one where it was not active.
 * @throws {NotFound} {PackUntrusted}
 */
export async function usePack(deps: ContentDeps, tx: Tx, actor: ContentKeeper, id: string): Promise<void> {
  const pack = await getPack(tx, id);
  await lockName(tx, pack.kind, pack.name);
  mustBeTrusted(pack, await allKeys(deps, tx), deps.plain);
  if ((await getPack(tx, id)).active) return;
  await activatePack(tx, id, actor.name, deps.clock.now());
  await note(deps, tx, actor, 'content.activated', pack);
}

/** In the transaction that has the name's lock. */
export async function activateIn(
  deps: ContentDeps,
  tx: Tx,
  actor: ContentKeeper,
  {
    kind,
    pack,
    keys,
    older,
  }: { kind: ContentKind | undefined; pack: Pack; keys: readonly Pick<PackKey, 'id'>[]; older: boolean },
): Promise<void> {
  if (pack.active) return;
  mustBeTrusted(pack, keys, deps.plain);
  const versions = await listPacks(tx, pack.kind);
  const stepsBack = isOlder(pack, versions);
  if (stepsBack && !older)
    throw new PackOlder(
      `"${pack.name}" ${pack.version} was made before a version that is or was used. If it is meant to go back, roll back, or activate it as an older one (--older).`,
      { id: pack.id, version: pack.version },
    );
  const before = versions.find((one) => one.name === pack.name && one.active);
  const now = deps.clock.now();
  const activated = await activatePack(tx, pack.id, actor.name, now);
  await kind?.activated?.(tx, { pack: activated, before, actor, now });
  await note(deps, tx, actor, 'content.activated', pack, {
    ...(before && { from: before.version }),
    ...(stepsBack && { older: true }),
  });
}

function change(
  deps: ContentDeps,
  actor: ContentKeeper,
  id: string,
  work: (
    tx: Tx,
    pack: Pack,
    kind: ContentKind | undefined,
    keys: Awaited<ReturnType<typeof allKeys>>,
  ) => Promise<void>,
): Promise<ContentPack> {
  return deps.records.transaction(access, async (tx) => {
    const { kind: kindName, name } = await getPack(tx, id);
    // A pack outlives the module that understood it: it can still be put at rest and removed.
    const kind = deps.kinds.find((one) => one.kind === kindName);
    mustKeep(actor, kind);
    await lockName(tx, kindName, name);
    const pack = await getPack(tx, id);
    const keys = await allKeys(deps, tx);
    await work(tx, pack, kind, keys);
    const versions = await listPacks(tx, kindName);
    return packView(versions.find((one) => one.id === id) ?? { ...pack, active: false }, versions, keys);
  });
}

const note = (
  { ledger }: ContentDeps,
  tx: Tx,
  actor: ContentKeeper,
  action: string,
  { id, kind, name, version, sha256 }: Pack,
  facts: Readonly<Record<string, string | boolean>> = {},
): Promise<unknown> =>
  ledger.record(tx, {
    actor,
    action,
    subject: `content-pack/${id}`,
    facts: { kind, name, version, sha256, ...facts },
  });
