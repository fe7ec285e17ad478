import { AppError } from '#platform/errors';

/** The file or folder can't be taken as a pack. Nothing of it was kept. */
export class PackRefused extends AppError {
  readonly code = 'pack-refused';
  readonly status = 422;
  constructor(name: string, why: string, cause?: unknown) {
    super(`${name} was not imported: ${why}.`, { name, why }, cause);
  }
}

/** An active pack can't be removed, and only a name that had another version can go back. */
export class PackInUse extends AppError {
  readonly code = 'pack-in-use';
  readonly status = 409;
}
