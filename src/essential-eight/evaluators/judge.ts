import { type Collection, type Failing, failingCap, type Judgement } from '#governance/evidence';
import type { Confidence } from '#contract/governance/evidence';

/** What was found about one host, person or data set. */
export type Found =
  | { readonly subject: string; readonly is: 'good' }
  | { readonly subject: string; readonly is: 'bad'; readonly why: string; readonly due?: Date }
  /** Looked at, and it can't be told. */
  | { readonly subject: string; readonly is: 'open'; readonly why: string };

export type Question = {
  /** 'hosts': what is counted, many of them. */
  readonly what: string;
  /** 'block macros from the internet': ends "2 of 7 hosts don't …". */
  readonly does: string;
  /** Everybody it has to hold for; undefined where nobody knows who they are. */
  readonly of: ReadonlySet<string> | undefined;
  readonly found: readonly Found[];
  readonly confidence: Confidence;
  /** What would settle what is open. */
  readonly bring: readonly string[];
  /** What would tell who everybody is. */
  readonly bringAll: string;
  readonly until?: Date | undefined;
};

/** Of these many at least something has to be seen, so that the rest may be taken on trust, and then only in part. */
export const leastCoverage = 0.95;

const order: readonly Confidence[] = ['direct', 'proxy', 'partial', 'attested'];
/** The weakest of them. */
export const weakest = (confidences: readonly Confidence[]): Confidence =>
  order[Math.max(0, ...confidences.map((one) => order.indexOf(one)))] ?? 'attested';
export const ceilingOf = (at: Confidence, collections: readonly Collection[]): Confidence =>
  weakest([at, ...collections.map(({ ceiling }) => ceiling)]);

/**
 * One verdict over a population. Whoever fails decides it at once. Without anybody failing it is satisfied only where
 * everybody was seen, or nearly everybody and then only in part; a gap, or a population nobody knows, is unknown.
 */
export function judge(question: Question): Judgement {
  const { what, does, of, found, confidence, bring, bringAll, until } = question;
  const bad = found.filter((one) => one.is === 'bad');
  const open = found.filter((one) => one.is === 'open');
  const told = new Set(found.flatMap((one) => (one.is === 'open' ? [] : [one.subject])));
  const size = of === undefined ? {} : { of: of.size };
  const turns = until === undefined ? {} : { until };
  if (bad.length > 0)
    return {
      status: 'not-satisfied',
      confidence,
      because: `${bad.length} of ${told.size} ${what} that were looked at don't ${does}.`,
      tested: told.size,
      failed: bad.length,
      ...size,
      failing: bad
        .slice(0, failingCap)
        .map(({ subject, why, due }): Failing => ({ subject, why, ...(due && { due }) })),
      ...turns,
    };
  if (found.length === 0) return unknown(`No evidence in force says whether ${what} ${does}.`, bring);
  if (told.size === 0) return unknown(`It can't be told whether ${what} ${does}. ${reasons(open)}`, bring);
  if (of === undefined)
    return unknown(`${told.size} ${what} ${does}; how many ${what} there are isn't known.`, [
      bringAll,
      ...(open.length > 0 ? bring : []),
    ]);
  if (of.size === 0)
    return unknown(`There are no ${what} this applies to. If that is right, answer Not Applicable.`, [
      bringAll,
    ]);
  const missing = [...of].filter((subject) => !told.has(subject));
  const seen = of.size - missing.length;
  if (missing.length === 0)
    return {
      status: 'satisfied',
      confidence,
      because: `All ${of.size} ${what} ${does}.`,
      tested: seen,
      of: of.size,
      ...turns,
    };
  if (seen / of.size >= leastCoverage)
    return {
      status: 'satisfied',
      confidence: weakest([confidence, 'partial']),
      because: `${seen} of ${of.size} ${what} ${does}; nothing tells about ${some(missing)}.`,
      tested: seen,
      of: of.size,
      ...turns,
    };
  return unknown(
    `${seen} of ${of.size} ${what} ${does}; nothing tells about ${some(missing)}. ${reasons(open)}`.trim(),
    bring,
  );
}

export const unknown = (because: string, wouldSettle: readonly string[]): Judgement => ({
  status: 'unknown',
  because,
  wouldSettle,
});

const reasons = (open: readonly Found[]): string => {
  const [first] = open;
  if (first === undefined || first.is !== 'open') return '';
  return open.length === 1
    ? `${first.subject}: ${first.why}.`
    : `${first.subject}: ${first.why}; ${open.length - 1} more likewise.`;
};

/** The first three of them, and how many more. */
export const some = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
