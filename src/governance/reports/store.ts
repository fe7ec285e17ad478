import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import { type Access, isSystem } from '#platform/scope';
import type { ReportKind, ReportState } from './contract.ts';
import type { StateSummary } from './summary.ts';

export type ReportRow = {
  readonly id: string;
  readonly environment: string;
  readonly tenancy: string;
  readonly kind: ReportKind;
  readonly about: string | null;
  readonly state: ReportState;
  readonly progress: number;
  readonly step: string;
  readonly askedById: string;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly endedAt: Date | null;
  readonly asAt: Date | null;
  readonly edition: string | null;
  readonly filePath: string | null;
  readonly fileBytes: number | null;
  readonly fileSha256: string | null;
  readonly bundleBytes: number | null;
  readonly bundleSha256: string | null;
  readonly collections: number | null;
  readonly proven: number | null;
  readonly ledgerEntry: string | null;
  readonly error: string | null;
};

const columns =
  sql.raw(`id, environment, tenancy_id as tenancy, kind, about_tenancy as about, state, progress, step,
  asked_by_id as "askedById", asked_by_name as "askedBy", asked_at as "askedAt", ended_at as "endedAt", as_at as "asAt",
  edition, file_path as "filePath", file_bytes as "fileBytes", file_sha256 as "fileSha256",
  bundle_bytes as "bundleBytes", bundle_sha256 as "bundleSha256", collections, proven,
  ledger_entry as "ledgerEntry", error`);
const within = (access: Access) =>
  isSystem(access) ? sql`true` : sql`tenancy_id = any(${[...access.tenancies]}::text[])`;

export type NewReport = Pick<
  ReportRow,
  'id' | 'environment' | 'tenancy' | 'kind' | 'about' | 'askedById' | 'askedBy' | 'askedAt'
>;

export async function insertReport(tx: Tx, one: NewReport): Promise<void> {
  await sql`
    insert into governance.report (id, environment, tenancy_id, kind, about_tenancy, state, asked_by_id, asked_by_name, asked_at)
    values (${one.id}, ${one.environment}, ${one.tenancy}, ${one.kind}, ${one.about}, 'waiting', ${one.askedById},
      ${one.askedBy}, ${one.askedAt})`.execute(tx);
}

/** Newest first. */
export async function reportRows(
  tx: Tx,
  access: Access,
  { environment, most }: { readonly environment: string | undefined; readonly most: number },
): Promise<ReportRow[]> {
  const of = environment === undefined ? sql`true` : sql`environment = ${environment}`;
  const { rows } = await sql<ReportRow>`
    select ${columns} from governance.report where ${within(access)} and ${of}
    order by asked_at desc, id desc limit ${most}`.execute(tx);
  return rows;
}

export async function reportRow(tx: Tx, access: Access, id: string): Promise<ReportRow | undefined> {
  const { rows } = await sql<ReportRow>`
    select ${columns} from governance.report where id = ${id} and ${within(access)}`.execute(tx);
  return rows[0];
}

export async function bundleOf(tx: Tx, access: Access, id: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ bundle: Buffer | null }>`
    select bundle from governance.report where id = ${id} and ${within(access)}`.execute(tx);
  return rows[0]?.bundle ?? undefined;
}

export async function summaryRow(tx: Tx, access: Access, id: string): Promise<unknown> {
  const { rows } = await sql<{ summary: unknown }>`
    select summary from governance.report where id = ${id} and ${within(access)}`.execute(tx);
  return rows[0]?.summary ?? undefined;
}

/** The newest of its kind and tenancy that was made before. */
export async function madeBefore(
  tx: Tx,
  access: Access,
  { environment, kind, about }: Pick<ReportRow, 'environment' | 'kind' | 'about'>,
  before: Date,
): Promise<{ id: string; sha256: string; summary: unknown } | undefined> {
  const { rows } = await sql<{ id: string; sha256: string; summary: unknown }>`
    select id, bundle_sha256 as sha256, summary from governance.report
    where environment = ${environment} and kind = ${kind} and about_tenancy is not distinct from ${about}
      and state = 'made' and as_at < ${before} and ${within(access)}
    order by as_at desc limit 1`.execute(tx);
  return rows[0];
}

/** @returns false where it was cancelled, or is at an end */
export async function moveOn(tx: Tx, id: string, progress: number, step: string): Promise<boolean> {
  const { rows } = await sql`
    update governance.report set state = 'making', progress = ${progress}, step = ${step}
    where id = ${id} and state in ('waiting', 'making') returning id`.execute(tx);
  return rows.length === 1;
}

export type Made = {
  readonly endedAt: Date;
  readonly asAt: Date;
  readonly edition: string;
  readonly file: { readonly path: string; readonly bytes: number; readonly sha256: string };
  readonly bundle: Buffer;
  readonly bundleSha256: string;
  readonly collections: number;
  readonly proven: number;
  readonly summary: StateSummary;
  readonly ledgerEntry: string;
};

/** @returns false where it was cancelled meanwhile: nothing is kept then */
export async function keepMade(tx: Tx, id: string, made: Made): Promise<boolean> {
  const { rows } = await sql`
    update governance.report set state = 'made', progress = 1, step = '', ended_at = ${made.endedAt}, as_at = ${made.asAt},
      edition = ${made.edition}, file_path = ${made.file.path}, file_bytes = ${made.file.bytes},
      file_sha256 = ${made.file.sha256}, bundle = ${made.bundle}, bundle_bytes = ${made.bundle.length},
      bundle_sha256 = ${made.bundleSha256}, collections = ${made.collections}, proven = ${made.proven},
      summary = ${JSON.stringify(made.summary)}::jsonb, ledger_entry = ${made.ledgerEntry}
    where id = ${id} and state = 'making' returning id`.execute(tx);
  return rows.length === 1;
}

/** @returns false where it had come to an end already */
export async function endReport(
  tx: Tx,
  id: string,
  state: 'failed' | 'cancelled',
  at: Date,
  error: string | null,
): Promise<boolean> {
  const { rows } = await sql`
    update governance.report set state = ${state}, ended_at = ${at}, error = ${error}, step = ''
    where id = ${id} and state in ('waiting', 'making') returning id`.execute(tx);
  return rows.length === 1;
}
