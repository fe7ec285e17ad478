import type { Ledger } from '#ledger';
import type { Clock } from '#platform/clock';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import type { AgreementSlot } from './contract.ts';

/** What the use cases about organisations need. */
export type OrganisationsDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  /** What an organisation agreed to in an environment: the agreements know. Left out, nobody knows, and nothing commences. */
  readonly agreement?: AgreementOf;
};

export type AgreementOf = (
  tx: Tx,
  organisation: string,
  environment: string,
  at: Date,
) => Promise<AgreementSlot>;

export const iso = (at: Date): string => at.toISOString();
export const isoOrNull = (at: Date | null): string | null => at?.toISOString() ?? null;
/** The end of a day, UTC: `until 2027-06-30` includes that day. */
export const endOfDay = (day: string): Date => new Date(Date.parse(day) + 86_400_000);
