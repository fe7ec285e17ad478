import { type Person, peopleByEmail } from '#community/organisations';
import type { Actor } from '#identity';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { Clearance } from './clearance.ts';
import { carried, type ClearancesDeps, fields, mustBeProvider, note, who } from './clearances.ts';
import type { ImportReport } from './contract.ts';
import { readCsv } from './csv.ts';
import { CsvRefused } from './errors.ts';
import { headerOf, type ImportRow, readRow } from './import-row.ts';
import { insert, latest, lockPeople } from './store.ts';

const access = systemAccess('import clearances');

type Line = ImportReport['report'][number];
type Good = { readonly line: number; readonly row: ImportRow };

/**
 * Reads a spreadsheet of clearances. Either every row is good and all of them are written, or none is.
 * @param dryRun report only
 * @throws {CsvRefused} when it is no table, or its first row does not name the columns
 */
export async function importClearances(
  deps: ClearancesDeps,
  actor: Actor,
  bytes: Uint8Array,
  dryRun: boolean,
): Promise<ImportReport> {
  mustBeProvider(actor);
  const csv = readCsv(bytes);
  if (!csv.ok) throw new CsvRefused(csv.why);
  const [first, ...rows] = csv.rows;
  if (first === undefined) throw new CsvRefused('It is empty.');
  const header = headerOf(first);
  if ('why' in header) throw new CsvRefused(header.why);

  const now = deps.clock.now();
  const refused: Line[] = [];
  const good: Good[] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const read = readRow(header, row, now.toISOString().slice(0, 10));
    if (!read.ok) {
      refused.push({ line: row.line, email: read.email, outcome: 'refused', why: [...read.why] });
      continue;
    }
    const key = `${read.row.organisation ?? ''} ${read.row.email}`;
    const before = seen.get(key);
    seen.set(key, before ?? row.line);
    if (before === undefined) good.push({ line: row.line, row: read.row });
    else refused.push(refusal({ line: row.line, row: read.row }, `The same person is in line ${before}.`));
  }
  return deps.records.transaction(access, async (tx) => {
    const lines = await prepared(tx, good, actor, now);
    const report = [...refused, ...lines.map(({ line }) => line)].sort((a, b) => a.line - b.line);
    const bad = report.filter(({ outcome }) => outcome === 'refused').length;
    const applied = !dryRun && bad === 0;
    if (applied)
      for (const { after } of lines) {
        if (after === undefined) continue;
        await insert(tx, after);
        await note(deps, tx, actor, after);
      }
    return {
      dryRun,
      applied,
      rows: report.length,
      good: report.length - bad,
      bad,
      unchanged: report.filter(({ outcome }) => outcome === 'unchanged').length,
      report,
    };
  });
}

/** Each good row with the person it is about and the version it makes; nothing is written yet. */
async function prepared(
  tx: Tx,
  good: readonly Good[],
  actor: Actor,
  now: Date,
): Promise<{ line: Line; after: Clearance | undefined }[]> {
  const found = await peopleByEmail(
    tx,
    good.map(({ row }) => row.email),
  );
  const byEmail = Map.groupBy(found, ({ email }) => email.toLowerCase());
  await lockPeople(
    tx,
    found.map(({ id }) => id),
  );
  const before = new Map(
    (
      await latest(
        tx,
        found.map(({ id }) => id),
      )
    ).map((one) => [one.personId, one]),
  );
  const taken = new Map<string, number>();
  return good.map((one) => {
    const person = personFor(byEmail.get(one.row.email) ?? [], one.row);
    if (typeof person === 'string') return { line: refusal(one, person), after: undefined };
    const other = taken.get(person.id);
    if (other !== undefined)
      return { line: refusal(one, `The same person is in line ${other}.`), after: undefined };
    taken.set(person.id, one.line);
    if (one.row.confirmed !== undefined && person.userId !== null && person.userId === actor.userId)
      return {
        line: refusal(one, 'Nobody can confirm their own clearance. Leave the confirmation out.'),
        after: undefined,
      };
    const was = before.get(person.id);
    const after = nextOf(person, one.row, was, actor, now);
    const outcome = was !== undefined && isSame(was, after) ? 'unchanged' : 'set';
    return {
      line: { line: one.line, email: one.row.email, outcome, why: [] },
      after: outcome === 'set' ? after : undefined,
    };
  });
}

function personFor(found: readonly Person[], { organisation }: ImportRow): Person | string {
  const own = organisation === undefined ? found : found.filter((one) => one.organisation === organisation);
  const [person, another] = own;
  if (person === undefined)
    return organisation === undefined
      ? 'Nobody of the community has this address. Add the person first.'
      : `Nobody of "${organisation}" has this address. Add the person first.`;
  return another === undefined
    ? person
    : 'People of several organisations have this address: name the organisation.';
}

function nextOf(
  person: Person,
  row: ImportRow,
  was: Clearance | undefined,
  actor: Actor,
  now: Date,
): Clearance {
  const confirmation =
    row.confirmed === undefined
      ? carried(was, row.input)
      : {
          confirmedAt: new Date(row.confirmed.on),
          confirmedBy: actor.name,
          confirmationEvidence: row.confirmed.evidence,
        };
  return {
    ...fields(person.id, row.input, was),
    ...confirmation,
    change: 'imported',
    by: who(actor),
    at: now,
  };
}

const told = ({ version: _v, change: _c, by: _b, at: _a, confirmedBy: _n, ...rest }: Clearance): string =>
  JSON.stringify(rest, Object.keys(rest).sort());
const isSame = (a: Clearance, b: Clearance): boolean => told(a) === told(b);

const refusal = ({ line, row }: Good, why: string): Line => ({
  line,
  email: row.email,
  outcome: 'refused',
  why: [why],
});
