import { AppError, type Facts } from '#platform/errors';

/** The file, or what was said about it, can't be taken; nothing of it was. */
export class EvidenceRefused extends AppError {
  readonly code = 'evidence-refused';
  readonly status = 400;
  readonly why: string;
  constructor(why: string, facts: Facts = {}, cause?: unknown) {
    super(`The evidence can't be taken: ${why}`, facts, cause);
    this.why = why;
  }
}

/** Collected later than now: somebody's clock is wrong, and its expiry would be too. */
export class EvidenceFromFuture extends AppError {
  readonly code = 'evidence-from-future';
  readonly status = 400;
  readonly collectedAt: Date;
  constructor(collectedAt: Date, now: Date) {
    super(
      `The evidence says that it was collected at ${collectedAt.toISOString()}; it is ${now.toISOString()} here. ` +
        'Check the clock of the machine it comes from, or state when it was really collected.',
      { collectedAt: collectedAt.toISOString(), now: now.toISOString() },
    );
    this.collectedAt = collectedAt;
  }
}

/** What was kept of a file is gone from the data folder, or is not what it was. */
export class RawEvidenceDamaged extends AppError {
  readonly code = 'raw-evidence-damaged';
  readonly status = 500;
  constructor(collection: string, cause?: unknown) {
    super(
      `The file that the collection ${collection} was read from is not in the data folder as it was received. Its facts ` +
        'stand; restore the folder "evidence" from a backup to have the file too.',
      { collection },
      cause,
    );
  }
}
