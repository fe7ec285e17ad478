import { confidence } from '#contract/governance';
import type { Json } from '#ledger';
import { z } from 'zod';
import type { Fact } from './evaluator.ts';
import type { EvidenceFile, FileHead, Importer, ImportEnd, ImportStep } from './importer.ts';
import { anyKind } from './kinds.ts';

const when = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const factShape = z.object({
  subject: z.string().min(1),
  at: when.optional(),
  // What was parsed as JSON is JSON.
  values: z.record(z.string(), z.custom<Json>()).default({}),
});

/** What a file of facts may say about itself; for NDJSON in a first line `{"collection": {…}}`. */
const collectionShape = z.object({
  source: z.string().min(1).max(200).optional(),
  collectedAt: when.optional(),
  expiresAt: when.optional(),
  ceiling: confidence.optional(),
  population: z
    .object({
      covered: z.number().int().nonnegative(),
      of: z.number().int().nonnegative().nullish(),
      basis: z.string().min(1).max(200).default('subjects'),
    })
    .optional(),
});

/** Facts of any kind in our own shape. docs/evidence.md describes it. */
export const genericImporters: readonly Importer[] = [
  {
    kind: anyKind,
    name: 'Facts as JSON or NDJSON',
    onBadRow: 'refuse-file',
    accepts: ({ text }) => /^\s*[[{]/.test(text),
    read: readRecords,
  },
  {
    kind: anyKind,
    name: 'Facts as CSV with a column "subject"',
    onBadRow: 'refuse-file',
    accepts: hasSubjectColumn,
    read: readRows,
  },
];

async function* readRecords(file: EvidenceFile): AsyncGenerator<ImportStep, ImportEnd> {
  const about = await file.about();
  let end = 'collection' in about ? endOf(about['collection']) : undefined;
  let first = true;
  for await (const record of file.records()) {
    if (!record.ok) {
      yield { row: record.row, refused: record.why, cutOff: record.cutOff };
    } else if (first && 'collection' in record.value && !('subject' in record.value)) {
      end = endOf(record.value['collection']);
      yield end === undefined
        ? { row: record.row, refused: 'What it says about the collection is not in the shape expected.' }
        : { row: record.row, skipped: 'About the collection.' };
    } else {
      const fact = factShape.safeParse(record.value);
      yield fact.success
        ? { row: record.row, facts: [factOf(fact.data)] }
        : { row: record.row, refused: faultOf(fact.error) };
    }
    first = false;
  }
  return end ?? {};
}

const factOf = ({ subject, at, values }: z.output<typeof factShape>): Fact =>
  at === undefined ? { subject, values } : { subject, at, values };

function endOf(value: Json | undefined): ImportEnd | undefined {
  const read = collectionShape.safeParse(value);
  if (!read.success) return undefined;
  const { population, ...rest } = read.data;
  const stated = Object.fromEntries(Object.entries(rest).filter(([, one]) => one !== undefined));
  return population === undefined
    ? stated
    : { ...stated, population: { ...population, of: population.of ?? undefined } };
}

async function* readRows(file: EvidenceFile): AsyncGenerator<ImportStep, ImportEnd> {
  for await (const row of file.rows()) {
    if (!row.ok) {
      yield { row: row.row, refused: row.why, cutOff: row.cutOff };
      continue;
    }
    const { subject, at, ...values } = lowerNames(row.cells);
    const fact = factShape.safeParse({ subject, ...(at && { at }), values });
    yield fact.success
      ? { row: row.row, facts: [factOf(fact.data)] }
      : { row: row.row, refused: faultOf(fact.error) };
  }
  return {};
}

/** The two names that mean something, however they are written. */
function lowerNames(cells: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(cells).map(([name, cell]) => [
      /^(?:subject|at)$/i.test(name) ? name.toLowerCase() : name,
      cell,
    ]),
  );
}

function hasSubjectColumn({ text }: FileHead): boolean {
  const first = text.split(/\r?\n/).find((line) => line.trim() !== '') ?? '';
  return first.split(/[,;\t]/).some((name) => /^"?subject"?$/i.test(name.trim()));
}

const faultOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.') || 'The row'}: ${message}.`)
    .join(' ');
