import { Conflict } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { TrustedKey } from './contract.ts';
import type { ContentDeps, ContentKeeper } from './deps.ts';
import { PackUntrusted } from './errors.ts';
import { packKey, type PackKey } from './keys.ts';
import type { Pack } from './pack.ts';
import { deleteKey, insertKey, trustedKeys } from './store.ts';

const access = systemAccess('whose packs are taken is of no tenancy');

/** Those of the configuration, then those that were added. */
export async function allKeys({ trusted }: Pick<ContentDeps, 'trusted'>, tx: Tx): Promise<TrustedKey[]> {
  const added = (await trustedKeys(tx)).filter(({ id }) => !trusted.some((key) => key.id === id));
  return [
    ...trusted.map((key) => ({ ...key, addedAt: null, addedBy: null })),
    ...added.map((key) => ({ ...key, addedAt: key.addedAt.toISOString() })),
  ];
}

/** @throws {Invalid} {Conflict} */
export async function addKey(
  deps: ContentDeps,
  actor: ContentKeeper,
  name: string,
  pem: string,
): Promise<TrustedKey> {
  const key = packKey(name, pem);
  return deps.records.transaction(access, async (tx) => {
    const at = deps.clock.now();
    const known = deps.trusted.some(({ id }) => id === key.id);
    if (known || !(await insertKey(tx, key, actor.name, at)))
      throw new Conflict(`The key ${key.id} is trusted already.`, { key: key.id });
    await deps.ledger.record(tx, {
      actor,
      action: 'content.trusted',
      subject: `content-key/${key.id}`,
      facts: { name, algorithm: key.algorithm },
    });
    return { ...key, addedAt: at.toISOString(), addedBy: actor.name };
  });
}

/** Packs it signed stay as they are, and can't be activated any more. @throws {NotFound} {Conflict} */
export async function removeKey(deps: ContentDeps, actor: ContentKeeper, id: string): Promise<void> {
  if (deps.trusted.some((key) => key.id === id))
    throw new Conflict('This key is in the configuration (contentTrust). Take it out there.', { key: id });
  await deps.records.transaction(access, async (tx) => {
    const name = await deleteKey(tx, id);
    await deps.ledger.record(tx, {
      actor,
      action: 'content.distrusted',
      subject: `content-key/${id}`,
      facts: { name },
    });
  });
}

/** @throws {PackUntrusted} where this pack may not be used as things stand now */
export function mustBeTrusted(
  pack: Pick<Pack, 'name' | 'version' | 'signedBy' | 'shipped'>,
  keys: readonly Pick<PackKey, 'id'>[],
  plain: ContentDeps['plain'],
): void {
  if (pack.shipped) return;
  const title = `"${pack.name}" ${pack.version}`;
  if (pack.signedBy === null) {
    if (plain === 'refused')
      throw new PackUntrusted(
        title,
        'nobody signed it, and plain packs are refused here (contentPlain). Sign it: ironbark content pack DIR --sign KEY.',
      );
    return;
  }
  if (!keys.some(({ id }) => id === pack.signedBy))
    throw new PackUntrusted(title, `the key that signed it (${pack.signedBy}) is not trusted any more.`);
}
