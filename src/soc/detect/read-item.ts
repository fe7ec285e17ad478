import { isUtf8 } from 'node:buffer';
import type { LogSource } from '@ironbark/sigma';
import { recognise, tooManyValues } from '@ironbark/sigma';
import type { Wire } from '#platform/spool';
import { type LineHeader, type LineReader, quality } from '#soc/normalise';
// Not by its face: that would bring the doors and their HTTP server into every worker.
import { parseSyslog, syslogTime } from '../ingest/syslog-message.ts';
import { carriedLine } from './carried-line.ts';
import { exactNumbers } from './exact-numbers.ts';
import type { RejectCode } from './protocol.ts';

/** An item, read as far as rules and maps need it. */
export type ReadItem = {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly logsources: readonly LogSource[];
  readonly routeKey: string;
  /** As received. */
  readonly text: string;
  /** The text that all of `fields` was parsed from, where nothing was added to them. */
  readonly json?: string;
  /** `fields` do not give the item back: a text line, or bytes that are no UTF-8. */
  readonly keepRaw: boolean;
  readonly quality: number;
  /** JSON that no view knows: it may carry a text line. */
  readonly plain?: true;
};
export type Unread = { readonly code: RejectCode; readonly reason: string };

const noHeader: LineHeader = {
  hostname: '',
  program: '',
  pid: '',
  severity: '',
  facility: '',
  timestamp: '',
};

/**
 * Bytes of one item to an event. A JSON object is an event whichever door it came through; any other text that came as a
 * line or as syslog is one too. What came as JSON and is none, is not.
 */
export function readItem(
  bytes: Buffer,
  from: { readonly wire: Wire; readonly peer: string; readonly receivedMs: number },
  declared: LogSource | undefined,
  lines: LineReader,
): ReadItem | Unread {
  const { wire } = from;
  const text = bytes.toString('utf8');
  const bad = text.includes('\ufffd') && !isUtf8(bytes);
  const flaws = bad ? quality.badText : 0;
  if (text.trim() === '') return { code: 'empty', reason: 'The item holds nothing but blanks.' };
  if (wire === 'json') {
    const record = readJson(text, text, declared, flaws, noHeader);
    if (record === undefined) return { code: 'not-json', reason: jsonFault(text) };
    return 'plain' in record ? (readCarried(record, from.receivedMs, lines) ?? record) : record;
  }

  if (wire === 'line') {
    const record = text.trimStart().startsWith('{')
      ? readJson(text, text, declared, flaws, noHeader)
      : undefined;
    if (record !== undefined && 'fields' in record) return record;
  }
  const { header, message } = takeHeader(bytes, wire, from.receivedMs, from.peer);
  const inner = message.trimStart();
  if (inner.startsWith('{')) {
    const record = readJson(inner, text, declared, flaws, header);
    if (record !== undefined && 'fields' in record) return { ...record, keepRaw: true };
  }
  const line = lines.read(message, header);
  const sources = declared === undefined ? line.logsources : [declared];
  const routeKey =
    declared === undefined
      ? line.routeKey
      : `${line.routeKey}\t${declared.product ?? ''}/${declared.category ?? ''}/${declared.service ?? ''}`;
  return { fields: line.fields, logsources: sources, routeKey, text, keepRaw: true, quality: flaws };
}

function readJson(
  json: string,
  text: string,
  declared: LogSource | undefined,
  flaws: number,
  header: LineHeader,
): ReadItem | Unread | undefined {
  if (tooManyValues(json))
    return { code: 'not-an-event', reason: 'The item holds more values than an event may have (30,000).' };
  let record: unknown;
  try {
    record = JSON.parse(exactNumbers(json));
  } catch {
    try {
      record = JSON.parse(json);
    } catch {
      return undefined;
    }
  }
  const seen = recognise(record, declared);
  if (seen.format === 'unreadable') return { code: 'not-an-event', reason: seen.why };
  const fields =
    header.hostname === '' || 'hostname' in seen.fields
      ? seen.fields
      : { hostname: header.hostname, ...seen.fields };
  return {
    fields,
    logsources: seen.logsources,
    routeKey: seen.routeKey,
    text,
    ...(fields === seen.fields ? { json } : {}),
    keepRaw: flaws !== 0,
    quality: flaws,
    // Of no known format, and not declared to be of one.
    ...(seen.format === 'json' && declared === undefined ? { plain: true as const } : {}),
  };
}

/** The line that a plain record carries, read as one; undefined when no map knows it. */
function readCarried(record: ReadItem, receivedMs: number, lines: LineReader): ReadItem | undefined {
  const carried = carriedLine(record.fields);
  if (carried === undefined) return undefined;
  const { header, message } =
    carried.header === undefined
      ? takeHeader(Buffer.from(carried.line), 'line', receivedMs, '')
      : { header: carried.header, message: carried.line };
  const line = lines.read(message, header);
  if (line.logsources.length === 0) return undefined;
  const { plain: _plain, json: _json, ...rest } = record;
  return {
    ...rest,
    fields: { ...record.fields, ...line.fields },
    logsources: line.logsources,
    routeKey: line.routeKey,
  };
}

function jsonFault(text: string): string {
  try {
    JSON.parse(text);
    return 'The item is not a JSON object.';
  } catch (error) {
    // V8 quotes the text in its message: the first 200 characters say enough.
    return `The item is not JSON: ${(error instanceof Error ? error.message : String(error)).slice(0, 200)}`;
  }
}

const dated = /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)/;

/** The syslog header of a line; a line from a file has one too, without its priority. */
function takeHeader(
  bytes: Buffer,
  wire: Wire,
  receivedMs: number,
  peer: string,
): { header: LineHeader; message: string } {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d || bytes[end - 1] === 0)) end--;
  const line = bytes.subarray(0, end);
  const fromFile = wire === 'line' && dated.test(line.toString('latin1', 0, 20));
  const parsed = parseSyslog(fromFile ? Buffer.concat([filePriority, line]) : line);
  const header = {
    hostname: parsed.host === '' && wire === 'syslog' ? peer : parsed.host,
    program: parsed.app,
    pid: parsed.processId,
    // A file keeps no priority: what the parser then assumes is not what the sender said.
    severity: parsed.format === 'none' || fromFile ? '' : String(parsed.severity),
    facility: parsed.format === 'none' || fromFile ? '' : String(parsed.facility),
    timestamp: syslogTime(parsed.timestamp, new Date(receivedMs))?.toISOString() ?? '',
  };
  return { header, message: parsed.message };
}

const filePriority = Buffer.from('<13>');
