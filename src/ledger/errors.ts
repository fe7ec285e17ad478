import { AppError } from '#platform/errors';

/** What is in the database is not what the newest checkpoint says: nothing more is signed. */
export class LedgerDamaged extends AppError {
  readonly code = 'ledger-damaged';
  readonly status = 500;
  constructor(why: string) {
    super(
      `The ledger is not what its newest checkpoint says: ${why}. Nothing more is signed. Run "ironbark ledger verify".`,
      { why },
    );
  }
}

/** The file with the ledger's keys can't be used. */
export class LedgerKeysUnreadable extends AppError {
  readonly code = 'ledger-keys-unreadable';
  readonly status = 500;
  constructor(why: string, cause?: unknown) {
    super(`The ledger's keys can not be read: ${why}. Restore the file from a backup.`, { why }, cause);
  }
}

/** The policy with the witnesses can't be used. */
export class BadLedgerPolicy extends AppError {
  readonly code = 'bad-ledger-policy';
  readonly status = 400;
  constructor(why: string, cause?: unknown) {
    super(`The ledger's policy can not be used: ${why}.`, { why }, cause);
  }
}
