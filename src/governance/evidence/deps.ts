import type { Ledger } from '#ledger';
import type { Actor } from '#identity';
import type { Clock } from '#platform/clock';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import type { Evaluator } from './evaluator.ts';
import type { EvidenceKind, Importer } from './importer.ts';
import type { FileRead, Stated } from './read-file.ts';

/** A control's exception or risk acceptance in force. */
export type Acceptance = { readonly id: string; readonly until: Date };

export type EvidenceDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  readonly log: { warn(facts: object, message: string): void; error(facts: object, message: string): void };
  /** Where files are kept as they were received. */
  readonly folder: string;
  readonly kinds: readonly EvidenceKind[];
  readonly importers: readonly Importer[];
  readonly evaluators: readonly Evaluator[];
  /** Reads a received file in another thread, by these kinds and importers; where it is left out, all are read in this one. */
  readonly readApart?: (given: {
    readonly path: string;
    readonly stated: Stated;
    readonly now: Date;
  }) => Promise<FileRead>;
  /** How many the inventory knows of: 'hosts', 'accounts'. Undefined: it can't say. */
  readonly inventoryOf: (tx: Tx, environment: string, basis: string) => Promise<number | undefined>;
  /** By control. */
  readonly acceptances: (tx: Tx, environment: string, now: Date) => Promise<ReadonlyMap<string, Acceptance>>;
  /** Who a finding can be given to. */
  readonly people: (tx: Tx) => Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** How many days a finding has where nothing else says when it is due. Default 30. */
  readonly findingDays?: number;
};

export const findingDaysOf = (deps: Pick<EvidenceDeps, 'findingDays'>): number => deps.findingDays ?? 30;

export type By = { readonly kind: Actor['kind']; readonly id: string; readonly name: string };
export const byOf = ({ kind, id, name }: Actor): By => ({ kind, id, name });
export const systemBy: By = { kind: 'system', id: 'system', name: 'evidence' };
