import type { Fault } from './item.ts';

/** What came out of a stream of bytes, in order. `bytes` may be slices of what was pushed. */
export type Framed =
  | { readonly kind: 'message'; readonly bytes: Buffer }
  /** `bytes` is what is kept of it, `sizeBytes` how much it was. */
  | { readonly kind: 'rejected'; readonly fault: Fault; readonly bytes: Buffer; readonly sizeBytes: number };

export type Framing = {
  /** The chunk must not change until its messages are done with. */
  push(chunk: Buffer): Framed[];
  /**
   * Nothing more comes. A last line without line feed counts when the peer ended its side properly; half a counted
   * frame never does.
   */
  end(isClean?: boolean): Framed[];
};

const lineFeed = 10;
const less = 0x3c;
const space = 0x20;
const keptOfRejected = 64 * 1024;
/** As many digits as any honest length has. */
const maxLengthDigits = 9;
/** `[1-9][0-9]* SP "<" digit`: what must be there to know a counted frame's start. */
const startBytes = maxLengthDigits + 3;

type Mode =
  | { readonly at: 'start'; readonly afterCounted: boolean }
  | { readonly at: 'counted'; readonly missing: number }
  | { readonly at: 'line' }
  | { readonly at: 'skip'; readonly fault: Fault; readonly until: 'line' | 'frame' };

/**
 * Splits a syslog stream into messages, each in the framing it says itself (RFC 6587): `LEN SP <PRI>…` is counted,
 * anything else ends at a line feed or NUL. Memory is bounded by `maxBytes`; a message longer than that, and what
 * stands behind a counted frame whose length was too short, is rejected, and splitting goes on at the next start.
 * How the stream was cut into chunks makes no difference.
 */
export function syslogFraming(maxBytes: number): Framing {
  let mode: Mode = { at: 'start', afterCounted: false };
  /** Bytes seen but not decided on: at most `startBytes`. */
  let undecided: Buffer = Buffer.alloc(0);
  let parts: Buffer[] = [];
  let partsSize = 0;
  let out: Framed[] = [];

  function add(bytes: Buffer): void {
    parts.push(bytes);
    partsSize += bytes.length;
  }
  function collected(): Buffer {
    const [only] = parts;
    const bytes = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
    parts = [];
    partsSize = 0;
    return bytes;
  }
  function message(afterCounted: boolean): void {
    const bytes = trimmed(collected());
    if (bytes.length > 0) out.push({ kind: 'message', bytes });
    mode = { at: 'start', afterCounted };
  }
  function reject(fault: Fault): void {
    const sizeBytes = partsSize;
    const bytes = collected().subarray(0, keptOfRejected);
    if (sizeBytes > 0) out.push({ kind: 'rejected', fault, bytes, sizeBytes });
    mode = { at: 'start', afterCounted: false };
  }
  /** Keeps the start only. */
  function discard(bytes: Buffer): void {
    const room = keptOfRejected - parts.reduce((sum, { length }) => sum + length, 0);
    if (room > 0) parts.push(Buffer.from(bytes.subarray(0, room)));
    partsSize += bytes.length;
  }

  /** @returns how much of `bytes` from `at` on is done with; `bytes.length` unless more is needed to decide */
  function step(bytes: Buffer, at: number, isEnd: boolean): number | 'more' {
    switch (mode.at) {
      case 'start': {
        const start = skipFiller(bytes, at);
        if (start > at || start >= bytes.length) return start;
        const counted = countedAt(bytes, at);
        if (counted === 'more' && !isEnd) return 'more';
        if (typeof counted === 'object') {
          if (counted.length > maxBytes) {
            mode = { at: 'skip', fault: tooLong(maxBytes), until: 'line' };
            return at;
          }
          mode = { at: 'counted', missing: counted.length };
          return counted.start;
        }
        const isLie = mode.afterCounted && bytes[at] !== less;
        mode = isLie ? { at: 'skip', fault: lied, until: 'frame' } : { at: 'line' };
        return at;
      }
      case 'counted': {
        const end = Math.min(bytes.length, at + mode.missing);
        add(bytes.subarray(at, end));
        const missing: number = mode.missing - (end - at);
        if (missing === 0) message(true);
        else mode = { at: 'counted', missing };
        return end;
      }
      case 'line': {
        const end = lineEnd(bytes, at);
        add(bytes.subarray(at, end ?? bytes.length));
        if (partsSize > maxBytes) {
          const all = collected();
          discard(all);
          mode = { at: 'skip', fault: tooLong(maxBytes), until: 'line' };
          return end ?? bytes.length;
        }
        if (end === undefined) return bytes.length;
        message(false);
        return end + 1;
      }
      case 'skip': {
        const end = mode.until === 'line' ? lineEnd(bytes, at) : frameStart(bytes, at);
        if (end !== undefined) {
          discard(bytes.subarray(at, end));
          reject(mode.fault);
          return end;
        }
        const undecidedFrom =
          mode.until === 'line' || isEnd ? bytes.length : Math.max(at, bytes.length - startBytes);
        discard(bytes.subarray(at, undecidedFrom));
        return undecidedFrom === at && !isEnd ? 'more' : undecidedFrom;
      }
    }
  }

  function run(chunk: Buffer, isEnd: boolean): void {
    const bytes = undecided.length === 0 ? chunk : Buffer.concat([undecided, chunk]);
    undecided = Buffer.alloc(0);
    let at = 0;
    while (at < bytes.length) {
      const next = step(bytes, at, isEnd);
      if (next === 'more') {
        undecided = Buffer.from(bytes.subarray(at));
        return;
      }
      at = next;
    }
  }

  function given(): Framed[] {
    const all = out;
    out = [];
    return all;
  }

  return {
    push(chunk) {
      run(chunk, false);
      return given();
    },
    end(isClean = true) {
      run(Buffer.alloc(0), true);
      if (mode.at === 'line' && isClean) message(false);
      else if (mode.at === 'line') reject(incomplete);
      else if (mode.at === 'counted') reject(incomplete);
      else if (mode.at === 'skip') reject(mode.fault);
      return given();
    },
  };
}

