import type { Clock } from '#platform/clock';
import { systemIds } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import type { NewEntry, Recorded } from './entry.ts';
import { createLogReader } from './log-reader.ts';
import { prepareEntry, pseudonyms, saltsFor } from './prepare.ts';
import type { Receipt } from './receipt.ts';
import { insertEntries, pseudonymKey } from './store.ts';

export type Ledger = {
  /**
   * Writes one entry in the caller's transaction: it stands exactly if the change stands. Nobody waits for anybody; its
   * place in the log comes from the sequencer afterwards.
   */
  record(tx: Tx, entry: NewEntry): Promise<Recorded>;
  /** The same for many, in the order given. */
  recordMany(tx: Tx, entries: readonly NewEntry[]): Promise<Recorded[]>;
  /** Proof that an entry is in the log; undefined until a checkpoint covers it, and for what there is not. */
  receipt(id: string): Promise<Receipt | undefined>;
};

export function createLedger({ clock, records }: { clock: Clock; records: Records }): Ledger {
  const ids = systemIds(clock);
  const reader = createLogReader({ records });
  // Read once: it never changes.
  let known: ReturnType<typeof pseudonyms> | undefined;
  const recordMany: Ledger['recordMany'] = async (tx, entries) => {
    const pseudonym = (known ??= pseudonyms(await pseudonymKey(tx)));
    const at = clock.now();
    const salts = saltsFor(entries.length);
    const prepared = entries.map((entry) => prepareEntry(entry, { at, ids, pseudonym, salt: salts() }));
    await insertEntries(tx, prepared);
    return prepared.map(({ id }) => ({ id }));
  };
  return {
    async record(tx, entry) {
      const [recorded] = await recordMany(tx, [entry]);
      if (recorded === undefined) throw new Error('one entry has one id');
      return recorded;
    },
    recordMany,
    receipt: (id) => reader.receipt(id),
  };
}
