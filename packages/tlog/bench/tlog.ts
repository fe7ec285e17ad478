/**
 * What proofs cost: `node packages/tlog/bench/tlog.ts`. By processor time, which a busy machine does not spoil; the
 * reference is SHA-256 of 65 bytes, what one node of a tree costs at least.
 */
import { generateKeyPairSync, hash } from 'node:crypto';
import {
  checkInclusion,
  createSigner,
  growTiles,
  type Hash,
  hashLeaf,
  nodesFromTiles,
  openCheckpoint,
  proveInclusion,
  signCheckpoint,
  tilePath,
  tileWidth,
} from '../src/index.ts';

const size = 256 * 400;

async function measure(name: string, count: number, work: () => unknown): Promise<void> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  const rate = Math.round(count / ((user + system) / 1e6)).toLocaleString('en-AU');
  console.log(`${name.padEnd(50)} ${rate.padStart(12)}/s of processor time`);
}

const files = new Map<string, Uint8Array>();
const growing = growTiles(0, []);
const leaves = Array.from({ length: size }, (_, n) => hashLeaf(Buffer.from(`entry ${n}`)));
await measure('reference: SHA-256 of 65 bytes', 300_000, () => {
  const input = new Uint8Array(65);
  for (let n = 0; n < 300_000; n++) hash('sha256', input, 'buffer');
});
await measure('leaves added to a tree, tiles kept', size, () => {
  const pending = new Map<number, Hash[]>();
  for (const leaf of leaves)
    for (const { level, index, rows } of growing.append(leaf)) {
      files.set(tilePath({ level, index, width: tileWidth }), Buffer.concat(rows[0] ?? []));
      pending.set(level, rows.at(-1) ?? []);
    }
});
const root = growing.root();
// 400 whole tiles: the level above has one whole tile and one of 144.
const tops = Array.from({ length: 144 }, (_, at) => {
  const tile = growTiles(0, []);
  const rows = leaves.slice((256 + at) * 256, (257 + at) * 256).flatMap((leaf) => tile.append(leaf));
  return rows[0]?.rows.at(-1)?.[0] ?? new Uint8Array();
});
files.set('tile/1/001.p/144', Buffer.concat(tops));
files.set('tile/2/000.p/1', files.has('tile/1/000') ? hashOfWhole() : new Uint8Array());
function hashOfWhole(): Uint8Array {
  const tile = growTiles(0, []);
  const bytes = files.get('tile/1/000') ?? new Uint8Array();
  let top: Uint8Array = new Uint8Array();
  for (let at = 0; at < 256; at++)
    for (const { rows } of tile.append(bytes.subarray(at * 32, at * 32 + 32))) top = rows.at(-1)?.[0] ?? top;
  return top;
}
const read = nodesFromTiles(async (path) => files.get(path), size);
const index = 70_001;
const leaf = leaves[index] ?? root;
await measure('inclusion proofs made from tiles, nothing kept', 1000, async () => {
  for (let n = 0; n < 1000; n++) await proveInclusion(read, (n * 7919) % size, size);
});
const proof = await proveInclusion(read, index, size);
await measure(`inclusion proofs checked (${proof.length} hashes)`, 20_000, () => {
  for (let n = 0; n < 20_000; n++) checkInclusion({ index, size, leaf, root, proof });
});
const signers = [
  createSigner('bench.example', generateKeyPairSync('ed25519').privateKey),
  createSigner('bench.example', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey),
];
const checkpoint = { origin: 'bench.example', size, root };
await measure('checkpoints signed twice', 500, () => {
  for (let n = 0; n < 500; n++) signCheckpoint(checkpoint, signers);
});
const note = signCheckpoint(checkpoint, signers);
const keys = signers.map(({ verifier }) => verifier);
await measure('checkpoints opened, both signatures', 500, () => {
  for (let n = 0; n < 500; n++) openCheckpoint(note, keys);
});
