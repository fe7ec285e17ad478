import { createHash } from 'node:crypto';
import { canonical, type Json } from './canonical.ts';

/** An entry of the chain of hashes that was the ledger before the log. */
export type OldEntry = {
  readonly sequence: number;
  readonly at: Date;
  readonly actor: { readonly kind: 'user' | 'token' | 'system'; readonly id: string; readonly name: string };
  readonly action: string;
  readonly subject: string;
  readonly tenancy: string | null;
  readonly facts: { readonly [name: string]: Json };
  readonly previousHash: Buffer;
  readonly hash: Buffer;
};

/** What the first entry followed. */
export const genesis = Buffer.alloc(32);

/** SHA-256 over the previous entry's hash and the canonical JSON of this one. */
export function oldHash(entry: Omit<OldEntry, 'hash'>): Buffer {
  const { actor } = entry;
  const text = canonical({
    sequence: entry.sequence,
    at: entry.at.toISOString(),
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    action: entry.action,
    subject: entry.subject,
    tenancy: entry.tenancy,
    facts: entry.facts,
  });
  return createHash('sha256').update(entry.previousHash).update(text, 'utf8').digest();
}

/** Follows the chain. @returns why an entry does not belong where it stands; undefined where it does */
export function followChain(): (entry: OldEntry) => string | undefined {
  let previous: Buffer = genesis;
  let expected = 1;
  return (entry) => {
    const [before, next] = [previous, expected];
    previous = entry.hash;
    expected = entry.sequence + 1;
    if (entry.sequence !== next) return `entry ${next} of the chain is missing`;
    if (!entry.previousHash.equals(before))
      return `entry ${next} of the chain does not follow the one before`;
    if (!oldHash(entry).equals(entry.hash)) return `entry ${next} of the chain is not what was hashed`;
    return undefined;
  };
}
