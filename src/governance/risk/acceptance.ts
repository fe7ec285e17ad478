/** Somebody takes a risk as it is, up to a probability and until a moment. */
export type Acceptance = {
  readonly id: string;
  readonly risk: string;
  readonly tenancy: string;
  readonly ceiling: number;
  readonly until: Date;
  readonly why: string;
  readonly by: { readonly id: string; readonly name: string };
  readonly at: Date;
  readonly lapsedAt: Date | null;
  readonly lapsedBecause: string | null;
};

/**
 * Why an acceptance holds no more; undefined while it does. It is bound to the upper end of the interval: not knowing more
 * can end it as well as being worse off. A risk that has no figure any more ends it too.
 */
export function lapsedBecause(
  { ceiling, until }: Pick<Acceptance, 'ceiling' | 'until'>,
  high: number | undefined,
  now: Date,
): string | undefined {
  if (now >= until) return `Its time ended on ${until.toISOString().slice(0, 10)}.`;
  if (high === undefined) return 'No run gives the risk a figure any more.';
  if (high > ceiling)
    return `The upper end of its interval is ${percent(high)}, above the ceiling of ${percent(ceiling)}.`;
  return undefined;
}
const percent = (p: number): string => `${(p * 100).toPrecision(3)} %`;
