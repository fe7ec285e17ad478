import { randomBytes } from 'node:crypto';
import { castWriter } from './asciicast.ts';
import { access, system } from './change.ts';
import type { SupportDeps } from './deps.ts';
import { firstHash, sealChunk } from './seal-chunk.ts';
import { sessionById } from './store.ts';
import { appendChunk, endRecording, insertRecording } from './store-recordings.ts';
import { type Person, type Session, subjectOf } from './support.ts';

export type Recorder = {
  readonly number: number;
  output(bytes: Buffer): void;
  /** Kept only where the request asked for it. */
  input(bytes: Buffer): void;
  resize(width: number, height: number): void;
  /** Writes what is left and closes it. Resolves when it is in the ledger, or rejects. */
  close(): Promise<void>;
};

export type RecordingStart = {
  readonly session: Session;
  readonly engineer: Person;
  readonly system: string;
  readonly kind: 'shell' | 'exec';
  readonly command: string | null;
  readonly address: string;
  readonly width: number;
  readonly height: number;
};

export type RecordingLimits = {
  /** A chunk is written so often, when there is anything in it. */
  readonly everyMilliseconds: number;
  /** … or as soon as so much is waiting. */
  readonly chunkBytes: number;
  /** Past this the session is ended: what can't be kept is not done. */
  readonly totalBytes: number;
};
export const recordingLimits: RecordingLimits = {
  everyMilliseconds: 5000,
  chunkBytes: 256 * 1024,
  totalBytes: 256 * 1024 * 1024,
};

const keyBytes = 32;
/** What the recording's key is sealed for. */
export const keyContext = (session: string, recording: number): string =>
  `support-recording/${session}/${recording}`;

/**
 * Starts a recording: from here on every byte that the engineer is shown is in a chunk, sealed, chained, and its hash in
 * the ledger, within five seconds.
 * @param failed told once, when a chunk could not be kept: the connection must end then
 */
export async function startRecording(
  deps: SupportDeps,
  given: RecordingStart,
  failed: (error: unknown) => void,
  limits: RecordingLimits = recordingLimits,
): Promise<Recorder> {
  const { session } = given;
  const startedAt = deps.clock.now();
  const key = randomBytes(keyBytes);
  const number = await deps.records.transaction(access, async (tx) => {
    const current = await sessionById(tx, session.id, { scope: undefined, lock: true });
    // INVARIANT: nothing is shown of a session that is over.
    if (current?.state !== 'live') throw new Error('the session is over');
    const made = await insertRecording(
      tx,
      {
        session: session.id,
        tenancy: session.tenancy,
        engineer: given.engineer,
        system: given.system,
        kind: given.kind,
        command: given.command,
        address: given.address,
        startedAt,
      },
      (next) => ({
        sealedKey: deps.identity.sealer.seal(key.toString('base64'), keyContext(session.id, next)),
        head: firstHash(session.id, next),
      }),
    );
    await deps.records.notify(tx, 'support', session.id);
    await deps.ledger.record(tx, {
      actor: { kind: 'user', id: given.engineer.user, name: given.engineer.name },
      action: 'support.connected',
      subject: subjectOf(session.id),
      tenancy: session.tenancy,
      facts: {
        recording: made,
        system: given.system,
        kind: given.kind,
        command: given.command,
        address: given.address,
      },
    });
    return made;
  });
  return recorder(deps, { ...given, number, key, startedAt }, failed, limits);
}

type Begun = RecordingStart & { readonly number: number; readonly key: Buffer; readonly startedAt: Date };

function recorder(
  deps: SupportDeps,
  given: Begun,
  failed: (error: unknown) => void,
  limits: RecordingLimits,
): Recorder {
  const { session, number } = given;
  const cast = castWriter();
  let waiting = cast.header({
    width: given.width,
    height: given.height,
    timestamp: Math.floor(given.startedAt.getTime() / 1000),
    title: `${session.id} ${given.system}`,
    ...(given.command !== null && { command: given.command }),
  });
  let head = firstHash(session.id, number);
  let chunks = 0;
  let total = 0;
  let broken = false;
  let writing: Promise<void> = Promise.resolve();

  const fail = (error: unknown): void => {
    if (broken) return;
    broken = true;
    clearInterval(timer);
    failed(error);
  };
  /** One after the other; what comes meanwhile waits for the next. */
  const flush = (): Promise<void> => {
    writing = writing.then(async () => {
      if (waiting === '' || broken) return;
      const text = waiting;
      waiting = '';
      head = await append(deps, given, text, chunks + 1, head);
      chunks++;
    });
    writing.catch(fail);
    return writing;
  };
  const timer = setInterval(() => void flush().catch(() => undefined), limits.everyMilliseconds);
  const seconds = (): number => (deps.clock.now().getTime() - given.startedAt.getTime()) / 1000;
  const add = (line: string): void => {
    waiting += line;
    total += line.length;
    if (total > limits.totalBytes) return fail(new Error('the recording is too long'));
    if (waiting.length >= limits.chunkBytes) void flush().catch(() => undefined);
  };
  return {
    number,
    output: (bytes) => add(cast.output(bytes, seconds())),
    input: (bytes) => {
      if (session.recordInput) add(cast.input(bytes, seconds()));
    },
    resize: (width, height) => add(cast.resize(width, height, seconds())),
    close: async () => {
      clearInterval(timer);
      await flush();
      await deps.records.transaction(access, async (tx) => {
        await endRecording(tx, session.id, number, deps.clock.now());
        await deps.records.notify(tx, 'support', session.id);
        await deps.ledger.record(tx, {
          actor: system,
          action: 'support.recording-closed',
          subject: subjectOf(session.id),
          tenancy: session.tenancy,
          // With the count and the last hash, a recording that was cut short shows.
          facts: { recording: number, chunks, head: head.toString('hex') },
        });
      });
    },
  };
}

async function append(
  deps: SupportDeps,
  given: Begun,
  text: string,
  number: number,
  before: Buffer,
): Promise<Buffer> {
  const { session } = given;
  const { sealed, hash } = sealChunk(text, given.key, {
    session: session.id,
    recording: given.number,
    number,
    before,
  });
  await deps.records.transaction(access, async (tx) => {
    const chunk = {
      session: session.id,
      recording: given.number,
      number,
      tenancy: session.tenancy,
      at: deps.clock.now(),
      sealed,
      hash,
    };
    if (!(await appendChunk(tx, chunk, before))) throw new Error('the recording is not where it was left');
    await deps.ledger.record(tx, {
      actor: system,
      action: 'support.recorded',
      subject: subjectOf(session.id),
      tenancy: session.tenancy,
      facts: { recording: given.number, chunk: number, bytes: sealed.length, hash: hash.toString('hex') },
    });
  });
  return hash;
}
