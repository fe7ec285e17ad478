import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { columns } from '#platform/events';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readItem } from '../detect/read-item.ts';
import { LineReader, loadMaps, mapColumns, Normaliser, Planner, type RowSink } from './index.ts';

/*
 * Each file of content/normalise/fixtures/<format>/ is one item as a sender would send it and the columns it must become.
 * IRONBARK_WRITE_FIXTURES=1 writes the columns that come out now: read the difference before you commit it.
 */
const folder = fileURLToPath(new URL('../../../content/normalise', import.meta.url));
const fixture = z.object({
  wire: z.enum(['json', 'syslog', 'line']),
  item: z.unknown(),
  columns: z.record(z.string(), z.unknown()).nullable(),
});

const maps = loadMaps(folder);
const receivedMs = Date.UTC(2026, 2, 4, 6);

function normalised(wire: 'json' | 'syslog' | 'line', item: unknown): Record<string, unknown> {
  const text = typeof item === 'string' ? item : JSON.stringify(item);
  const read = readItem(
    Buffer.from(text),
    { wire, peer: '192.0.2.1', receivedMs },
    undefined,
    new LineReader(maps),
  );
  if ('code' in read) throw new Error(read.reason);
  const row = new Map<number, unknown>();
  const sink: RowSink = {
    row: () => undefined,
    set: (column, value) => (
      value === '' || (Array.isArray(value) && value.length === 0) || row.set(column, value), true
    ),
    field: () => undefined,
  };
  const plan = new Planner(maps, mapColumns()).planOf(read);
  new Normaliser().write(
    sink,
    read,
    plan,
    {
      tenancy: 'acme-odce',
      source: 'fixture',
      sequence: 1,
      uid: new Uint8Array(16),
      clientId: '',
      receivedMs,
      recorded: false,
      raw: read.text,
      keepRaw: read.keepRaw,
      rawHash: '\0'.repeat(32),
      quality: read.quality,
      months: new Set(),
      maxMonths: 64,
    },
    [],
  );
  const pipelineOwn = new Set([
    'tenancy_id',
    'ingest_time',
    'event_uid',
    'source_id',
    'raw_hash',
    'source_sequence',
    'fields',
  ]);
  return Object.fromEntries(
    columns.flatMap(({ name, type }, index) => {
      const value = row.get(index);
      if (value === undefined || pipelineOwn.has(name)) return [];
      if (type.startsWith('DateTime64')) return [[name, new Date(Number(value)).toISOString()]];
      return [[name, value]];
    }),
  );
}

describe.each(readdirSync(`${folder}/fixtures`))('%s', (format) => {
  test.each(readdirSync(`${folder}/fixtures/${format}`))('%s becomes its columns', (name) => {
    const path = `${folder}/fixtures/${format}/${name}`;
    const given = fixture.parse(JSON.parse(readFileSync(path, 'utf8')));
    const got = normalised(given.wire, given.item);
    if (process.env['IRONBARK_WRITE_FIXTURES'] === '1') {
      writeFileSync(path, `${JSON.stringify({ ...given, columns: got }, null, 2)}\n`);
      return;
    }
    expect(String(got['parser_id'])).toMatch(new RegExp(`^${format}@`));
    expect(got).toEqual(given.columns);
  });
});

test('every map has fixtures', () => {
  const formats = readdirSync(`${folder}/fixtures`);
  expect(maps.map((map) => map.format).filter((format) => !formats.includes(format))).toEqual([]);
});
