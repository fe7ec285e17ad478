import { AppError } from '#platform/errors';

export class ChangeRefused extends AppError {
  readonly code = 'change-refused';
  readonly status = 409;
}
