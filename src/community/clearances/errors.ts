import { AppError } from '#platform/errors';

export class CsvRefused extends AppError {
  readonly code = 'csv-refused';
  readonly status = 400;
  constructor(why: string) {
    super(`The file can't be read as a table. ${why} Nothing was imported.`);
  }
}
