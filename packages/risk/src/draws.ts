/**
 * How the draws are laid out. A *world* is one set of everything that is true but not known to us: how effective each
 * control really is. In each world so many draws are made of what may happen in it. 32 draws are the bits of one word.
 */
export type Draws = {
  readonly worlds: number;
  /** Words of 32 draws in each world. */
  readonly words: number;
  /** Worlds are walked together in batches, of so many words: an edge is read once for all of them. */
  readonly batches: number;
  readonly batchWords: number;
  /** In all: worlds * words * 32. */
  readonly count: number;
};

/** Enough to read 5 and 95 per cent off. 125 * 5 * 32 = 20,000. */
const worlds = 125;
const worldsInBatch = 25;

/** So many draws or a few more: a world holds whole words. @param wanted 1 to 1,000,000 */
export function drawsOf(wanted: number): Draws {
  const words = Math.max(1, Math.ceil(Math.min(wanted, 1_000_000) / (worlds * 32)));
  return {
    worlds,
    words,
    batches: worlds / worldsInBatch,
    batchWords: words * worldsInBatch,
    count: worlds * words * 32,
  };
}

/**
 * One bit for each node and draw, kept batch by batch: what is worked on together lies together. Threads share them.
 */
export class Bits {
  readonly byBatch: Int32Array[];
  readonly #words: number;

  constructor({ batches, batchWords }: Draws, nodes: number) {
    this.#words = batchWords;
    this.byBatch = Array.from({ length: batches }, () => sharedWords(nodes * batchWords));
  }

  grow(nodes: number): void {
    for (const [i, old] of this.byBatch.entries()) {
      const wider = sharedWords(nodes * this.#words);
      wider.set(old);
      this.byBatch[i] = wider;
    }
  }

  /** One node's, as words of all draws. */
  write(node: number, row: Int32Array): void {
    for (const [i, batch] of this.byBatch.entries())
      batch.set(row.subarray(i * this.#words, (i + 1) * this.#words), node * this.#words);
  }

  read(node: number, row: Int32Array): Int32Array {
    for (const [i, batch] of this.byBatch.entries())
      row.set(batch.subarray(node * this.#words, (node + 1) * this.#words), i * this.#words);
    return row;
  }

  /** Of word `word` of all draws. */
  at(node: number, word: number): number {
    const batch = Math.floor(word / this.#words);
    return this.byBatch[batch]?.[node * this.#words + (word - batch * this.#words)] ?? 0;
  }

  has(node: number, draw: number): boolean {
    return ((this.at(node, draw >>> 5) >>> (draw & 31)) & 1) === 1;
  }
}

const sharedWords = (count: number): Int32Array =>
  new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));

export function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
