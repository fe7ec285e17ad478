import { responsibleEntity } from '#contract/governance';
import { createReader, readSsp, type SspInput } from '@ironbark/oscal';
import { type AnnexColumn, aliases } from '../annex/columns.ts';
import type { AnnexRow, ReadAnnex } from '../annex/read.ts';
import { SheetRefused } from '../errors.ts';
import { type OrganisationWord, organisationWords } from '../state.ts';
import { ownNamespace } from './head.ts';

/** Whether a file is JSON by its first character, and so no spreadsheet. */
export const looksLikeJson = (bytes: Buffer): boolean =>
  bytes
    .subarray(0, 64)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
    .startsWith('{');

/**
 * A system security plan in OSCAL, read as an annex is: the same columns, row 1 its first control.
 * @throws {SheetRefused} with the first faults, when it is no valid plan
 */
export function readPlan(bytes: Buffer): ReadAnnex {
  const read = createReader()(bytes);
  if (!read.ok) {
    const [first] = read.faults;
    throw new SheetRefused(`${first?.what ?? 'It is not OSCAL.'} ${first?.help ?? ''}`.trim());
  }
  if (read.document.model !== 'system-security-plan')
    throw new SheetRefused(
      `It is OSCAL's ${read.document.model}. Answers come from a system security plan, or from an SSP annex.`,
    );
  const { controls, head } = readSsp(read.document.value);
  const seen = new Set<string>();
  const rows: AnnexRow[] = [];
  // What a component says beside the system is not the system's answer.
  for (const one of controls) {
    if (one.component !== undefined || seen.has(one.control)) continue;
    seen.add(one.control);
    rows.push(rowOf(one, rows.length + 1));
  }
  if (rows.length === 0) throw new SheetRefused('It answers no control for the system as a whole.');
  const ours = head.namespace.startsWith(ownNamespace);
  return {
    sheet: head.title,
    rows,
    faults: [],
    controls: rows.length,
    ...(!ours && { withoutGuidance: true }),
  };
}

type Answer = SspInput['controls'][number];
// The keys of a constant are its own.
const columns = Object.keys(aliases) as AnnexColumn[];

function rowOf(
  { control, status, narrative, responsibleEntity: entity, facts = {} }: Answer,
  row: number,
): AnnexRow {
  const word = (name: string): OrganisationWord | null =>
    organisationWords.find((one) => one === facts[name]) ?? null;
  const guidance = {
    organisation: word('org-responsibility'),
    selecting: facts['guidance-selecting'] ?? '',
    technology: word('technology-addressed'),
    implementing: facts['guidance-implementing'] ?? '',
  };
  const said: Partial<Record<AnnexColumn, string>> = {
    identifier: control,
    organisation: guidance.organisation ?? '',
    selecting: guidance.selecting,
    technology: guidance.technology ?? '',
    implementing: guidance.implementing,
    responsible: entity ?? '',
    status,
    comments: narrative,
  };
  return {
    row,
    control: control.toLowerCase(),
    // Every column is a key of its aliases.
    cells: Object.fromEntries(columns.map((column) => [column, said[column] ?? ''])) as AnnexRow['cells'],
    status,
    responsibleEntity: responsibleEntity.safeParse(entity).data ?? null,
    guidance,
    comments: narrative,
  };
}
