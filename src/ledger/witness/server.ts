import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAddCheckpoint, openNote, cosignatureTime, type Verifier } from '@ironbark/tlog';
import type { Clock } from '#platform/clock';
import type { WitnessFolder } from './folder.ts';

export type Witness = {
  readonly url: string;
  close(): Promise<void>;
};

export type WitnessDeps = {
  readonly folder: WitnessFolder;
  readonly clock: Clock;
  /** Keys of the logs that are watched; a log's keys carry its origin as their name. */
  readonly logs: readonly Verifier[];
  readonly log: { info(facts: object, message: string): void; error(facts: object, message: string): void };
};

const maxBodyBytes = 256 * 1024;
const plain = 'text/plain; charset=utf-8';

/** Listens; `/` tells the witness's own key, so that logs can be given it. */
export async function startWitness(deps: WitnessDeps, at: { host: string; port: number }): Promise<Witness> {
  const server = createServer((request, response) => {
    void serve(deps, request, response);
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  // Listening on TCP: the address is never a pipe's name.
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await closed;
      deps.folder.close();
    },
  };
}

async function serve(deps: WitnessDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = (status: number, body: string, type = plain): void => {
    response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body);
  };
  try {
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (path === '/add-checkpoint') {
      if (request.method !== 'POST') return answer(405, 'use POST\n');
      const body = await bodyOf(request);
      if (body === undefined) return answer(413, `at most ${maxBodyBytes} bytes\n`);
      const { status, contentType, body: text } = addCheckpoint(deps, body);
      return answer(status, text, contentType);
    }
    if (request.method !== 'GET') return answer(405, 'use GET\n');
    if (path === '/') return answer(200, `${deps.folder.cosigner.verifier.vkey}\n`);
    const hash = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1];
    const note = hash === undefined ? undefined : deps.folder.byHash(hash);
    answer(note === undefined ? 404 : 200, note ?? 'not here\n');
  } catch (error) {
    deps.log.error({ err: error }, 'the witness could not answer');
    if (response.headersSent) response.destroy();
    else answer(500, 'the witness could not do that\n');
  }
}

/** Looks, decides and keeps without a pause in between: no other request can come between. */
function addCheckpoint({ folder, clock, logs, log }: WitnessDeps, body: Uint8Array) {
  const watched = (origin: string) => {
    const verifiers = logs.filter(({ name }) => name === origin);
    return verifiers.length === 0 ? undefined : { verifiers, latest: folder.latest(origin) };
  };
  const now = Math.floor(clock.now().getTime() / 1000);
  const answer = answerAddCheckpoint(body, watched, folder.cosigner, (origin) =>
    Math.max(now, lastTime(folder, origin)),
  );
  if (answer.cosigned === undefined) {
    log.info({ status: answer.status, why: answer.body.trimEnd() }, 'checkpoint not cosigned');
    return answer;
  }
  const { origin, size, note } = answer.cosigned;
  folder.keep(origin, note);
  log.info({ origin, size }, 'checkpoint cosigned');
  return answer;
}

/** When the last cosignature says it was made: a clock that was set back is not followed. */
function lastTime(folder: WitnessFolder, origin: string): number {
  const latest = folder.latest(origin);
  if (latest === undefined) return 0;
  const [own] = openNote(latest.note, [folder.cosigner.verifier]).signed;
  return own === undefined ? 0 : cosignatureTime(own.signature);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    // Nobody set an encoding, so these are buffers.
    const bytes = part as Buffer;
    size += bytes.length;
    if (size > maxBodyBytes) return undefined;
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}
