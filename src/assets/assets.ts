import type { Actor } from '#identity';
import { Conflict, Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { Answers } from './answers.ts';
import type { AssetFields, AssetList, NewAsset } from './contract.ts';
import { type AssetDeps, environmentOf, record, staleAfter } from './deps.ts';
import { type FieldName, type Fields, fieldNames, fieldsOf, type Said, valueText } from './fields.ts';
import { hostNames, type Key, keysOf, keyText } from './keys.ts';
import { keyIndex, match } from './match.ts';
import { lines, lockInventory, surroundings } from './store-inventory.ts';
import {
  assetsById,
  insertAssets,
  insertKeys,
  keysIn,
  observations,
  partsOf,
  putObservations,
  setRetired,
  type StoredAsset,
  updateAssets,
} from './store.ts';
import { lastSeen, surviving } from './survive.ts';
import { staleAt, summary } from './view.ts';

/** Everything in the actor's scope, in the order of names. */
export const listAssets = (deps: AssetDeps, actor: Actor): Promise<AssetList> =>
  deps.records.transaction(actor.scope, async (tx) => (await listed(deps, tx, actor.scope)).list);

/** The same as text, which is kept until the inventory is otherwise. */
export const listText = (deps: AssetDeps, actor: Actor, kept: Answers): Promise<string> =>
  deps.records.transaction(actor.scope, (tx) =>
    kept.of('list', tx, actor.scope, deps.clock.now(), async () => {
      const { list, until } = await listed(deps, tx, actor.scope);
      return { text: JSON.stringify(list), until };
    }),
  );

async function listed(
  deps: AssetDeps,
  tx: Tx,
  scope: Scope,
): Promise<{ list: AssetList; until: Date | undefined }> {
  const all = await lines(tx, scope);
  const around = await surroundings(tx, scope);
  const now = deps.clock.now();
  const days = staleAfter(deps);
  return {
    list: { assets: all.map((one) => summary(one, around, now, days)), total: all.length },
    until: staleAt(all, now, days),
  };
}

/** What the asset is part of, or itself. @throws {NotFound} */
export async function mustFind(tx: Tx, scope: Scope, id: string): Promise<StoredAsset> {
  const [found] = await assetsById(tx, scope, [id]);
  const [root] =
    found === undefined || found.root === found.id ? [found] : await assetsById(tx, scope, [found.root]);
  if (root === undefined) throw new NotFound('asset', id);
  return root;
}

/** @throws {NotFound} {Conflict} where a key of it is another's */
export function addAsset(deps: AssetDeps, actor: Actor, input: NewAsset): Promise<{ id: string }> {
  const { scope } = actor;
  const { tenancy, kind, ...given } = input;
  return deps.records.transaction(scope, async (tx) => {
    const environment = await environmentOf(tx, scope, tenancy);
    await lockInventory(tx, tenancy);
    const now = deps.clock.now();
    const fields = personal(given);
    const keys = keysOf({ kind, name: input.name, hostname: hostOf(kind, fields), domain: fields.domain });
    const index = keyIndex();
    for (const { asset, key } of await keysIn(tx, tenancy)) index.add(asset, [key]);
    const found = match(keys, index);
    if (found.kind !== 'new') {
      const ids = found.kind === 'same' ? [found.asset] : found.assets;
      throw new Conflict(
        `It is in the inventory already${found.kind === 'same' ? `, by ${keyText(found.by)}` : ''}. Change that one.`,
        { ids: [...ids] },
      );
    }
    const id = deps.ids.uuid();
    const stored = {
      id,
      tenancy,
      environment,
      kind,
      name: input.name,
      fields,
      root: id,
      mergedInto: null,
      retiredAt: null,
      retiredWhy: null,
      seenAt: null,
      revision: 1,
      addedAt: now,
      changedAt: now,
    };
    await insertAssets(tx, [stored]);
    await say(tx, stored, personSays(undefined, given, now), now);
    await insertKeys(
      tx,
      tenancy,
      keys.map((key) => ({ ...key, asset: id, source: 'person', at: now })),
    );
    await record(deps, tx, actor, {
      action: 'asset.added',
      subject: `asset/${id}`,
      tenancy,
      environments: [environment],
      facts: { kind, ...fields },
    });
    return { id };
  });
}

const hostOf = (kind: NewAsset['kind'], fields: Fields): string | undefined =>
  fields.hostname ?? (kind === 'host' || kind === 'hypervisor' ? fields.name : undefined);

type Given = AssetFields;
const personal = (given: Given): Fields =>
  fieldsOf(
    Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        typeof value === 'object' && value !== null ? valueText(value) : value,
      ]),
    ),
  );

