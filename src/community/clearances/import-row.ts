import type { ClearanceInput, ClearanceLevel, ClearanceStatus } from './contract.ts';
import type { CsvRow } from './csv.ts';

/** The columns we know, and what else spreadsheets call them. */
const columns = {
  email: ['email', 'emailaddress', 'mail'],
  organisation: ['organisation', 'organization', 'org'],
  level: ['level', 'clearance', 'clearancelevel'],
  status: ['status', 'clearancestatus'],
  sponsor: ['sponsor', 'sponsoringentity'],
  sponsorActive: ['sponsoractive', 'sponsorshipactive', 'sponsored'],
  grantedOn: ['granted', 'grantedon', 'dategranted'],
  revalidationDueOn: ['revalidationdue', 'revalidationdueon', 'revalidation'],
  citizenships: ['citizenship', 'citizenships'],
  waiver: ['waiver'],
  waiverUntil: ['waiveruntil'],
  confirmedOn: ['confirmed', 'confirmedon'],
  evidence: ['evidence', 'confirmationevidence'],
} as const;
type Column = keyof typeof columns;
const required: readonly Column[] = ['email', 'level', 'sponsor', 'sponsorActive', 'citizenships'];

export type Header = ReadonlyMap<Column, number>;

/** @returns where each known column is, or what is wrong with the first row */
export function headerOf(row: CsvRow): Header | { readonly why: string } {
  const found = new Map<Column, number>();
  for (const [at, cell] of row.cells.entries()) {
    const name = cell.toLowerCase().replace(/[^a-z]/g, '');
    const column = columnNames.find((one) => columns[one].some((alias) => alias === name));
    if (column === undefined) continue;
    if (found.has(column)) return { why: `The column "${cell}" is there twice.` };
    found.set(column, at);
  }
  const missing = required.filter((column) => !found.has(column));
  if (missing.length > 0)
    return { why: `The first row has to name the columns; these are missing: ${missing.join(', ')}.` };
  return found;
}
// The keys of a constant are its own.
const columnNames = Object.keys(columns) as Column[];

export type ImportRow = {
  readonly email: string;
  readonly organisation: string | undefined;
  readonly input: ClearanceInput;
  readonly confirmed: { readonly on: string; readonly evidence: string } | undefined;
};
export type ReadRow =
  | { readonly ok: true; readonly row: ImportRow }
  | { readonly ok: false; readonly email: string; readonly why: readonly string[] };

/** One person's row; every fault of it is named, not only the first. @param today `2026-05-04` */
export function readRow(header: Header, { cells }: CsvRow, today: string): ReadRow {
  const why: string[] = [];
  const cell = (column: Column): string => cells[header.get(column) ?? -1] ?? '';
  for (const column of columnNames)
    if (startsFormula(cell(column)))
      why.push(`${column}: "${shortened(cell(column))}" begins like a formula.`);
  const fail = (column: Column, wanted: string): void => {
    why.push(`${column}: "${shortened(cell(column))}" is not ${wanted}.`);
  };
  const day = (column: Column): string | null => {
    if (cell(column) === '') return null;
    const found = dayOf(cell(column));
    if (found === undefined) fail(column, 'a day like 2026-05-31 or 31/05/2026');
    return found ?? null;
  };
  const email = cell('email').toLowerCase();
  if (!/^[^\s@]{1,64}@[^\s@]{1,190}$/.test(email)) fail('email', 'an e-mail address');
  const level = levelOf(cell('level'));
  if (level === undefined) fail('level', 'None, Baseline, NV1, NV2 or PV');
  const status = statusOf(cell('status'));
  if (status === undefined) fail('status', 'active, ceased, suspended, cancelled or review for cause');
  const sponsorActive = yesOrNo(cell('sponsorActive'));
  if (sponsorActive === undefined) fail('sponsorActive', 'yes or no');
  if (cell('sponsor') === '' || cell('sponsor').length > 120)
    fail('sponsor', 'a name of at most 120 characters');
  const citizenships = cell('citizenships')
    .toUpperCase()
    .split(/[\s;/+]+/)
    .filter(Boolean);
  if (
    citizenships.length === 0 ||
    citizenships.length > 5 ||
    !citizenships.every((one) => /^[A-Z]{2}$/.test(one))
  )
    fail('citizenships', 'one or more country codes like AU');
  const confirmedOn = day('confirmedOn');
  if (confirmedOn !== null && confirmedOn > today) fail('confirmedOn', 'a day that has been');
  if ((confirmedOn === null) !== (cell('evidence') === ''))
    why.push('confirmedOn and evidence go together: a confirmation without evidence is none.');
  const waiverUntil = day('waiverUntil');
  if ((waiverUntil === null) !== (cell('waiver') === ''))
    why.push('waiver and waiverUntil go together: a waiver has a risk assessment and an end.');
  const grantedOn = day('grantedOn');
  const revalidationDueOn = day('revalidationDueOn');
  if (why.length > 0 || level === undefined || status === undefined || sponsorActive === undefined)
    return { ok: false, email, why };
  return {
    ok: true,
    row: {
      email,
      organisation: cell('organisation') === '' ? undefined : cell('organisation').toLowerCase(),
      input: {
        level,
        status,
        sponsor: cell('sponsor'),
        sponsorActive,
        grantedOn,
        revalidationDueOn,
        citizenships,
        waiver: cell('waiver') === '' ? null : cell('waiver').slice(0, 300),
        waiverUntil: waiverUntil === null ? null : new Date(Date.parse(waiverUntil) + dayMs).toISOString(),
      },
      confirmed:
        confirmedOn === null ? undefined : { on: confirmedOn, evidence: cell('evidence').slice(0, 300) },
    },
  };
}

const dayMs = 86_400_000;
/** What a spreadsheet would work out rather than show: it has no place in a register. */
const startsFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text);
const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** ISO, or day/month/year as Australians write it; only days there are. */
function dayOf(text: string): string | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const local = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : local
      ? [local[3], local[2]?.padStart(2, '0'), local[1]?.padStart(2, '0')]
      : [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const found = `${year}-${month}-${day}`;
  const time = Date.parse(`${found}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== found || Number(year) < 1950
    ? undefined
    : found;
}

const letters = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

const levels: Readonly<Record<string, ClearanceLevel>> = {
  none: 'none',
  baseline: 'baseline',
  bv: 'baseline',
  nv1: 'nv1',
  negativevetting1: 'nv1',
  negativevettinglevel1: 'nv1',
  nv2: 'nv2',
  negativevetting2: 'nv2',
  negativevettinglevel2: 'nv2',
  pv: 'pv',
  positivevetting: 'pv',
  tspa: 'pv',
};
const levelOf = (text: string): ClearanceLevel | undefined =>
  Object.hasOwn(levels, letters(text)) ? levels[letters(text)] : undefined;

const statuses: Readonly<Record<string, ClearanceStatus>> = {
  '': 'active',
  active: 'active',
  ceased: 'ceased',
  suspended: 'suspended',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  reviewforcause: 'review-for-cause',
};
const statusOf = (text: string): ClearanceStatus | undefined =>
  Object.hasOwn(statuses, letters(text)) ? statuses[letters(text)] : undefined;

function yesOrNo(text: string): boolean | undefined {
  if (/^(yes|y|true|1|active)$/i.test(text)) return true;
  return /^(no|n|false|0|inactive)$/i.test(text) ? false : undefined;
}
