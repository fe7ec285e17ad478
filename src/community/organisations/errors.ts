import { AppError } from '#platform/errors';

export class TransitionRefused extends AppError {
  readonly code = 'transition-refused';
  readonly status = 409;
  constructor(tenancy: string, why: string) {
    super(why, { tenancy });
  }
}

export class ConditionsUnmet extends AppError {
  readonly code = 'conditions-unmet';
  readonly status = 409;
  constructor(tenancy: string, unmet: readonly string[]) {
    super(`${tenancy} can't be serviced yet. Still to do: ${unmet.join('; ')}.`, { tenancy, unmet });
  }
}

export class PersonEnded extends AppError {
  readonly code = 'person-ended';
  readonly status = 409;
  constructor(name: string) {
    super(`${name} is not with the organisation any more. Add them again if they came back.`);
  }
}

export class NoAccount extends AppError {
  readonly code = 'no-account';
  readonly status = 409;
  constructor(email: string) {
    super(
      `The organisation has no account with the address ${email}, or somebody else holds it. Add the account first.`,
    );
  }
}

export class OwnAppointment extends AppError {
  readonly code = 'own-appointment';
  readonly status = 403;
  constructor(why: string) {
    super(why);
  }
}

export class VerificationRefused extends AppError {
  readonly code = 'verification-refused';
  readonly status = 409;
  constructor(why: string) {
    super(why);
  }
}

export class DelegationRefused extends AppError {
  readonly code = 'delegation-refused';
  readonly status = 409;
  constructor(why: string) {
    super(why);
  }
}
