import type { ImplementationStatus } from '#contract/governance';
import type { Gap } from './contract.ts';
import { type Maturity, verdictOf } from './maturity.ts';
import { bringFor, type Table, type TableControl } from './table.ts';

/** How a control stands, as far as a gap needs it. */
export type GapStanding = {
  readonly status: ImplementationStatus;
  readonly because?: string;
  readonly unknownWhy?: string;
  readonly wouldSettle?: readonly string[];
  readonly failing?: readonly { readonly subject: string; readonly why: string; readonly due?: Date }[];
  readonly owner?: string;
  readonly exception?: { readonly until: Date };
};

/** As many subjects as a gap lists. */
const listed = 20;

/** Every control between an environment and its target, the soonest due first, then what is not met, then what is unknown. */
export function gapsOf(maturity: Maturity, standings: ReadonlyMap<string, GapStanding>, table: Table): Gap[] {
  const lacking = new Set(maturity.strategies.flatMap(({ blocking, unknown }) => [...blocking, ...unknown]));
  const gaps = table.controls
    .filter(({ id }) => lacking.has(id))
    .map((control) => gapOf(control, standings.get(control.id), table));
  return gaps.sort(
    (a, b) =>
      (a.due ?? '9999').localeCompare(b.due ?? '9999') ||
      a.verdict.localeCompare(b.verdict) ||
      a.control.localeCompare(b.control),
  );
}

function gapOf(control: TableControl, standing: GapStanding | undefined, table: Table): Gap {
  const notMet = verdictOf(standing?.status) === 'not-met';
  const failing = (standing?.failing ?? []).map(({ subject, why, due }) => ({
    subject,
    why,
    due: due?.toISOString() ?? null,
  }));
  const due = failing.flatMap((one) => one.due ?? []).sort((a, b) => a.localeCompare(b))[0] ?? null;
  const bring =
    standing?.wouldSettle !== undefined && standing.wouldSettle.length > 0
      ? standing.wouldSettle
      : bringFor(table, control.id);
  const gap = {
    control: control.id,
    asks: control.asks,
    strategies: control.strategies,
    verdict: notMet ? ('not-met' as const) : ('unknown' as const),
    because:
      (notMet ? standing?.because : (standing?.unknownWhy ?? standing?.because)) ?? 'Nobody has assessed it.',
    failing: failing.slice(0, listed),
    due,
    owner: standing?.owner ?? null,
    acceptedUntil: standing?.exception?.until.toISOString() ?? null,
    bring: [...bring],
  };
  return { ...gap, text: inWords(gap, failing.length) };
}

/** One or two sentences that say what, who, by when and who owes it. */
function inWords(gap: Omit<Gap, 'text'>, failingCount: number): string {
  const parts: string[] = [];
  if (gap.verdict === 'unknown') parts.push(`Nobody can tell: ${uncapped(gap.because)}`);
  else parts.push(gap.because);
  if (failingCount > 0) {
    const names = gap.failing.slice(0, 3).map(({ subject }) => subject);
    const more = failingCount - names.length;
    parts.push(
      `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}${gap.due ? `, due ${gap.due.slice(0, 10)}` : ''}.`,
    );
  }
  if (gap.verdict === 'unknown' && gap.bring.length > 0) parts.push(`Bring ${gap.bring.join('; ')}.`);
  parts.push(gap.owner === null ? 'Nobody owns it yet.' : `${gap.owner} owes it.`);
  if (gap.acceptedUntil !== null)
    parts.push(`Accepted until ${gap.acceptedUntil.slice(0, 10)}; it stays not met.`);
  return parts.join(' ');
}

const uncapped = (text: string): string =>
  /^[A-Z][a-z]/.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;
