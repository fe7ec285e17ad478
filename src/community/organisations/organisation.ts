import { Invalid } from '#platform/errors';
import type { EligibilityBasis } from './contract.ts';

/** The basis of eligibility is looked at again each year. */
export const eligibilityReviewDays = 365;
const dayMs = 86_400_000;

export const eligibilityDueAt = (reviewedAt: Date): Date =>
  new Date(reviewedAt.getTime() + eligibilityReviewDays * dayMs);

export const isEligible = (
  { basis, reviewedAt }: { readonly basis: EligibilityBasis | null; readonly reviewedAt: Date | null },
  now: Date,
): boolean => basis !== null && reviewedAt !== null && now < eligibilityDueAt(reviewedAt);

const abnWeights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];

/**
 * @returns the eleven digits. @throws {Invalid}
 * @see Australian Business Register, "Format of the ABN": weighted sum of the digits, the first less one, divides by 89
 */
export function abnOf(text: string): string {
  const digits = text.replaceAll(' ', '');
  const sum = abnWeights.reduce(
    (total, weight, at) => total + weight * (Number(digits[at]) - (at === 0 ? 1 : 0)),
    0,
  );
  if (!/^[1-9][0-9]{10}$/.test(digits) || sum % 89 !== 0)
    throw new Invalid(
      'This is no ABN: its digits do not check. Compare it with the Australian Business Register.',
    );
  return digits;
}
