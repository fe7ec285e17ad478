import type { Clock } from '#platform/clock';
import type { Records, Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { type Json, storable, storableText } from './canonical.ts';
import { chainCheck, type Entry, genesis, hashOf, type NewEntry, type Verification } from './entry.ts';
import type { Receipt } from './receipt.ts';
import { insert, lockHead, type Reading, read } from './store.ts';

/** What an entry is known by: the promise that it will be in the log. */
export type Recorded = { readonly id: string };

export type Ledger = {
  /** Writes one entry in the caller's transaction: it stands exactly if the change stands. */
  record(tx: Tx, entry: NewEntry): Promise<Recorded>;
  /** The same for many, in the order given. */
  recordMany(tx: Tx, entries: readonly NewEntry[]): Promise<Recorded[]>;
  /** Proof that an entry is in the log; undefined until a checkpoint covers it. */
  receipt(id: string): Promise<Receipt | undefined>;
};

export function createLedger({ clock }: { clock: Clock; records: Records }): Ledger {
  const record: Ledger['record'] = async (tx, given) => {
    const head = await lockHead(tx);
    const unhashed = {
      sequence: (head?.sequence ?? 0) + 1,
      at: clock.now(),
      actor: { kind: given.actor.kind, id: given.actor.id, name: storableText(given.actor.name) },
      action: given.action,
      subject: storableText(given.subject),
      tenancy: given.tenancy ?? null,
      facts: storable(given.facts) as { readonly [name: string]: Json }, // an object stays one
      previousHash: head?.hash ?? genesis,
    };
    await insert(tx, { ...unhashed, hash: hashOf(unhashed) });
    return { id: String(unhashed.sequence) };
  };
  return {
    record,
    async recordMany(tx, entries) {
      const recorded: Recorded[] = [];
      for (const entry of entries) recorded.push(await record(tx, entry));
      return recorded;
    },
    // The chain of hashes proves nothing to who does not hold all of it; the log of issue 4 does.
    receipt: async () => undefined,
  };
}

export const readLedger = (records: Records, reading: Reading): Promise<Entry[]> =>
  records.transaction(systemAccess('read the ledger'), (tx) => read(tx, reading));

const pageSize = 1000;

/** Follows the whole chain, page by page, as it stands when each page is read. */
export async function verifyLedger(records: Records): Promise<Verification> {
  const check = chainCheck();
  for (let after = 0; ; ) {
    const page = await readLedger(records, {
      after,
      limit: pageSize,
      tenancies: undefined,
      subject: undefined,
    });
    for (const entry of page) check.take(entry);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return check.result();
    after = last.sequence;
  }
}
