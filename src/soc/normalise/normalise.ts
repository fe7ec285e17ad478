import type { SigmaEvent } from '@ironbark/sigma';
import { columnIndex, columns, type EventBlock } from '#platform/events';
import { firstValue } from './fields.ts';
import { flattenFields } from './flatten.ts';
import type { Column, Plan, Step } from './plan.ts';
import { stepValue } from './plan.ts';
import { parseTime, plausible } from './time.ts';
import { listOf, numberOf, textOf } from './values.ts';

/** Takes one row; what is not given is the column's default. */
export type RowSink = Pick<EventBlock, 'row' | 'set' | 'field'>;

/** For an event that is stored already, but still counts for rules. */
export const nowhere: RowSink = { row: () => undefined, set: () => true, field: () => undefined };

/** What the pipeline knows of an event beside the event. */
export type Item = {
  readonly tenancy: string;
  readonly source: string;
  readonly sequence: number;
  /** 16 bytes; used at once. */
  readonly uid: Uint8Array;
  readonly clientId: string;
  readonly receivedMs: number;
  /** An old recording that is to keep its own time; see docs/decisions, event time. */
  readonly recorded: boolean;
  /** As received; stored where `fields` can't give it back. */
  readonly raw: string;
  readonly keepRaw: boolean;
  /** SHA-256 of the bytes as received, as 32 characters 0 to 255. */
  readonly rawHash: string;
  /** Bits already known: `quality`. */
  readonly quality: number;
  /** Spans of a month (about) that the block has rows of; grows with each row. */
  readonly months: Set<number>;
  readonly maxMonths: number;
};

/** Bits of the column `quality`; 0 is a row without a flaw. */
export const quality = {
  /** The event names no time that can be read: `time` is when it was received. */
  noTime: 1,
  /** Its own time is outside the window that is believed: kept in `fields['ironbark.event_time']`, `time` is when it was received. */
  clockOff: 2,
  /** Fields were cut at a cap; `raw` has the whole. */
  cut: 4,
  /** Bytes that are no UTF-8 were replaced by U+FFFD. */
  badText: 8,
  /** No map knows the format. */
  unmapped: 16,
  /** Too long for rules to see the whole of it. */
  seenInPart: 32,
} as const;

export type Written = { readonly timeMs: number; readonly quality: number };

const maxText = 32_768;
const maxObservables = 64;
const observed = new Set([
  'src_ip',
  'dst_ip',
  'device_ip',
  'process_hash_sha256',
  'process_hash_md5',
  'process_imphash',
  'module_hash_sha256',
  'file_hash_sha256',
  'dns_query',
  'dns_answers',
  'tls_sni',
  'tls_ja3',
  'dst_hostname',
  'http_host',
  'http_url',
  'actor_user_name',
  'target_user_name',
]);

/** Columns that are the pipeline's to fill, not a map's. */
const own = {
  tenancy_id: columnIndex.tenancy_id,
  time: columnIndex.time,
  ingest_time: columnIndex.ingest_time,
  event_uid: columnIndex.event_uid,
  class_uid: columnIndex.class_uid,
  activity_id: columnIndex.activity_id,
  type_uid: columnIndex.type_uid,
  category_uid: columnIndex.category_uid,
  source_id: columnIndex.source_id,
  product: columnIndex.product,
  vendor: columnIndex.vendor,
  logsource_category: columnIndex.logsource_category,
  logsource_service: columnIndex.logsource_service,
  attack_techniques: columnIndex.attack_techniques,
  observables: columnIndex.observables,
  fields: columnIndex.fields,
  raw: columnIndex.raw,
  raw_hash: columnIndex.raw_hash,
  parser_id: columnIndex.parser_id,
  quality: columnIndex.quality,
  source_sequence: columnIndex.source_sequence,
  client_id: columnIndex.client_id,
} as const;

/** Writes events into rows. Holds scratch space only: one per worker, no state from one row to the next. */
export class Normaliser {
  #observables: string[] = [];

