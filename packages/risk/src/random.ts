/**
 * Draws that belong to what they are about. Every element has a key made of the seed and its id; draw number i of it is
 * a function of key and i alone. So order, other elements and what was computed before change nothing, and the same
 * draw is used again after a change (common random numbers).
 */
export type Key = { readonly low: number; readonly high: number };

/** Two halves of 32 bits, of a text and a seed. Not for secrets. */
export function keyOf(seed: number, kind: string, id: string): Key {
  let low = (0x811c9dc5 ^ seed) | 0;
  let high = (0x9e3779b9 + Math.imul(seed, 0x85ebca6b)) | 0;
  const text = `${kind}\u0000${id}`;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high + unit, 0x5bd1e995) ^ (high >>> 13);
  }
  return { low: finish(low ^ text.length), high: finish(high + low) };
}

const finish = (x: number): number => {
  let h = x ^ (x >>> 16);
  h = Math.imul(h, 0x21f0aaad);
  h ^= h >>> 15;
  h = Math.imul(h, 0x735a2d97);
  return h ^ (h >>> 15);
};

/** 32 bits for `counter` of a key, as a signed number: those stay machine words all the way. */
export function bitsAt(low: number, high: number, counter: number): number {
  let x = low ^ Math.imul(counter + 1, 0x9e3779b1);
  x ^= x >>> 16;
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = (x + high) | 0;
  x = Math.imul(x, 0x735a2d97);
  return x ^ (x >>> 15);
}

/** In (0, 1). */
export const uniformAt = (key: Key, counter: number): number =>
  ((bitsAt(key.low, key.high, counter) >>> 0) + 0.5) / 4_294_967_296;

/** A permutation of 0 … size - 1 that belongs to a key: each place exactly once. */
export type Permutation = (place: number) => number;

/**
 * A bijection on the next power of two, walked until it falls inside. Where the draws of an element are its first
 * `p * size` places, exactly that many are hit (no luck in how many, only in which), and a higher p keeps all hits of a lower.
 */
export function permutation(key: Key, size: number): Permutation {
  const bits = Math.max(2, 32 - Math.clz32(size - 1));
  const mask = 2 ** bits - 1;
  const fold = Math.max(1, bits >>> 1);
  const odd0 = bitsAt(key.low, key.high, 101) | 1;
  const odd1 = bitsAt(key.low, key.high, 102) | 1;
  const odd2 = bitsAt(key.low, key.high, 103) | 1;
  const add0 = bitsAt(key.low, key.high, 104);
  const add1 = bitsAt(key.low, key.high, 105);
  const add2 = bitsAt(key.low, key.high, 106);
  return (place) => {
    let x = place;
    do {
      x = Math.imul(x + add0, odd0) & mask;
      x ^= x >>> fold;
      x = Math.imul(x + add1, odd1) & mask;
      x ^= x >>> fold;
      x = Math.imul(x + add2, odd2) & mask;
      x ^= x >>> fold;
    } while (x >= size);
    return x;
  };
}

const shuffles = 1024;

/**
 * For each threshold 0 … 32 and each of 1,024 shuffles of 32 lanes: the lanes whose rank is below the threshold.
 * Made once from a constant key, so that every machine has the same.
 */
function laneTable(): Int32Array {
  const table = new Int32Array(33 * shuffles);
  for (let s = 0; s < shuffles; s++) {
    const key = keyOf(0x51ed, 'lanes', String(s));
    const ranks = Array.from({ length: 32 }, (_, lane) => lane).sort(
      (a, b) => uniformAt(key, a) - uniformAt(key, b) || a - b,
    );
    let lanes = 0;
    for (let rank = 0; rank < 32; rank++) {
      lanes |= 1 << (ranks[rank] ?? 0);
      table[(rank + 1) * shuffles + s] = lanes;
    }
  }
  return table;
}
const lanesBelow = laneTable();

/**
 * The 32 lanes in which an edge with this probability lets a loss through, in one word of draws. Lanes of a word are
 * stratified: an edge of .5 is open in exactly 16 of the 32. A higher probability keeps every lane of a lower one.
 */
export function openLanes(probability: number, low: number, high: number, word: number): number {
  if (probability >= 1) return -1;
  const scaled = probability * 32;
  const threshold = scaled | 0;
  return lanesOf(threshold, ((scaled - threshold) * 32_768) | 0, bitsAt(low, high, word));
}

/**
 * The same, for who asks for many words of one edge and knows its probability in parts.
 * @param threshold whole lanes of 32
 * @param rest of one more lane, in 32,768ths
 * @param bits of the edge and word: 15 decide the lane in between, 10 choose the shuffle, 5 turn it
 */
export function lanesOf(threshold: number, rest: number, bits: number): number {
  const above = bits >>> 17 < rest ? threshold + 1 : threshold;
  if (above === 0) return 0;
  const mask = lanesBelow[above * shuffles + (bits & 1023)] ?? 0;
  const turn = (bits >>> 10) & 31;
  return (mask << turn) | (mask >>> (32 - turn));
}
