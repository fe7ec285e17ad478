import { AppError } from '#platform/errors';

/** Nothing of the frame was taken; the sender is to wait and send it again. */
export class SpoolFull extends AppError {
  readonly code = 'spool-full';
  readonly status = 503;
  readonly retryAfterSeconds = 5;
  constructor(limit: 'cap' | 'disk', facts: { sizeBytes: number; capBytes: number }, cause?: unknown) {
    const what =
      limit === 'cap' ? 'The spool has reached its size cap.' : 'The disk of the spool takes no more bytes.';
    super(`${what} Nothing of this batch was taken: send it again later.`, { limit, ...facts }, cause);
  }
}

export class SpoolClosed extends AppError {
  readonly code = 'spool-closed';
  readonly status = 503;
  readonly retryAfterSeconds = 5;
  constructor() {
    super('Ironbark is stopping and takes no more events. Send this batch again after the restart.');
  }
}

/** A door is to split before it appends. */
export class FrameTooLarge extends AppError {
  readonly code = 'frame-too-large';
  readonly status = 413;
  constructor(sizeBytes: number, capBytes: number) {
    super(`A frame of ${sizeBytes} bytes is more than the spool writes at once (${capBytes}).`, {
      sizeBytes,
      capBytes,
    });
  }
}
