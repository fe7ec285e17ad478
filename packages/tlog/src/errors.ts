/**
 * Why something was not believed:
 * `malformed` it is not what its format says; `signature` no key that was trusted signed it, or a signature of a known
 * key is wrong; `origin` it is of another log; `proof` its hashes do not add up; `quorum` too few witnesses saw it;
 * `missing` a tile or an entry is not there.
 */
export type TlogFault = 'malformed' | 'signature' | 'origin' | 'proof' | 'quorum' | 'missing';

export class TlogError extends Error {
  readonly fault: TlogFault;
  constructor(fault: TlogFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'TlogError';
    this.fault = fault;
  }
}

export const malformed = (message: string, cause?: unknown): TlogError =>
  new TlogError('malformed', message, cause);
