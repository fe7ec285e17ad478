/** Somebody of an organisation, with or without an account. */
export type Person = {
  readonly id: string;
  readonly organisation: string;
  readonly name: string;
  readonly email: string;
  readonly userId: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly endedReason: string | null;
  /** Employment screening is attested until then. */
  readonly screenedUntil: Date | null;
  /** A Baseline clearance is attested by their organisation until then. */
  readonly baselineUntil: Date | null;
};