const tooLong = (maxBytes: number): Fault => ({
  code: 'syslog-too-long',
  reason: `This syslog message is longer than ${maxBytes} bytes, or says so. Only its start is kept.`,
});
const lied: Fault = {
  code: 'syslog-frame-length',
  reason:
    'The length of the frame before was too short: these bytes stand behind its end and start no new one.',
};
const incomplete: Fault = {
  code: 'syslog-incomplete',
  reason: 'The connection broke in the middle of this message.',
};

const isFiller = (byte: number | undefined): boolean => byte === 10 || byte === 13 || byte === 0;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

function skipFiller(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isFiller(bytes[at])) at++;
  return at;
}

/** `LEN SP` with "<" behind it; 'more' when too little is there to tell. */
function countedAt(bytes: Buffer, at: number): { start: number; length: number } | 'more' | undefined {
  if (bytes[at] === 0x30) return undefined;
  let length = 0;
  let end = at;
  while (end - at < maxLengthDigits && isDigit(bytes[end]))
    length = length * 10 + ((bytes[end++] ?? 0) - 0x30);
  if (end === at && end < bytes.length) return undefined;
  if (end >= bytes.length) return 'more';
  if (bytes[end] !== space) return undefined;
  if (end + 1 >= bytes.length) return 'more';
  return bytes[end + 1] === less ? { start: end + 1, length } : undefined;
}

/** Offset of the line feed or NUL that ends the line. */
function lineEnd(bytes: Buffer, at: number): number | undefined {
  const feed = bytes.indexOf(lineFeed, at);
  const nul = bytes.subarray(at, feed === -1 ? bytes.length : feed).indexOf(0);
  if (nul !== -1) return at + nul;
  return feed === -1 ? undefined : feed;
}

/** Where a counted frame starts, or a line ends, whichever comes first. */
function frameStart(bytes: Buffer, at: number): number | undefined {
  const end = lineEnd(bytes, at) ?? bytes.length;
  for (let mark = bytes.indexOf(' <', at); mark !== -1 && mark < end; mark = bytes.indexOf(' <', mark + 1)) {
    let first = mark;
    // Of a longer row of digits the last ones: how much of it is still there depends on the chunks.
    while (first > at && mark - first < maxLengthDigits && isDigit(bytes[first - 1])) first--;
    while (bytes[first] === 0x30) first++;
    if (first < mark && isDigit(bytes[mark + 2])) return first;
  }
  return end === bytes.length ? undefined : end;
}

function trimmed(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && isFiller(bytes[end - 1])) end--;
  return bytes.subarray(0, end);
}
