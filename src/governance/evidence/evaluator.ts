import type { Json } from '#ledger';
import type { Confidence } from './contract.ts';

/** Who was covered out of whom. `of` is undefined where nobody knows how many there are: a value, not a gap. */
export type Population = {
  readonly covered: number;
  readonly of: number | undefined;
  /** What was counted and where the number comes from: 'hosts, from the asset inventory'. */
  readonly basis: string;
};

/** One import, or one look of the system at itself. It never changes. */
export type Collection = {
  readonly id: string;
  readonly environment: string;
  readonly tenancy: string;
  /** What sort of facts: 'entra.sign-ins', 'applocker.policy'. */
  readonly kind: string;
  /** What the facts are from, stable from one collection to the next: 'entra tenant acme', 'host lab-7'. */
  readonly source: string;
  /** How it came here: a file's name, a collector's. */
  readonly origin: string;
  readonly collectedAt: Date;
  /** From this very moment on it counts no more. */
  readonly expiresAt: Date;
  readonly population: Population;
  readonly facts: number;
  /** SHA-256 of what was received, in hex. */
  readonly hash: string;
  readonly ceiling: Confidence;
};

/** One observation: no opinion in it. */
export type Fact = {
  readonly subject: string;
  readonly at?: Date;
  readonly values: Readonly<Record<string, Json>>;
};

export type Failing = { readonly subject: string; readonly why: string; readonly due?: Date };

export type Judgement =
  | {
      readonly status: 'satisfied';
      readonly confidence: Confidence;
      readonly because: string;
      readonly tested: number;
      readonly of?: number;
      /** When it turns by the passing of time alone, whatever else stays: judged anew then, and unknown until it is. */
      readonly until?: Date;
    }
  | {
      readonly status: 'not-satisfied';
      readonly confidence: Confidence;
      readonly because: string;
      readonly tested: number;
      readonly failed: number;
      readonly of?: number;
      /** The first of them, at most `failingCap`; `failed` says how many there are. */
      readonly failing: readonly Failing[];
      readonly until?: Date;
    }
  | {
      readonly status: 'unknown';
      readonly because: string;
      /** Which evidence would tell: 'entra.sign-ins of the last 30 days'. */
      readonly wouldSettle: readonly string[];
    };

/** How many failing subjects a judgement names. */
export const failingCap = 100;

type About = {
  /** Stable: 'e8.mfa.privileged-users'. */
  readonly id: string;
  /** Goes up with every change of what it answers: what was judged by an older one is judged anew. */
  readonly version: number;
  readonly title: string;
  /** The controls that the judgement is about: 'ism-1504'. */
  readonly controls: readonly string[];
  readonly kinds: readonly string[];
  readonly ceiling: Confidence;
  readonly parameters?: Readonly<Record<string, Json>>;
};

/**
 * What an evaluator sees of the evidence in force at `now`: neither expired nor from later, and of a snapshot kind only
 * the newest collection of each source.
 */
export type EvidenceInForce = {
  /** Oldest first. */
  readonly collections: (kind: string) => readonly Collection[];
  /** May be walked more than once. */
  readonly facts: (kind: string) => Iterable<{ readonly collection: Collection; readonly fact: Fact }>;
  readonly now: Date;
  /** What it said last time about this environment. */
  readonly previous?: Judgement;
};

/** Looks at all facts of its kinds whenever one of them changed. For kinds with up to some ten thousand facts. */
export type PlainEvaluator = About & {
  /** Pure: the same answer for the same input. */
  evaluate(input: EvidenceInForce): Judgement;
};

/**
 * Sums up each collection once, when it is first seen, and judges from the sums: for kinds with many facts. The sum is
 * kept, so that new evidence costs what the new evidence is, whatever is there already.
 */
export type SummingEvaluator<Sum extends Json = Json> = About & {
  /** Facts come in any order. The sum may depend on the collection and on nothing else, not on the time of day. */
  begin(collection: Collection): { add(fact: Fact): void; sum(): Sum };
  judge(input: {
    /** Oldest collection first. */
    readonly sums: (kind: string) => readonly { readonly collection: Collection; readonly sum: Sum }[];
    readonly now: Date;
    readonly previous?: Judgement;
  }): Judgement;
};

/** Judges controls from facts. Pure; knows no clock but the one it is given. */
export type Evaluator = PlainEvaluator | SummingEvaluator;

/** Makes a summing evaluator, its sum's type known inside and forgotten outside. */
export const summing = <Sum extends Json>(evaluator: SummingEvaluator<Sum>): SummingEvaluator =>
  // What comes back as a sum is what this evaluator of this version gave: nobody else writes it.
  evaluator as unknown as SummingEvaluator;

/** What an evaluator said about one control. Expiry is applied when it is read. */
export type ControlJudgement = {
  readonly environment: string;
  readonly control: string;
  readonly evaluator: string;
  readonly version: number;
  readonly judgement: Judgement;
  /** The collections it was judged from. */
  readonly collections: readonly string[];
  readonly judgedAt: Date;
  /** From this moment on it reads as unknown, until it is judged anew. */
  readonly validUntil: Date;
};
