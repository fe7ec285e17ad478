import type { LineHeader } from '#soc/normalise';

/** A text line that a shipper put into JSON, with what it said of the line beside it. */
export type CarriedLine = { readonly line: string; readonly header: LineHeader | undefined };

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

/** `a.b` as a literal key or a path of objects. */
function at(record: Readonly<Record<string, unknown>>, name: string): unknown {
  if (name in record) return record[name];
  let here: unknown = record;
  for (const step of name.split('.')) {
    if (typeof here !== 'object' || here === null || Array.isArray(here)) return undefined;
    here = Object.entries(here).find(([key]) => key === step)?.[1];
  }
  return here;
}

const first = (record: Readonly<Record<string, unknown>>, names: readonly string[]): string => {
  for (const name of names) {
    const text = textOf(at(record, name));
    if (text !== '') return text;
  }
  return '';
};

/**
 * The line inside a JSON record that is nothing else: `message` as Filebeat, Fluent Bit and Vector send a file's line
 * (with its own header in it), or as rsyslog and syslog-ng send one (header taken apart into fields beside it).
 * @returns undefined for a record without a text in `message` (or `log`, Fluent Bit's name for it)
 */
export function carriedLine(record: Readonly<Record<string, unknown>>): CarriedLine | undefined {
  const line = first(record, ['message', 'MESSAGE', 'log']);
  if (line === '') return undefined;
  const tag = first(record, [
    'program',
    'PROGRAM',
    'programname',
    'ident',
    'syslogtag',
    'process.name',
    'log.syslog.appname',
  ]);
  const [, program = '', pidInTag = ''] = /^([^[:]*)(?:\[(\d+)\])?:?$/.exec(tag) ?? [];
  if (program === '') return { line, header: undefined };
  return {
    line,
    header: {
      hostname: first(record, [
        'hostname',
        'host.name',
        'host.hostname',
        'host',
        'HOST',
        'fromhost',
        'log.syslog.hostname',
      ]),
      program,
      pid: first(record, ['pid', 'PID', 'procid', 'process.pid', 'log.syslog.procid']) || pidInTag,
      severity: first(record, ['syslogseverity', 'severity_code', 'log.syslog.severity.code']),
      facility: first(record, ['syslogfacility', 'facility_code', 'log.syslog.facility.code']),
      timestamp: first(record, ['@timestamp', 'timestamp', 'timereported', 'ISODATE']),
    },
  };
}
