import { AppError } from '#platform/errors';

/** A decision that could not be put on record is no decision. */
export class DecisionNotKept extends AppError {
  readonly code = 'decision-not-kept';
  readonly status = 503;
  constructor(cause?: unknown) {
    super('The decision could not be put on record, so nothing is permitted. Try again shortly.', {}, cause);
  }
}

/** Somebody else set the parameters since they were read. */
export class ParametersMoved extends AppError {
  readonly code = 'parameters-moved';
  readonly status = 409;
  constructor(version: number) {
    super(`The parameters are at version ${version} by now. Load them again, and make your change there.`, {
      version,
    });
  }
}
