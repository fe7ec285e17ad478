import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import { type Person, person } from './support.ts';

type RecordingTable = {
  session_id: string;
  number: number;
  tenancy_id: string;
  engineer: unknown;
  system: string;
  kind: 'shell' | 'exec';
  command: string | null;
  address: string;
  sealed_key: Buffer;
  started_at: Date;
  ended_at: Date | null;
  chunks: number;
  bytes: number;
  head: Buffer;
};
type ChunkTable = {
  session_id: string;
  recording: number;
  number: number;
  tenancy_id: string;
  at: Date;
  sealed: Buffer;
  hash: Buffer;
};
type PlaybackTable = {
  session_id: string;
  recording: number;
  tenancy_id: string;
  actor_id: string;
  actor_name: string;
  organisation: string;
  at: Date;
};

const tables = (tx: Tx) =>
  tx.withTables<{
    'community.support_recording': RecordingTable;
    'community.support_chunk': ChunkTable;
    'community.support_playback': PlaybackTable;
  }>();

export type StoredRecording = {
  readonly session: string;
  readonly number: number;
  readonly tenancy: string;
  readonly engineer: Person;
  readonly system: string;
  readonly kind: 'shell' | 'exec';
  readonly command: string | null;
  readonly address: string;
  readonly sealedKey: Buffer;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly chunks: number;
  readonly bytes: number;
  readonly head: Buffer;
};

const fromRow = (row: RecordingTable): StoredRecording => ({
  session: row.session_id,
  number: row.number,
  tenancy: row.tenancy_id,
  engineer: person.parse(row.engineer),
  system: row.system,
  kind: row.kind,
  command: row.command,
  address: row.address,
  sealedKey: row.sealed_key,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  chunks: row.chunks,
  bytes: row.bytes,
  head: row.head,
});

/** Call it with the session's row locked: the numbers 1, 2, 3 … are given here. */
export async function insertRecording(
  tx: Tx,
  given: Omit<StoredRecording, 'number' | 'endedAt' | 'chunks' | 'bytes' | 'sealedKey' | 'head'>,
  /** What depends on the number. */
  bind: (number: number) => Pick<StoredRecording, 'sealedKey' | 'head'>,
): Promise<number> {
  const { last } = await tables(tx)
    .selectFrom('community.support_recording')
    .select(sql<number>`coalesce(max(number), 0)`.as('last'))
    .where('session_id', '=', given.session)
    .executeTakeFirstOrThrow();
  const number = last + 1;
  const { sealedKey, head } = bind(number);
  await tables(tx)
    .insertInto('community.support_recording')
    .values({
      session_id: given.session,
      number,
      tenancy_id: given.tenancy,
      engineer: sql<never>`${JSON.stringify(given.engineer)}::jsonb`,
      system: given.system,
      kind: given.kind,
      command: given.command,
      address: given.address,
      sealed_key: sealedKey,
      started_at: given.startedAt,
      ended_at: null,
      chunks: 0,
      bytes: 0,
      head,
    })
    .execute();
  return number;
}

/** @param scope undefined: whatever tenancy it is of */
export async function recordingsOf(
  tx: Tx,
  session: string,
  scope: Scope | undefined,
): Promise<StoredRecording[]> {
  let query = tables(tx)
    .selectFrom('community.support_recording')
    .selectAll()
    .where('session_id', '=', session)
    .orderBy('number');
  if (scope !== undefined) query = query.where('tenancy_id', 'in', [...scope.tenancies]);
  return (await query.execute()).map(fromRow);
}

export type StoredChunk = {
  readonly session: string;
  readonly recording: number;
  readonly number: number;
  readonly tenancy: string;
  readonly at: Date;
  readonly sealed: Buffer;
  readonly hash: Buffer;
};

/** @returns false when the recording is not at `number - 1` with the hash before: somebody else wrote, or it was cut */
export async function appendChunk(tx: Tx, chunk: StoredChunk, before: Buffer): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('community.support_recording')
    .set({
      chunks: chunk.number,
      bytes: sql<number>`bytes + ${chunk.sealed.length}`,
      head: chunk.hash,
    })
    .where('session_id', '=', chunk.session)
    .where('number', '=', chunk.recording)
    .where('chunks', '=', chunk.number - 1)
    .where('head', '=', before)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await tables(tx)
    .insertInto('community.support_chunk')
    .values({
      session_id: chunk.session,
      recording: chunk.recording,
      number: chunk.number,
      tenancy_id: chunk.tenancy,
      at: chunk.at,
      sealed: chunk.sealed,
      hash: chunk.hash,
    })
    .execute();
  return true;
}

export async function endRecording(tx: Tx, session: string, number: number, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('community.support_recording')
    .set({ ended_at: now })
    .where('session_id', '=', session)
    .where('number', '=', number)
    .execute();
}

/** Oldest first. */
export async function chunksOf(tx: Tx, session: string, recording: number): Promise<StoredChunk[]> {
  const rows = await tables(tx)
    .selectFrom('community.support_chunk')
    .selectAll()
    .where('session_id', '=', session)
    .where('recording', '=', recording)
    .orderBy('number')
    .execute();
  return rows.map((row) => ({
    session: row.session_id,
    recording: row.recording,
    number: row.number,
    tenancy: row.tenancy_id,
    at: row.at,
    sealed: row.sealed,
    hash: row.hash,
  }));
}

export type Playback = {
  readonly session: string;
  readonly recording: number;
  readonly tenancy: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly organisation: string;
  readonly at: Date;
};

export async function insertPlayback(tx: Tx, playback: Playback): Promise<void> {
  await tables(tx)
    .insertInto('community.support_playback')
    .values({
      session_id: playback.session,
      recording: playback.recording,
      tenancy_id: playback.tenancy,
      actor_id: playback.actorId,
      actor_name: playback.actorName,
      organisation: playback.organisation,
      at: playback.at,
    })
    .execute();
}

/** Newest first. */
export async function playbacks(tx: Tx, scope: Scope, limit: number): Promise<Playback[]> {
  return tables(tx)
    .selectFrom('community.support_playback')
    .select([
      'session_id as session',
      'recording',
      'tenancy_id as tenancy',
      'actor_id as actorId',
      'actor_name as actorName',
      'organisation',
      'at',
    ])
    .where('tenancy_id', 'in', [...scope.tenancies])
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
}
