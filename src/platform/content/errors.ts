import { AppError } from '#platform/errors';

/** The file or folder can't be taken as a pack. Nothing of it was kept. */
export class PackRefused extends AppError {
  readonly code = 'pack-refused';
  readonly status = 422;
  constructor(name: string, why: string, cause?: unknown) {
    super(`${name} was not imported: ${why}.`, { name, why }, cause);
  }
}

/** An active pack can't be removed, and only a name that had another version can go back. */
export class PackInUse extends AppError {
  readonly code = 'pack-in-use';
  readonly status = 409;
}

/** Who made the pack can't be told, or is nobody that is trusted; or plain packs are refused here. */
export class PackUntrusted extends AppError {
  readonly code = 'pack-untrusted';
  readonly status = 422;
  constructor(name: string, why: string) {
    super(`${name} was not taken: ${why}`, { name, why });
  }
}

/** A signed pack that is older than one that was active: an old one sent again, or a step back that somebody has to want. */
export class PackOlder extends AppError {
  readonly code = 'pack-older';
  readonly status = 409;
}

/** What was asked to be fetched is not fetched, or did not come as it must. */
export class FetchRefused extends AppError {
  readonly code = 'fetch-refused';
  readonly status = 422;
}
