import { hash as digest } from 'node:crypto';
import { malformed } from './errors.ts';

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array;
export const hashBytes = 32;

/** Sizes and indices are whole numbers that JavaScript counts exactly; larger ones are refused, not rounded. */
export const maxTreeSize = Number.MAX_SAFE_INTEGER;

/** @see RFC 6962, 2.1: the hash of an empty list is the hash of an empty string */
export const emptyRoot: Hash = digest('sha256', new Uint8Array(0), 'buffer');

/** @see RFC 6962, 2.1: SHA-256(0x00 || entry) */
export function hashLeaf(entry: Uint8Array): Hash {
  const input = new Uint8Array(1 + entry.length);
  input.set(entry, 1);
  return digest('sha256', input, 'buffer');
}

/** @see RFC 6962, 2.1: SHA-256(0x01 || left || right) */
export function hashNode(left: Hash, right: Hash): Hash {
  const input = new Uint8Array(1 + 2 * hashBytes);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + hashBytes);
  return digest('sha256', input, 'buffer');
}

/** Hashes are public: no constant time is needed. */
export function sameHash(a: Hash, b: Hash): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** @throws {TlogError} malformed */
export function checkHash(hash: Uint8Array, what: string): void {
  if (hash.length !== hashBytes) throw malformed(`${what} has ${hash.length} bytes, not ${hashBytes}`);
}

/** @throws {TlogError} malformed */
export function checkSize(size: number, what: string): void {
  if (!Number.isSafeInteger(size) || size < 0) throw malformed(`${what} is not a size that can be counted`);
}

/** The largest power of two that is smaller than `size`. @param size at least 2 */
export function splitOf(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}
