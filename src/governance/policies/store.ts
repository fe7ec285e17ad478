import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Acknowledgement, Document, DocumentVersion, Review } from './document.ts';

type DocumentRow = Omit<
  Document,
  'reviewMonths' | 'acknowledgeDays' | 'createdAt' | 'retiredAt' | 'retiredWhy'
> & {
  review_months: number;
  acknowledge_days: number;
  created_at: Date;
  retired_at: Date | null;
  retired_why: string | null;
};
const columns = sql.raw(`id, kind, title, owner, environments, controls, frameworks, required, review_months,
  acknowledge_days, audience, created_at, retired_at, retired_why`);

/** By title; retired ones last. */
export async function documents(tx: Tx): Promise<Document[]> {
  const { rows } = await sql<DocumentRow>`
    select ${columns} from governance.document order by retired_at is not null, lower(title), id`.execute(tx);
  return rows.map(fromRow);
}

export async function documentById(tx: Tx, id: string, lock = false): Promise<Document | undefined> {
  const { rows } = await sql<DocumentRow>`
    select ${columns} from governance.document where id = ${id} ${lock ? sql`for update` : sql``}`.execute(
    tx,
  );
  return rows.map(fromRow)[0];
}

export async function insertDocument(tx: Tx, one: Document): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    insert into governance.document (${columns})
    values (${one.id}, ${one.kind}, ${one.title}, ${one.owner}, ${[...one.environments]}::text[], ${[...one.controls]}::text[],
      ${[...one.frameworks]}::text[], ${one.required}, ${one.reviewMonths}, ${one.acknowledgeDays},
      ${JSON.stringify(one.audience)}::jsonb, ${one.createdAt}, null, null)
    on conflict do nothing returning id`.execute(tx);
  return rows.length > 0;
}

export async function updateDocument(tx: Tx, one: Document): Promise<void> {
  await sql`
    update governance.document set title = ${one.title}, owner = ${one.owner}, controls = ${[...one.controls]}::text[],
      frameworks = ${[...one.frameworks]}::text[], review_months = ${one.reviewMonths},
      acknowledge_days = ${one.acknowledgeDays}, audience = ${JSON.stringify(one.audience)}::jsonb,
      retired_at = ${one.retiredAt}, retired_why = ${one.retiredWhy}
    where id = ${one.id}`.execute(tx);
}

type VersionRow = {
  document_id: string;
  number: number;
  sha256: string;
  summary: string;
  minor: boolean;
  author_id: string;
  author_name: string;
  created_at: Date;
  approved_at: Date | null;
  approved_by: string | null;
  approved_by_name: string | null;
  approved_office: string | null;
  effective_at: Date | null;
};

/** Oldest first, without their texts. @param document of this one only */
export async function versions(tx: Tx, document?: string): Promise<DocumentVersion[]> {
  const only = document === undefined ? sql`true` : sql`document_id = ${document}`;
  const { rows } = await sql<VersionRow>`
    select document_id, number, sha256, summary, minor, author_id, author_name, created_at, approved_at, approved_by,
      approved_by_name, approved_office, effective_at
    from governance.document_version where ${only} order by document_id, number`.execute(tx);
  return rows.map((row) => ({
    document: row.document_id,
    number: row.number,
    sha256: row.sha256,
    summary: row.summary,
    minor: row.minor,
    author: { id: row.author_id, name: row.author_name },
    createdAt: row.created_at,
    approval:
      row.approved_at === null || row.effective_at === null
        ? null
        : {
            at: row.approved_at,
            person: row.approved_by ?? '',
            name: row.approved_by_name ?? '',
            office: row.approved_office ?? '',
            effectiveAt: row.effective_at,
          },
  }));
}

export async function versionText(tx: Tx, document: string, number: number): Promise<string | undefined> {
  const { rows } = await sql<{ text: string }>`
    select text from governance.document_version where document_id = ${document} and number = ${number}`.execute(
    tx,
  );
  return rows[0]?.text;
}

export async function insertVersion(tx: Tx, version: DocumentVersion, text: string): Promise<void> {
  await sql`
    insert into governance.document_version (document_id, number, text, sha256, summary, minor, author_id, author_name, created_at)
    values (${version.document}, ${version.number}, ${text}, ${version.sha256}, ${version.summary}, ${version.minor},
      ${version.author.id}, ${version.author.name}, ${version.createdAt})`.execute(tx);
}

export async function approve(
  tx: Tx,
  { document, number }: Pick<DocumentVersion, 'document' | 'number'>,
  approval: NonNullable<DocumentVersion['approval']>,
): Promise<void> {
  await sql`
    update governance.document_version set approved_at = ${approval.at}, approved_by = ${approval.person},
      approved_by_name = ${approval.name}, approved_office = ${approval.office}, effective_at = ${approval.effectiveAt}
    where document_id = ${document} and number = ${number} and approved_at is null`.execute(tx);
}

/** Oldest first. */
export async function reviews(tx: Tx, document?: string): Promise<Review[]> {
  const only = document === undefined ? sql`true` : sql`document_id = ${document}`;
  const { rows } = await sql<Review>`
    select document_id as document, version, outcome, note, by_name as by, at from governance.document_review
    where ${only} order by at`.execute(tx);
  return rows;
}

export async function insertReview(tx: Tx, review: Review, byId: string): Promise<void> {
  await sql`
    insert into governance.document_review (document_id, version, outcome, note, by_id, by_name, at)
    values (${review.document}, ${review.version}, ${review.outcome}, ${review.note}, ${byId}, ${review.by}, ${review.at})`.execute(
    tx,
  );
}

export async function acknowledgements(tx: Tx, document?: string): Promise<Acknowledgement[]> {
  const only = document === undefined ? sql`true` : sql`document_id = ${document}`;
  const { rows } = await sql<Acknowledgement>`
    select document_id as document, version, person_id as person, at from governance.document_acknowledgement
    where ${only}`.execute(tx);
  return rows;
}

/** @returns false where it was there */
export async function insertAcknowledgement(tx: Tx, one: Acknowledgement, sha256: string): Promise<boolean> {
  const { rows } = await sql<{ version: number }>`
    insert into governance.document_acknowledgement (document_id, version, person_id, sha256, at)
    values (${one.document}, ${one.version}, ${one.person}, ${sha256}, ${one.at})
    on conflict do nothing returning version`.execute(tx);
  return rows.length > 0;
}

export type Reminder = {
  readonly document: string;
  readonly person: string;
  readonly about: 'acknowledge' | 'review';
  readonly version: number;
  readonly deadline: Date;
  readonly daysBefore: number;
  readonly at: Date;
};

/** @returns false where that reminder was given before */
export async function insertReminder(tx: Tx, one: Reminder): Promise<boolean> {
  const { rows } = await sql<{ version: number }>`
    insert into governance.document_reminder (document_id, person_id, about, version, deadline, days_before, at)
    values (${one.document}, ${one.person}, ${one.about}, ${one.version}, ${one.deadline}, ${one.daysBefore}, ${one.at})
    on conflict do nothing returning version`.execute(tx);
  return rows.length > 0;
}

const fromRow = (row: DocumentRow): Document => ({
  id: row.id,
  kind: row.kind,
  title: row.title,
  owner: row.owner,
  environments: row.environments,
  controls: row.controls,
  frameworks: row.frameworks,
  required: row.required,
  reviewMonths: row.review_months,
  acknowledgeDays: row.acknowledge_days,
  audience: row.audience,
  createdAt: row.created_at,
  retiredAt: row.retired_at,
  retiredWhy: row.retired_why,
});
