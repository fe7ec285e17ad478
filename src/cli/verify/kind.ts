import type { Call } from '../command.ts';

/** A kind of file that "ironbark verify" knows. */
export type Kind = {
  readonly name: string;
  /** By its first bytes. */
  readonly is: (bytes: Buffer) => boolean;
  /** Shows what was found. @returns the exit code */
  readonly check: (bytes: Buffer, call: Call) => Promise<number>;
};
