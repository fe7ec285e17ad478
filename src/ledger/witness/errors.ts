import { AppError } from '#platform/errors';

/** The folder of a witness is damaged, or somebody else uses it. */
export class WitnessFolderUnusable extends AppError {
  readonly code = 'witness-folder-unusable';
  readonly status = 500;
  constructor(folder: string, why: string, cause?: unknown) {
    super(`The witness can not use the folder ${folder}: ${why}.`, { folder, why }, cause);
  }
}
