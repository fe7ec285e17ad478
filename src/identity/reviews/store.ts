import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Role } from '../contract.ts';

export type StoredReview = {
  readonly id: string;
  readonly name: string;
  readonly organisation: string | null;
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly dueAt: Date;
  readonly closedAt: Date | null;
};
export type StoredItem = {
  readonly userId: string;
  readonly roles: readonly Role[];
  readonly decision: 'keep' | 'remove' | null;
  readonly reason: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
};

type ReviewTable = {
  id: string;
  name: string;
  organisation_id: string | null;
  started_by: string;
  started_at: Date;
  due_at: Date;
  closed_at: Date | null;
};
type ItemTable = {
  review_id: string;
  user_id: string;
  roles: Role[];
  decision: StoredItem['decision'];
  reason: string | null;
  decided_by: string | null;
  decided_at: Date | null;
};
const tables = (tx: Tx) =>
  tx.withTables<{ 'identity.review': ReviewTable; 'identity.review_item': ItemTable }>();

export async function insertReview(
  tx: Tx,
  review: StoredReview,
  items: readonly { userId: string; roles: readonly Role[] }[],
): Promise<void> {
  await tables(tx)
    .insertInto('identity.review')
    .values({
      id: review.id,
      name: review.name,
      organisation_id: review.organisation,
      started_by: review.startedBy,
      started_at: review.startedAt,
      due_at: review.dueAt,
      closed_at: null,
    })
    .execute();
  if (items.length === 0) return;
  // One statement, whatever the number: parameters are limited, JSON is not.
  const rows = JSON.stringify(items.map(({ userId, roles }) => ({ user_id: userId, roles })));
  await sql`insert into identity.review_item (review_id, user_id, roles)
    select ${review.id}, item.user_id, item.roles
    from jsonb_to_recordset(${rows}::jsonb) as item(user_id text, roles jsonb)`.execute(tx);
}

/** Newest first. @param organisation undefined: every campaign */
export async function reviews(tx: Tx, organisation: string | undefined): Promise<StoredReview[]> {
  let query = tables(tx).selectFrom('identity.review').selectAll().orderBy('started_at', 'desc').limit(200);
  if (organisation !== undefined) query = query.where('organisation_id', '=', organisation);
  return (await query.execute()).map(fromRow);
}

export async function reviewById(tx: Tx, id: string): Promise<StoredReview | undefined> {
  const row = await tables(tx)
    .selectFrom('identity.review')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && fromRow(row);
}

export async function reviewsOverdue(tx: Tx, now: Date): Promise<StoredReview[]> {
  const rows = await tables(tx)
    .selectFrom('identity.review')
    .selectAll()
    .where('closed_at', 'is', null)
    .where('due_at', '<=', now)
    .execute();
  return rows.map(fromRow);
}

export async function closeReview(tx: Tx, id: string, now: Date): Promise<void> {
  await tables(tx).updateTable('identity.review').set({ closed_at: now }).where('id', '=', id).execute();
}

export async function itemsOf(tx: Tx, reviewId: string): Promise<StoredItem[]> {
  const rows = await tables(tx)
    .selectFrom('identity.review_item')
    .selectAll()
    .where('review_id', '=', reviewId)
    .execute();
  return rows.map((row) => ({
    userId: row.user_id,
    roles: row.roles,
    decision: row.decision,
    reason: row.reason,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
  }));
}

export async function decideItem(
  tx: Tx,
  reviewId: string,
  userId: string,
  decided: { decision: 'keep' | 'remove'; reason: string; by: string; at: Date },
): Promise<void> {
  await tables(tx)
    .updateTable('identity.review_item')
    .set({
      decision: decided.decision,
      reason: decided.reason,
      decided_by: decided.by,
      decided_at: decided.at,
    })
    .where('review_id', '=', reviewId)
    .where('user_id', '=', userId)
    .execute();
}

const fromRow = (row: ReviewTable): StoredReview => ({
  id: row.id,
  name: row.name,
  organisation: row.organisation_id,
  startedBy: row.started_by,
  startedAt: row.started_at,
  dueAt: row.due_at,
  closedAt: row.closed_at,
});
