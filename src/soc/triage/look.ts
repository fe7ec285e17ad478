import type { Records, Tx } from '#platform/records';
import { Invalid, NotFound } from '#platform/errors';
import type { Analyst } from './actor.ts';
import type { AlertDetail, AlertFilter, AlertHistogram, AlertPage, Detection } from './contract.ts';
import type { severity } from './contract.ts';
import type { CrossReads } from './cross-reads.ts';
import * as store from './store.ts';
import { cursorOf, cursorText } from './store-filter.ts';

export type LookDeps = { readonly records: Pick<Records, 'transaction'>; readonly crossReads: CrossReads };

const samples = 20;
const decisions = 20;

export async function list(
  deps: LookDeps,
  actor: Analyst,
  filter: AlertFilter,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<AlertPage> {
  const cursor = after === undefined ? undefined : cursorOf(after);
  if (after !== undefined && cursor === undefined)
    throw new Invalid('This "after" was not given out by a page before. Start at the first page.', {});
  return deps.records.transaction(actor.scope, async (tx) => {
    const rows = await store.page(tx, actor.scope, filter, actor, { after: cursor, limit: limit + 1 });
    const counts = await store.countBySeverity(tx, actor.scope, filter, actor);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      alerts: shown.map((row) => row.summary),
      next: more ? cursorText({ createdAt: new Date(last.summary.createdAt), id: last.summary.id }) : null,
      total: [...counts.values()].reduce((sum, count) => sum + count, 0),
      bySeverity: bySeverity((level) => counts.get(level) ?? 0),
    };
  });
}

/** @throws {NotFound} */
export async function detail(deps: LookDeps, actor: Analyst, id: string): Promise<AlertDetail> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const alert = await store.find(tx, actor.scope, id);
    if (alert === undefined) throw new NotFound('alert', id);
    await deps.crossReads.note(tx, actor, [alert.summary.tenancy], 'alert');
    return detailOf(tx, actor, alert);
  });
}

async function detailOf(
  tx: Tx,
  actor: Analyst,
  alert: NonNullable<Awaited<ReturnType<typeof store.find>>>,
): Promise<AlertDetail> {
  const { summary, rule } = alert;
  const rows = await store.sample(tx, actor.scope, summary.id, samples);
  const before = await store.decidedBefore(tx, actor.scope, alert, decisions);
  return {
    ...summary,
    ruleDescription: rule.description,
    ruleReferences: [...rule.references],
    ruleFalsePositives: [...rule.falsePositives],
    ruleLicence: rule.licence,
    sample: rows.map(detectionOf),
    stormSuppressed: alert.suppressed,
    history: await store.history(tx, actor.scope, summary.id),
    before: before.map((decision) => ({ ...decision, closedAt: decision.closedAt.toISOString() })),
  };
}

function detectionOf(row: store.SampleRow): Detection {
  return { ...row, eventAt: row.eventAt.toISOString(), event: parsed(row.event) };
}

/** An event cut at the cap is no JSON any more: it is shown as the text it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export async function histogram(
  deps: LookDeps,
  actor: Analyst,
  filter: AlertFilter & { from: string; to: string },
  buckets: number,
): Promise<AlertHistogram> {
  const from = new Date(filter.from);
  const seconds = (Date.parse(filter.to) - from.getTime()) / 1000;
  if (!(seconds > 0))
    throw new Invalid('The time range ends before it begins. Choose a later end.', {
      from: filter.from,
      to: filter.to,
    });
  const stepSeconds = Math.max(1, Math.ceil(seconds / buckets));
  const length = Math.ceil(seconds / stepSeconds);
  const rows = await deps.records.transaction(actor.scope, (tx) =>
    store.countOverTime(tx, actor.scope, filter, actor, from, stepSeconds),
  );
  const counts = bySeverity(() => new Array<number>(length).fill(0));
  for (const row of rows)
    if (row.bucket >= 0 && row.bucket < length) counts[row.severity][row.bucket] = row.alerts;
  return {
    stepSeconds,
    at: Array.from({ length }, (_, bucket) => from.getTime() / 1000 + bucket * stepSeconds),
    bySeverity: counts,
  };
}

function bySeverity<Value>(
  value: (level: (typeof severity.options)[number]) => Value,
): Record<(typeof severity.options)[number], Value> {
  return {
    critical: value('critical'),
    high: value('high'),
    medium: value('medium'),
    low: value('low'),
    informational: value('informational'),
  };
}
