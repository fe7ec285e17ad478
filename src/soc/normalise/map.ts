import { z } from 'zod';

/**
 * A normaliser map: one file per format in content/normalise. It says which column of the event table a producer's field
 * fills, and which OCSF class an event is of. Data only: no expression, no regular expression, nothing that can run away.
 */

/** The words of a Sigma log source; every part given must be equal. */
const logSourcePattern = z.strictObject({
  product: z.string().optional(),
  category: z.string().optional(),
  service: z.string().optional(),
});
export type LogSourcePattern = z.infer<typeof logSourcePattern>;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const table = z.record(z.string(), scalar);

/** How a field's value becomes a column's value, where the column's type does not say it already. */
export const using = z.enum([
  'basename', // last part of a path, either slash
  'domain-of', // ACME of ACME\jo
  'account-of', // jo of ACME\jo
  'md5', // one hash out of "MD5=…,SHA256=…,IMPHASH=…"
  'sha256',
  'imphash',
  'first', // of a list
  'seconds', // a duration in seconds; the column is in milliseconds
]);
export type Using = z.infer<typeof using>;

const names = z.union([z.string(), z.array(z.string()).min(1)]);
export const columnRule = z.union([
  names,
  z.strictObject({ value: scalar }),
  z.strictObject({
    from: names,
    using: using.optional(),
    /** Exact values, compared without case. */
    map: table.optional(),
    /** Beginnings, in order. */
    starts: table.optional(),
    /** Where neither `map` nor `starts` has it; without `else` the column stays empty. */
    else: scalar.optional(),
    /** Where the event has none of the fields; overrides `else` there. */
    absent: scalar.optional(),
  }),
]);
export type ColumnRule = z.infer<typeof columnRule>;

/** Column name to rule. Which columns exist, and that a value fits, is checked when the map is compiled. */
const columns = z.record(z.string(), columnRule);

const kase = z.strictObject({
  when: logSourcePattern.optional(),
  /** Values of the map's `switch` field. */
  is: z.array(z.union([z.string(), z.number()])).optional(),
  /** OCSF class_uid; category and type follow from it. */
  class: z.number().int(),
  /** OCSF activity_id. Default 0, unknown. */
  activity: z.union([z.number().int(), columnRule]).optional(),
  columns: columns.optional(),
});

/** Text lines: which programs' messages these are, and how to take them apart. */
const lineRules = z.strictObject({
  /** Of the syslog header; empty means any line that `starts` with one of the given beginnings. */
  programs: z.array(z.string()).default([]),
  starts: z.array(z.string()).default([]),
  /** What Sigma rules may call these lines. */
  logsources: z.array(logSourcePattern).min(1),
  /** The message is `key=value key="value"`, as auditd writes it. */
  keyValue: z.enum(['audit']).optional(),
  /** The first that fits wins; see `template.ts`. `set` adds fields of its own. */
  templates: z
    .array(z.union([z.string(), z.strictObject({ text: z.string(), set: z.record(z.string(), z.string()) })]))
    .default([]),
});

export const formatMap = z.strictObject({
  format: z.string().regex(/^[a-z0-9-]{1,40}$/),
  version: z.number().int().positive(),
  vendor: z.string().default(''),
  product: z.string().default(''),
  /** Log sources this map is for: any of them. */
  applies: z.array(logSourcePattern).min(1),
  lines: lineRules.optional(),
  /** Fields that hold the event's own time; the first that can be read wins. */
  time: z.array(z.string()).default([]),
  /** The field that tells the cases apart, e.g. EventID. */
  switch: names.optional(),
  columns: columns.default({}),
  /** The first that fits wins. An event that fits none is of class 0, base event. */
  cases: z.array(kase).default([]),
});
export type FormatMap = z.infer<typeof formatMap>;
export type Case = z.infer<typeof kase>;
