import type { LogSource } from '@ironbark/sigma';
import { type FieldPath, fieldPath, firstValue } from './fields.ts';
import type { Case, ColumnRule, FormatMap, LogSourcePattern, Using } from './map.ts';
import { type ColumnKind, convert, numberOf, textOf } from './values.ts';

/** A column of the event table, as maps see it. */
export type Column = {
  readonly name: string;
  readonly index: number;
  readonly kind: ColumnKind;
  readonly max: number;
};

/** One column to fill: where its value comes from and how it is turned. */
export type Step = {
  readonly column: Column;
  readonly paths: readonly FieldPath[];
  readonly using: Using | undefined;
  readonly table: ReadonlyMap<string, string | number> | undefined;
  readonly starts: readonly (readonly [string, string | number])[];
  readonly otherwise: string | number | undefined;
  readonly absent: string | number | undefined;
  readonly constant: string | number | undefined;
};

/** Everything about one kind of event of one format, flat: what the hot path walks. */
export type Plan = {
  readonly parser: string;
  readonly mapped: boolean;
  readonly vendor: string;
  readonly classUid: number;
  readonly activity: number | Step;
  readonly times: readonly FieldPath[];
  readonly steps: readonly Step[];
};

/** What a map's author must mend: which map, where in it, what. */
export class MapFault extends Error {
  constructor(format: string, where: string, what: string) {
    super(`Map "${format}", ${where}: ${what}`);
    this.name = 'MapFault';
  }
}

const asList = (names: string | readonly string[]): readonly string[] =>
  typeof names === 'string' ? [names] : names;
const plain = (value: string | number | boolean): string | number =>
  typeof value === 'boolean' ? String(value) : value;

export function compileStep(map: FormatMap, column: Column, rule: ColumnRule): Step {
  const parts = typeof rule === 'string' || Array.isArray(rule) ? { from: rule } : rule;
  const empty = {
    column,
    paths: [],
    using: undefined,
    table: undefined,
    starts: [],
    otherwise: undefined,
    absent: undefined,
    constant: undefined,
  };
  const check = (value: string | number | boolean): string | number => {
    const given = plain(value);
    if (column.kind === 'number' && numberOf(given, column.max) === undefined)
      throw new MapFault(
        map.format,
        `column ${column.name}`,
        `${given} is not a whole number from 0 to ${column.max}`,
      );
    return column.kind === 'number' ? Number(given) : String(given);
  };
  if ('value' in parts) return { ...empty, constant: check(parts.value) };
  return {
    ...empty,
    paths: asList(parts.from).map(fieldPath),
    using: 'using' in parts ? parts.using : undefined,
    table:
      'map' in parts && parts.map !== undefined
        ? new Map(Object.entries(parts.map).map(([key, value]) => [key.toLowerCase(), check(value)]))
        : undefined,
    starts:
      'starts' in parts
        ? Object.entries(parts.starts ?? {}).map(([key, value]) => [key, check(value)] as const)
        : [],
    otherwise: 'else' in parts && parts.else !== undefined ? check(parts.else) : undefined,
    absent: 'absent' in parts && parts.absent !== undefined ? check(parts.absent) : undefined,
  };
}

/** @returns what the step gives for a record, before it is fitted to the column's type; undefined for nothing */
export function stepValue(step: Step, record: Readonly<Record<string, unknown>>): unknown {
  if (step.constant !== undefined) return step.constant;
  let value = firstValue(record, step.paths);
  if (value === undefined && step.absent !== undefined) return step.absent;
  if (step.using !== undefined && value !== undefined) value = convert(value, step.using);
  if (step.table === undefined && step.starts.length === 0) return value ?? step.otherwise;
  const text = textOf(value);
  if (text !== undefined) {
    const exact = step.table?.get(text.toLowerCase());
    if (exact !== undefined) return exact;
    for (const [start, given] of step.starts) if (text.startsWith(start)) return given;
  }
  return step.otherwise;
}

export const fits = (pattern: LogSourcePattern, source: LogSource): boolean =>
  (pattern.product === undefined || pattern.product === source.product) &&
  (pattern.category === undefined || pattern.category === source.category) &&
  (pattern.service === undefined || pattern.service === source.service);

/** The first case that fits; `value` is the switch field's, undefined where it is not one that any case names. */
export function chooseCase(
  map: FormatMap,
  sources: readonly LogSource[],
  value: string | undefined,
): Case | undefined {
  return map.cases.find(
    (one) =>
      (one.is === undefined ||
        (value !== undefined && one.is.some((given) => String(given).toLowerCase() === value))) &&
      (one.when === undefined || sources.some((source) => fits(one.when ?? {}, source))),
  );
}

export function compilePlan(
  map: FormatMap,
  columns: ReadonlyMap<string, Column>,
  chosen: Case | undefined,
): Plan {
  const rules = { ...map.columns, ...chosen?.columns };
  const steps = Object.entries(rules).map(([name, rule]) => {
    const column = columns.get(name);
    if (column === undefined)
      throw new MapFault(
        map.format,
        `column ${name}`,
        'the event table has no such column, or it is not for maps to fill',
      );
    return compileStep(map, column, rule);
  });
  const activity = chosen?.activity ?? 0;
  const activityColumn: Column = { name: 'activity_id', index: -1, kind: 'number', max: 255 };
  return {
    parser: `${map.format}@${map.version}`,
    mapped: true,
    vendor: map.vendor,
    classUid: chosen?.class ?? 0,
    activity: typeof activity === 'number' ? activity : compileStep(map, activityColumn, activity),
    times: map.time.map(fieldPath),
    steps: steps.sort((a, b) => a.column.index - b.column.index),
  };
}
