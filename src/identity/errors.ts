import { AppError } from '#platform/errors';

/** One answer for everything that can be wrong with a sign-in, so that nobody learns which accounts exist. */
export class SignInRefused extends AppError {
  readonly code = 'sign-in-refused';
  readonly status = 401;
  constructor(cause?: unknown) {
    super(
      'The sign-in did not work: e-mail, password or code is wrong, the code was used before, or the account is locked. ' +
        'Five wrong attempts lock an account for 15 minutes; an administrator can unlock it at once.',
      {},
      cause,
    );
  }
}

export class LinkRefused extends AppError {
  readonly code = 'link-refused';
  readonly status = 403;
  constructor() {
    super(
      'This sign-in link is not good any more: it was used, it ran out, or a newer one took its place. ' +
        'Ask an administrator for a new one. The very first one is printed each time Ironbark starts.',
    );
  }
}

export class WrongCode extends AppError {
  readonly code = 'wrong-code';
  readonly status = 400;
  constructor() {
    super('The code does not match. Check the clock of the device that shows it, and type the newest code.');
  }
}

export class PasskeyRefused extends AppError {
  readonly code = 'passkey-refused';
  readonly status = 400;
  constructor(cause?: unknown) {
    super(
      'The passkey was not taken. Start again; if it stays so, use another passkey or browser.',
      {},
      cause,
    );
  }
}

/** Whoever gives a right must hold it. */
export class MoreThanOwn extends AppError {
  readonly code = 'more-than-own';
  readonly status = 403;
  constructor(missing: readonly string[]) {
    super(`You can't give what you don't have: ${missing.join(', ')}.`, { missing });
  }
}

export class LastAdministrator extends AppError {
  readonly code = 'last-administrator';
  readonly status = 409;
  constructor() {
    super('This is the last administrator who can sign in. Make another one first.');
  }
}

export class NoPasskey extends AppError {
  readonly code = 'no-passkey';
  readonly status = 403;
  constructor() {
    super('Signing needs a passkey, and your account has none. Add one under your name, then try again.');
  }
}

export class SignatureRefused extends AppError {
  readonly code = 'signature-refused';
  readonly status = 403;
  constructor(cause?: unknown) {
    super(
      'The passkey did not sign this record: the answer was late, used before, or for another text. Open it again and sign.',
      {},
      cause,
    );
  }
}

export class IssuerRefused extends AppError {
  readonly code = 'issuer-refused';
  readonly status = 401;
  constructor(issuer: string, why: string, cause?: unknown) {
    super(
      `The sign-in with ${issuer} did not work: ${why}. Begin again, or ask an administrator.`,
      {},
      cause,
    );
  }
}

export class IssuerUnreachable extends AppError {
  readonly code = 'issuer-unreachable';
  readonly status = 502;
  constructor(issuer: string, cause?: unknown) {
    super(
      `${issuer} did not answer as an OpenID Connect issuer does. Try again, or sign in with a passkey.`,
      {},
      cause,
    );
  }
}
