import { AppError } from '#platform/errors';

/** Who asks may not approve this version; the message says what is missing. */
export class ApprovalRefused extends AppError {
  readonly code = 'document-approval-refused';
  readonly status = 403;
  constructor(why: string) {
    super(why);
  }
}

/** The document is retired, or the version is not the one that was looked at. */
export class DocumentMoved extends AppError {
  readonly code = 'document-moved';
  readonly status = 409;
}
