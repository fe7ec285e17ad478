import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import { type Scope, sourceId, tenancyId } from '#platform/scope';
import type { Source, SourceAuthentication } from './contract.ts';
import type { DirectoryEntry } from './directory.ts';

type SourceRow = {
  id: string;
  tenancy_id: string;
  name: string;
  authentication: SourceAuthentication;
  secret_hash: Buffer | null;
  format: string | null;
  silent_after_seconds: number | null;
  recorded: boolean;
  state: 'active' | 'paused';
  created_at: Date;
  active_since: Date;
  silent_since: Date | null;
  secret_expires_at: Date | null;
};

/** A source with its counts as of the last checkpoint. */
export type CountedSource = {
  readonly source: Source;
  readonly activeSince: Date;
  readonly silentSince: Date | null;
  readonly processed: number;
  readonly stored: number;
  readonly rejected: number;
  readonly doorRejected: number;
  readonly unmapped: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly lastEventAt: Date | null;
};

type CountedRow = SourceRow & {
  processed: number;
  stored: number;
  rejected: number;
  door_rejected: number;
  unmapped: number;
  duplicates: number;
  refused: number;
  last_event_at: Date | null;
};

const countedColumns = sql.raw(`s.id, s.tenancy_id, s.name, s.authentication, s.secret_hash, s.format,
  s.silent_after_seconds, s.recorded, s.state, s.created_at, s.active_since, s.silent_since, s.secret_expires_at, b.processed, b.stored, b.rejected,
  b.door_rejected, b.unmapped, b.duplicates, b.refused, b.last_event_at`);

/** All sources in the scope, by tenancy and name. */
export async function list(tx: Tx, scope: Scope): Promise<CountedSource[]> {
  const { rows } = await sql<CountedRow>`
    select ${countedColumns} from soc.source s join soc.source_balance b on b.source_id = s.id
    where s.tenancy_id = any(${[...scope.tenancies]}::text[]) order by s.tenancy_id, s.name, s.id`.execute(
    tx,
  );
  return rows.map(counted);
}

export async function find(tx: Tx, scope: Scope, id: string): Promise<CountedSource | undefined> {
  const { rows } = await sql<CountedRow>`
    select ${countedColumns} from soc.source s join soc.source_balance b on b.source_id = s.id
    where s.tenancy_id = any(${[...scope.tenancies]}::text[]) and s.id = ${id}`.execute(tx);
  return rows.map(counted)[0];
}

/** For the system's own watch over all tenancies. */
export async function listAll(tx: Tx): Promise<CountedSource[]> {
  const { rows } = await sql<CountedRow>`
    select ${countedColumns} from soc.source s join soc.source_balance b on b.source_id = s.id`.execute(tx);
  return rows.map(counted);
}

export async function directoryEntries(tx: Tx): Promise<DirectoryEntry[]> {
  const { rows } = await sql<SourceRow>`
    select id, tenancy_id, authentication, secret_hash, secret_expires_at, format, recorded, state from soc.source`.execute(
    tx,
  );
  return rows.map((row) => ({
    id: sourceId(row.id),
    tenancy: tenancyId(row.tenancy_id),
    state: row.state,
    format: row.format,
    recorded: row.recorded,
    authentication: row.authentication,
    secretHash: row.secret_hash,
    secretExpiresAt: row.secret_expires_at,
  }));
}

export type TakenBy = 'id' | 'username' | 'certificate' | 'listener';
const constraints: Readonly<Record<string, TakenBy>> = {
  source_pkey: 'id',
  source_username: 'username',
  source_fingerprint: 'certificate',
  source_listener: 'listener',
};

/** @returns what another source has already; the transaction is then over */
export async function insert(
  tx: Tx,
  source: Source,
  secretHash: Buffer | null,
): Promise<TakenBy | undefined> {
  try {
    await sql`
      insert into soc.source (id, tenancy_id, name, authentication, secret_hash, format, silent_after_seconds, recorded, state, secret_expires_at, created_at, active_since)
      values (${source.id}, ${source.tenancy}, ${source.name}, ${JSON.stringify(source.authentication)}::jsonb, ${secretHash},
        ${source.format}, ${source.silentAfterSeconds}, ${source.recorded}, ${source.state}, ${source.secretExpiresAt}::timestamptz, ${source.createdAt}::timestamptz, ${source.createdAt}::timestamptz)`.execute(
      tx,
    );
  } catch (error) {
    const taken = takenBy(error);
    if (taken === undefined) throw error;
    return taken;
  }
  await sql`insert into soc.source_balance (source_id, tenancy_id) values (${source.id}, ${source.tenancy})`.execute(
    tx,
  );
  return undefined;
}

function takenBy(error: unknown): TakenBy | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== '23505') return undefined;
  return 'constraint' in error && typeof error.constraint === 'string'
    ? constraints[error.constraint]
    : undefined;
}

/** `activeSince` moves when it is made active again: the pause was no silence. */
export async function update(tx: Tx, scope: Scope, source: Source, activeSince: Date): Promise<void> {
  await sql`
    update soc.source set name = ${source.name}, format = ${source.format}, silent_after_seconds = ${source.silentAfterSeconds},
      recorded = ${source.recorded}, state = ${source.state}, active_since = ${activeSince}
    where tenancy_id = any(${[...scope.tenancies]}::text[]) and id = ${source.id}`.execute(tx);
}

export async function replaceSecret(
  tx: Tx,
  scope: Scope,
  id: string,
  hash: Buffer,
  expiresAt: string | null,
): Promise<void> {
  await sql`
    update soc.source set secret_hash = ${hash}, secret_expires_at = ${expiresAt}::timestamptz
    where tenancy_id = any(${[...scope.tenancies]}::text[]) and id = ${id}`.execute(tx);
}

/** @returns whether this changed anything: of two that see the same silence, one raises the alert */
export async function setSilent(tx: Tx, id: string, since: Date | null): Promise<boolean> {
  const { rows } = await sql`
    update soc.source set silent_since = ${since}
    where id = ${id} and (silent_since is null) <> (${since}::timestamptz is null) returning id`.execute(tx);
  return rows.length > 0;
}

const counted = (row: CountedRow): CountedSource => ({
  source: {
    id: row.id,
    name: row.name,
    tenancy: row.tenancy_id,
    authentication: row.authentication,
    format: row.format,
    silentAfterSeconds: row.silent_after_seconds,
    recorded: row.recorded,
    state: row.state,
    secretExpiresAt: row.secret_expires_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  },
  activeSince: row.active_since,
  silentSince: row.silent_since,
  processed: row.processed,
  stored: row.stored,
  rejected: row.rejected,
  doorRejected: row.door_rejected,
  unmapped: row.unmapped,
  duplicates: row.duplicates,
  refused: row.refused,
  lastEventAt: row.last_event_at,
});
