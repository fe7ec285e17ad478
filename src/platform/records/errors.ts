import { AppError } from '#platform/errors';

/** The database can't be reached or is out of room; the transaction did not commit, unless the connection broke in the commit itself. */
export class RecordsUnavailable extends AppError {
  readonly code = 'records-unavailable';
  readonly status = 503;
  constructor(why: string, cause?: unknown) {
    super(
      `The system of record does not answer: ${why}. Nothing was changed; try again in a moment.`,
      { why },
      cause,
    );
  }
}

/** Two transactions waited for each other, and the database ended this one. */
export class RecordsBusy extends AppError {
  readonly code = 'records-busy';
  readonly status = 503;
  constructor(cause?: unknown) {
    super('Another change to the same records was in the way. Nothing was changed; try again.', {}, cause);
  }
}

/** The data were written by a newer Ironbark (or PostgreSQL) than this one. */
export class RecordsNewer extends AppError {
  readonly code = 'records-newer';
  readonly status = 500;
  constructor(found: string) {
    super(
      `The records were written by a newer version (${found}). Start that version, or restore a backup made by this one.`,
      { found },
    );
  }
}

/** A migration that already ran no longer reads as it did when it ran. */
export class MigrationEdited extends AppError {
  readonly code = 'migration-edited';
  readonly status = 500;
  constructor(name: string) {
    super(
      `The migration ${name} was edited after it ran. Restore its text and put the change in a new migration.`,
      { name },
    );
  }
}

/** A migration did not run; it was rolled back, those before it stand. */
export class MigrationFailed extends AppError {
  readonly code = 'migration-failed';
  readonly status = 500;
  constructor(name: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`The migration ${name} failed and was rolled back: ${why}.`, { name, why }, cause);
  }
}

export class DataFolderInUse extends AppError {
  readonly code = 'data-folder-in-use';
  readonly status = 409;
  constructor(folder: string) {
    super(
      `Another Ironbark process uses the data folder ${folder}. Stop it first, or talk to it over its address.`,
      { folder },
    );
  }
}

/** A transaction opened another one: on PGlite they would wait for each other for ever. */
export class NestedTransaction extends AppError {
  readonly code = 'nested-transaction';
  readonly status = 500;
  constructor() {
    super('A transaction was opened inside another one. Pass the outer transaction on instead.');
  }
}

const violations = {
  '23502': 'not-null',
  '23503': 'foreign-key',
  '23505': 'unique',
  '23514': 'check',
  '23P01': 'exclusion',
  '42501': 'row-security',
} as const;
export type Violation = (typeof violations)[keyof typeof violations];

/**
 * Which rule of the database refused a statement: for `store.ts`, which turns it into an error of its own.
 * @returns undefined when `error` is anything else
 */
export function violation(error: unknown): { kind: Violation; constraint: string } | undefined {
  const state = sqlState(error);
  if (state === undefined || !(state in violations)) return undefined;
  const constraint = (error as { constraint?: unknown }).constraint; // both drivers carry the wire protocol's field
  return {
    kind: violations[state as keyof typeof violations], // `in` above
    constraint: typeof constraint === 'string' ? constraint : '',
  };
}

/** The five characters of SQLSTATE, where `error` came from the database. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code)
    ? code
    : undefined;
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

/**
 * The one place where what a driver threw becomes an error of ours. Rule violations stay as they are (see `violation`).
 * @see PostgreSQL documentation, appendix A, error codes
 */
export function translate(error: unknown): unknown {
  const state = sqlState(error);
  if (state === '40P01' || state === '40001' || state === '55P03') return new RecordsBusy(error);
  if (state?.startsWith('53'))
    return new RecordsUnavailable('it is out of disk, memory or connections', error);
  if (state?.startsWith('08') || state?.startsWith('57P') || state === '25P03')
    return new RecordsUnavailable('the connection was ended', error);
  if (state?.startsWith('28') || state === '3D000')
    return new RecordsUnavailable('it refuses the sign-in', error);
  if (state?.startsWith('58') || state?.startsWith('XX'))
    return new RecordsUnavailable('it reports an internal error', error);
  if (state !== undefined || !(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (unreachable.has(code)) return new RecordsUnavailable('it can not be reached', error);
  if (code === 'ENOSPC') return new RecordsUnavailable('the disk is full', error);
  return error;
}
