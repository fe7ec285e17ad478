import { AppError } from '#platform/errors';

/** A bulk action would touch more than its user saw. */
export class MoreThanSeen extends AppError {
  readonly code = 'more-than-seen';
  readonly status = 409;
  constructor(match: number, atMost: number) {
    super(
      `${match} alerts match by now, more than the ${atMost} you saw. Nothing was changed: look again, then repeat.`,
      {
        match,
        atMost,
      },
    );
  }
}

/** The undo token is unknown, used, too old, or another person's. */
export class NothingToUndo extends AppError {
  readonly code = 'nothing-to-undo';
  readonly status = 409;
  constructor() {
    super('This can no longer be undone: an undo works once, for 10 minutes, for who took the action.');
  }
}

/** Everything the action changed has been changed again since. */
export class ChangedSince extends AppError {
  readonly code = 'changed-since';
  readonly status = 409;
  constructor(alerts: number) {
    super('It was changed again since, so it stays as it is. Open the alert to see who did what.', {
      alerts,
    });
  }
}