/** A person's word holds above all others; null takes it back. */
function personSays(before: Said | undefined, given: Given, now: Date): Said {
  const said: { [Name in FieldName]?: { v: string; at: string } } = { ...before };
  const fields = personal(given);
  for (const name of fieldNames) {
    const value = fields[name];
    if (value !== undefined) said[name] = { v: value, at: now.toISOString() };
    else if (Object.hasOwn(given, name) && member(given, name) === null) delete said[name];
  }
  return said;
}
const member = (given: Given, name: FieldName): unknown =>
  (given as { readonly [name: string]: unknown })[name]; // reading only

const say = (tx: Tx, asset: Pick<StoredAsset, 'id' | 'tenancy'>, said: Said, now: Date): Promise<void> =>
  putObservations(tx, asset.tenancy, [
    { asset: asset.id, source: 'person', format: 'person', seenAt: now, firstSeenAt: now, said },
  ]);

/** @throws {NotFound} {Invalid} */
export function changeAsset(
  deps: AssetDeps,
  actor: Actor,
  id: string,
  given: AssetFields,
): Promise<{ id: string }> {
  return change(deps, actor, id, async (tx, asset, now) => {
    if (given.hostname !== undefined && given.hostname !== null && hostNames(given.hostname) === undefined)
      throw new Invalid(`"${given.hostname.slice(0, 80)}" is no host's name.`);
    const parts = await partsOf(tx, actor.scope, asset.id);
    const all = await observations(
      tx,
      parts.map((part) => part.id),
    );
    const own = all.find((one) => one.asset === asset.id && one.source === 'person');
    const said = personSays(own?.said, given, now);
    await say(tx, asset, said, now);
    const keys: Key[] = keysOf({
      kind: asset.kind,
      name: given.name,
      hostname: given.hostname ?? undefined,
      domain: given.domain ?? undefined,
    });
    await insertKeys(
      tx,
      asset.tenancy,
      keys.map((key) => ({ ...key, asset: asset.id, source: 'person', at: now })),
    );
    await renew(tx, actor.scope, asset, now);
    const fields = personal(given);
    return {
      action: 'asset.changed',
      facts: Object.fromEntries(
        Object.keys(given)
          .sort()
          .map((name) => [
            name,
            { from: asset.fields[name as FieldName] ?? null, to: fields[name as FieldName] ?? null },
          ]), // names of the contract are fields
      ),
    };
  });
}

/** Works out again what holds of an asset, from what all its parts' sources say. */
export async function renew(tx: Tx, scope: Scope, asset: StoredAsset, now: Date): Promise<void> {
  const parts = await partsOf(tx, scope, asset.id);
  const all = await observations(
    tx,
    parts.map((part) => part.id),
  );
  const fields = surviving(all);
  await updateAssets(tx, [
    {
      id: asset.id,
      kind:
        parts.some(({ kind }) => kind === 'hypervisor') && asset.kind === 'host' ? 'hypervisor' : asset.kind,
      name: fields.name ?? asset.name,
      fields,
      seenAt: lastSeen(all),
      changedAt: now,
      quiet: false,
    },
  ]);
}

/** @throws {NotFound} {Conflict} */
export const retireAsset = (
  deps: AssetDeps,
  actor: Actor,
  id: string,
  why: string,
): Promise<{ id: string }> =>
  change(deps, actor, id, async (tx, asset, now) => {
    if (asset.retiredAt !== null) throw new Conflict(`"${asset.name}" is retired already.`);
    await setRetired(tx, asset.id, now, { why });
    return { action: 'asset.retired', facts: { why } };
  });

/** @throws {NotFound} {Conflict} */
export const restoreAsset = (
  deps: AssetDeps,
  actor: Actor,
  id: string,
  why: string,
): Promise<{ id: string }> =>
  change(deps, actor, id, async (tx, asset, now) => {
    if (asset.retiredAt === null) throw new Conflict(`"${asset.name}" is not retired.`);
    await setRetired(tx, asset.id, now, null);
    return { action: 'asset.restored', facts: { why } };
  });

type Facts = Parameters<typeof record>[3]['facts'];

/** One change of one asset, alone in its tenancy's inventory, with its entry in the ledger. */
export function change(
  deps: AssetDeps,
  actor: Actor,
  id: string,
  work: (tx: Tx, asset: StoredAsset, now: Date) => Promise<{ action: string; facts: Facts }>,
): Promise<{ id: string }> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const { tenancy } = await mustFind(tx, scope, id);
    await lockInventory(tx, tenancy);
    const asset = await mustFind(tx, scope, id);
    const { action, facts } = await work(tx, asset, deps.clock.now());
    await record(deps, tx, actor, {
      action,
      subject: `asset/${asset.id}`,
      tenancy,
      environments: [asset.environment],
      facts,
    });
    return { id: asset.id };
  });
}
