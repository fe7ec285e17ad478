import { malformed } from './errors.ts';
import { checkSize, emptyRoot, type Hash, hashNode, splitOf } from './merkle.ts';

/** Leaves from `begin` up to, not including, `end`. */
export type Range = { readonly begin: number; readonly end: number };

/** The root of the complete subtree over the leaves from index * 2^level, 2^level of them. */
export type Node = { readonly level: number; readonly index: number };

/** Hashes of complete subtrees, in the order asked for. */
export type NodeReader = (nodes: readonly Node[]) => Promise<readonly Hash[]>;

/**
 * The complete subtrees that a range is made of, from left to right: at most one of each size.
 * @param range one that the recursion of RFC 6962, 2.1 comes to (its begin is a multiple of its largest part)
 */
export function nodesOf({ begin, end }: Range): Node[] {
  const nodes: Node[] = [];
  for (let from = begin; from < end; ) {
    let [level, leaves] = [0, 1];
    while (leaves * 2 <= end - from) [level, leaves] = [level + 1, leaves * 2];
    nodes.push({ level, index: from / leaves });
    from += leaves;
  }
  return nodes;
}

/** One hash of the hashes of complete subtrees, largest first. @see RFC 6962, 2.1 */
export function joinHashes(hashes: readonly Hash[]): Hash {
  const last = hashes.at(-1);
  if (last === undefined) throw new Error('there is nothing to join');
  return hashes.slice(0, -1).reduceRight((right, left) => hashNode(left, right), last);
}

/** The hash of each range. */
export async function readRanges(read: NodeReader, ranges: readonly Range[]): Promise<Hash[]> {
  const parts = ranges.map(nodesOf);
  const hashes = await read(parts.flat());
  let at = 0;
  return parts.map((nodes) => joinHashes(hashes.slice(at, (at += nodes.length))));
}

/** The hash of the tree of the first `size` leaves. @param size at least 1 */
export async function readRoot(read: NodeReader, size: number): Promise<Hash> {
  const [root] = await readRanges(read, [{ begin: 0, end: size }]);
  if (root === undefined) throw new Error('one range has one hash');
  return root;
}

/**
 * What an inclusion proof is made of, the leaf's sibling first.
 * @see RFC 6962, 2.1.1
 * @throws {TlogError} malformed, where there is no such leaf
 */
export function inclusionRanges(index: number, size: number): Range[] {
  checkSize(size, 'the tree size');
  checkSize(index, 'the index');
  if (index >= size) throw malformed(`a tree of ${size} has no leaf ${index}`);
  const ranges: Range[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    if (index < middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  return ranges.reverse();
}

/**
 * What proves that a subtree is part of a tree.
 * @see draft-ietf-plants-merkle-tree-certs, 4.4 (subtree consistency proofs); with begin 0 the consistency proof of RFC 6962, 2.1.2
 * @throws {TlogError} malformed
 */
export function consistencyRanges(subtree: Range, size: number): Range[] {
  checkSubtree(subtree);
  checkSize(size, 'the tree size');
  if (subtree.end > size) throw malformed(`a tree of ${size} has no subtree that ends at ${subtree.end}`);
  const ranges: Range[] = [];
  // The part of the tree that is looked at, and whether the subtree's own hash is known to who checks.
  let [begin, end, known] = [0, size, true];
  let from = subtree.begin;
  while (!(from === begin && subtree.end === end)) {
    const middle = begin + splitOf(end - begin);
    if (subtree.end <= middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      if (from < middle) [from, known] = [middle, false];
      begin = middle;
    }
  }
  if (!known) ranges.push({ begin, end });
  return ranges.reverse();
}

/**
 * A subtree begins at a multiple of the smallest power of two that is not smaller than it.
 * @see draft-ietf-plants-merkle-tree-certs, 4.1
 */
export function checkSubtree({ begin, end }: Range): void {
  checkSize(begin, 'the begin');
  checkSize(end, 'the end');
  if (begin >= end) throw malformed(`there is no leaf from ${begin} up to ${end}`);
  let span = 1;
  while (span < end - begin) span *= 2;
  if (begin % span !== 0) throw malformed(`leaves ${begin} up to ${end} are no subtree`);
}

/** A tree that only grows, as the roots of its complete subtrees: a root costs a hash for each of them. */
export type GrowingTree = { readonly size: number; append(leaf: Hash): void; root(): Hash };

export function growTree(): GrowingTree {
  const peaks: Hash[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    append(leaf) {
      let hash = leaf;
      // As many subtrees become one as the size had ones at its end.
      for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
        const left = peaks.pop();
        if (left !== undefined) hash = hashNode(left, hash);
      }
      peaks.push(hash);
      size++;
    },
    root: () => (size === 0 ? emptyRoot : joinHashes(peaks)),
  };
}
