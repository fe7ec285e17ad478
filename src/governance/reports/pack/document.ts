import type { ImplementationStatus } from '#contract/governance';
import type { StatusCounts } from '../state.ts';

/** A document as it is meant, before it becomes pages: what HTML and PDF both say, in the same words. */
export type PackDocument = {
  readonly title: string;
  readonly subtitle: string;
  /** Stands at the top and the bottom of every page. */
  readonly marking: string;
  readonly author: string;
  readonly at: Date;
  readonly blocks: readonly Block[];
};

export type Block =
  | { readonly kind: 'section'; readonly id: string; readonly title: string; readonly newPage: boolean }
  | { readonly kind: 'heading'; readonly title: string }
  | { readonly kind: 'text'; readonly text: string; readonly quiet?: boolean }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [string, string])[] }
  | { readonly kind: 'counts'; readonly counts: StatusCounts; readonly total: number }
  | { readonly kind: 'levels'; readonly strategies: readonly Strategy[] }
  | Table
  | ControlBlock;

export type Table = {
  readonly kind: 'table';
  /** `share` of the width; the shares of a table add up to 100. `data` is set in the letters for data. */
  readonly columns: readonly { readonly title: string; readonly share: number; readonly data?: boolean }[];
  readonly rows: readonly (readonly string[])[];
  /** Said where there are no rows. */
  readonly empty: string;
};

export type Strategy = { readonly name: string; readonly level: number; readonly target: number };

export type ControlBlock = {
  readonly kind: 'control';
  readonly id: string;
  readonly label: string;
  readonly status: ImplementationStatus;
  readonly statement: string;
  /** 'Rests on evidence, direct, as of 2 days ago.' */
  readonly basis: string;
  readonly because: string;
  readonly notes: readonly { readonly name: string; readonly text: string }[];
  readonly evidence: readonly {
    readonly what: string;
    readonly age: string;
    readonly population: string;
    readonly hash: string;
  }[];
};

/** What the list of contents lists. */
export const sectionsOf = ({ blocks }: PackDocument): readonly (Block & { kind: 'section' })[] =>
  blocks.filter((block) => block.kind === 'section');
