import { AppError } from '#platform/errors';

/** One way of proving who one is belongs to one source. */
export class SourceTaken extends AppError {
  readonly code = 'source-taken';
  readonly status = 409;
  constructor(what: 'id' | 'username' | 'certificate' | 'listener', value: string) {
    super(`Another source already has the ${what} "${value}". Choose another one, or change that source.`, {
      what,
      value,
    });
  }
}

export class SourceHasNoSecret extends AppError {
  readonly code = 'source-has-no-secret';
  readonly status = 409;
  constructor(id: string, kind: string) {
    super(`The source "${id}" proves who it is by ${kind}, so there is no secret to renew.`, { id, kind });
  }
}
