import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { PackInUse } from './errors.ts';
import type { PackKey } from './keys.ts';
import type { ContentFault, NewPack, Pack } from './pack.ts';
import type { PackFile, PackFiles } from './pack-files.ts';

type PackTable = {
  id: string;
  kind: string;
  name: string;
  version: string;
  sha256: string;
  origin: string;
  imported_at: Date;
  imported_by: string;
  files: number;
  bytes: number;
  active: boolean;
  signed_by: string | null;
  signed_at: Date | null;
  shipped: boolean;
  facts: unknown;
  faults: unknown;
  archive: Buffer;
};
type ActivationTable = { kind: string; name: string; pack_id: string; at: Date; by: string };
type Tables = { 'platform.content_pack': PackTable; 'platform.content_activation': ActivationTable };

/** `Records.onChange` on this channel hears the kind whose active packs changed. */
export const contentChanged = 'content';

const shown = [
  'id',
  'kind',
  'name',
  'version',
  'sha256',
  'origin',
  'imported_at',
  'imported_by',
  'files',
  'bytes',
  'active',
  'signed_by',
  'signed_at',
  'shipped',
  'facts',
] as const;

/**
 * Keeps a pack as a version beside the others; it is not active yet.
 * @returns the pack, or the one that is there already where its content is the same
 */
export async function savePack(tx: Tx, pack: NewPack, { files, sha256, bytes }: PackFiles): Promise<Pack> {
  const tables = tx.withTables<Tables>();
  const same = await tables
    .selectFrom('platform.content_pack')
    .select(shown)
    .where('kind', '=', pack.kind)
    .where('name', '=', pack.name)
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  if (same !== undefined) return asPack(same);
  const { importedAt, importedBy, signedBy, signedAt, shipped, facts, faults, ...rest } = pack;
  const row = {
    ...rest,
    sha256,
    imported_at: importedAt,
    imported_by: importedBy,
    files: files.length,
    bytes,
    active: false,
    signed_by: signedBy ?? null,
    signed_at: signedAt ?? null,
    shipped: shipped ?? false,
    facts: facts ?? {},
  };
  await tables
    .insertInto('platform.content_pack')
    .values({
      ...row,
      facts: json(row.facts),
      faults: json(faults ?? []),
      archive: gzipSync(JSON.stringify(files)),
    })
    .execute();
  return asPack(row);
}

/** A version that was plain, and came again with a signature. */
export async function vouchForPack(tx: Tx, id: string, signedBy: string, signedAt: Date): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('platform.content_pack')
    .set({ signed_by: signedBy, signed_at: signedAt })
    .where('id', '=', id)
    .execute();
}

/** By kind and name, newest first. @param kind of this one only */
export async function listPacks(tx: Tx, kind?: string): Promise<Pack[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('platform.content_pack')
    .select(shown)
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? ''))
    .orderBy('kind')
    .orderBy('name')
    .orderBy('imported_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(asPack);
}

/** @throws {NotFound} */
export async function packFiles(tx: Tx, id: string): Promise<PackFile[]> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('platform.content_pack')
    .select('archive')
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new NotFound('content pack', id);
  return JSON.parse(gunzipSync(row.archive).toString('utf8')) as PackFile[]; // written by savePack
}

/** @throws {NotFound} */
export async function packFaults(tx: Tx, id: string): Promise<ContentFault[]> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('platform.content_pack')
    .select('faults')
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new NotFound('content pack', id);
  return row.faults as ContentFault[]; // written by savePack
}

/** When versions of a name were made active, and by whom; newest first. */
export async function packActivations(
  tx: Tx,
  kind: string,
  name: string,
): Promise<{ packId: string; at: Date; by: string }[]> {
  const { rows } = await sql<{ pack_id: string; at: Date; by: string }>`
    select pack_id, at, by from platform.content_activation where kind = ${kind} and name = ${name}
    order by number desc limit 200`.execute(tx);
  return rows.map(({ pack_id: packId, at, by }) => ({ packId, at, by }));
}

