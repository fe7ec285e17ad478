import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import type { SupportDeps } from './deps.ts';
import { plainText } from './asciicast.ts';
import { RecordingBroken } from './errors.ts';
import { keyContext } from './recording.ts';
import { chained, firstHash, openChunk } from './seal-chunk.ts';
import {
  chunksOf,
  insertPlayback,
  recordingsOf,
  type StoredChunk,
  type StoredRecording,
} from './store-recordings.ts';
import { subjectOf } from './support.ts';

/**
 * A recording as asciicast v2, or as the text that was on the screen. Who played it is in the ledger before it is shown.
 * @throws {NotFound} @throws {RecordingBroken} when a chunk is missing, changed or moved
 */
export function play(
  deps: SupportDeps,
  actor: Actor,
  session: string,
  number: number,
  as: 'asciicast' | 'text',
): Promise<string> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const recording = (await recordingsOf(tx, session, actor.scope)).find((one) => one.number === number);
    if (recording === undefined) throw new NotFound('recording', `${session}/${number}`);
    const cast = opened(deps, recording, await chunksOf(tx, session, number));
    await insertPlayback(tx, {
      session,
      recording: number,
      tenancy: recording.tenancy,
      actorId: actor.id,
      actorName: actor.name,
      organisation: actor.organisation,
      at: deps.clock.now(),
    });
    await deps.ledger.record(tx, {
      actor,
      action: 'support.played',
      subject: subjectOf(session),
      tenancy: recording.tenancy,
      facts: { recording: number, organisation: actor.organisation },
    });
    return as === 'text' ? plainText(cast) : cast;
  });
}

function opened(deps: SupportDeps, recording: StoredRecording, chunks: readonly StoredChunk[]): string {
  const { session, number, sealedKey } = recording;
  const broken = (why: string): RecordingBroken => new RecordingBroken(session, number, why);
  const key = Buffer.from(deps.identity.sealer.open(sealedKey, keyContext(session, number)), 'base64');
  let before = firstHash(session, number);
  const parts: string[] = [];
  for (const [at, chunk] of chunks.entries()) {
    if (chunk.number !== at + 1) throw broken(`chunk ${at + 1} is missing`);
    if (!chained(before, chunk.sealed).equals(chunk.hash)) throw broken(`chunk ${chunk.number} was changed`);
    try {
      parts.push(openChunk(chunk.sealed, key, { session, recording: number, number: chunk.number, before }));
    } catch {
      throw broken(`chunk ${chunk.number} does not open`);
    }
    before = chunk.hash;
  }
  if (chunks.length !== recording.chunks || !before.equals(recording.head))
    throw broken('its end is missing');
  return parts.join('');
}
