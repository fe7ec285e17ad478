import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { isIPv4, isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putAddress, wholeNumber } from './block/values.ts';
import { type Connection, openConnection } from './chdb/connection.ts';
import { columnIndex as c, columns } from './columns.ts';
import { EventBlock, readBlock } from './event-block.ts';
import { updateTables } from './tables.ts';

let folder: string;
let engine: Connection;
const rows = async (sql: string): Promise<Record<string, unknown>[]> =>
  (await engine.run(`${sql} FORMAT JSONEachRow`))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>); // JSONEachRow: one object a line

beforeAll(async () => {
  folder = mkdtempSync(`${tmpdir()}/ironbark-block-`);
  engine = openConnection(`${folder}/chdb`);
  await updateTables({ run: async (sql) => void (await engine.run(sql)), rows });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

async function store(block: EventBlock): Promise<void> {
  const { columns: names, native } = readBlock(block.finish());
  writeFileSync(`${folder}/block.native`, native);
  await engine.run('TRUNCATE TABLE event');
  await engine.run(
    `INSERT INTO event (${names.join(',')}) SELECT ${names.join(',')} FROM file('${folder}/block.native', Native)`,
  );
}

test('the columns of the sources are those of the table, in type and in order', async () => {
  const found = await rows(
    `SELECT name, type FROM system.columns WHERE table = 'event' AND database = currentDatabase() ORDER BY position`,
  );
  expect(found).toEqual(columns.map(({ name, type }) => ({ name, type })));
});

test('every kind of value comes back as it went in, and what was not said is the default', async () => {
  const block = new EventBlock();
  block.row();
  block.row();
  block.set(c.source_sequence, 1);
  block.set(c.tenancy_id, 'acme-odce');
  block.set(c.time, new Date('2026-05-06T07:08:09.123Z'));
  block.set(c.ingest_time, Date.UTC(1969, 0, 1));
  block.set(c.event_uid, '0197f6a0-1234-7abc-8def-0123456789ab');
  block.set(c.class_uid, '0x3ef');
  block.set(c.type_uid, 18446744073709551615n);
  block.set(c.bytes_in, Number.MAX_SAFE_INTEGER);
  block.set(c.src_port, '65535');
  block.set(c.quality, 255);
  block.set(c.src_ip, '192.0.2.7');
  block.set(c.dst_ip, '2001:db8::1');
  block.set(c.dns_answers, ['a', '', 'ü']);
  block.set(c.attack_techniques, ['T1059.001', 'T1059.001', 'T1003']);
  block.set(c.raw_hash, '00ff'.repeat(16));
  block.field('Image', 'C:\\ü.exe');
  block.field('Empty', '');
  block.row();
  block.set(c.source_sequence, 2);
  await store(block);
  const [before, row, after] = await rows(
    `SELECT tenancy_id, toString(time) AS time, toString(ingest_time) AS ingest_time, toString(event_uid) AS event_uid, class_uid, toString(type_uid) AS type_uid, toString(bytes_in) AS bytes_in,
      src_port, quality, toString(src_ip) AS src_ip, toString(dst_ip) AS dst_ip, dns_answers, attack_techniques, lower(hex(raw_hash)) AS raw_hash, fields, client_id
     FROM event ORDER BY source_sequence`,
  );
  expect(row).toEqual({
    tenancy_id: 'acme-odce',
    time: '2026-05-06 07:08:09.123',
    ingest_time: '1969-01-01 00:00:00.000',
    event_uid: '0197f6a0-1234-7abc-8def-0123456789ab',
    class_uid: 0x3ef,
    type_uid: '18446744073709551615',
    bytes_in: '9007199254740991',
    src_port: 65535,
    quality: 255,
    src_ip: '::ffff:192.0.2.7',
    dst_ip: '2001:db8::1',
    dns_answers: ['a', '', 'ü'],
    attack_techniques: ['T1059.001', 'T1059.001', 'T1003'],
    raw_hash: '00ff'.repeat(16),
    fields: { Image: 'C:\\ü.exe', Empty: '' },
    client_id: '',
  });
  expect(before).toEqual(after);
  expect(before).toMatchObject({ tenancy_id: '', src_ip: '::', fields: {}, dns_answers: [], type_uid: '0' });
});

test('any rows of text, numbers, lists and fields come back the same', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.string({ maxLength: 60 }),
    fc.constantFrom('', 'x'.repeat(127), 'x'.repeat(128), 'é'.repeat(64), 'é'.repeat(100), '€'.repeat(6000)),
  );
  const row = fc.record(
    {
      message: text,
      product: text,
      process_pid: fc.nat(0xffffffff),
      dns_answers: fc.array(text, { maxLength: 4 }),
      attack_techniques: fc.array(text, { maxLength: 4 }),
      fields: fc.dictionary(text, text, { maxKeys: 6 }),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 400 }), async (made) => {
      const block = new EventBlock();
      for (const [index, one] of made.entries()) {
        block.row();
        block.set(c.source_sequence, index);
        for (const name of [
          'message',
          'product',
          'process_pid',
          'dns_answers',
          'attack_techniques',
        ] as const) {
          const value = one[name];
          if (value !== undefined) expect(block.set(c[name], value)).toBe(true);
        }
        for (const [name, value] of Object.entries(one.fields ?? {})) block.field(name, value);
      }
      await store(block);
      const found = await rows(
        'SELECT message, product, process_pid, dns_answers, attack_techniques, fields FROM event ORDER BY source_sequence',
      );
      const wanted = made.map((one) => ({
        message: '',
        product: '',
        process_pid: 0,
        dns_answers: [],
        attack_techniques: [],
        fields: {},
        ...one,
      }));
      expect(found).toEqual(JSON.parse(JSON.stringify(wanted)));
    }),
    { numRuns: 40 },
  );
});

