import { Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Format, readItems } from './read-items.ts';

async function read(input: string | Buffer, format: Format = 'auto', chunkBytes = 7) {
  const bytes = Buffer.from(input);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes));
  const {
    wire,
    format: found,
    items,
  } = await readItems(Readable.from(chunks, { objectMode: false }), format);
  const texts: string[] = [];
  for await (const item of items) texts.push(item.toString());
  return { wire, found, texts };
}

describe('what a file is', () => {
  test.each<[string, string, 'json' | 'line', string[]]>([
    ['NDJSON', '{"a":1}\n{"a":"}"}\r\n\n{"a":3}', 'json', ['{"a":1}', '{"a":"}"}', '{"a":3}']],
    [
      'NDJSON with a bad line in the middle',
      '{"a":1}\n{"cut":\n{"a":3}\n',
      'json',
      ['{"a":1}', '{"cut":', '{"a":3}'],
    ],
    [
      'a JSON array',
      ' [ {"a":[1,{"b":"]"}]},\n {"a":"\\"}{"} ]',
      'json',
      ['{"a":[1,{"b":"]"}]}', '{"a":"\\"}{"}'],
    ],
    [
      'objects over several lines',
      '{\n "a": {"b":1}\n}\n{\n "a":2}\n',
      'json',
      ['{\n "a": {"b":1}\n}', '{\n "a":2}'],
    ],
    [
      'CloudTrail',
      '{"Records":[{"eventName":"x","a":{}},{"eventName":"y"}]}',
      'json',
      ['{"eventName":"x","a":{}}', '{"eventName":"y"}'],
    ],
    [
      'two CloudTrail files in a row',
      '{"Records":[{"n":1}]}\n{"Records":[{"n":2}]}',
      'json',
      ['{"n":1}', '{"n":2}'],
    ],
    [
      'an event with a list in it',
      '{"Records":"no list"}\n{"b":2}',
      'json',
      ['{"Records":"no list"}', '{"b":2}'],
    ],
    ['text', 'Nov 23 10:00:00 h app: x\n<13>y\n', 'line', ['Nov 23 10:00:00 h app: x', '<13>y']],
    ['a byte order mark', '\ufeff{"a":1}\n', 'json', ['{"a":1}']],
    ['nothing', '', 'line', []],
  ])('%s', async (_name, input, wire, texts) => {
    expect(await read(input)).toMatchObject({ wire, texts });
    expect(await read(gzipSync(input))).toMatchObject({ wire, texts });
    expect(await read(zstdCompressSync(Buffer.from(input)))).toMatchObject({ wire, texts });
  });

  test('Zeek, tab-separated', async () => {
    const log = [
      '#separator \\x09',
      '#set_separator\t,',
      '#empty_field\t(empty)',
      '#unset_field\t-',
      '#path\tconn',
      '#fields\tts\tuid\tid.orig_p\tlocal_orig\tduration\ttunnel_parents\tservices\tnote',
      '#types\ttime\tstring\tport\tbool\tinterval\tset[string]\tvector[count]\tstring',
      '1521911721.255387\tC1\t443\tT\t-\t(empty)\t1,2\ta\\x09b',
      '#close\t2026-11-23',
    ].join('\n');
    const { wire, texts } = await read(log);
    expect(wire).toBe('json');
    expect(texts.map((text) => JSON.parse(text))).toEqual([
      {
        _path: 'conn',
        ts: 1521911721.255387,
        uid: 'C1',
        'id.orig_p': 443,
        local_orig: true,
        tunnel_parents: [],
        services: [1, 2],
        note: 'a\tb',
      },
    ]);
  });

  test('a binary EVTX file is named, with what to do', async () => {
    await expect(read('ElfFile\0rest')).rejects.toThrow('evtx_dump');
  });

  test('a cut gzip file gives what is whole and then fails', async () => {
    const whole = gzipSync(Buffer.from('{"a":1}\n'.repeat(100_000)), { level: 0 });
    await expect(read(whole.subarray(0, whole.length / 2), 'auto', 4096)).rejects.toThrow();
  });

  test('a last object that was cut off is handed on, so that it is rejected and not lost', async () => {
    expect((await read('[{"a":1},{"a":')).texts).toEqual(['{"a":1}', '{"a":']);
  });
});

test('any objects, however they are written and cut, come out as they went in', async () => {
  const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(
      objects,
      fc.constantFrom(0, 1, 2),
      fc.integer({ min: 1, max: 50 }),
      async (given, indent, chunkBytes) => {
        const array = await read(JSON.stringify(given, null, indent), 'auto', chunkBytes);
        expect(array.texts.map((text) => JSON.parse(text))).toEqual(
          given.map((one) => JSON.parse(JSON.stringify(one))),
        );
        const ndjson = await read(given.map((one) => JSON.stringify(one)).join('\n'), 'ndjson', chunkBytes);
        expect(ndjson.texts).toEqual(given.map((one) => JSON.stringify(one)));
      },
    ),
    { numRuns: 300 },
  );
});
