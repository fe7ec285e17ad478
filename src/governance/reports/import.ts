import { systemOf } from '#governance';
import type { Actor } from '#identity';
import { systemAccess } from '#platform/scope';
import { type AnnexRow, columnLetter, type ReadAnnex, readAnnex } from './annex/read.ts';
import { type AnnexColumn, places } from './annex/columns.ts';
import { annexCell } from './annex/write.ts';
import type { AnnexImport } from './contract.ts';
import type { AnnexAnswer, ReportsDeps } from './deps.ts';
import { ReportRefused } from './errors.ts';
import { gather } from './gather.ts';
import { looksLikeJson, readPlan } from './oscal/read-plan.ts';
import { readSheets } from './sheet/read.ts';
import { cellText, ownText, wasCut } from './sheet/text.ts';
import type { ControlState } from './state.ts';
import { insertGuidance } from './store-guidance.ts';

/** The columns that an import may change. */
const written = [
  'organisation',
  'selecting',
  'technology',
  'implementing',
  'responsible',
  'status',
  'comments',
] as const satisfies readonly AnnexColumn[];
const guidanceColumns: ReadonlySet<AnnexColumn> = new Set([
  'organisation',
  'selecting',
  'technology',
  'implementing',
]);

type Line = AnnexImport['report'][number];
type Cell = Line['cells'][number];

/** A row beside what the system says: which of its cells differ. */
export type Planned = {
  readonly changed: readonly AnnexAnswer[];
  readonly guidance: readonly AnnexAnswer[];
  readonly lines: readonly Line[];
  readonly unchanged: number;
  readonly refused: number;
};

/**
 * What an annex would change: only cells that say something else than an export of this moment would. So an annex that
 * was exported and not touched changes nothing, also where the status follows from evidence.
 */
export function planImport(annex: ReadAnnex, controls: readonly ControlState[]): Planned {
  const byLabel = new Map(controls.map((control) => [control.label.toLowerCase(), control]));
  const byId = new Map(controls.map((control) => [control.id.toLowerCase(), control]));
  const columns = annex.withoutGuidance ? written.filter((column) => !guidanceColumns.has(column)) : written;
  const lines = new Map<number, Line>();
  for (const fault of annex.faults) {
    const line = lines.get(fault.row) ?? { row: fault.row, control: '', outcome: 'refused', cells: [] };
    line.cells.push({
      cell: `${fault.at}${fault.row}`,
      column: fault.column,
      value: fault.value,
      why: fault.why,
      allowed: [...fault.allowed],
    });
    lines.set(fault.row, line);
  }
  const changed: AnnexAnswer[] = [];
  const guidance: AnnexAnswer[] = [];
  let unchanged = 0;
  for (const row of annex.rows) {
    const control = byLabel.get(row.control) ?? byId.get(row.control);
    if (control === undefined) {
      lines.set(
        row.row,
        refusal(row, 'identifier', 'It is not a control of this system’s edition and baseline.'),
      );
      continue;
    }
    const cells = columns.filter((column) => said(row, column) !== exported(control, column));
    if (cells.length === 0) {
      unchanged++;
      continue;
    }
    const cut = cells.find((column) => wasCut(row.cells[column]));
    if (cut !== undefined) {
      const why = 'It was too long for a spreadsheet when it was exported. Change it in the system itself.';
      lines.set(row.row, refusal(row, cut, why));
      continue;
    }
    lines.set(row.row, {
      row: row.row,
      control: row.cells.identifier,
      outcome: 'changed',
      cells: cells.map((column) =>
        cellOf(row, column, `It was "${annexCell(control, column).slice(0, 120)}".`),
      ),
    });
    if (cells.some((column) => !guidanceColumns.has(column))) changed.push({ control, row });
    if (cells.some((column) => guidanceColumns.has(column))) guidance.push({ control, row });
  }
  const all = [...lines.values()].sort((a, b) => a.row - b.row);
  return {
    changed,
    guidance,
    lines: all,
    unchanged,
    refused: all.filter(({ outcome }) => outcome === 'refused').length,
  };
}

/** What an export writes there, as it is read back: line ends alike, and cut where no cell holds it. */
const exported = (control: ControlState, column: AnnexColumn): string =>
  ownText(cellText(annexCell(control, column)));