/** One change to the versions of a name at a time, until the transaction ends. */
export async function lockName(tx: Tx, kind: string, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`content ${kind} ${name}`}))`.execute(tx);
}

export async function trustedKeys(tx: Tx): Promise<(PackKey & { addedAt: Date; addedBy: string })[]> {
  const { rows } = await sql<PackKey & { addedAt: Date; addedBy: string }>`
    select id, name, algorithm, public_key as "publicKey", added_at as "addedAt", added_by as "addedBy"
    from platform.content_key order by name, id`.execute(tx);
  return rows;
}

/** @returns false where it is trusted already */
export async function insertKey(tx: Tx, key: PackKey, by: string, at: Date): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    insert into platform.content_key (id, name, algorithm, public_key, added_at, added_by)
    values (${key.id}, ${key.name}, ${key.algorithm}, ${key.publicKey}, ${at}, ${by})
    on conflict do nothing returning id`.execute(tx);
  return rows.length > 0;
}

/** @throws {NotFound} */
export async function deleteKey(tx: Tx, id: string): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    delete from platform.content_key where id = ${id} returning name`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new NotFound('trusted key', id);
  return row.name;
}

/** Makes it the one of its name that is used. @throws {NotFound} */
export async function activatePack(tx: Tx, id: string, by: string, at: Date): Promise<Pack> {
  const pack = await getPack(tx, id);
  if (pack.active) return pack;
  const tables = tx.withTables<Tables>();
  await tables
    .updateTable('platform.content_pack')
    .set({ active: false })
    .where('kind', '=', pack.kind)
    .where('name', '=', pack.name)
    .where('active', '=', true)
    .execute();
  await tables.updateTable('platform.content_pack').set({ active: true }).where('id', '=', id).execute();
  await tables
    .insertInto('platform.content_activation')
    .values({ kind: pack.kind, name: pack.name, pack_id: id, at, by })
    .execute();
  await sql`select pg_notify(${contentChanged}, ${pack.kind})`.execute(tx);
  return { ...pack, active: true };
}

/**
 * Back to the version that was active before the one that is.
 * @throws {PackInUse} where there was none, or it was removed
 */
export async function rollBackPack(tx: Tx, kind: string, name: string, by: string, at: Date): Promise<Pack> {
  const before = await sql<{ pack_id: string }>`
    select a.pack_id from platform.content_activation a join platform.content_pack p on p.id = a.pack_id
    where a.kind = ${kind} and a.name = ${name} and not p.active
    order by a.number desc limit 1`.execute(tx);
  const id = before.rows[0]?.pack_id;
  if (id === undefined)
    throw new PackInUse(`"${name}" has no earlier version to go back to.`, { kind, name });
  return activatePack(tx, id, by, at);
}

/** No version of the name is used any more, until one is activated. @throws {NotFound} */
export async function deactivatePack(tx: Tx, id: string): Promise<Pack> {
  const pack = await getPack(tx, id);
  await tx
    .withTables<Tables>()
    .updateTable('platform.content_pack')
    .set({ active: false })
    .where('id', '=', id)
    .execute();
  await sql`select pg_notify(${contentChanged}, ${pack.kind})`.execute(tx);
  return { ...pack, active: false };
}

/** @throws {PackInUse} while it is active; {NotFound} */
export async function removePack(tx: Tx, id: string): Promise<Pack> {
  const pack = await getPack(tx, id);
  if (pack.active)
    throw new PackInUse(
      `"${pack.name}" ${pack.version} is active. Activate another version, or none, first.`,
      { id },
    );
  await tx.withTables<Tables>().deleteFrom('platform.content_pack').where('id', '=', id).execute();
  return pack;
}

/** @throws {NotFound} */
export async function getPack(tx: Tx, id: string): Promise<Pack> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('platform.content_pack')
    .select(shown)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new NotFound('content pack', id);
  return asPack(row);
}

function asPack({
  imported_at,
  imported_by,
  signed_by,
  signed_at,
  facts,
  ...rest
}: Omit<PackTable, 'archive' | 'faults'>): Pack {
  return {
    ...rest,
    importedAt: imported_at,
    importedBy: imported_by,
    signedBy: signed_by,
    signedAt: signed_at,
    facts: facts as Pack['facts'], // written by savePack
  };
}

/** What foreign files brought: jsonb refuses NUL and half surrogates. */
const json = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.toWellFormed().replaceAll('\0', '\uFFFD') : part,
  );
