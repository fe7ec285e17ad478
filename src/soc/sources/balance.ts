import type { SourceBalance } from './contract.ts';
import type { CountedSource } from './store.ts';
import type { DoorCount } from './store-counts.ts';

export type Balanced = { readonly balance: SourceBalance; readonly holds: boolean };

/**
 * INVARIANT: received = stored + rejected + pending. Received and pending come from the spool, stored and rejected from
 * what the pipeline counted: two books, and `holds` says whether they agree.
 *
 * @param counted read before `lastSequence`, so that what arrives between the two is pending
 */
export function balanceOf(
  counted: CountedSource,
  live: {
    readonly lastSequence: number;
    readonly notWritten: DoorCount;
    readonly heardAt: Date | undefined;
    readonly eventsPerSecond: number;
  },
): Balanced {
  const doorRejected = counted.doorRejected + live.notWritten.doorRejected;
  const balance: SourceBalance = {
    source: counted.source.id,
    received: live.lastSequence + doorRejected,
    stored: counted.stored,
    rejected: counted.rejected + doorRejected,
    pending: live.lastSequence - counted.processed,
    duplicates: counted.duplicates + live.notWritten.duplicates,
    refused: counted.refused + live.notWritten.refused,
    unmapped: counted.unmapped,
    eventsPerSecond: live.eventsPerSecond,
    lastEventAt: latest(counted.lastEventAt, live.heardAt)?.toISOString() ?? null,
    silent: counted.silentSince !== null,
  };
  const holds =
    balance.pending >= 0 && balance.received === balance.stored + balance.rejected + balance.pending;
  return { balance, holds };
}

export function latest(a: Date | null | undefined, b: Date | null | undefined): Date | undefined {
  if (a == null) return b ?? undefined;
  if (b == null) return a;
  return a > b ? a : b;
}
