import { AppError } from '#platform/errors';

export class SheetRefused extends AppError {
  readonly code = 'sheet-refused';
  readonly status = 400;
  constructor(why: string, cause?: unknown) {
    super(`The file can't be read as a spreadsheet. ${why} Nothing was imported.`, {}, cause);
  }
}

export class ReportRefused extends AppError {
  readonly code = 'report-refused';
  readonly status = 409;
  constructor(why: string) {
    super(`The report can't be made. ${why}`);
  }
}

export class ReportNotReady extends AppError {
  readonly code = 'report-not-ready';
  readonly status = 409;
  constructor(id: string, state: string) {
    super(`The report is not there to download: it is ${state}.`, { reportId: id, state });
  }
}
