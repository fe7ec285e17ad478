import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Framed, syslogFraming } from './syslog-framing.ts';

const show = (framed: readonly Framed[]): string[] =>
  framed.map((one) =>
    one.kind === 'message' ? one.bytes.toString() : `!${one.fault.code}:${one.bytes.toString()}`,
  );
function split(text: string | Buffer, maxBytes = 1000): string[] {
  const framing = syslogFraming(maxBytes);
  return show([...framing.push(Buffer.from(text)), ...framing.end()]);
}
const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

describe('framing is found message by message', () => {
  test.each([
    ['lines', '<13>a\n<13>b\n', ['<13>a', '<13>b']],
    ['a last line without its end', '<13>a\n<13>b', ['<13>a', '<13>b']],
    ['counted in bytes', counted('<13>ü') + counted('<13>b'), ['<13>ü', '<13>b']],
    ['counted with a line feed inside', counted('<13>a\nb') + counted('<13>c'), ['<13>a\nb', '<13>c']],
    ['counted with a trailing line feed', counted('<13>a\n') + counted('<13>c\n'), ['<13>a', '<13>c']],
    ['both on one connection', `${counted('<13>a')}<13>b\n${counted('<13>c')}`, ['<13>a', '<13>b', '<13>c']],
    ['CRLF, NUL and blank lines', '<13>a\r\n\r\n\n<13>b\0<13>c\0\n', ['<13>a', '<13>b', '<13>c']],
    [
      'text that only starts like a length',
      '10 green bottles\n2026-11-23 hi\n',
      ['10 green bottles', '2026-11-23 hi'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(split(text)).toEqual(expected);
  });
});

describe('what breaks the rules', () => {
  test('a length too short: the rest is rejected and the next frame is found', () => {
    expect(split(`8 <13>abcdefgh${counted('<13>next')}`)).toEqual([
      '<13>abcd',
      '!syslog-frame-length:efgh',
      '<13>next',
    ]);
    expect(split(`8 <13>abcdefgh\n<13>next\n`)).toEqual([
      '<13>abcd',
      '!syslog-frame-length:efgh',
      '<13>next',
    ]);
  });
  test('a length too long swallows what it claims, and no more', () => {
    expect(split(`20 <13>short${counted('<13>eaten, partly')}${counted('<13>next')}`)).toEqual([
      '<13>short17 <13>eate',
      '!syslog-frame-length:n, partly',
      '<13>next',
    ]);
  });
  test('a length beyond the limit is not waited for', () => {
    expect(split(`999999999 <13>x\n<13>next\n`)).toEqual(['!syslog-too-long:999999999 <13>x', '<13>next']);
  });
  test('a line beyond the limit is rejected with its start, and the next one is taken', () => {
    expect(split(`<13>${'x'.repeat(200_000)}\n<13>next\n`).map((text) => text.slice(0, 30).length)).toEqual([
      30, 8,
    ]);
    const [first] = syslogFraming(100).push(Buffer.from(`<13>${'x'.repeat(200_000)}\n`));
    expect(first).toMatchObject({ kind: 'rejected', sizeBytes: 200_004 });
    expect(first?.bytes.length).toBe(65_536);
  });
  test('a connection that ends inside a counted frame', () => {
    expect(split('50 <13>half')).toEqual(['!syslog-incomplete:<13>half']);
  });
});

test('a gigabyte without a line end keeps 64 KiB', () => {
  const framing = syslogFraming(1_000_000);
  const chunk = Buffer.alloc(1024 * 1024, 120);
  const before = process.memoryUsage().rss;
  for (let n = 0; n < 1024; n++) expect(framing.push(chunk)).toEqual([]);
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  const [rejected] = framing.push(Buffer.from('\n<13>ok\n'));
  expect(rejected).toMatchObject({ kind: 'rejected', sizeBytes: 1024 ** 3 });
  expect(rejected?.bytes.length).toBe(65_536);
});

describe('properties', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 40 }).map((text) => counted(`<13>${text}`)),
    fc.string({ maxLength: 40 }).map((text) => `<13>${text}\n`),
    fc.string({ maxLength: 20 }),
    fc.tuple(fc.nat(60), fc.string({ maxLength: 20 })).map(([length, text]) => `${length} <13>${text}`),
    fc.constantFrom('\n', '\r\n', '\0', '9', ' <', '99999999999 <1', '7 '),
  );
  const stream = fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join('')));

  test('cutting the stream anywhere makes no difference', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(400), { maxLength: 10 }), (bytes, cuts) => {
        const framing = syslogFraming(50);
        const out: Framed[] = [];
        const places = [
          0,
          ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
          bytes.length,
        ];
        for (const [n, place] of places.entries())
          out.push(...framing.push(bytes.subarray(places[n - 1] ?? 0, place)));
        out.push(...framing.end());
        expect(show(out)).toEqual(split(bytes, 50));
      }),
      { numRuns: 3000 },
    );
  });

  test('byte by byte makes no difference', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        const framing = syslogFraming(50);
        const out = [...bytes].flatMap((byte) => framing.push(Buffer.from([byte])));
        expect(show([...out, ...framing.end()])).toEqual(split(bytes, 50));
      }),
      { numRuns: 1000 },
    );
  });

  test('no text is lost but fillers and lengths: every letter comes out somewhere', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        const letters = (text: string): string => text.replaceAll(/[^a-zA-Z]/g, '');
        const framed = split(bytes, 50).map((text) => text.replace(/^!syslog-[a-z-]+:/, ''));
        expect(letters(framed.join(''))).toBe(letters(bytes.toString()));
      }),
      { numRuns: 1000 },
    );
  });
});
