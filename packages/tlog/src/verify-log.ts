import type { Checkpoint } from './checkpoint.ts';
import { TlogError } from './errors.ts';
import { emptyRoot, type Hash, hashLeaf, sameHash } from './merkle.ts';
import {
  growTiles,
  nodesFromTiles,
  readBundle,
  readTile,
  tileAt,
  tileLevels,
  tilePath,
  type TileSource,
  tileWidth,
} from './tiles.ts';
import { checkGrowth, proveConsistency } from './proofs.ts';

const wrong = (what: string): TlogError => new TlogError('proof', what);

/**
 * Reads a whole log and works its tree out anew: every entry is hashed, every tile must be what follows from the one
 * below, and the root must be the checkpoint's. Memory does not grow with the log.
 * @param entry called for each entry in order, where the bundles may be read
 * @param bundles false where only the hashes may be read; then entries are not seen
 * @throws {TlogError} missing, malformed, proof; the message names the tile
 */
export async function verifyTiles(
  read: TileSource,
  { size, root }: Pick<Checkpoint, 'size' | 'root'>,
  {
    bundles,
    entry,
  }: { bundles: boolean; entry?: (index: number, bytes: Uint8Array) => void | Promise<void> },
): Promise<void> {
  const growing = growTiles(0, []);
  /** What the tiles above the leaves must hold, until it was compared. */
  const pending = new Map<number, Hash[]>();
  const compare = async (level: number, index: number, expected: readonly Hash[]): Promise<void> => {
    const tile = tileAt(level, index, size);
    if (tile === undefined) return;
    const found = await readTile(read, tile);
    const at = found.findIndex((hash, place) => !sameHash(hash, expected[place] ?? emptyRoot));
    if (at >= 0) throw wrong(`${tilePath(tile)}: hash ${at} is not that of what is below it`);
  };
  for (let index = 0; index * tileWidth < size; index++) {
    const tile = tileAt(0, index, size);
    if (tile === undefined) break;
    const hashes = await readTile(read, tile);
    if (bundles) await compareBundle(read, { ...tile, level: 'entries' }, hashes, entry);
    for (const hash of hashes) {
      for (const whole of growing.append(hash)) {
        if (whole.level > 0) await compare(whole.level, whole.index, whole.rows[0] ?? []);
        const above = pending.get(whole.level + 1) ?? [];
        const top = whole.rows.at(-1)?.[0];
        if (top !== undefined) above.push(top);
        pending.set(whole.level + 1, above.length === tileWidth ? [] : above);
      }
    }
  }
  for (const [level, row] of pending)
    if (row.length > 0) await compare(level, Math.floor((tileLevels(size)[level] ?? 0) / tileWidth), row);
  if (!sameHash(growing.root(), root))
    throw wrong(`the tree of ${size} entries has another root than its checkpoint`);
}

async function compareBundle(
  read: TileSource,
  bundle: { readonly level: 'entries'; readonly index: number; readonly width: number },
  hashes: readonly Hash[],
  entry: ((index: number, bytes: Uint8Array) => void | Promise<void>) | undefined,
): Promise<void> {
  const entries = await readBundle(read, bundle);
  for (const [at, bytes] of entries.entries()) {
    const index = bundle.index * tileWidth + at;
    if (!sameHash(hashLeaf(bytes), hashes[at] ?? emptyRoot))
      throw wrong(`${tilePath(bundle)}: entry ${index} is not what was hashed`);
    await entry?.(index, bytes);
  }
}

/**
 * Is the log whose tiles these are a continuation of what was seen before?
 * @throws {TlogError} missing, malformed, proof
 */
export async function verifyGrowth(
  read: TileSource,
  before: Pick<Checkpoint, 'size' | 'root'>,
  now: Pick<Checkpoint, 'size' | 'root'>,
): Promise<void> {
  const proof =
    before.size === 0 || before.size >= now.size
      ? []
      : await proveConsistency(nodesFromTiles(read, now.size), before.size, now.size);
  checkGrowth(before, now, proof);
}
