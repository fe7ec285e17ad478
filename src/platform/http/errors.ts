import { AppError } from '#platform/errors';

/** A change that a browser sent from another site, or without the session's CSRF token. */
export class CrossSite extends AppError {
  readonly code = 'cross-site';
  readonly status = 403;
  constructor(why: string) {
    super(`This change was not taken: ${why}. Reload the page and try again.`);
  }
}

export class TooLarge extends AppError {
  readonly code = 'too-large';
  readonly status = 413;
  constructor(cause?: unknown) {
    super('The body is larger than this call takes. Send it in smaller parts.', {}, cause);
  }
}

export class UnsupportedMediaType extends AppError {
  readonly code = 'unsupported-media-type';
  readonly status = 415;
  constructor(cause?: unknown) {
    super('The body is of a type this call does not take. Send "Content-Type: application/json".', {}, cause);
  }
}

/** Raised while the server is being put together: the program does not start. */
export class RouteWithoutPermission extends AppError {
  readonly code = 'route-without-permission';
  readonly status = 500;
  constructor(method: string, url: string) {
    super(`The route ${method} ${url} declares no permission.`, { method, url });
  }
}

/** The address can't be listened on. */
export class AddressTaken extends AppError {
  readonly code = 'address-taken';
  readonly status = 500;
  constructor(host: string, port: number, why: string, cause?: unknown) {
    super(
      `Cannot listen on ${host} port ${port}: ${why}. Stop the other program, or choose another address with IRONBARK_LISTEN.`,
      { host, port },
      cause,
    );
  }
}
