/** What is to be done so that a reason goes away. */
export type Remedy = {
  /** Who can mend it: "your organisation's CIO or CISO". */
  readonly who: string;
  readonly how: string;
  /** It can be asked for here. */
  readonly requestable: boolean;
  /** Path of the page where it is mended. */
  readonly link: string | null;
};

/** One gate that does not open. */
export type Reason = {
  readonly gate: string;
  /** Stable id of the obligation behind it. */
  readonly clause: string;
  /** `fact-unavailable` when a fact is missing, stale or unreadable; else the gate's own code. */
  readonly code: string;
  /** The facts that could not be had; empty when the gate said no. */
  readonly missing: readonly string[];
  /** For the provider's staff: may name levels, states and dates. */
  readonly staff: string;
  /** For everybody else: never says what is known about a person. */
  readonly outsiders: string;
  readonly remedy: Remedy;
};

/** What comes with a permit: a caller that does not understand one must deny. */
export type Obligation =
  | { readonly id: 'end-by'; readonly at: Date }
  | { readonly id: 'record-session' }
  | { readonly id: 'tell-customer' };

export type Decision = {
  readonly decision: boolean;
  /** Every gate that did not open, in the gates' order. */
  readonly reasons: readonly Reason[];
  /** Ids of gates: the least that has to be mended; the other reasons follow from these. */
  readonly toMend: readonly string[];
  readonly obligations: readonly Obligation[];
  /** `<revision of the gates>.<version of the parameters>`: with the same facts it gives the same decision. */
  readonly policyVersion: string;
  /** SHA-256, hex, of the facts' canonical form (RFC 8785). */
  readonly factsHash: string;
};
