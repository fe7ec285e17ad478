import { AppError } from '#platform/errors';

/** What can't be run, because there is nothing to run it on or it can't be understood. */
export class RiskNotRun extends AppError {
  readonly code = 'risk-not-run';
  readonly status = 409;
}

/** Somebody changed it since it was looked at, or it stands otherwise than the request takes it to. */
export class RiskMoved extends AppError {
  readonly code = 'risk-moved';
  readonly status = 409;
}
