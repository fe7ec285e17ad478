/** Why a rule, filter or file can't be used, and where. A rule with a fault is not active; nothing is dropped without one. */
export type RuleFault = {
  readonly file: string;
  /** 1-based; the nearest line known. */
  readonly line: number;
  readonly ruleId: string | null;
  /** A stable word for programs: `unknown-modifier`, `yaml`, `duplicate-id`… */
  readonly what: FaultKind;
  /** A sentence for people: what is wrong and what would help. */
  readonly why: string;
};

export type FaultKind =
  | 'file-too-large'
  | 'document-too-large'
  | 'yaml'
  | 'not-a-rule'
  | 'metadata'
  | 'logsource'
  | 'duplicate-id'
  | 'condition'
  | 'selection'
  | 'value'
  | 'unknown-modifier'
  | 'modifier-combination'
  | 'regex'
  | 'cidr'
  | 'placeholder'
  | 'too-large'
  | 'filter'
  | 'pipeline'
  | 'correlation'
  | 'internal';

/** Thrown inside the parser where a rule can't go on; caught once per document and turned into a fault. */
export class Refusal extends Error {
  readonly what: FaultKind;
  /** Keys from the document's root to the place, for the line number. */
  readonly path: readonly (string | number)[];
  constructor(what: FaultKind, why: string, path: readonly (string | number)[] = []) {
    super(why);
    this.what = what;
    this.path = path;
  }
}
