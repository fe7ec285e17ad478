import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { ApiToken, Permission } from './contract.ts';

export type StoredToken = {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string | null;
  readonly permissions: readonly Permission[];
  readonly tenancies: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
};

type TokenTable = {
  id: string;
  name: string;
  secret_hash: Buffer;
  owner_id: string | null;
  permissions: Permission[];
  tenancies: string[];
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
};

const tables = (tx: Tx) => tx.withTables<{ 'identity.api_token': TokenTable }>();
const json = (value: unknown) => sql<never>`${JSON.stringify(value)}::jsonb`;

export async function insertToken(
  tx: Tx,
  token: Omit<StoredToken, 'lastUsedAt' | 'revokedAt'> & { secretHash: Buffer },
): Promise<void> {
  await tables(tx)
    .insertInto('identity.api_token')
    .values({
      id: token.id,
      name: token.name,
      secret_hash: token.secretHash,
      owner_id: token.ownerId,
      permissions: json(token.permissions),
      tenancies: json(token.tenancies),
      created_at: token.createdAt,
      expires_at: token.expiresAt,
      last_used_at: null,
      revoked_at: null,
    })
    .execute();
}

export async function tokenByHash(tx: Tx, secretHash: Buffer): Promise<StoredToken | undefined> {
  const row = await tables(tx)
    .selectFrom('identity.api_token')
    .selectAll()
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst();
  return row && fromRow(row);
}

export async function tokenById(tx: Tx, id: string): Promise<StoredToken | undefined> {
  const row = await tables(tx)
    .selectFrom('identity.api_token')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Newest first, without those that were revoked. @param ownerId undefined: everybody's */
export async function liveTokens(tx: Tx, ownerId: string | undefined): Promise<StoredToken[]> {
  let query = tables(tx)
    .selectFrom('identity.api_token')
    .selectAll()
    .where('revoked_at', 'is', null)
    .orderBy('created_at', 'desc');
  if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId);
  return (await query.execute()).map(fromRow);
}

export async function revokeToken(tx: Tx, id: string, now: Date): Promise<void> {
  await tables(tx).updateTable('identity.api_token').set({ revoked_at: now }).where('id', '=', id).execute();
}

export async function noteTokenUse(tx: Tx, id: string, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('identity.api_token')
    .set({ last_used_at: now })
    .where('id', '=', id)
    .execute();
}

export function shownToken(token: StoredToken): ApiToken {
  return {
    id: token.id,
    name: token.name,
    permissions: [...token.permissions],
    tenancies: [...token.tenancies],
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt.toISOString(),
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
  };
}

function fromRow(row: TokenTable): StoredToken {
  return {
    id: row.id,
    name: row.name,
    ownerId: row.owner_id,
    permissions: row.permissions,
    tenancies: row.tenancies,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}
