import { malformed, TlogError } from './errors.ts';
import { checkSize, emptyRoot, type Hash, hashBytes, hashNode } from './merkle.ts';
import { joinHashes, type Node, type NodeReader } from './ranges.ts';
import { sizeFromText } from './text.ts';

/** Hashes of a whole tile, entries of a whole bundle. */
export const tileWidth = 256;
/** Levels of the tree in one level of tiles. */
const tileHeight = 8;

/** `level` 'entries' is a bundle of entries. `width` is less than `tileWidth` where the log ends within it. */
export type Tile = { readonly level: number | 'entries'; readonly index: number; readonly width: number };

/** @see c2sp.org/tlog-tiles. @throws {TlogError} malformed */
export function tilePath({ level, index, width }: Tile): string {
  checkSize(index, "the tile's index");
  if (level !== 'entries' && (!Number.isInteger(level) || level < 0 || level > 63))
    throw malformed('a tile has a level from 0 to 63');
  if (!Number.isInteger(width) || width < 1 || width > tileWidth)
    throw malformed(`a tile is 1 to ${tileWidth} wide`);
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? [];
  const path = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${path}${width === tileWidth ? '' : `.p/${width}`}`;
}

/** The reverse, for exactly the paths that `tilePath` makes. @throws {TlogError} malformed */
export function parseTilePath(path: string): Tile {
  const parts = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (parts === null) throw malformed('this is not the path of a tile');
  const [, level = '', index = '', width] = parts;
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: sizeFromText(index.replaceAll(/[x/]/g, '').replace(/^0+(?=\d)/, ''), "the tile's index"),
    width: width === undefined ? tileWidth : Number(width),
  };
  if (tilePath(tile) !== path) throw malformed('this is not the path of a tile');
  return tile;
}

/** How many hashes the levels of tiles have, lowest first: 70,000 gives [70000, 273, 1]. */
export function tileLevels(size: number): number[] {
  const levels: number[] = [];
  for (let hashes = size; hashes > 0; hashes = Math.floor(hashes / tileWidth)) levels.push(hashes);
  return levels;
}

/** The tile of a log of `size` leaves at that place; undefined where there is none. */
export function tileAt(level: number | 'entries', index: number, size: number): Tile | undefined {
  const hashes = tileLevels(size)[level === 'entries' ? 0 : level] ?? 0;
  const width = Math.min(tileWidth, hashes - index * tileWidth);
  return width > 0 ? { level, index, width } : undefined;
}

/** Every tile and bundle of a log of `size` leaves. */
export function* tilesOf(size: number): Generator<Tile> {
  for (const [level, hashes] of tileLevels(size).entries()) {
    for (let index = 0; index * tileWidth < hashes; index++) {
      const width = Math.min(tileWidth, hashes - index * tileWidth);
      if (level === 0) yield { level: 'entries', index, width };
      yield { level, index, width };
    }
  }
}

/** @throws {TlogError} malformed, where the bytes are not `width` hashes */
export function parseTile(bytes: Uint8Array, { level, index, width }: Tile): Hash[] {
  if (bytes.length !== width * hashBytes)
    throw malformed(`tile ${level}/${index} has ${bytes.length} bytes, not ${width} hashes`);
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * hashBytes, (at + 1) * hashBytes));
}

/** Entries are at most this long. @see c2sp.org/tlog-tiles, log entries */
export const maxEntryBytes = 0xffff;

/** @throws {TlogError} malformed, where an entry is too long */
export function bundleOf(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = Buffer.alloc(entries.reduce((sum, { length }) => sum + 2 + length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > maxEntryBytes) throw malformed(`an entry has more than ${maxEntryBytes} bytes`);
    bundle.writeUInt16BE(entry.length, at);
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}

/** @throws {TlogError} malformed, where the bytes are not `width` entries and nothing else */
export function parseBundle(bytes: Uint8Array, { index, width }: Tile): Uint8Array[] {
  const bundle = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bundle.length) {
    if (entries.length === width || at + 2 > bundle.length) break;
    const end = at + 2 + bundle.readUInt16BE(at);
    if (end > bundle.length) break;
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  if (entries.length !== width || at !== bundle.length)
    throw malformed(`bundle ${index} is not ${width} entries and nothing else`);
  return entries;
}

/**
 * The hashes of the complete subtrees within one whole tile, from its own 256 up to its root: row r has 256 / 2^r.
 * @param hashes a whole tile
 */
export function tileRows(hashes: readonly Hash[]): Hash[][] {
  const rows: Hash[][] = [[...hashes]];
  for (let row = rows[0] ?? []; row.length > 1; ) {
    const above: Hash[] = [];
    for (let at = 0; at + 1 < row.length; at += 2) {
      const [left, right] = [row[at], row[at + 1]];
      if (left !== undefined && right !== undefined) above.push(hashNode(left, right));
    }
    rows.push(above);
    row = above;
  }
  return rows;
}

/** The tile that holds a node, and where in it the leaves of that node are. */
export function tileOfNode({ level, index }: Node): {
  readonly level: number;
  readonly index: number;
  readonly from: number;
  readonly count: number;
} {
  const tileLevel = Math.floor(level / tileHeight);
  const count = 2 ** (level % tileHeight);
  const first = index * count;
  return { level: tileLevel, index: Math.floor(first / tileWidth), from: first % tileWidth, count };
}

/** A hash of complete subtrees over hashes of a tile. @param hashes a power of two of them */
export function rootOfHashes(hashes: readonly Hash[]): Hash {
  const [root] = tileRows(hashes).at(-1) ?? [];
  return root ?? emptyRoot;
}

/**
 * Where tiles come from: a folder, an address, a table. The path is as `tilePath` makes it.
 * @returns undefined where there is none
 */
export type TileSource = (path: string) => Promise<Uint8Array | undefined>;

/** @throws {TlogError} missing, malformed. The partial tile of a log that has grown since may be whole by now. */
export async function readTile(read: TileSource, tile: Tile): Promise<Hash[]> {
  const bytes = await read(tilePath(tile));
  if (bytes !== undefined) return parseTile(bytes, tile);
  const whole = { ...tile, width: tileWidth };
  const grown = tile.width < tileWidth ? await read(tilePath(whole)) : undefined;
  if (grown === undefined) throw new TlogError('missing', `there is no ${tilePath(tile)}`);
  return parseTile(grown, whole).slice(0, tile.width);
}

/** @throws {TlogError} missing, malformed. As `readTile`. */
export async function readBundle(read: TileSource, tile: Tile): Promise<Uint8Array[]> {
  const bytes = await read(tilePath(tile));
  if (bytes !== undefined) return parseBundle(bytes, tile);
  const whole = { ...tile, width: tileWidth };
  const grown = tile.width < tileWidth ? await read(tilePath(whole)) : undefined;
  if (grown === undefined) throw new TlogError('missing', `there is no ${tilePath(tile)}`);
  return parseBundle(grown, whole).slice(0, tile.width);
}

/** Nodes of a log of `size` leaves, from its tiles. What is read is not checked: check the proofs made of it. */
export function nodesFromTiles(read: TileSource, size: number): NodeReader {
  return async (nodes) => {
    const tiles = new Map<string, Promise<Hash[]>>();
    return Promise.all(
      nodes.map(async (node) => {
        const place = tileOfNode(node);
        const tile = tileAt(place.level, place.index, size);
        if (tile === undefined || place.from + place.count > tile.width)
          throw malformed(`a log of ${size} has no node ${node.level}/${node.index}`);
        const path = tilePath(tile);
        const hashes = tiles.get(path) ?? readTile(read, tile);
        tiles.set(path, hashes);
        return rootOfHashes((await hashes).slice(place.from, place.from + place.count));
      }),
    );
  };
}

/** A log that grows, as the tiles at its right edge. */
export type GrowingTiles = {
  readonly size: number;
  /** @returns the tiles that became whole, lowest level first */
  append(leaf: Hash): readonly { readonly level: number; readonly index: number; readonly rows: Hash[][] }[];
  root(): Hash;
};

/**
 * @param edge the partial tile of each level, lowest first, as `tileLevels` counts them
 * @throws {TlogError} malformed, where the edge is not that of a log of this size
 */
export function growTiles(size: number, edge: readonly (readonly Hash[])[]): GrowingTiles {
  const levels = tileLevels(size);
  const rows = levels.map((hashes, level) => {
    const row = [...(edge[level] ?? [])];
    if (row.length !== hashes % tileWidth)
      throw malformed(`level ${level} of a log of ${size} ends with ${row.length} hashes`);
    return row;
  });
  const counts = [...levels];
  return {
    get size() {
      return counts[0] ?? 0;
    },
    append(leaf) {
      const whole: { level: number; index: number; rows: Hash[][] }[] = [];
      let hash: Hash = leaf;
      for (let level = 0; ; level++) {
        const row = (rows[level] ??= []);
        row.push(hash);
        const count = (counts[level] = (counts[level] ?? 0) + 1);
        if (row.length < tileWidth) return whole;
        const inner = tileRows(row);
        whole.push({ level, index: count / tileWidth - 1, rows: inner });
        rows[level] = [];
        hash = inner.at(-1)?.[0] ?? hash;
      }
    },
    root() {
      if ((counts[0] ?? 0) === 0) return emptyRoot;
      return joinHashes(rows.toReversed().flatMap(peaksOf));
    },
  };
}

/** The roots of the complete subtrees over the hashes of a partial tile, largest first. */
function peaksOf(hashes: readonly Hash[]): Hash[] {
  const peaks: Hash[] = [];
  for (let from = 0; from < hashes.length; ) {
    let count = 1;
    while (count * 2 <= hashes.length - from) count *= 2;
    peaks.push(rootOfHashes(hashes.slice(from, from + count)));
    from += count;
  }
  return peaks;
}
