import { AppError } from '#platform/errors';

/** The command line can't be understood. */
export class UsageError extends AppError {
  readonly code = 'usage';
  readonly status = 400;
}

/** No server to talk to. */
export class NoServer extends AppError {
  readonly code = 'no-server';
  readonly status = 503;
  constructor(why: string, cause?: unknown) {
    super(
      `${why} Start it with "ironbark up", or set IRONBARK_URL and IRONBARK_TOKEN for one on another machine.`,
      {},
      cause,
    );
  }
}

/** The server answered with a problem: its own words, code and status. */
export class ServerRefused extends AppError {
  readonly code: string;
  readonly status: number;
  constructor(problem: { code: string; status: number; detail: string }) {
    super(problem.detail);
    this.code = problem.code;
    this.status = problem.status;
  }
}

/** The server answered with success, and not what the contract says. */
export class UnexpectedAnswer extends AppError {
  readonly code = 'unexpected-answer';
  readonly status = 502;
  constructor(cause: unknown) {
    super(
      'The server answered in a way this program does not know. Are both of the same version?',
      {},
      cause,
    );
  }
}
