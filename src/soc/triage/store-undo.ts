import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { Standing } from './decide.ts';
import { inScope, json, type StoredAlert } from './store.ts';

export type UndoItem = { readonly id: string; readonly revision: number; readonly before: Standing };

/** @param alerts as they stood before the action, whose revision it has bumped by one */
export async function keep(
  tx: Tx,
  tokenSha256: string,
  actorId: string,
  expiresAt: Date,
  alerts: readonly StoredAlert[],
): Promise<void> {
  const rows = [...Map.groupBy(alerts, (alert) => alert.summary.tenancy)].map(([tenancy, those]) => ({
    tenancy,
    items: those.map((alert) => ({
      id: alert.summary.id,
      revision: alert.summary.revision + 1,
      before: alert.standing,
    })),
  }));
  await sql`
    insert into soc.alert_undo (token_sha256, tenancy_id, actor_id, expires_at, items)
    select ${tokenSha256}, tenancy, ${actorId}, ${expiresAt}, items
    from jsonb_to_recordset(${json(rows)}::jsonb) as u(tenancy text, items jsonb)`.execute(tx);
}

/** Marks the token used. @returns nothing when it is unknown, used, expired or another person's */
export async function use(
  tx: Tx,
  scope: Scope,
  tokenSha256: string,
  actorId: string,
  at: Date,
): Promise<UndoItem[]> {
  const { rows } = await sql<{ items: UndoItem[] }>`
    update soc.alert_undo set used_at = ${at}
    where ${inScope(scope)} and token_sha256 = ${tokenSha256} and actor_id = ${actorId} and used_at is null and expires_at > ${at}
    returning items`.execute(tx);
  return rows.flatMap((row) => row.items).map(revived);
}

/** JSON has no dates. */
function revived(item: UndoItem): UndoItem {
  const { closed } = item.before;
  return closed === null
    ? item
    : { ...item, before: { ...item.before, closed: { ...closed, at: new Date(closed.at) } } };
}
