import type { Change, Effect, RiskModel, RiskResult } from '@ironbark/risk';

/** What the thread is asked. Models of a system follow each other, so that it works out only what changed. */
export type Ask =
  | {
      readonly kind: 'evaluate';
      readonly system: string;
      readonly model: RiskModel;
      readonly seed: number;
      readonly draws: number;
    }
  | {
      readonly kind: 'what-if';
      readonly system: string;
      readonly model: RiskModel;
      readonly seed: number;
      readonly draws: number;
      readonly changes: readonly Change[];
    };
export type Answer = { readonly id: number } & (
  | { readonly result: RiskResult }
  | { readonly effect: Effect }
  | { readonly refused: string }
);
