import type { Tx } from '#platform/records';

export type StoredBreakGlass = {
  readonly userId: string;
  readonly halfAHash: string | null;
  readonly halfAHolder: string | null;
  readonly halfBHash: string | null;
  readonly halfBHolder: string | null;
  readonly failures: number;
  readonly lockedUntil: Date | null;
  readonly spentAt: Date | null;
  readonly madeAt: Date;
};
export type StoredUse = {
  readonly id: string;
  readonly userId: string;
  readonly reason: string;
  readonly at: Date;
  readonly test: boolean;
  readonly reviewDueAt: Date;
  readonly reviewedBy: string | null;
  readonly reviewedAt: Date | null;
  readonly outcome: string | null;
};

type AccountTable = {
  user_id: string;
  half_a_hash: string | null;
  half_a_holder: string | null;
  half_b_hash: string | null;
  half_b_holder: string | null;
  failures: number;
  locked_until: Date | null;
  spent_at: Date | null;
  made_at: Date;
};
type UseTable = {
  id: string;
  user_id: string;
  reason: string;
  at: Date;
  test: boolean;
  review_due_at: Date;
  reviewed_by: string | null;
  reviewed_at: Date | null;
  outcome: string | null;
};
const tables = (tx: Tx) =>
  tx.withTables<{ 'identity.break_glass': AccountTable; 'identity.break_glass_use': UseTable }>();

export async function breakGlassAccounts(tx: Tx): Promise<StoredBreakGlass[]> {
  return (await tables(tx).selectFrom('identity.break_glass').selectAll().execute()).map(fromRow);
}

/** Held against others until the transaction ends. */
export async function breakGlassOf(tx: Tx, userId: string): Promise<StoredBreakGlass | undefined> {
  const row = await tables(tx)
    .selectFrom('identity.break_glass')
    .selectAll()
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  return row && fromRow(row);
}

export async function putBreakGlass(tx: Tx, account: StoredBreakGlass): Promise<void> {
  const row: AccountTable = {
    user_id: account.userId,
    half_a_hash: account.halfAHash,
    half_a_holder: account.halfAHolder,
    half_b_hash: account.halfBHash,
    half_b_holder: account.halfBHolder,
    failures: account.failures,
    locked_until: account.lockedUntil,
    spent_at: account.spentAt,
    made_at: account.madeAt,
  };
  await tables(tx)
    .insertInto('identity.break_glass')
    .values(row)
    .onConflict((e) => e.column('user_id').doUpdateSet(row))
    .execute();
}

export async function insertUse(tx: Tx, use: StoredUse): Promise<void> {
  await tables(tx)
    .insertInto('identity.break_glass_use')
    .values({
      id: use.id,
      user_id: use.userId,
      reason: use.reason,
      at: use.at,
      test: use.test,
      review_due_at: use.reviewDueAt,
      reviewed_by: null,
      reviewed_at: null,
      outcome: null,
    })
    .execute();
}

/** Newest first. */
export async function uses(tx: Tx): Promise<StoredUse[]> {
  const rows = await tables(tx)
    .selectFrom('identity.break_glass_use')
    .selectAll()
    .orderBy('at', 'desc')
    .limit(200)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    reason: row.reason,
    at: row.at,
    test: row.test,
    reviewDueAt: row.review_due_at,
    reviewedBy: row.reviewed_by,
    reviewedAt: row.reviewed_at,
    outcome: row.outcome,
  }));
}

/** @returns false when there is no such use, or it was reviewed before */
export async function reviewUse(
  tx: Tx,
  id: string,
  review: { by: string; at: Date; outcome: string },
): Promise<boolean> {
  const result = await tables(tx)
    .updateTable('identity.break_glass_use')
    .set({ reviewed_by: review.by, reviewed_at: review.at, outcome: review.outcome })
    .where('id', '=', id)
    .where('reviewed_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

const fromRow = (row: AccountTable): StoredBreakGlass => ({
  userId: row.user_id,
  halfAHash: row.half_a_hash,
  halfAHolder: row.half_a_holder,
  halfBHash: row.half_b_hash,
  halfBHolder: row.half_b_holder,
  failures: row.failures,
  lockedUntil: row.locked_until,
  spentAt: row.spent_at,
  madeAt: row.made_at,
});
