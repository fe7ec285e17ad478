import { randomBytes } from 'node:crypto';
import { hashLeaf } from '@ironbark/tlog';
import type { Ids } from '#platform/ids';
import { storableText } from './canonical.ts';
import type { NewEntry } from './entry.ts';
import { type Chained, commitmentOf, leafOf, payloadOf, pseudonymOf, saltBytes } from './leaf.ts';
import type { Prepared } from './store.ts';

/** Makes the leaf, its hash and its payload of an entry. @param key of the pseudonyms of tenancies */
export function prepareEntry(
  entry: NewEntry,
  { at, ids, key, chain }: { at: Date; ids: Pick<Ids, 'uuid'>; key: Buffer; chain?: Chained },
): Prepared {
  const id = ids.uuid();
  const salt = randomBytes(saltBytes);
  const body = payloadOf(entry, chain);
  const tenancy = entry.tenancy ?? null;
  const action = storableText(entry.action);
  const leaf = leafOf({
    v: 1,
    id,
    action,
    at: at.toISOString(),
    of: tenancy === null ? null : pseudonymOf(key, tenancy),
    commitment: commitmentOf(salt, body),
  });
  return {
    id,
    leaf,
    hash: hashLeaf(Buffer.from(leaf)),
    at,
    action,
    tenancy,
    subject: storableText(entry.subject),
    salt,
    body,
    oldSequence: chain?.sequence ?? null,
  };
}
