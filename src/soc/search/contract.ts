import { z } from 'zod';

/**
 * The query bar's language: `word "a phrase" field:value field:"v w" field:pre* field>=10 field:(a OR b) NOT x AND (…)`.
 * Fields are the table's columns, or any native name of the producer (`Image`, `id.orig_h`).
 */
export const searchRequest = z.object({
  query: z.string().max(4096).default(''),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  tenancies: z.array(z.string()).optional(),
  limit: z.number().int().min(1).max(1000).default(100),
  /** From a page before: rows older than this. */
  after: z.string().optional(),
});
export type SearchRequest = z.infer<typeof searchRequest>;

export const eventRow = z.object({
  uid: z.string(),
  time: z.iso.datetime(),
  ingestTime: z.iso.datetime(),
  tenancy: z.string(),
  source: z.string(),
  /** One line that says what happened. */
  summary: z.string(),
  /** Columns that are not empty, by name. */
  columns: z.record(z.string(), z.unknown()),
  /** The producer's own fields, verbatim. */
  fields: z.record(z.string(), z.string()),
  raw: z.string(),
});
export type EventRow = z.infer<typeof eventRow>;

/** POST /api/events/search */
export const searchPage = z.object({
  events: z.array(eventRow),
  next: z.string().nullable(),
  tookMilliseconds: z.number(),
});
export type SearchPage = z.infer<typeof searchPage>;

/** POST /api/events/histogram */
export const histogramRequest = searchRequest
  .pick({ query: true, from: true, to: true, tenancies: true })
  .extend({ buckets: z.number().int().min(1).max(500).default(120) });
export const histogram = z.object({
  stepSeconds: z.number(),
  total: z.number().int(),
  /** Start of each bucket (epoch seconds) and its count; empty buckets are there with 0. */
  at: z.array(z.number()),
  count: z.array(z.number().int()),
});
export type Histogram = z.infer<typeof histogram>;

/** POST /api/events/facets */
export const facetsRequest = histogramRequest
  .omit({ buckets: true })
  .extend({ fields: z.array(z.string()).min(1).max(20), top: z.number().int().min(1).max(50).default(8) });
export const facets = z.object({
  facets: z.array(
    z.object({
      field: z.string(),
      distinct: z.number().int(),
      values: z.array(z.object({ value: z.string(), count: z.number().int() })),
    }),
  ),
});
export type Facets = z.infer<typeof facets>;

/** GET /api/events/fields?prefix= : for completion. */
export const fieldList = z.object({
  fields: z.array(z.object({ name: z.string(), type: z.string(), native: z.boolean() })),
});
/** GET /api/events/tail?query= (SSE): `event: event`, data an EventRow; at most 100 a second, the rest is counted in `event: skipped`. */
