import { AppError } from '#platform/errors';

export class SheetRefused extends AppError {
  readonly code = 'sheet-refused';
  readonly status = 400;
  constructor(why: string, cause?: unknown) {
    super(`The file can't be read as a spreadsheet. ${why} Nothing was imported.`, {}, cause);
  }
}
