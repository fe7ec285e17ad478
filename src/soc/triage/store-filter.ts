import { type RawBuilder, sql } from 'kysely';
import { type AlertFilter, entity } from './contract.ts';

export type AlertCursor = { readonly createdAt: Date; readonly id: string };
/** Who `assignee=me` is. */
export type FilterUser = { readonly id: string };

/** One condition for the list, its counts and a bulk action: "all that match" is what is seen. */
export function filterCondition(filter: AlertFilter, user: FilterUser): RawBuilder<boolean> {
  const parts: RawBuilder<unknown>[] = [];
  if (filter.state !== undefined) parts.push(sql`state = any(${filter.state}::text[])`);
  if (filter.severity !== undefined) parts.push(sql`severity = any(${filter.severity}::text[])`);
  if (filter.tenancy !== undefined) parts.push(sql`tenancy_id = any(${filter.tenancy}::text[])`);
  if (filter.rule !== undefined) parts.push(sql`rule_id = ${filter.rule}`);
  if (filter.entity !== undefined) parts.push(sql`entity_keys && ${entityKeys(filter.entity)}::text[]`);
  if (filter.assignee === 'none') parts.push(sql`assignee_id is null`);
  else if (filter.assignee !== undefined)
    parts.push(sql`assignee_id = ${filter.assignee === 'me' ? user.id : filter.assignee}`);
  if (filter.text !== undefined && filter.text !== '') parts.push(containsText(filter.text));
  if (filter.from !== undefined) parts.push(sql`created_at >= ${new Date(filter.from)}`);
  if (filter.to !== undefined) parts.push(sql`created_at < ${new Date(filter.to)}`);
  return parts.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(parts, sql` and `)})`;
}

/** `host:LAB-7`, or a value alone, which may be of any kind. */
function entityKeys(text: string): string[] {
  const lower = text.toLowerCase();
  const kinds = entity.shape.kind.options;
  return [
    ...(kinds.some((kind) => lower.startsWith(`${kind}:`)) ? [lower] : []),
    ...kinds.map((kind) => `${kind}:${lower}`),
  ];
}

function containsText(text: string): RawBuilder<boolean> {
  const pattern = `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return sql`(title ilike ${pattern} or array_to_string(entity_keys, ' ') ilike ${pattern} or rule_id ilike ${pattern})`;
}

/** A cursor is opaque to its user: base64url of `milliseconds id`. */
export const cursorText = (cursor: AlertCursor): string =>
  Buffer.from(`${cursor.createdAt.getTime()} ${cursor.id}`).toString('base64url');

export function cursorOf(text: string): AlertCursor | undefined {
  const match = /^(\d{1,15}) ([\w-]{1,64})$/.exec(Buffer.from(text, 'base64url').toString('latin1'));
  return match?.[1] && match[2] ? { createdAt: new Date(Number(match[1])), id: match[2] } : undefined;
}
