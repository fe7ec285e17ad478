export type Facts = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

/**
 * What every thrown error of Ironbark is: a stable code, an HTTP status, a sentence that says what could not be done
 * and what would help, facts that are safe to show, and the cause (for the log only).
 * Every `code` has a paragraph in docs/problems.md; test/architecture.test.ts holds them together.
 */
export abstract class AppError extends Error {
  abstract readonly code: string;
  abstract readonly status: number;
  readonly facts: Facts;

  constructor(message: string, facts: Facts = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.facts = facts;
  }
}

/** The thing does not exist, or not for this actor: the two are never told apart. */
export class NotFound extends AppError {
  readonly code = 'not-found';
  readonly status = 404;
  constructor(what: string, id: string) {
    super(`There is no ${what} "${id}" here, or it is outside your scope.`, { what, id });
  }
}

export class Invalid extends AppError {
  readonly code = 'invalid';
  readonly status = 400;
}

export class Conflict extends AppError {
  readonly code = 'conflict';
  readonly status = 409;
}

export class NotSignedIn extends AppError {
  readonly code = 'not-signed-in';
  readonly status = 401;
  constructor(detail = 'Sign in first, or send a valid API token.') {
    super(detail);
  }
}

export class NotAllowed extends AppError {
  readonly code = 'not-allowed';
  readonly status = 403;
  constructor(permission: string) {
    super(`This needs the permission "${permission}". An administrator can give you a role that has it.`, {
      permission,
    });
  }
}

/** Over capacity: the caller is to wait and send again. */
export class Busy extends AppError {
  readonly code = 'busy';
  readonly status = 503;
  readonly retryAfterSeconds: number;
  constructor(what: string, retryAfterSeconds: number, cause?: unknown) {
    super(`${what} Try again in ${retryAfterSeconds} s.`, { retryAfterSeconds }, cause);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