/** An empty cell of these two columns says what "Not Assessed" says. */
const said = (row: AnnexRow, column: AnnexColumn): string =>
  column === 'responsible'
    ? (row.responsibleEntity ?? 'Not Assessed')
    : column === 'status'
      ? row.status
      : row.cells[column];

const placeOf = (column: AnnexColumn): number => places.findIndex((place) => place?.column === column);

const cellOf = (row: AnnexRow, column: AnnexColumn, why: string): Cell => ({
  cell: `${columnLetter(placeOf(column))}${row.row}`,
  column: places[placeOf(column)]?.title ?? column,
  value: row.cells[column].slice(0, 120),
  why,
  allowed: [],
});

const refusal = (row: AnnexRow, column: AnnexColumn, why: string): Line => ({
  row: row.row,
  control: row.cells.identifier,
  outcome: 'refused',
  cells: [cellOf(row, column, why)],
});

export type ImportOptions = {
  readonly environment: string;
  /** Report only. */
  readonly dryRun: boolean;
  /** Rows with a bad cell are left as they are in the system; otherwise one of them refuses the file. */
  readonly skipDirty: boolean;
};

/** @throws {SheetRefused} {NotFound} {ReportRefused} */
export async function importAnnex(
  deps: ReportsDeps,
  actor: Actor,
  bytes: Buffer,
  { environment, dryRun, skipDirty }: ImportOptions,
): Promise<AnnexImport> {
  const system = await deps.records.transaction(actor.scope, (tx) => systemOf(tx, actor.scope, environment));
  const annex = looksLikeJson(bytes) ? readPlan(bytes) : readAnnex(await readSheets(bytes));
  const now = deps.clock.now();
  const access = systemAccess('import an annex');
  const state = await deps.records.transaction(access, (tx) => gather(tx, deps.sources, system, now));
  if (state === undefined)
    throw new ReportRefused('The system is assessed against nothing yet, so there is no control to answer.');
  const refusedAnswers = (answers: readonly AnnexAnswer[]) =>
    deps.answer(actor, environment, answers, { dryRun: true, also: async () => undefined });
  const plan = withRefusals(
    planImport(annex, state.controls),
    await refusedAnswers(planImport(annex, state.controls).changed),
  );
  const applied = !dryRun && (skipDirty || plan.refused === 0);
  if (applied)
    await deps.answer(actor, environment, plan.changed, {
      dryRun: false,
      also: async (tx) => {
        await insertGuidance(tx, {
          environment,
          tenancy: system.tenancy,
          by: { id: actor.id, name: actor.name },
          at: now,
          rows: plan.guidance.map(({ control, row }) => ({ control: control.id, guidance: row.guidance })),
        });
        await deps.ledger.record(tx, {
          actor,
          action: 'report.imported',
          subject: `system/${environment}`,
          tenancy: system.tenancy,
          facts: {
            answers: plan.changed.length,
            guidance: plan.guidance.length,
            unchanged: plan.unchanged,
            leftOut: plan.refused,
          },
        });
      },
    });
  return {
    dryRun,
    applied,
    sheet: annex.sheet,
    rows: annex.controls,
    changed: plan.lines.length - plan.refused,
    unchanged: plan.unchanged,
    refused: plan.refused,
    report: [...plan.lines],
  };
}

/** What the controls would not take joins what could not be read: the whole row is left out, its guidance too. */
function withRefusals(
  plan: Planned,
  refusals: readonly { readonly control: string; readonly why: readonly string[] }[],
): Planned {
  if (refusals.length === 0) return plan;
  const why = new Map(refusals.map((one) => [one.control, one.why.join(' ')]));
  const rows = new Map(
    plan.changed.flatMap(({ control, row }) =>
      why.has(control.id) ? [[row.row, refusal(row, 'status', why.get(control.id) ?? '')] as const] : [],
    ),
  );
  const lines = plan.lines.map((line) => rows.get(line.row) ?? line);
  const stays = ({ control }: AnnexAnswer): boolean => !why.has(control.id);
  return {
    ...plan,
    changed: plan.changed.filter(stays),
    guidance: plan.guidance.filter(stays),
    lines,
    refused: lines.filter(({ outcome }) => outcome === 'refused').length,
  };
}
