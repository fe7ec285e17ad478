import { people } from '#community/organisations';
import { systemOf } from '#governance';
import { customerResponsibility, implementationStatus, responsibleEntity } from '#contract/governance';
import type { Actor } from '#identity';
import type { Answer } from './answer.ts';
import { type Wanted, write } from './answering.ts';
import type { AnswerInput, RowReport } from './contract.ts';
import { type ControlDeps, providerOf } from './deps.ts';
import { AnswersRefused } from './errors.ts';
import { listControls } from './look.ts';
import { inputOf, noInput } from './prepare.ts';
import { answers } from './store.ts';
import { cellOf, readTable, startsFormula, type TableRow, textOf } from './table.ts';

/** Columns that an import reads, as an export writes them; the first two have to be there. */
const columns = [
  'control',
  'answer',
  'narrative',
  'rests on',
  'evaluators',
  'review by',
  'relied upon',
  'their status',
  'owner',
  'responsible entity',
  'customer responsibility',
] as const;
type Column = (typeof columns)[number];
/** What an export says beside it, and an import leaves alone. */
const told = [
  'framework',
  'section',
  'statement',
  'stands',
  'because',
  'as of',
  'until',
  're-affirm',
  'version',
] as const;

/** Every control of a system, its answer and how it stands, as of now. @throws {NotFound} */
export async function exportAnswers(deps: ControlDeps, actor: Actor, environment: string): Promise<string> {
  const list = await listControls(deps, actor, environment);
  const newest = await deps.records.transaction(actor.scope, async (tx) => {
    const emails = new Map(
      (await people(tx, providerOf(await systemOf(tx, actor.scope, environment)))).map(({ id, email }) => [
        id,
        email,
      ]),
    );
    const found = Map.groupBy(await answers(tx, environment), ({ control }) => control);
    return { found, emails };
  });
  const lines = list.controls.map((row) => {
    // What is exported is what would be imported: an answer to other words waits, and comes as it is.
    const answer = newest.found.get(row.id)?.[0];
    const cells: Record<Column | (typeof told)[number], string> = {
      control: row.id,
      answer: answer?.status ?? '',
      narrative: answer?.narrative ?? '',
      'rests on': answer?.rests ?? '',
      evaluators: answer?.evaluators.join(' ') ?? '',
      'review by': answer?.reviewBy?.toISOString() ?? '',
      'relied upon': answer?.reliedUpon?.party ?? '',
      'their status': answer?.reliedUpon?.status ?? '',
      owner: newest.emails.get(answer?.owner?.id ?? '') ?? '',
      'responsible entity': answer?.responsible ?? '',
      'customer responsibility': answer?.customer ?? '',
      framework: row.framework,
      section: (list.groups[row.group] ?? []).join(' / '),
      statement: row.statement,
      stands: row.status,
      because: row.because,
      'as of': row.asOf ?? '',
      until: row.expires ?? '',
      're-affirm': row.reaffirm ? 'yes' : '',
      version: String(row.version),
    };
    return [...columns, ...told].map((name) => cellOf(cells[name])).join(',');
  });
  return `\uFEFF${[[...columns, ...told].join(','), ...lines].join('\r\n')}\r\n`;
}

/**
 * Reads a spreadsheet of answers. Either every row is good and all of them are written, or none is. A row without an answer
 * is left alone.
 * @throws {AnswersRefused} when it is no table, or its first row does not name the columns; {NotFound}
 */
export async function importAnswers(
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  bytes: Uint8Array,
  dryRun: boolean,
): Promise<RowReport> {
  const [first, ...rows] = readTable(bytes);
  if (first === undefined) throw new AnswersRefused('It is empty.');
  const header = headerOf(first);
  const byEmail = await deps.records.transaction(actor.scope, async (tx) => {
    const system = await systemOf(tx, actor.scope, environment);
    return new Map(
      (await people(tx, providerOf(system)))
        .filter(({ endedAt }) => endedAt === null)
        .map(({ id, email }) => [email.toLowerCase(), id]),
    );
  });
  const refused: RowReport['report'] = [];
  const wanted: Wanted[] = [];
  for (const row of rows) {
    const read = readRow(header, row, byEmail);
    if (read === undefined) continue;
    if ('why' in read)
      refused.push({ line: row.line, control: read.control, outcome: 'refused', why: read.why });
    else
      wanted.push({
        line: row.line,
        control: read.control,
        input: read.input,
        // A spreadsheet that says what was said before affirms nothing.
        affirms: (before, input) => before.status !== input.status || before.narrative !== input.narrative,
        change: 'imported',
      });
  }
  return write(deps, actor, environment, dryRun, () => wanted, { refused });
}

