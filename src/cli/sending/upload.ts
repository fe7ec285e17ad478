import { randomBytes } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { z } from 'zod';
import { NoServer, ServerRefused } from '../errors.ts';
import type { Items } from './read-items.ts';

const compress = promisify(gzip);

export type Door = {
  readonly url: string;
  readonly token: string;
  readonly certificate?: string | undefined;
};

export type Tally = {
  /** Read from the input. */
  read: number;
  taken: number;
  rejected: number;
  /** Of the rejected: how many for which reason. */
  readonly reasons: Record<string, number>;
};

const batchItems = 1000;
const batchBytes = 1024 * 1024;
const firstPauseMilliseconds = 500;
const longestPauseMilliseconds = 30_000;
/** With pauses up to half a minute: about ten minutes without an answer. */
const maxAttempts = 25;

const answerSchema = z.object({
  items: z.array(
    z.record(
      z.string(),
      z.object({ status: z.number(), error: z.object({ type: z.string(), reason: z.string() }).optional() }),
    ),
  ),
});
const errorSchema = z.object({
  error: z.object({ type: z.string(), reason: z.string() }),
  status: z.number(),
});

/**
 * Sends items in order, batch after batch; goes on to the next only when the one before is answered for. Every item has
 * an id of this run, so that what is sent twice is taken once.
 *
 * @param tally is kept current
 * @throws {ServerRefused} when the token is wrong; {NoServer} when the server stays away; the signal's reason on abort
 */
export async function upload(
  door: Door,
  { wire, items }: Pick<Items, 'wire' | 'items'>,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const run = randomBytes(9).toString('base64url');
  const post = poster(door);
  let batch: Buffer[] = [];
  let size = 0;
  async function flush(): Promise<void> {
    if (batch.length === 0) return;
    await sendBatch(post, wire, batch, `${run}.${tally.read}`, tally, signal);
    batch = [];
    size = 0;
  }
  try {
    for await (const item of items) {
      signal.throwIfAborted();
      tally.read++;
      batch.push(item);
      size += item.length;
      if (batch.length >= batchItems || size >= batchBytes) await flush();
    }
    await flush();
  } finally {
    post.close();
  }
}

type Answered = { readonly status: number; readonly text: string; readonly retryAfterSeconds: number };
type Poster = {
  (path: string, body: Buffer, headers: Record<string, string>, signal: AbortSignal): Promise<Answered>;
  close(): void;
};

async function sendBatch(
  post: Poster,
  wire: Items['wire'],
  batch: readonly Buffer[],
  name: string,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const body = await compress(
    wire === 'json' ? bulkBody(batch, name) : Buffer.concat(batch.flatMap((line) => [line, lineFeed])),
    { level: 1 },
  );
  const path = wire === 'json' ? '/_bulk' : '/_lines';
  const headers = {
    'content-type': 'application/x-ndjson',
    'content-encoding': 'gzip',
    'x-ironbark-batch': name,
  };
  // Lines answer 200 for what was there; a batch is sent whole again, and counted by its last answer.
  for (let attempt = 1; ; attempt++) {
    let pauseSeconds = 0;
    let problem: unknown;
    try {
      const { status, text, retryAfterSeconds } = await post(path, body, headers, signal);
      pauseSeconds = retryAfterSeconds;
      if (status === 200) {
        const statuses = answerSchema.parse(JSON.parse(text)).items.map((item) => Object.values(item)[0]);
        if (!statuses.some((item) => item?.status === 429)) return count(statuses, tally);
      } else if (status !== 429 && status < 500) throw refusal(text, status);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ServerRefused) throw error;
      problem = error;
    }
    if (attempt === maxAttempts) {
      throw new NoServer(
        `The server does not take the events. ${problem instanceof Error ? problem.message : 'It is over capacity.'}`,
        problem,
      );
    }
    const backOff = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** (attempt - 1));
    await wait(Math.max(pauseSeconds * 1000, backOff), undefined, { signal });
  }
}

const lineFeed = Buffer.from('\n');

function bulkBody(batch: readonly Buffer[], name: string): Buffer {
  const parts: Buffer[] = [];
  for (const [at, item] of batch.entries()) {
    // A line feed between JSON's tokens would end the item.
    const line = item.includes(10) ? Buffer.from(item.toString('utf8').replaceAll(/[\r\n]+/g, ' ')) : item;
    parts.push(Buffer.from(`{"create":{"_id":"${name}:${at + 1}"}}\n`), line, lineFeed);
  }
  return Buffer.concat(parts);
}

function count(
  statuses: readonly ({ status: number; error?: { type: string; reason: string } | undefined } | undefined)[],
  tally: Tally,
): void {
  for (const item of statuses) {
    const status = item?.status ?? 0;
    // The ids are this run's own: what is there already was taken from an attempt whose answer was lost.
    if (status === 201 || status === 409 || status === 200) tally.taken++;
    else {
      tally.rejected++;
      const reason = `${item?.error?.reason ?? 'no reason given'} [${item?.error?.type ?? status}]`;
      tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1;
    }
  }
}

function refusal(text: string, status: number): ServerRefused {
  try {
    const { error } = errorSchema.parse(JSON.parse(text));
    return new ServerRefused({ code: error.type, status, detail: error.reason });
  } catch {
    return new ServerRefused({
      code: 'unexpected-answer',
      status,
      detail: `The door answered ${status} without saying why. Is this the address of an Ironbark's bulk door?`,
    });
  }
}

const answerSeconds = 120;
const maxAnswerBytes = 16 * 1024 * 1024;

function poster({ url, token, certificate }: Door): Poster {
  const isTls = url.startsWith('https:');
  const agent = isTls
    ? new HttpsAgent({ keepAlive: true, ...(certificate !== undefined && { ca: certificate }) })
    : new HttpAgent({ keepAlive: true });
  const request = isTls ? httpsRequest : httpRequest;
  const post = (
    path: string,
    body: Buffer,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, url), {
        method: 'POST',
        agent,
        signal,
        timeout: answerSeconds * 1000,
        headers: {
          ...headers,
          'content-length': body.length,
          authorization: `Bearer ${token}`,
          'user-agent': 'ironbark-send',
        },
      });
      outgoing.on('timeout', () =>
        outgoing.destroy(new Error(`There was no answer for ${answerSeconds} s.`)),
      );
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > maxAnswerBytes)
            outgoing.destroy(new Error('The answer is longer than this program takes.'));
          else parts.push(part);
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(parts).toString('utf8'),
            retryAfterSeconds: Math.min(60, Number(response.headers['retry-after'] ?? 0) || 0),
          }),
        );
      });
      outgoing.end(body);
    });
  return Object.assign(post, { close: () => agent.destroy() });
}
