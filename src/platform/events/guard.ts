import type { Scope } from '#platform/scope';
import { ForeignAnswer, QueryTooLarge } from './errors.ts';

/** The settings that bind a reader to a scope. Values are SQL literals. */
export function readerSettings(
  scope: Scope | 'system',
  maxSeconds: number,
): Readonly<Record<string, string>> {
  return {
    ...(scope === 'system' ? {} : { additional_table_filters: scopeFilter(scope) }),
    max_execution_time: String(maxSeconds),
    timeout_overflow_mode: `'throw'`,
    max_memory_usage: '750000000',
    max_result_rows: '200000',
    max_result_bytes: '134217728',
    result_overflow_mode: `'throw'`,
    // Rows come out as the query ordered them, though it is wrapped (see `wrap`).
    query_plan_remove_redundant_sorting: '0',
    session_timezone: `'UTC'`,
    // 2026-01-02T03:04:05.678Z
    date_time_output_format: `'iso'`,
  };
}

/** Every table with tenancy data; the engine adds the predicate wherever a query reads one. */
const scopedTables = ['event'];

export function scopeFilter(scope: Scope): string {
  const ids = scope.tenancies.map((id) => text(id)).join(', ');
  const filters = scopedTables.map((table) => `${text(table)}: ${text(`tenancy_id IN (${ids})`)}`);
  return `{${filters.join(', ')}}`;
}

const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/**
 * The engine's own ways around a table's filter (a table read under another name), and a second statement.
 * Queries are written by us, so one of these is a fault, not an attack; it fails where it is written.
 */
const ways =
  /;|\b(?:merge|mergeTree\w*|system|information_schema|view|executable|dictionary|dictGet\w*|joinGet\w*|settings)\s*(?:\(|\.|\w+\s*=)/i;

export function refuseWaysAround(sql: string): void {
  const found = ways.exec(sql.replace(/'(?:[^'\\]|\\.|'')*'/g, "''"));
  if (found !== null) throw new TypeError(`A scoped query may not use "${found[0]}"`);
}

/**
 * The query, with a name of this one call in its first line of output: whatever came before that line, or instead of it,
 * is another query's.
 */
export function wrap(sql: string, nonce: string, maxRows: number): string {
  return `SELECT *, 0 AS \`${nonce}\` FROM (\n${sql}\n) LIMIT ${maxRows + 1} FORMAT JSONCompactEachRowWithNames`;
}

/** Dates as the engine reads them with the session in UTC; the clients would drop the milliseconds. */
export function bindable(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      value instanceof Date ? value.toISOString().slice(0, 23).replace('T', ' ') : value,
    ]),
  );
}

/** @throws {ForeignAnswer} {QueryTooLarge} */
export function unwrap<Row>(answer: string, nonce: string, maxRows: number): Row[] {
  const end = answer.indexOf('\n');
  const names = end < 0 ? undefined : parseLine(answer.slice(0, end));
  if (names?.at(-1) !== nonce) throw new ForeignAnswer();
  const columns = names.slice(0, -1);
  const lines = answer.slice(end + 1).split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length > maxRows) throw new QueryTooLarge(`more than ${maxRows} rows`);
  return lines.map((line) => {
    const values = parseLine(line);
    if (values?.length !== names.length) throw new ForeignAnswer();
    const row: Record<string, unknown> = {};
    for (const [index, column] of columns.entries()) row[String(column)] = values[index];
    return row as Row; // the caller wrote the query and says what its rows are
  });
}

function parseLine(line: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
