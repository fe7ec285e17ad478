import { AppError } from '#platform/errors';

export class ExceptionRefused extends AppError {
  readonly code = 'exception-refused';
  readonly status = 409;
  constructor(why: string) {
    super(why);
  }
}
