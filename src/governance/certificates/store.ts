import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Certificate } from './certificate.ts';
import type { CertificateAbout, Scheme } from './contract.ts';

type Row = {
  id: string;
  scheme: Scheme;
  about: CertificateAbout;
  created_at: Date;
  withdrawn_at: Date | null;
  withdrawn_why: string | null;
  report_name: string | null;
  report_sha256: string | null;
  report_bytes: number | null;
  report_at: Date | null;
};
const from = sql.raw(`
  select c.id, c.scheme, c.about, c.created_at, c.withdrawn_at, c.withdrawn_why, r.name as report_name,
    r.sha256 as report_sha256, r.bytes as report_bytes, r.at as report_at
  from governance.certificate c
  left join lateral (select name, sha256, bytes, at from governance.certificate_report
    where certificate_id = c.id order by at desc limit 1) r on true`);

/** Those in force first, newest first. */
export async function certificates(tx: Tx): Promise<Certificate[]> {
  const { rows } = await sql<Row>`
    ${from} order by c.withdrawn_at is not null, c.about ->> 'issuedAt' desc, c.id`.execute(tx);
  return rows.map(fromRow);
}

export async function certificateById(tx: Tx, id: string): Promise<Certificate | undefined> {
  const { rows } = await sql<Row>`${from} where c.id = ${id}`.execute(tx);
  return rows.map(fromRow)[0];
}

/** One writer at a time. @returns false where there is none */
export async function lockCertificate(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`select id from governance.certificate where id = ${id} for update`.execute(tx);
  return rows.length > 0;
}

export async function insertCertificate(
  tx: Tx,
  { id, scheme, about, createdAt }: Pick<Certificate, 'id' | 'scheme' | 'about' | 'createdAt'>,
): Promise<void> {
  await sql`
    insert into governance.certificate (id, scheme, about, created_at)
    values (${id}, ${scheme}, ${JSON.stringify(about)}::jsonb, ${createdAt})`.execute(tx);
}

export async function updateCertificate(
  tx: Tx,
  {
    id,
    about,
    withdrawnAt,
    withdrawnWhy,
  }: Pick<Certificate, 'id' | 'about' | 'withdrawnAt' | 'withdrawnWhy'>,
): Promise<void> {
  await sql`
    update governance.certificate set about = ${JSON.stringify(about)}::jsonb, withdrawn_at = ${withdrawnAt},
      withdrawn_why = ${withdrawnWhy} where id = ${id}`.execute(tx);
}

export type CertificateChange = {
  readonly what: string;
  readonly note: string;
  readonly about: CertificateAbout;
  readonly by: { readonly id: string; readonly name: string };
  readonly at: Date;
};

export async function insertChange(tx: Tx, id: string, one: CertificateChange): Promise<void> {
  await sql`
    insert into governance.certificate_change (certificate_id, number, what, note, about, by_id, by_name, at)
    select ${id}, coalesce(max(number), 0) + 1, ${one.what}, ${one.note}, ${JSON.stringify(one.about)}::jsonb, ${one.by.id},
      ${one.by.name}, ${one.at}::timestamptz
    from governance.certificate_change where certificate_id = ${id}`.execute(tx);
}

/** Newest first. */
export async function changesOf(tx: Tx, id: string): Promise<CertificateChange[]> {
  const { rows } = await sql<Omit<CertificateChange, 'by'> & { by_id: string; by_name: string }>`
    select what, note, about, by_id, by_name, at from governance.certificate_change
    where certificate_id = ${id} order by number desc limit 500`.execute(tx);
  return rows.map(({ by_id, by_name, ...row }) => ({ ...row, by: { id: by_id, name: by_name } }));
}

export async function insertReport(
  tx: Tx,
  id: string,
  report: { name: string; sha256: string; content: Buffer; at: Date; by: string },
): Promise<void> {
  await sql`
    insert into governance.certificate_report (certificate_id, sha256, name, bytes, content, at, by_name)
    values (${id}, ${report.sha256}, ${report.name}, ${report.content.length}, ${report.content}, ${report.at}, ${report.by})
    on conflict do nothing`.execute(tx);
}

/** The newest. */
export async function reportOf(tx: Tx, id: string): Promise<{ name: string; content: Buffer } | undefined> {
  const { rows } = await sql<{ name: string; content: Buffer }>`
    select name, content from governance.certificate_report where certificate_id = ${id} order by at desc limit 1`.execute(
    tx,
  );
  return rows[0];
}

export type SignificantChange = {
  readonly id: string;
  readonly environment: string;
  readonly what: string;
  readonly at: Date;
  readonly by: string;
};

export async function significantChanges(tx: Tx): Promise<SignificantChange[]> {
  const { rows } = await sql<SignificantChange>`
    select id, environment, what, at, by_name as by from governance.significant_change order by at desc limit 1000`.execute(
    tx,
  );
  return rows;
}

export async function insertSignificantChange(
  tx: Tx,
  one: SignificantChange & { readonly tenancy: string; readonly byId: string; readonly recordedAt: Date },
): Promise<void> {
  await sql`
    insert into governance.significant_change (id, environment, tenancy_id, what, at, by_id, by_name, recorded_at)
    values (${one.id}, ${one.environment}, ${one.tenancy}, ${one.what}, ${one.at}, ${one.byId}, ${one.by}, ${one.recordedAt})`.execute(
    tx,
  );
}

const fromRow = (row: Row): Certificate => ({
  id: row.id,
  scheme: row.scheme,
  about: row.about,
  createdAt: row.created_at,
  withdrawnAt: row.withdrawn_at,
  withdrawnWhy: row.withdrawn_why,
  report:
    row.report_sha256 === null || row.report_at === null
      ? null
      : {
          name: row.report_name ?? '',
          sha256: row.report_sha256,
          bytes: row.report_bytes ?? 0,
          at: row.report_at,
        },
});
