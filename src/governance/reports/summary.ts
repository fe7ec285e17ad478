import { z } from 'zod';
import { implementationStatus } from '#contract/governance';
import { poamItems } from './poam.ts';
import type { SystemState } from './state.ts';

/** What is kept of each export, so that the next one can say what changed since. */
export const stateSummary = z.object({
  at: z.iso.datetime(),
  edition: z.string(),
  maturity: z.number().int().nullable(),
  /** By control. */
  controls: z.record(
    z.string(),
    z.object({
      label: z.string(),
      status: implementationStatus,
      basis: z.enum(['evidence', 'answer', 'both', 'none']),
      /** The statement's SHA-256. */
      words: z.string(),
    }),
  ),
  /** SHA-256 of what was collected. */
  evidence: z.array(z.string()),
  /** Ids of what is to be done. */
  items: z.record(z.string(), z.string()),
});
export type StateSummary = z.infer<typeof stateSummary>;

export const summaryOf = (state: SystemState): StateSummary => ({
  at: state.at.toISOString(),
  edition: state.framework.edition,
  maturity: state.maturity?.overall ?? null,
  controls: Object.fromEntries(
    state.controls.map(({ id, label, status, basis, statementHash }) => [
      id,
      { label, status, basis, words: statementHash },
    ]),
  ),
  evidence: state.collections.map(({ hash }) => hash).sort(),
  items: Object.fromEntries(poamItems(state).map(({ id, label, title }) => [id, `${label}: ${title}`])),
});

/** What is otherwise in the later of two exports of one system. */
export type SummaryChanges = {
  readonly from: string;
  readonly to: string;
  readonly edition: { readonly from: string; readonly to: string } | null;
  readonly maturity: { readonly from: number | null; readonly to: number | null } | null;
  readonly status: readonly {
    readonly control: string;
    readonly label: string;
    readonly from: string;
    readonly to: string;
  }[];
  readonly reworded: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly evidence: { readonly added: number; readonly gone: number };
  readonly opened: readonly string[];
  readonly closed: readonly string[];
};

export function compare(before: StateSummary, after: StateSummary): SummaryChanges {
  const status: SummaryChanges['status'][number][] = [];
  const reworded: string[] = [];
  const added: string[] = [];
  for (const [control, now] of Object.entries(after.controls)) {
    const was = before.controls[control];
    if (was === undefined) {
      added.push(now.label);
      continue;
    }
    if (was.words !== now.words) reworded.push(now.label);
    if (was.status !== now.status)
      status.push({ control, label: now.label, from: was.status, to: now.status });
  }
  const gone = (from: Readonly<Record<string, string>>, to: Readonly<Record<string, string>>): string[] =>
    Object.entries(from).flatMap(([id, title]) => (id in to ? [] : [title]));
  const [had, has] = [new Set(before.evidence), new Set(after.evidence)];
  return {
    from: before.at,
    to: after.at,
    edition: before.edition === after.edition ? null : { from: before.edition, to: after.edition },
    maturity: before.maturity === after.maturity ? null : { from: before.maturity, to: after.maturity },
    status,
    reworded,
    added,
    removed: Object.entries(before.controls).flatMap(([id, { label }]) =>
      id in after.controls ? [] : [label],
    ),
    evidence: {
      added: after.evidence.filter((hash) => !had.has(hash)).length,
      gone: before.evidence.filter((hash) => !has.has(hash)).length,
    },
    opened: gone(after.items, before.items),
    closed: gone(before.items, after.items),
  };
}
