import { randomBytes } from 'node:crypto';
import type { Ids } from '#platform/ids';
import { storableText } from './canonical.ts';
import type { NewEntry } from './entry.ts';
import { type Chained, commitmentOf, leafHash, leafOf, payloadOf, pseudonymOf, saltBytes } from './leaf.ts';
import type { Prepared } from './store.ts';

type Preparing = {
  readonly at: Date;
  readonly ids: Pick<Ids, 'uuid'>;
  /** Random, and of this entry alone. */
  readonly salt: Uint8Array;
  /** Of a tenancy. */
  readonly pseudonym: (tenancy: string) => string;
  readonly chain?: Chained;
};

/** Salts, one a call, for as many entries: asked of the system at once. */
export function saltsFor(entries: number): () => Uint8Array {
  const random = randomBytes(entries * saltBytes);
  let at = 0;
  return () => {
    if (at >= random.length) throw new Error('no salt is used twice');
    return random.subarray(at, (at += saltBytes));
  };
}

const pseudonymsKept = 10_000;

/** Pseudonyms under a key; those of many tenancies are remembered. */
export function pseudonyms(key: Buffer): (tenancy: string) => string {
  const known = new Map<string, string>();
  return (tenancy) => {
    const before = known.get(tenancy);
    if (before !== undefined) return before;
    const made = pseudonymOf(key, tenancy);
    if (known.size < pseudonymsKept) known.set(tenancy, made);
    return made;
  };
}

/** Makes the leaf, its hash and its payload of an entry. */
export function prepareEntry(entry: NewEntry, { at, ids, salt, pseudonym, chain }: Preparing): Prepared {
  const id = ids.uuid();
  const body = payloadOf(entry, chain);
  const tenancy = entry.tenancy ?? null;
  const action = storableText(entry.action);
  const leaf = leafOf({
    v: 1,
    id,
    action,
    at: at.toISOString(),
    of: tenancy === null ? null : pseudonym(tenancy),
    commitment: commitmentOf(salt, body),
  });
  return {
    id,
    leaf,
    hash: leafHash(leaf),
    at,
    action,
    tenancy,
    subject: storableText(entry.subject),
    salt,
    body,
    oldSequence: chain?.sequence ?? null,
  };
}
