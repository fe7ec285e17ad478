import { AppError } from '#platform/errors';

export class NoOffice extends AppError {
  readonly code = 'no-office';
  readonly status = 403;
  constructor() {
    super(
      'A risk is accepted by the provider’s CISO, CIO, COO or risk owner. Ask one of them, or have somebody appointed under People and appointments.',
    );
  }
}

export class AnswersRefused extends AppError {
  readonly code = 'csv-refused';
  readonly status = 400;
  constructor(why: string) {
    super(`The file can't be read as a table. ${why} Nothing was imported.`);
  }
}
