import type { Fact, FileHead, Importer } from '#governance/evidence';
import type { Kind } from '../kinds.ts';
import { boolean, integer, refused, taken, time } from './shapes.ts';

type Value = Fact['values'][string];
/** What a cell holds; a list is the words it may be. A date is a day or a time in ISO 8601. */
type Cell = 'text' | 'yes-no' | 'number' | 'date' | readonly string[];
type Column = {
  readonly as: string;
  readonly names: readonly string[];
  readonly cell: Cell;
  readonly required?: true;
};
type TableFormat = {
  readonly kind: Kind;
  readonly name: string;
  readonly subject: readonly string[];
  /** The column that says when. */
  readonly at?: readonly string[];
  readonly columns: readonly Column[];
};

const must = (as: string, names: readonly string[], cell: Cell): Column => ({
  as,
  names,
  cell,
  required: true,
});
const may = (as: string, names: readonly string[], cell: Cell): Column => ({ as, names, cell });

const formats: readonly TableFormat[] = [
  {
    kind: 'inventory.hosts',
    name: 'Hosts (CSV)',
    subject: ['host', 'hostname', 'name', 'device'],
    columns: [
      must('role', ['role'], ['workstation', 'server', 'network-device']),
      may('internetFacing', ['internetfacing', 'exposed'], 'yes-no'),
      may('os', ['os', 'operatingsystem'], 'text'),
      may('supportEnds', ['supportends', 'endofsupport', 'eol'], 'date'),
      may('behind', ['behind', 'releasesbehind'], 'number'),
      may('privileged', ['privileged'], 'yes-no'),
      may('office', ['office'], 'yes-no'),
    ],
  },
  {
    kind: 'access.approvals',
    name: 'Register of approved access (CSV)',
    subject: ['account', 'user'],
    columns: [
      must('access', ['access'], ['privileged', 'internet', 'office-macros']),
      must('validated', ['validated', 'confirmed'], 'date'),
      may('requested', ['requested'], 'date'),
      may('by', ['by', 'approvedby'], 'text'),
    ],
  },
  {
    kind: 'backup.plan',
    name: 'Backup plan (CSV)',
    subject: ['dataset'],
    columns: [
      must('newestWithinHours', ['newestwithinhours', 'rpohours'], 'number'),
      may('keptDays', ['keptdays', 'retentiondays'], 'number'),
    ],
  },
  {
    kind: 'backup.restore-tests',
    name: 'Restore tests (CSV)',
    subject: ['dataset'],
    at: ['at', 'date', 'testedat'],
    columns: [
      must('result', ['result'], ['success', 'failed']),
      must('restoredTo', ['restoredto', 'pointintime'], 'date'),
    ],
  },
  {
    kind: 'backup.rights',
    name: 'Rights on backups (CSV)',
    subject: ['repository'],
    columns: [
      must('account', ['account'], 'text'),
      must('class', ['class'], ['unprivileged', 'privileged', 'backup-administrator']),
      may('read', ['read'], ['none', 'own', 'others']),
      may('write', ['write'], 'yes-no'),
      may('locked', ['locked'], 'yes-no'),
    ],
  },
  {
    kind: 'discovery.runs',
    name: 'Discovery runs (CSV)',
    subject: ['network', 'segment'],
    at: ['at', 'date'],
    columns: [must('found', ['found', 'hosts'], 'number')],
  },
  {
    kind: 'software.support',
    name: 'Software and its support (CSV)',
    subject: ['host', 'hostname'],
    columns: [
      must('product', ['product', 'software'], 'text'),
      must('class', ['class'], ['user-application', 'online-service', 'other']),
      must('supportEnds', ['supportends', 'endofsupport', 'eol'], 'date'),
    ],
  },
];

/** Tables people keep by hand: a wrong cell refuses its row, and the report says which and why. */
export const tableImporters: readonly Importer[] = formats.map((format) => ({
  kind: format.kind,
  name: format.name,
  onBadRow: 'skip-row',
  accepts: (head) => fits(format, head),
  async *read(file) {
    for await (const row of file.rows()) {
      if (!row.ok) {
        yield { row: row.row, refused: row.why, cutOff: row.cutOff };
        continue;
      }
      const read = readRow(format, row.cells);
      yield typeof read === 'string' ? refused(row.row, read) : taken(row.row, read);
    }
    return { source: format.name };
  },
}));

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, '');

function fits(format: TableFormat, { text }: FileHead): boolean {
  const first = text.split(/\r?\n/, 1)[0] ?? '';
  if (/^\s*[[{<]/.test(first)) return false;
  const names = new Set(first.split(/[,;\t]/).map(plain));
  const there = (some: readonly string[]): boolean => some.some((name) => names.has(name));
  return (
    there(format.subject) &&
    (format.at === undefined || there(format.at)) &&
    format.columns.every((column) => column.required !== true || there(column.names))
  );
}

function readRow(format: TableFormat, cells: Readonly<Record<string, string>>): Fact | string {
  const byName = new Map(Object.entries(cells).map(([name, cell]) => [plain(name), cell.trim()]));
  const cellOf = (names: readonly string[]): string =>
    names.map((name) => byName.get(name) ?? '').find((cell) => cell !== '') ?? '';
  const subject = cellOf(format.subject);
  if (subject === '') return `There is no ${format.subject[0] ?? 'subject'}.`;
  const values: Record<string, Value> = {};
  for (const { as, names, cell } of format.columns) {
    const written = cellOf(names);
    if (written === '') continue;
    const value = readCell(cell, written);
    if (value === undefined)
      return `"${written.slice(0, 60)}" is no ${names[0] ?? as}: write ${expected(cell)}.`;
    values[as] = value;
  }
  if (format.at === undefined) return { subject, values };
  const at = readCell('date', cellOf(format.at));
  return typeof at === 'string'
    ? { subject, at: new Date(at), values }
    : `"${cellOf(format.at).slice(0, 60)}" is no date: write ${expected('date')}.`;
}

function readCell(cell: Cell, written: string): Value | undefined {
  if (cell === 'text') return written;
  if (cell === 'yes-no') return boolean(written);
  if (cell === 'number') return integer(written);
  // 03/04/2026 is two days: only what can be read one way is taken.
  if (cell === 'date') return /^\d{4}-\d\d-\d\d/.test(written) ? time(written)?.toISOString() : undefined;
  return cell.find((one) => one === written.toLowerCase().replaceAll(' ', '-'));
}

function expected(cell: Cell): string {
  if (cell === 'yes-no') return 'yes or no';
  if (cell === 'date') return 'a date like 2026-03-31';
  if (cell === 'number') return 'a number';
  return cell === 'text' ? 'text' : cell.join(', ');
}
