import { AppError } from '#platform/errors';
import type { Fault } from './parse.ts';

export class PolicyRefused extends AppError {
  readonly code = 'policy-refused';
  readonly status = 400;
  constructor(faults: readonly Fault[]) {
    super(
      `The policy can't be taken: ${faults
        .slice(0, 3)
        .map(({ line, message }) => `line ${line}: ${message}`)
        .join(' ')}${faults.length > 3 ? ` And ${faults.length - 3} more.` : ''}`,
      { faults: faults.map(({ line, message }) => `line ${line}: ${message}`) },
    );
  }
}

/** A version goes from draft to approved to published, and stays as it is then. */
export class VersionState extends AppError {
  readonly code = 'version-state';
  readonly status = 409;
}

/** Whoever signs for an organisation holds its CIO or CISO appointment, now. */
export class NoAppointment extends AppError {
  readonly code = 'no-appointment';
  readonly status = 403;
  constructor(organisation: string) {
    super(
      `Only the CIO or CISO of "${organisation}" can sign, with an appointment that is verified and has not run out. ` +
        'Ask your security officer to propose yours; two of the provider’s staff, or an officer in office, verify it.',
      { organisation },
    );
  }
}

/** The agreement is not in a state in which this can be done. */
export class AgreementClosed extends AppError {
  readonly code = 'agreement-closed';
  readonly status = 409;
}

/** Another signer, or another version, was first. */
export class AgreedMeanwhile extends AppError {
  readonly code = 'agreed-meanwhile';
  readonly status = 409;
  constructor() {
    super(
      'Somebody of your organisation signed for this environment a moment before you. Nothing of yours was recorded; look at what stands now.',
    );
  }
}

export class NotRead extends AppError {
  readonly code = 'not-read';
  readonly status = 409;
  constructor(sections: readonly string[]) {
    super(
      `Not every section was opened and agreed to yet: ${sections.join(', ')}. Open each, agree, then sign.`,
      {
        sections,
      },
    );
  }
}

/** What is to be signed is not what was read. */
export class TextChanged extends AppError {
  readonly code = 'text-changed';
  readonly status = 409;
  constructor() {
    super(
      'The text is not the one that you began to read: a newer version was published, or it was altered. Begin to read again.',
    );
  }
}

/** Two people have to do this, and you were the first already. */
export class SecondPerson extends AppError {
  readonly code = 'second-person';
  readonly status = 403;
  constructor(what: string) {
    super(
      `${what} takes two people, and you are the first already. Somebody else has to do it, signed in as themselves.`,
    );
  }
}

export class EvidenceDiffers extends AppError {
  readonly code = 'evidence-differs';
  readonly status = 409;
  constructor() {
    super(
      'The file you hold is not the one that was recorded: their SHA-256 differ. Find out which of the two is right before anybody confirms.',
    );
  }
}

export class ReceiptUnreadable extends AppError {
  readonly code = 'receipt-unreadable';
  readonly status = 400;
  constructor(why: string, cause?: unknown) {
    super(`The receipt can't be read: ${why}. Use the file as it was downloaded.`, {}, cause);
  }
}
