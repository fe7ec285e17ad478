import { sql } from 'kysely';
import type { Tx } from '#platform/records';

export type StoredImport = {
  readonly id: string;
  readonly format: string;
  readonly source: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly host: string;
  readonly collectedAt: Date;
  readonly at: Date;
  readonly by: { readonly id: string; readonly name: string };
  readonly counts: Readonly<Record<string, number>>;
};

/** The first import of this very file. */
export async function sameFile(
  tx: Tx,
  tenancy: string,
  file: { source: string; sha256: string; host: string },
): Promise<{ at: Date; collectedAt: Date } | undefined> {
  const { rows } = await sql<{ at: Date; collectedAt: Date }>`
    select at, collected_at as "collectedAt" from assets.import
    where tenancy_id = ${tenancy} and source = ${file.source} and sha256 = ${file.sha256} and host = ${file.host}`.execute(
    tx,
  );
  return rows[0];
}

export async function insertImport(tx: Tx, tenancy: string, one: StoredImport): Promise<void> {
  await sql`insert into assets.import (id, tenancy_id, format, source, file_name, sha256, host, collected_at, at, by_id,
      by_name, counts)
    values (${one.id}, ${tenancy}, ${one.format}, ${one.source}, ${one.fileName}, ${one.sha256}, ${one.host},
      ${one.collectedAt}, ${one.at}, ${one.by.id}, ${one.by.name}, ${JSON.stringify(one.counts)}::text::jsonb)
    on conflict do nothing`.execute(tx);
}