test('a dictionary column with more values than two bytes can count is whole', async () => {
  const block = new EventBlock();
  for (let index = 0; index < 70_000; index++) {
    block.row();
    block.set(c.device_hostname, `host-${index}`);
    block.set(c.source_sequence, index);
  }
  await store(block);
  expect(
    await rows(
      `SELECT count() AS n, countIf(device_hostname = concat('host-', toString(source_sequence))) AS same FROM event`,
    ),
  ).toEqual([{ n: 70_000, same: 70_000 }]);
});

describe('a value that is not of its column', () => {
  test.each([
    ['src_ip', '300.1.1.1'],
    ['src_ip', 'not an address'],
    ['src_ip', '1:2:3'],
    ['src_port', 65536],
    ['src_port', -1],
    ['src_port', 'https'],
    ['src_port', ''],
    ['process_pid', 1.5],
    ['time', new Date('1899-12-31T00:00:00Z')],
    ['time', new Date(Number.NaN)],
    ['event_uid', 'zz'],
    ['raw_hash', 'abcd'],
    ['fields', 'x'],
  ] as const)('%s = %s is refused and leaves the default', (name, value) => {
    const block = new EventBlock();
    block.row();
    expect(block.set(c[name], value)).toBe(false);
    expect(readBlock(block.finish()).columns).toEqual([]);
  });
});

test('a block is empty again after it was finished', async () => {
  const block = new EventBlock();
  block.row();
  block.set(c.message, 'first');
  block.field('a', 'b');
  block.finish();
  expect(readBlock(block.finish())).toMatchObject({ rows: 0, columns: [] });
  block.row();
  block.set(c.product, 'second');
  await store(block);
  expect(await rows('SELECT message, product, fields FROM event')).toEqual([
    { message: '', product: 'second', fields: {} },
  ]);
});

test('what is an address is what Node takes for one, and its bytes are those the engine makes', async () => {
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.string({ unit: fc.constantFrom('0', '1', 'f', ':', '.', '::', '1:'), maxLength: 12 }),
  );
  const made = fc.sample(address, 3000);
  const into = Buffer.alloc(16);
  for (const text of made)
    expect([text, putAddress(text, into, 0)]).toEqual([text, isIPv4(text) || isIPv6(text)]);
  const valid = made.filter((text) => isIPv4(text) || isIPv6(text));
  const found = await rows(
    `SELECT arrayMap(a -> lower(hex(toIPv6(a))), [${valid.map((one) => `'${one}'`).join(',')}]) AS hex`,
  );
  const ours = valid.map((text) => (putAddress(text, into, 0) ? into.toString('hex') : ''));
  expect(ours).toEqual(found[0]?.['hex']);
  for (const text of ['[2001:db8::1]', '2001:db8::1%eth0'])
    expect([putAddress(text, into, 0), into.toString('hex')]).toEqual([
      true,
      '20010db8000000000000000000000001',
    ]);
});

test('whole numbers are read from decimal and hex text and from nothing else', () => {
  expect(['12', '0x1f4', 7, true, 5n].map(wholeNumber)).toEqual([12, 500, 7, 1, 5]);
  for (const bad of ['', 'x', '1.5', 1.5, null, undefined, {}, '9'.repeat(50), Number.NaN])
    expect(wholeNumber(bad)).toBeNaN();
});
