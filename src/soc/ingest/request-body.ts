import type { IncomingMessage } from 'node:http';
import {
  createGunzip,
  createInflate,
  createZstdDecompress,
  type Gunzip,
  type Inflate,
  type ZstdDecompress,
} from 'node:zlib';
import type { Budget } from './budget.ts';

export type BodyLimits = {
  /** Of the body, as sent and as inflated. */
  readonly maxBytes: number;
  /** Inflated to sent, once more than a mebibyte came out: real logs reach 50, a bomb 1,000. */
  readonly maxInflateRatio: number;
};

export type RequestBody =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | {
      readonly kind: 'refused';
      readonly why: 'too-large' | 'bomb' | 'damaged' | 'encoding' | 'no-memory' | 'gone';
      readonly detail: string;
    };

const ratioFrom = 1024 * 1024;
const inflateOptions = { chunkSize: 256 * 1024 };

/**
 * Reads and inflates a body while watching its size: nothing beyond the limits is ever held. The bytes count against
 * `budget` until the caller gives them back with `budget.give(bytes.length)`.
 */
export function readBody(request: IncomingMessage, limits: BodyLimits, budget: Budget): Promise<RequestBody> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limits.maxBytes) return Promise.resolve(tooLarge(limits));
  const inflater = inflaterOf(encoding);
  if (inflater === null) {
    const detail = `The body is encoded as "${encoding.slice(0, 40)}". Send it plain or with gzip, deflate or zstd.`;
    return Promise.resolve({ kind: 'refused', why: 'encoding', detail });
  }
  const inflate = inflater;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let held = 0;
    let sent = 0;
    let done = false;
    const stream = inflate === undefined ? request : request.pipe(inflate);

    function finish(body: RequestBody): void {
      if (done) return;
      done = true;
      request.off('close', onClose);
      if (body.kind === 'refused') {
        budget.give(held);
        chunks.length = 0;
        if (inflate !== undefined) {
          request.unpipe(inflate);
          inflate.destroy();
        }
        request.resume();
      }
      resolve(body);
    }
    const onClose = (): void => {
      if (!request.complete)
        finish({
          kind: 'refused',
          why: 'gone',
          detail: 'The sender went away before the body was complete.',
        });
    };
    request.on('close', onClose);
    request.on('error', onClose);
    request.on('data', (chunk: Buffer) => {
      sent += chunk.length;
      if (sent > limits.maxBytes) finish(tooLarge(limits));
    });
    inflate?.on('error', (error) =>
      finish({
        kind: 'refused',
        why: 'damaged',
        detail: `The ${encoding} body can't be unpacked: ${error.message}. Nothing of it was taken.`,
      }),
    );
    stream.on('data', (chunk: Buffer) => {
      if (done) return;
      if (held + chunk.length > limits.maxBytes) return finish(tooLarge(limits));
      if (
        inflate !== undefined &&
        held + chunk.length > ratioFrom &&
        (held + chunk.length) / sent > limits.maxInflateRatio
      ) {
        return finish({
          kind: 'refused',
          why: 'bomb',
          detail: `The body unpacks to more than ${limits.maxInflateRatio} times its size.`,
        });
      }
      if (!budget.take(chunk.length))
        return finish({ kind: 'refused', why: 'no-memory', detail: 'Too many events are under way.' });
      held += chunk.length;
      chunks.push(chunk);
    });
    stream.on('end', () =>
      finish({
        kind: 'body',
        bytes: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, held),
      }),
    );
  });
}

const tooLarge = ({ maxBytes }: BodyLimits): RequestBody => ({
  kind: 'refused',
  why: 'too-large',
  detail: `The body has more than ${maxBytes} bytes. Send smaller batches.`,
});

/** Undefined: nothing to unpack; null: not known here. */
function inflaterOf(encoding: string): Gunzip | Inflate | ZstdDecompress | undefined | null {
  switch (encoding) {
    case 'identity':
    case '':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip(inflateOptions);
    case 'deflate':
      return createInflate(inflateOptions);
    case 'zstd':
      return createZstdDecompress(inflateOptions);
    default:
      return null;
  }
}