  write(row: RowSink, event: SigmaEvent, plan: Plan, item: Item, techniques: readonly string[]): Written {
    const { fields } = event;
    this.#observables = [];
    let flaws = item.quality | (plan.mapped ? 0 : quality.unmapped);

    const ownTime = parseTime(firstValue(fields, plan.times));
    let timeMs = ownTime;
    if (Number.isNaN(ownTime)) flaws |= quality.noTime;
    else if (!plausible(ownTime, item.receivedMs, item.recorded) || !inFewMonths(ownTime, item))
      flaws |= quality.clockOff;
    if ((flaws & (quality.noTime | quality.clockOff)) !== 0) timeMs = item.receivedMs;

    row.row();
    const whole = flattenFields(fields, (name, value) => row.field(name, value));
    if (!whole) flaws |= quality.cut;
    if ((flaws & quality.clockOff) !== 0) row.field('ironbark.event_time', isoTime(ownTime));

    for (const step of plan.steps) this.#step(row, step, stepValue(step, fields));
    const activity =
      typeof plan.activity === 'number'
        ? plan.activity
        : (numberOf(stepValue(plan.activity, fields), 255) ?? 0);
    row.set(own.tenancy_id, item.tenancy);
    row.set(own.time, timeMs);
    row.set(own.ingest_time, item.receivedMs);
    row.set(own.event_uid, item.uid);
    row.set(own.class_uid, plan.classUid);
    row.set(own.activity_id, activity);
    row.set(own.type_uid, plan.classUid * 100 + activity);
    row.set(own.category_uid, Math.floor((plan.classUid % 100_000) / 1000));
    row.set(own.source_id, item.source);
    this.#logSource(row, event);
    row.set(own.vendor, plan.vendor);
    row.set(own.attack_techniques, techniques);
    row.set(own.observables, this.#observables);
    if (item.keepRaw || !whole) row.set(own.raw, item.raw);
    row.set(own.raw_hash, item.rawHash);
    row.set(own.parser_id, plan.parser);
    if (flaws !== 0) row.set(own.quality, flaws);
    row.set(own.source_sequence, item.sequence);
    row.set(own.client_id, item.clientId);
    return { timeMs, quality: flaws };
  }

  #logSource(row: RowSink, event: SigmaEvent): void {
    let product = '';
    let category = '';
    let service = '';
    for (const source of event.logsources) {
      product ||= source.product ?? '';
      category ||= source.category ?? '';
      service ||= source.service ?? '';
    }
    row.set(own.product, product);
    row.set(own.logsource_category, category);
    row.set(own.logsource_service, service);
  }

  #step(row: RowSink, step: Step, value: unknown): void {
    if (value === undefined) return;
    const { column } = step;
    switch (column.kind) {
      case 'text': {
        const text = textOf(value);
        if (text === undefined) return;
        row.set(column.index, text.length > maxText ? text.slice(0, maxText) : text);
        if (observed.has(column.name)) this.#observe(text);
        return;
      }
      case 'number': {
        const number = numberOf(value, column.max);
        if (number !== undefined) row.set(column.index, number);
        return;
      }
      case 'address': {
        const text = textOf(Array.isArray(value) ? value[0] : value);
        if (text !== undefined && row.set(column.index, text) && observed.has(column.name))
          this.#observe(text);
        return;
      }
      case 'list': {
        const list = listOf(value);
        if (list.length === 0) return;
        row.set(column.index, list);
        if (observed.has(column.name)) for (const text of list) this.#observe(text);
        return;
      }
    }
  }

  #observe(text: string): void {
    if (this.#observables.length >= maxObservables || text.length > 512) return;
    const plain = text.startsWith('::ffff:') && text.includes('.') ? text.slice(7) : text;
    const value = plain.toLowerCase();
    if (!this.#observables.includes(value)) this.#observables.push(value);
  }
}

const monthMs = 2_629_746_000;

/** Each month of a block is a part on disk: a source that jumps over the centuries must not make thousands. */
function inFewMonths(timeMs: number, { months, maxMonths }: Item): boolean {
  const month = Math.floor(timeMs / monthMs);
  if (months.has(month)) return true;
  if (months.size >= maxMonths) return false;
  months.add(month);
  return true;
}

/** Beyond what Date can write, the number itself. */
const isoTime = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms));

/** The columns of one event by name, as `entitiesOf` and an alert read them: for the few events that a rule fired on. */
export function describeEvent(event: SigmaEvent, plan: Plan): (column: string) => unknown {
  const values = new Map<string, unknown>();
  for (const step of plan.steps) {
    const value = stepValue(step, event.fields);
    const shown = step.column.kind === 'list' ? listOf(value) : textOf(value);
    if (shown !== undefined) values.set(step.column.name, shown);
  }
  return (column: string) => values.get(column);
}

/** The columns that maps may fill, by name. */
export const mapColumns = (): ReadonlyMap<string, Column> =>
  new Map(
    columns.flatMap(({ name, type }, index) => {
      const column = Object.hasOwn(own, name) ? undefined : mapColumn(name, index, type);
      return column === undefined ? [] : [[name, column] as const];
    }),
  );

function mapColumn(name: string, index: number, type: string): Column | undefined {
  if (type === 'String' || type === 'LowCardinality(String)') return { name, index, kind: 'text', max: 0 };
  if (type === 'IPv6') return { name, index, kind: 'address', max: 0 };
  if (type.startsWith('Array(')) return { name, index, kind: 'list', max: 0 };
  const bits = /^UInt(8|16|32|64)$/.exec(type)?.[1];
  return bits === undefined
    ? undefined
    : { name, index, kind: 'number', max: bits === '64' ? Number.MAX_SAFE_INTEGER : 2 ** Number(bits) - 1 };
}
