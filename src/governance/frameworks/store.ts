import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Edition, EditionControl, Profile } from './catalogue.ts';

type EditionRow = {
  id: string;
  framework: string;
  version: string;
  title: string;
  origin: string;
  oscal_version: string;
  published_at: Date | null;
  own: boolean;
  remark: string;
  pack_id: string;
  imported_at: Date;
  imported_by: string;
};

const columns = sql.raw(
  'id, framework, version, title, origin, oscal_version, published_at, own, remark, pack_id, imported_at, imported_by',
);

/** By framework, newest version last. */
export async function editions(tx: Tx): Promise<(Edition & { readonly assessed: number })[]> {
  const { rows } = await sql<EditionRow & { assessed: number }>`
    select ${columns}, (select count(*)::int from governance.edition_control c where c.edition_id = edition.id and c.assessed)
      as assessed
    from governance.edition order by framework, published_at nulls first, imported_at, id`.execute(tx);
  return rows.map((row) => ({ ...asEdition(row), assessed: row.assessed }));
}

export async function editionOf(tx: Tx, id: string): Promise<Edition | undefined> {
  const { rows } = await sql<EditionRow>`select ${columns} from governance.edition where id = ${id}`.execute(
    tx,
  );
  return rows.map(asEdition)[0];
}

export async function editionNamed(tx: Tx, framework: string, version: string): Promise<Edition | undefined> {
  const { rows } = await sql<EditionRow>`
    select ${columns} from governance.edition where framework = ${framework} and version = ${version}`.execute(
    tx,
  );
  return rows.map(asEdition)[0];
}

export async function insertEdition(
  tx: Tx,
  edition: Edition,
  controls: readonly EditionControl[],
  profiles: readonly Profile[],
): Promise<void> {
  await sql`
    insert into governance.edition (${columns}) values (${edition.id}, ${edition.framework}, ${edition.version},
      ${edition.title}, ${edition.origin}, ${edition.oscalVersion}, ${edition.publishedAt ?? null}, ${edition.own},
      ${edition.remark}, ${edition.packId}, ${edition.importedAt}, ${edition.importedBy})`.execute(tx);
  const rows = controls.map((one, position) => ({
    control_id: one.id,
    assessed: one.assessed,
    label: one.label,
    title: one.title,
    statement: one.statement,
    statement_hash: one.statementHash,
    guidance: one.guidance,
    path: one.path,
    applicability: one.applicability,
    e8_levels: one.e8Levels,
    revision: one.revision ?? null,
    updated: one.updated ?? null,
    sort_id: one.sortId,
    position,
  }));
  await sql`
    insert into governance.edition_control
    select ${edition.id}, control_id, assessed, label, title, statement, statement_hash, guidance, path, applicability,
      e8_levels, revision, updated, sort_id, position
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as one (control_id text, assessed boolean, label text,
      title text, statement text, statement_hash text, guidance text, path text[], applicability text[],
      e8_levels text[], revision integer, updated text, sort_id text, position integer)`.execute(tx);
  for (const { id, title, derived, controls: ids } of profiles)
    await sql`
      insert into governance.edition_profile (edition_id, profile, title, derived, control_ids)
      values (${edition.id}, ${id}, ${title}, ${derived}, ${[...ids]}::text[])`.execute(tx);
}

export async function profilesOf(tx: Tx, edition: string): Promise<Profile[]> {
  const { rows } = await sql<{ profile: string; title: string; derived: boolean; control_ids: string[] }>`
    select profile, title, derived, control_ids from governance.edition_profile where edition_id = ${edition}
    order by derived, profile`.execute(tx);
  return rows.map((row) => ({
    id: row.profile,
    title: row.title,
    derived: row.derived,
    controls: row.control_ids,
  }));
}

type ControlRow = {
  control_id: string;
  assessed: boolean;
  label: string;
  title: string;
  statement: string;
  statement_hash: string;
  guidance: string;
  path: string[];
  applicability: string[];
  e8_levels: string[];
  revision: number | null;
  updated: string | null;
  sort_id: string;
};

/** All of an edition, in its order. */
export async function editionControls(tx: Tx, edition: string): Promise<EditionControl[]> {
  const { rows } = await sql<ControlRow>`
    select control_id, assessed, label, title, statement, statement_hash, guidance, path, applicability, e8_levels,
      revision, updated, sort_id
    from governance.edition_control where edition_id = ${edition} order by position`.execute(tx);
  return rows.map(asControl);
}

const asEdition = (row: EditionRow): Edition => ({
  id: row.id,
  framework: row.framework,
  version: row.version,
  title: row.title,
  origin: row.origin,
  oscalVersion: row.oscal_version,
  publishedAt: row.published_at ?? undefined,
  own: row.own,
  remark: row.remark,
  packId: row.pack_id,
  importedAt: row.imported_at,
  importedBy: row.imported_by,
});

export const asControl = (row: ControlRow): EditionControl => ({
  id: row.control_id,
  assessed: row.assessed,
  label: row.label,
  title: row.title,
  statement: row.statement,
  statementHash: row.statement_hash,
  guidance: row.guidance,
  path: row.path,
  applicability: row.applicability,
  e8Levels: row.e8_levels,
  revision: row.revision ?? undefined,
  updated: row.updated ?? undefined,
  sortId: row.sort_id,
});
export type { ControlRow };
