/**
 * What a value of the database is in TypeScript, alike on both engines. Keys are PostgreSQL's type oids.
 * Everything not named here: text as PostgreSQL writes it (numeric, date, timestamp, interval, inet, uuid).
 */
export const oid = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  json: 114,
  float4: 700,
  float8: 701,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  numeric: 1700,
  jsonb: 3802,
} as const;

/** @throws {RangeError} where a number would no longer be exact: cast such a column to text */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`The int8 ${text} is beyond 2^53. Cast it to text in the query.`);
  return value;
}

/** bytea in its hex form. */
export const parseBytea = (text: string): Buffer => Buffer.from(text.slice(2), 'hex');

/** timestamptz as the server writes it with the session in UTC (both engines are set so): `2026-01-02 03:04:05.678+00`. */
export const parseTimestamptz = (text: string): Date =>
  new Date(text.replace(' ', 'T').replace(/\+00$/, 'Z'));

const asText = (text: string): string => text;

export const parsers: Record<number, (text: string) => unknown> = {
  [oid.bool]: (text) => text === 't',
  [oid.bytea]: parseBytea,
  [oid.int8]: parseInt8,
  [oid.int2]: Number,
  [oid.int4]: Number,
  [oid.float4]: Number,
  [oid.float8]: Number,
  [oid.json]: JSON.parse,
  [oid.jsonb]: JSON.parse,
  [oid.timestamptz]: parseTimestamptz,
  [oid.date]: asText,
  [oid.timestamp]: asText,
  [oid.interval]: asText,
  [oid.numeric]: asText,
};

/** Array types whose elements are not plain text, by the oid of the array. */
export const arrayElements: Record<number, number> = {
  1000: oid.bool,
  1001: oid.bytea,
  1016: oid.int8,
  1005: oid.int2,
  1007: oid.int4,
  1021: oid.float4,
  1022: oid.float8,
  199: oid.json,
  3807: oid.jsonb,
  1185: oid.timestamptz,
  1182: oid.date,
  1115: oid.timestamp,
  1187: oid.interval,
  1231: oid.numeric,
};
