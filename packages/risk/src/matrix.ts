/** A 5x5 table as a view: rows of likelihood by what probability they begin at, columns by band of consequence. */
export const likelihoodRows = [
  { name: 'Rare', from: 0 },
  { name: 'Unlikely', from: 0.01 },
  { name: 'Possible', from: 0.05 },
  { name: 'Likely', from: 0.2 },
  { name: 'Almost certain', from: 0.5 },
] as const;
export const ratings = ['Low', 'Medium', 'High', 'Extreme'] as const;
export type Rating = (typeof ratings)[number];

/** 1 to 5. */
export const likelihoodRow = (probability: number): number =>
  likelihoodRows.reduce((row, { from }, i) => (probability >= from ? i + 1 : row), 1);

/** Of row plus column: up to 4 low, up to 6 medium, up to 8 high. SOURCE: the form of ISO/IEC 27005:2022 annex A.1, cut by us. */
export const ratingOf = (row: number, column: number): Rating =>
  row + column <= 4 ? 'Low' : row + column <= 6 ? 'Medium' : row + column <= 8 ? 'High' : 'Extreme';

/** The cells an interval spans; one where it stays within a row. */
export type Cells = {
  readonly column: number;
  readonly lowRow: number;
  readonly highRow: number;
  readonly lowRating: Rating;
  readonly highRating: Rating;
};

export function cellsOf(low: number, high: number, band: number): Cells {
  const [lowRow, highRow] = [likelihoodRow(low), likelihoodRow(high)];
  return {
    column: band,
    lowRow,
    highRow,
    lowRating: ratingOf(lowRow, band),
    highRating: ratingOf(highRow, band),
  };
}

/** The band that a sum of AUD falls in, of bands in rising order. */
export const bandOf = (
  aud: number,
  bands: readonly { readonly low: number; readonly high: number }[],
): number =>
  Math.max(
    1,
    bands.reduce((band, { low }, i) => (aud >= low ? i + 1 : band), 1),
  );
