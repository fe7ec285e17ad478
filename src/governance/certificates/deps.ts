import type { Actor } from '#identity';
import type { Ledger } from '#ledger';
import type { Clock } from '#platform/clock';
import { NotAllowed } from '#platform/errors';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { CertifiedSystem } from './certificate.ts';

export type CertificatesDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  /** What is used in a system now; undefined parts are not known. */
  readonly used: (
    tx: Tx,
    environment: string,
  ) => Promise<Pick<CertifiedSystem, 'services' | 'assets' | 'sites' | 'editions'>>;
};

export const access = systemAccess('certificates are of the provider as a whole');

/** @throws {NotAllowed} */
export function mustBeProvider(actor: Actor): void {
  if (!actor.ofProvider) throw new NotAllowed('governance.read');
}
