import type { EventRow } from './contract.ts';
import type { WideRow } from './store.ts';

/** Shown in places of their own, or made for the query. */
const apart = new Set([
  'fields',
  'raw',
  'event_uid',
  'time',
  'ingest_time',
  'tenancy_id',
  'source_id',
  'time_ms',
  'ingest_ms',
]);
const noAddress = '::';

/** A row of the table as the page shows it: columns that say nothing are left out. */
export function eventRowOf(row: WideRow): EventRow {
  const columns: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (!apart.has(name) && says(value))
      columns[name] = typeof value === 'string' ? plainAddress(value) : value;
  }
  const fields = fieldsOf(row['fields']);
  const raw = textOf(row['raw']);
  return {
    uid: textOf(row['event_uid']),
    time: new Date(Number(row['time_ms'])).toISOString(),
    ingestTime: new Date(Number(row['ingest_ms'])).toISOString(),
    tenancy: textOf(row['tenancy_id']),
    source: textOf(row['source_id']),
    summary: summaryOf(columns, fields, raw),
    columns,
    fields,
    raw,
  };
}

/** One line that says what happened: the producer's own words, else the telling columns, else its fields. */
export function summaryOf(
  columns: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, string>>,
  raw: string,
): string {
  const of = (name: string): string => textOf(columns[name]);
  const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0]?.trim() ?? '';
  const pairs: readonly (readonly [string, string])[] = [
    ['', of('rule_name')],
    ['', of('process_cmd_line') || of('process_path')],
    ['', of('api_operation') && `${of('api_operation')} ${of('api_service')}`],
    ['dns', of('dns_query')],
    ['', of('http_url') && `${of('http_method')} ${of('http_host')}${of('http_url')} ${of('http_status')}`],
    ['file', of('file_path')],
    ['registry', of('reg_path')],
    ['module', of('module_path')],
    ['service', of('service_name') && `${of('service_name')} ${of('service_path')}`],
    ['pipe', of('pipe_name')],
    ['', firstLine(of('script_text'))],
    [
      '',
      of('src_ip') &&
        of('dst_ip') &&
        `${of('src_ip')}:${of('src_port')} -> ${of('dst_ip')}:${of('dst_port')} ${of('net_protocol')}`,
    ],
    ['user', of('target_user_name') || of('actor_user_name')],
  ];
  const message = firstLine(of('message'));
  const told =
    message ||
    pairs
      .filter(([, text]) => text !== '')
      .slice(0, 2)
      .map(([name, text]) => (name ? `${name} ${text}` : text))
      .join(' · ');
  const text =
    told ||
    firstLine(raw) ||
    Object.entries(fields)
      .slice(0, 6)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}

function says(value: unknown): boolean {
  if (
    value === '' ||
    value === 0 ||
    value === '0' ||
    value === noAddress ||
    value === null ||
    value === undefined
  )
    return false;
  if (Array.isArray(value)) return value.length > 0;
  return !(typeof value === 'string' && /^0{64}$/.test(value));
}

const plainAddress = (text: string): string =>
  text.startsWith('::ffff:') && text.includes('.') ? text.slice('::ffff:'.length) : text;

function fieldsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, textOf(text)]));
}

function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}
