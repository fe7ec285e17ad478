import { AppError } from '#platform/errors';

/** The event store does not answer: it is starting, it died and is started again, or the server can't be reached. */
export class EventsUnavailable extends AppError {
  readonly code = 'events-unavailable';
  readonly status = 503;
  constructor(why: string, cause?: unknown) {
    super(`The event store does not answer: ${why}. Try again in a moment.`, { why }, cause);
  }
}

/** The disk (or its quota) is full. What was stored stays readable. */
export class EventStoreFull extends AppError {
  readonly code = 'event-store-full';
  readonly status = 507;
  constructor(cause?: unknown) {
    super(
      'The event store has no room left on its disk. Make room or drop old months; events wait in the spool meanwhile.',
      {},
      cause,
    );
  }
}

export class QueryTooLong extends AppError {
  readonly code = 'query-too-long';
  readonly status = 422;
  constructor(seconds: number, cause?: unknown) {
    super(
      `The search took more than ${seconds} s and was stopped. Choose a shorter time or add a field to it.`,
      { seconds },
      cause,
    );
  }
}

/** More rows, bytes or memory than a query may have. */
export class QueryTooLarge extends AppError {
  readonly code = 'query-too-large';
  readonly status = 422;
  constructor(what: string, cause?: unknown) {
    super(
      `The search has too much to answer: ${what}. Choose a shorter time or add a field to it.`,
      { what },
      cause,
    );
  }
}

/** The query itself is wrong: a fault of ours, since its text is ours. */
export class QueryFailed extends AppError {
  readonly code = 'query-failed';
  readonly status = 500;
  constructor(engineCode: number, cause?: unknown) {
    super(
      'The event store could not run this search. Please report it with the request id.',
      { engineCode },
      cause,
    );
  }
}

/** A block that the table does not take: a fault of ours. Nothing of it was stored. */
export class BlockRefused extends AppError {
  readonly code = 'block-refused';
  readonly status = 500;
  constructor(engineCode: number, cause?: unknown) {
    super(
      'The event store did not take a block of events. Please report it with the log.',
      { engineCode },
      cause,
    );
  }
}

export class EventsNewer extends AppError {
  readonly code = 'events-newer';
  readonly status = 500;
  constructor(found: string) {
    super(
      `The events were written by a newer version (${found}). Start that version, or restore a backup made by this one.`,
      { found },
    );
  }
}

/** INVARIANT held: an answer without its own nonce is never given to a caller. */
export class ForeignAnswer extends AppError {
  readonly code = 'foreign-answer';
  readonly status = 500;
  constructor() {
    super(
      'The event store answered with rows of another query. They were thrown away; please report it with the request id.',
    );
  }
}
