import type { Records, Tx } from '#platform/records';
import type { Scope, TenancyId } from '#platform/scope';

/** Of identity's Actor, what triage needs. */
export type Analyst = {
  readonly id: string;
  readonly kind: 'user' | 'token' | 'system';
  readonly name: string;
  readonly organisation: string;
  readonly scope: Scope;
};

export type LedgerEntry = {
  readonly actor: Analyst;
  readonly action: string;
  readonly subject: string;
  readonly tenancy?: TenancyId;
  readonly facts: Readonly<Record<string, string | number | boolean | readonly string[] | null>>;
};

/** Of the ledger, what triage needs. */
export type Recorder = { record(tx: Tx, entry: LedgerEntry): Promise<unknown> };

export type AnalystRecords = Pick<Records, 'transaction' | 'notify' | 'onChange'>;
