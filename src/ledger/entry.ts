import { createHash } from 'node:crypto';
import { canonical, type Json } from './canonical.ts';

/** What a service hands over; sequence, time and hashes are the ledger's to give. */
export type NewEntry = {
  readonly actor: { readonly kind: 'user' | 'token' | 'system'; readonly id: string; readonly name: string };
  /** Module and verb: `user.locked`, `source.added`. */
  readonly action: string;
  /** What was acted on: `user/0193…`, `source/acme-fw`. */
  readonly subject: string;
  /** Whose it is; left out for what concerns the community as a whole. */
  readonly tenancy?: string | undefined;
  /** What changed, without secrets. */
  readonly facts: { readonly [name: string]: Json };
};

export type Entry = {
  /** 1, 2, 3 … without gaps. */
  readonly sequence: number;
  readonly at: Date;
  readonly actor: NewEntry['actor'];
  readonly action: string;
  readonly subject: string;
  readonly tenancy: string | null;
  readonly facts: { readonly [name: string]: Json };
  readonly previousHash: Buffer;
  readonly hash: Buffer;
};

/** What the first entry follows. */
export const genesis = Buffer.alloc(32);

/** SHA-256 over the previous entry's hash and the canonical JSON of this one. */
export function hashOf(entry: Omit<Entry, 'hash'>): Buffer {
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

export type Verification =
  | { readonly intact: true; readonly entries: number; readonly head: string }
  /** `sequence` is the first entry that is not what it was when it was written, or does not follow the one before. */
  | { readonly intact: false; readonly entries: number; readonly sequence: number; readonly why: string };

/** Follows a chain over any number of pages. */
export function chainCheck(): { take(entry: Entry): void; result(): Verification } {
  let previous: Buffer = genesis;
  let taken = 0;
  let broken: { sequence: number; why: string } | undefined;
  const faultIn = (entry: Entry): string | undefined => {
    if (entry.sequence !== taken + 1) return `an entry is missing: ${taken + 1} should come next`;
    if (!entry.previousHash.equals(previous)) return 'it does not follow the entry before it';
    if (!hashOf(entry).equals(entry.hash)) return 'its content is not what was hashed';
    return undefined;
  };
  return {
    take(entry) {
      if (broken !== undefined) return;
      const why = faultIn(entry);
      if (why !== undefined) broken = { sequence: entry.sequence, why };
      previous = entry.hash;
      taken++;
    },
    result: () =>
      broken === undefined
        ? { intact: true, entries: taken, head: previous.toString('hex') }
        : { intact: false, entries: taken, ...broken },
  };
}
