/** Numbers in order, cut in blocks so that neither adding nor finding the k-th walks them all. Equal numbers are kept. */
export class SortedValues {
  readonly #blocks: number[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(value: number): void {
    this.#size++;
    const at = Math.min(this.#blockOf(value), this.#blocks.length - 1);
    const block = this.#blocks[at];
    if (block === undefined) {
      this.#blocks.push([value]);
      return;
    }
    block.splice(lowerBound(block, value), 0, value);
    if (block.length > blockSize * 2) this.#blocks.splice(at + 1, 0, block.splice(blockSize));
  }

  /** Takes away one of the equals. @returns false where there is none */
  remove(value: number): boolean {
    const at = this.#blockOf(value);
    const block = this.#blocks[at];
    if (block === undefined) return false;
    const place = lowerBound(block, value);
    if (block[place] !== value) return false;
    block.splice(place, 1);
    if (block.length === 0) this.#blocks.splice(at, 1);
    this.#size--;
    return true;
  }

  /** @param rank from 1, the smallest; undefined beyond the ends */
  at(rank: number): number | undefined {
    let before = 0;
    for (const block of this.#blocks) {
      if (rank <= before + block.length) return block[rank - before - 1];
      before += block.length;
    }
    return undefined;
  }

  /** The first block whose last value is not below. */
  #blockOf(value: number): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#blocks[middle]?.at(-1) ?? Number.POSITIVE_INFINITY) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const blockSize = 512;

function lowerBound(block: readonly number[], value: number): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((block[middle] ?? Number.POSITIVE_INFINITY) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
