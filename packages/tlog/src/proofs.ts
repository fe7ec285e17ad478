import { malformed, TlogError } from './errors.ts';
import { checkHash, checkSize, emptyRoot, type Hash, hashNode, sameHash } from './merkle.ts';
import {
  checkSubtree,
  consistencyRanges,
  inclusionRanges,
  type NodeReader,
  type Range,
  readRanges,
} from './ranges.ts';

/** The hashes from the leaf's sibling up to the root's child. @throws {TlogError} malformed */
export const proveInclusion = (read: NodeReader, index: number, size: number): Promise<Hash[]> =>
  readRanges(read, inclusionRanges(index, size));

/** @param from at least 1. @throws {TlogError} malformed */
export const proveConsistency = (read: NodeReader, from: number, to: number): Promise<Hash[]> =>
  readRanges(read, consistencyRanges({ begin: 0, end: from }, to));

/** That a leaf is part of a subtree. @throws {TlogError} malformed */
export async function proveSubtreeInclusion(
  read: NodeReader,
  index: number,
  subtree: Range,
): Promise<Hash[]> {
  checkSubtree(subtree);
  const { begin, end } = subtree;
  if (index < begin) throw malformed(`the subtree from ${begin} has no leaf ${index}`);
  const ranges = inclusionRanges(index - begin, end - begin);
  return readRanges(
    read,
    ranges.map((range) => ({ begin: begin + range.begin, end: begin + range.end })),
  );
}

/** That a subtree is part of a tree. @throws {TlogError} malformed */
export const proveSubtreeConsistency = (read: NodeReader, subtree: Range, size: number): Promise<Hash[]> =>
  readRanges(read, consistencyRanges(subtree, size));

const wrong = (what: string): TlogError => new TlogError('proof', `${what} does not follow from the proof`);
const longest = 63;

function checkProof(proof: readonly Hash[]): void {
  if (proof.length > longest) throw malformed(`a proof has at most ${longest} hashes`);
  for (const hash of proof) checkHash(hash, 'a hash of the proof');
}

const half = (count: number): number => Math.floor(count / 2);
const odd = (count: number): boolean => count % 2 === 1;

/**
 * @see RFC 9162, 2.1.3.2
 * @throws {TlogError} malformed, proof
 */
export function checkInclusion(claim: {
  readonly index: number;
  readonly size: number;
  readonly leaf: Hash;
  readonly root: Hash;
  readonly proof: readonly Hash[];
}): void {
  const { index, size, leaf, root, proof } = claim;
  checkSize(size, 'the tree size');
  checkSize(index, 'the index');
  if (index >= size) throw malformed(`a tree of ${size} has no leaf ${index}`);
  checkProof(proof);
  checkHash(leaf, "the leaf's hash");
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (sn === 0) throw wrong('the root');
    if (odd(fn) || fn === sn) {
      hash = hashNode(sibling, hash);
      while (!odd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else hash = hashNode(hash, sibling);
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0 || !sameHash(hash, root)) throw wrong('the root');
}

/** That a leaf is in a subtree. @throws {TlogError} malformed, proof */
export function checkSubtreeInclusion(claim: {
  readonly index: number;
  readonly subtree: Range;
  readonly leaf: Hash;
  /** The subtree's. */
  readonly root: Hash;
  readonly proof: readonly Hash[];
}): void {
  const { index, subtree, leaf, root, proof } = claim;
  checkSubtree(subtree);
  if (index < subtree.begin) throw malformed(`the subtree from ${subtree.begin} has no leaf ${index}`);
  checkInclusion({ index: index - subtree.begin, size: subtree.end - subtree.begin, leaf, root, proof });
}

/**
 * That a tree of `from` leaves is the beginning of one of `to`.
 * @see RFC 6962, 2.1.2
 * @throws {TlogError} malformed, proof
 */
export function checkConsistency(claim: {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Hash;
  readonly toRoot: Hash;
  readonly proof: readonly Hash[];
}): void {
  const { from, to, fromRoot, toRoot, proof } = claim;
  checkSubtreeConsistency({
    subtree: { begin: 0, end: from },
    size: to,
    subtreeRoot: fromRoot,
    root: toRoot,
    proof,
  });
}

/**
 * That a subtree is part of a tree.
 * @see draft-ietf-plants-merkle-tree-certs, 4.4.3
 * @throws {TlogError} malformed, proof
 */
export function checkSubtreeConsistency(claim: {
  readonly subtree: Range;
  readonly size: number;
  readonly subtreeRoot: Hash;
  readonly root: Hash;
  readonly proof: readonly Hash[];
}): void {
  const { subtree, size, subtreeRoot, root, proof } = claim;
  checkSubtree(subtree);
  checkSize(size, 'the tree size');
  if (subtree.end > size) throw malformed(`a tree of ${size} has no subtree that ends at ${subtree.end}`);
  checkProof(proof);
  checkHash(subtreeRoot, "the subtree's hash");
  let [fn, sn, tn] = [subtree.begin, subtree.end - 1, size - 1];
  const up = (): void => {
    [fn, sn, tn] = [half(fn), half(sn), half(tn)];
  };
  const toTheEdge = sn === tn;
  while (fn !== sn && (toTheEdge || odd(sn))) up();
  // Where the subtree is a single complete one, its own hash begins the way up; otherwise the proof brings a part of it.
  const begins = fn === sn ? subtreeRoot : proof[0];
  if (begins === undefined) throw wrong('the root');
  let [before, after] = [begins, begins];
  for (const hash of fn === sn ? proof : proof.slice(1)) {
    if (tn === 0) throw wrong('the root');
    if (odd(sn) || sn === tn) {
      if (fn < sn) before = hashNode(hash, before);
      after = hashNode(hash, after);
      while (!odd(sn) && sn !== 0) up();
    } else after = hashNode(after, hash);
    up();
  }
  if (tn !== 0 || !sameHash(after, root)) throw wrong('the root');
  if (!sameHash(before, subtreeRoot)) throw wrong("the subtree's hash");
}

/**
 * Is `to` the same log as `from`, only longer? An empty log is the beginning of every log.
 * @throws {TlogError} malformed, proof
 */
export function checkGrowth(
  from: { readonly size: number; readonly root: Hash },
  to: { readonly size: number; readonly root: Hash },
  proof: readonly Hash[],
): void {
  for (const { size, root } of [from, to])
    if (size === 0 && !sameHash(root, emptyRoot))
      throw new TlogError('proof', 'an empty log has another root than the empty one');
  if (from.size > to.size) throw new TlogError('proof', `the log shrank from ${from.size} to ${to.size}`);
  if (from.size === 0) {
    if (proof.length > 0) throw new TlogError('proof', 'there is nothing to prove about an empty log');
    return;
  }
  checkConsistency({ from: from.size, to: to.size, fromRoot: from.root, toRoot: to.root, proof });
}
