import type { Judgement } from './evaluator.ts';

type Said = {
  readonly evaluator: string;
  readonly controls: readonly string[];
  readonly judgement: Judgement;
};

export type Unknown = {
  readonly control: string;
  readonly evaluator: string;
  readonly because: string;
  readonly wouldSettle: readonly string[];
};

/** What nobody can tell of each control, in the order of controls. */
export function unknownControls(said: readonly Said[]): Unknown[] {
  return said
    .flatMap(({ evaluator, controls, judgement }) =>
      judgement.status === 'unknown'
        ? controls.map((control) => ({
            control,
            evaluator,
            because: judgement.because,
            wouldSettle: judgement.wouldSettle,
          }))
        : [],
    )
    .sort((a, b) => (a.control < b.control ? -1 : a.control > b.control ? 1 : 0));
}

/** Which evidence would tell about the most controls: the most first. */
export function whatSettles(unknown: readonly Unknown[]): { evidence: string; controls: string[] }[] {
  const settles = new Map<string, Set<string>>();
  for (const { control, wouldSettle } of unknown)
    for (const evidence of wouldSettle) {
      const controls = settles.get(evidence) ?? new Set();
      settles.set(evidence, controls.add(control));
    }
  return [...settles]
    .map(([evidence, controls]) => ({ evidence, controls: [...controls].sort() }))
    .sort((a, b) => b.controls.length - a.controls.length || (a.evidence < b.evidence ? -1 : 1));
}
