import type { Actor } from '#identity';
import type { Ledger } from '#ledger';
import type { Clock } from '#platform/clock';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import type { AnnexRow } from './annex/read.ts';
import type { StateSources } from './gather.ts';
import type { OscalFiles } from './kinds.ts';
import type { BundleDeps } from './pack/bundle.ts';
import type { ControlState } from './state.ts';

/** What somebody wrote into an annex that is otherwise than the system says. */
export type AnnexAnswer = {
  readonly control: ControlState;
  readonly row: AnnexRow;
};

export type ReportsDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  readonly log: { warn(facts: object, message: string): void };
  readonly sources: StateSources;
  readonly oscal: OscalFiles;
  readonly signing: Pick<BundleDeps, 'signer' | 'ledgerKeys'>;
  /**
   * Answers controls as an import, all or none, and does what else belongs to it in the same transaction.
   * @returns what was refused, where anything was: nothing was written then
   */
  readonly answer: (
    actor: Actor,
    environment: string,
    answers: readonly AnnexAnswer[],
    options: { readonly dryRun: boolean; readonly also: (tx: Tx) => Promise<void> },
  ) => Promise<readonly { readonly control: string; readonly why: readonly string[] }[]>;
};
