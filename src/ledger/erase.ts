import type { Clock } from '#platform/clock';
import { NotFound } from '#platform/errors';
import type { Records } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { NewEntry } from './entry.ts';
import { isUuid } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { erasePayload, readEntry } from './store.ts';

export type EraseDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'record'>;
};

/**
 * Removes the readable part of an entry for ever: who, on what and the facts. Its leaf, its place and every proof of it
 * stay as they are. That it was done, by whom and why, is an entry of its own.
 * @throws {NotFound}
 */
export async function eraseEntry(
  { records, clock, ledger }: EraseDeps,
  actor: NewEntry['actor'],
  id: string,
  reason: string,
): Promise<{ id: string; recordedAs: string }> {
  return records.transaction(systemAccess('erase the readable part of an entry'), async (tx) => {
    const entry = isUuid(id) ? await readEntry(tx, id, undefined) : undefined;
    if (entry === undefined || !(await erasePayload(tx, id, clock.now())))
      throw new NotFound('readable entry', id);
    const recorded = await ledger.record(tx, {
      actor,
      action: 'ledger.erased',
      subject: `entry/${id}`,
      ...(entry.tenancy !== null && { tenancy: entry.tenancy }),
      facts: { reason, action: entry.action },
    });
    return { id, recordedAs: recorded.id };
  });
}
