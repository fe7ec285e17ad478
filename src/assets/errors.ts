import { AppError } from '#platform/errors';

/** The whole file can't be taken; rows that can't are in the report. */
export class ImportRefused extends AppError {
  readonly code = 'import-refused';
  readonly status = 400;
  constructor(why: string, cause?: unknown) {
    super(`The file can't be imported. ${why} Nothing was changed.`, {}, cause);
  }
}

/** A name or key stands for several assets. */
export class AmbiguousAsset extends AppError {
  readonly code = 'ambiguous-asset';
  readonly status = 409;
  constructor(text: string, ids: readonly string[]) {
    super(`"${text}" is the name or key of ${ids.length} assets. Use the id of the one you mean.`, {
      ids: ids.slice(0, 20),
    });
  }
}
