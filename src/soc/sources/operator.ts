import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';

/** Of identity's Actor, what this module needs. */
export type Operator = {
  readonly id: string;
  readonly kind: 'user' | 'token' | 'system';
  readonly name: string;
  readonly scope: Scope;
};

/** Of the ledger, what this module needs. */
export type Recorder = {
  record(
    tx: Tx,
    entry: {
      readonly actor: Operator;
      readonly action: string;
      readonly subject: string;
      readonly tenancy?: string;
      readonly facts: Readonly<Record<string, string | number | boolean | readonly string[] | null>>;
    },
  ): Promise<unknown>;
};

/** Of a pino logger, what this module needs. */
export type Log = Readonly<Record<'info' | 'warn' | 'error', (facts: object, message: string) => void>>;
