import { AppError } from '#platform/errors';

/** The session can't take this step from where it is. */
export class SupportStep extends AppError {
  readonly code = 'support-step';
  readonly status = 409;
  constructor(state: string, wanted: string) {
    super(`The session is ${state}: ${wanted} is not possible now.`, { state });
  }
}

export class MayNotApprove extends AppError {
  readonly code = 'may-not-approve';
  readonly status = 403;
}

export class GateDenied extends AppError {
  readonly code = 'gate-denied';
  readonly status = 403;
  constructor(reasons: readonly string[]) {
    super(`The gate does not let this happen: ${reasons.join(' ')}`, { reasons });
  }
}

export class KeyNotTaken extends AppError {
  readonly code = 'key-not-taken';
  readonly status = 400;
  constructor(why: string, cause?: unknown) {
    super(
      `The public key is not taken: ${why}. Use an Ed25519 or ECDSA key, as ssh-keygen makes it.`,
      {},
      cause,
    );
  }
}

export class GatewayOff extends AppError {
  readonly code = 'gateway-off';
  readonly status = 503;
  constructor() {
    super('The SSH gateway does not listen. Set IRONBARK_SSH_LISTEN and start again.');
  }
}

export class RecordingBroken extends AppError {
  readonly code = 'recording-broken';
  readonly status = 500;
  constructor(session: string, recording: number, why: string) {
    super(`Recording ${recording} of session ${session} is not what was recorded: ${why}.`, {
      session,
      recording,
    });
  }
}
