import { isRecord, type View } from './view.ts';

/** Where each format keeps the event's own time, in the order to look. */
const timeFields: Readonly<Record<View['format'], readonly string[]>> = {
  'evtx-json': ['TimeCreated_SystemTime'],
  'winlog-flat': ['@timestamp', 'EventTime', 'TimeCreated', 'UtcTime'],
  winlogbeat: ['@timestamp'],
  'winlog-ecs': ['@timestamp'],
  zeek: ['ts', '_write_ts'],
  suricata: ['timestamp'],
  cloudtrail: ['eventTime'],
  'kubernetes-audit': ['requestReceivedTimestamp', 'stageTimestamp'],
  'gcp-audit': ['timestamp', 'receiveTimestamp'],
  'google-workspace': [],
  okta: ['published'],
  json: [
    '@timestamp',
    'timestamp',
    'time',
    'ts',
    'eventTime',
    'TimeCreated',
    'TimeGenerated',
    'created_at',
    'p_event_time',
    'UtcTime',
  ],
};

/** @returns milliseconds since 1970 UTC with fractions to the microsecond, or undefined where the event names no readable time */
export function eventTime(view: View): number | undefined {
  for (const name of timeFields[view.format]) {
    const time = readTime(view.fields[name]);
    if (time !== undefined) return time;
  }
  const id = view.fields['id'];
  return view.format === 'google-workspace' && isRecord(id) ? readTime(id['time']) : undefined;
}

const isoTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?$/;
/** Years 2000 to 2100 in seconds; a number below is seconds, above it milliseconds, and so on by thousands. */
const lastSecond = 4_102_444_800;

/** A time without a zone is UTC. Numbers are seconds, milliseconds, microseconds or nanoseconds by their size. */
export function readTime(value: unknown): number | undefined {
  if (typeof value === 'number') return readNumber(value);
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const parts = isoTime.exec(value);
  if (parts === null) return /^\d{9,19}(\.\d{1,9})?$/.test(value) ? readNumber(Number(value)) : undefined;
  const seconds = Date.parse(`${parts[1]}T${parts[2]}${zone(parts[4])}`);
  if (Number.isNaN(seconds)) return undefined;
  const microseconds = Number((parts[3] ?? '0').padEnd(6, '0').slice(0, 6));
  return seconds + microseconds / 1000;
}

function zone(text: string | undefined): string {
  if (text === undefined || text === 'Z') return 'Z';
  return text.includes(':') ? text : `${text.slice(0, 3)}:${text.slice(3)}`;
}

function readNumber(value: number): number | undefined {
  if (!(value > 0)) return undefined;
  if (value <= lastSecond) return Math.round(value * 1e6) / 1e3;
  if (value <= lastSecond * 1e3) return value;
  if (value <= lastSecond * 1e6) return value / 1e3;
  return value <= lastSecond * 1e9 ? value / 1e6 : undefined;
}
