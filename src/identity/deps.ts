import type { Ledger } from '#ledger';
import type { Clock } from '#platform/clock';
import type { Ids } from '#platform/ids';
import type { Records } from '#platform/records';
import type { Directory } from './directory.ts';
import type { Passwords } from './passwords.ts';
import type { Sealer } from './sealer.ts';

/** What identity's use cases need. */
export type IdentityDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  readonly directory: Directory;
  readonly passwords: Passwords;
  readonly sealer: Sealer;
  /** Where browsers reach the page: passkeys are bound to it. `https://siem.example.gov.au` */
  readonly origin: string;
};

export const secretBytes = 32;

/** A user, in a ledger entry. */
export const userActor = (user: { id: string; name: string }) => ({ kind: 'user', ...pick(user) }) as const;
const pick = ({ id, name }: { id: string; name: string }) => ({ id, name });

export const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000);