type Header = ReadonlyMap<Column, number>;

function headerOf({ cells }: TableRow): Header {
  const found = new Map<Column, number>();
  for (const [at, cell] of cells.entries()) {
    const name = cell.toLowerCase().replace(/\s+/g, ' ');
    const column = columns.find((one) => one === name || aliases[one]?.includes(name));
    if (column === undefined) continue;
    if (found.has(column)) throw new AnswersRefused(`The column "${column}" is there twice.`);
    found.set(column, at);
  }
  const missing = columns.slice(0, 2).filter((column) => !found.has(column));
  if (missing.length > 0)
    throw new AnswersRefused(
      `The first row has to name the columns; these are missing: ${missing.join(', ')}.`,
    );
  return found;
}

const aliases: Partial<Record<Column, readonly string[]>> = {
  control: ['identifier', 'id', 'control id'],
  answer: ['status', 'implementation status'],
  narrative: ['implementation comments', 'comments'],
};

type ReadRow =
  | { readonly control: string; readonly why: string[] }
  | { readonly control: string; readonly input: (before: Answer | undefined) => AnswerInput };

/** Columns that are not in the file leave what was answered; undefined for a row without an answer. */
function readRow(
  header: Header,
  { cells }: TableRow,
  byEmail: ReadonlyMap<string, string>,
): ReadRow | undefined {
  const why: string[] = [];
  const has = (column: Column): boolean => header.has(column);
  const cell = (column: Column): string => {
    const raw = cells[header.get(column) ?? -1] ?? '';
    if (startsFormula(raw)) why.push(`${column}: "${short(raw)}" begins like a formula. Put a ' before it.`);
    return textOf(raw);
  };
  const oneOf = <T extends string>(column: Column, words: readonly T[]): T | null => {
    const text = cell(column);
    if (text === '') return null;
    const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
    if (found === undefined) why.push(`${column}: "${short(text)}" is none of ${words.join(', ')}.`);
    return found ?? null;
  };
  const control = normalId(cell('control'));
  const status = oneOf('answer', implementationStatus.options);
  if (control === '') why.push('It names no control.');
  if (status === null && why.length === 0) return undefined;
  const partyStatus = oneOf('their status', implementationStatus.options);
  const party = cell('relied upon');
  if ((party === '') !== (partyStatus === null))
    why.push('Who is relied upon and their status go together: give both, or neither.');
  const reviewText = cell('review by');
  const reviewBy = reviewText === '' ? null : dateOf(reviewText);
  if (reviewBy === undefined) why.push(`review by: "${short(reviewText)}" is no date like 2027-06-30.`);
  const email = cell('owner').toLowerCase();
  const owner = email === '' ? null : byEmail.get(email);
  if (owner === undefined) why.push(`owner: nobody of the provider's has the address "${short(email)}".`);
  const rests = oneOf('rests on', ['evidence', 'attested'] as const);
  const narrative = cell('narrative');
  if (narrative.length > 10_000) why.push('narrative: it is longer than 10,000 characters.');
  const evaluators = cell('evaluators')
    .split(/\s+/)
    .filter((one) => one !== '');
  const responsible = oneOf('responsible entity', responsibleEntity.options);
  const customer = oneOf('customer responsibility', customerResponsibility.options);
  if (why.length > 0) return { control, why };
  return {
    control,
    input: (before) => {
      const base = before === undefined ? noInput : inputOf(before);
      return {
        status: status ?? base.status,
        narrative: has('narrative') ? narrative : base.narrative,
        rests: has('rests on') ? (rests ?? 'attested') : base.rests,
        evaluators: has('evaluators') ? evaluators : base.evaluators,
        reviewBy: has('review by') ? (reviewBy ?? null) : base.reviewBy,
        reliedUpon: has('relied upon')
          ? partyStatus === null
            ? null
            : { party, status: partyStatus }
          : base.reliedUpon,
        owner: has('owner') ? (owner ?? null) : base.owner,
        responsible: has('responsible entity') ? responsible : base.responsible,
        customer: has('customer responsibility') ? customer : base.customer,
      };
    },
  };
}

/** 'ISM-1504' of ASD's annex is 'ism-1504'; other ids stay as they are written. */
const normalId = (text: string): string =>
  /^ism[- ]\d+$/i.test(text) ? text.toLowerCase().replace(' ', '-') : text;

/** A day is its end: 'review by' that day. */
function dateOf(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z)?$/.test(text)) return undefined;
  const date = new Date(text.length === 10 ? `${text}T23:59:59Z` : text);
  return Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text.slice(0, 10))
    ? undefined
    : date.toISOString();
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
