import { createHash } from 'node:crypto';
import { PackRefused } from './errors.ts';

/** `path` is relative, with `/`, and has no `.` or `..` in it. */
export type PackFile = { readonly path: string; readonly text: string };

export type PackFiles = {
  /** By path. */
  readonly files: readonly PackFile[];
  /** Over paths and texts: equal content has an equal one, however it was packed. */
  readonly sha256: string;
  readonly bytes: number;
  /** What was in it and was left out: links, and files of other kinds. */
  readonly skipped: number;
};

export type PackLimits = {
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
  /** Entries looked at, taken or not. */
  readonly entries: number;
  /** Unpacked bytes a packed byte may become, beyond the first megabyte. */
  readonly ratio: number;
  /** Which files are content; the rest is left out unread. */
  readonly accepts: (path: string) => boolean;
};

/** SigmaHQ's repository has some 5,000 rules in 20 MB; a catalogue in OSCAL is one file of 3 to 12 MB, ATT&CK one of 45 MB. */
export const packLimits: PackLimits = {
  files: 30_000,
  fileBytes: 64 << 20,
  totalBytes: 128 << 20,
  entries: 200_000,
  ratio: 100,
  accepts: (path) =>
    /\.(ya?ml|jsonl?|ndjson|csv|tsv|xml|txt|md)$/i.test(path) || /(^|\/)licen[cs]e[^/]*$/i.test(path),
};

/** Gathers files under the limits. Every way in goes through here. */
export class PackBuilder {
  readonly #name: string;
  readonly #limits: PackLimits;
  readonly #files = new Map<string, string>();
  #entries = 0;
  #bytes = 0;
  #skipped = 0;

  constructor(name: string, limits: PackLimits) {
    this.#name = name;
    this.#limits = limits;
  }

  /**
   * Tells whether to read this entry.
   * @throws {PackRefused} where its path leads out of the pack, or there are too many
   */
  wants(path: string, kind: 'file' | 'other'): boolean {
    if (++this.#entries > this.#limits.entries)
      this.refuse(`it has more than ${this.#limits.entries} entries`);
    if (!isInside(path))
      this.refuse(`it has a path that leads out of it: ${JSON.stringify(path.slice(0, 120))}`);
    if (kind === 'file' && this.#limits.accepts(path)) return true;
    if (!path.endsWith('/')) this.#skipped++;
    return false;
  }

  /** Bytes that were unpacked so far, of the file being read: checked before they are kept. */
  check(fileBytes: number, path: string): void {
    if (fileBytes > this.#limits.fileBytes)
      this.refuse(`${path} is larger than ${this.#limits.fileBytes} bytes`);
    if (this.#bytes + fileBytes > this.#limits.totalBytes)
      this.refuse(`it is larger than ${this.#limits.totalBytes} bytes unpacked`);
  }

  add(path: string, bytes: Buffer): void {
    this.check(bytes.length, path);
    if (this.#files.size >= this.#limits.files) this.refuse(`it has more than ${this.#limits.files} files`);
    if (this.#files.has(path)) this.refuse(`it has ${path} twice`);
    this.#bytes += bytes.length;
    this.#files.set(path, bytes.toString('utf8'));
  }

  /** How far unpacking may go for this many packed bytes. */
  unpackedLimit(packedBytes: number): number {
    return Math.min(this.#limits.totalBytes * 2, (1 << 20) + packedBytes * this.#limits.ratio);
  }

  refuse(why: string, cause?: unknown): never {
    throw new PackRefused(this.#name, why, cause);
  }

  finish(): PackFiles {
    if (this.#files.size === 0) this.refuse('it has no file of a kind that is content');
    return packOf(
      [...this.#files].map(([path, text]) => ({ path, text })),
      this.#skipped,
    );
  }
}

/** Files that are known to be good, as a pack. */
export function packOf(files: readonly PackFile[], skipped = 0): PackFiles {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const hash = createHash('sha256');
  let bytes = 0;
  for (const { path, text } of sorted) {
    hash.update(JSON.stringify([path, text]));
    bytes += Buffer.byteLength(text);
  }
  return { files: sorted, sha256: hash.digest('hex'), bytes, skipped };
}

export const fileSha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function isInside(path: string): boolean {
  if (path.length === 0 || path.length > 1024 || path.startsWith('/') || /^[a-z]:/i.test(path)) return false;
  if (path.includes('\\') || /\p{Cc}/u.test(path)) return false;
  return path
    .replace(/\/$/, '')
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..');
}
