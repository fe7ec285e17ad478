import fc from 'fast-check';
import { expect, test } from 'vitest';
import { castWriter, plainText } from './asciicast.ts';
import { firstHash, openChunk, sealChunk } from './seal-chunk.ts';

const header = { width: 80, height: 24, timestamp: 1, title: 't' };

test('bytes come back as they were, however a character is cut in two', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(40), { maxLength: 8 }), (text, cuts) => {
      const cast = castWriter();
      let rest = Buffer.from(text);
      let written = cast.header(header);
      for (const cut of cuts) {
        written += cast.output(rest.subarray(0, cut), 0);
        rest = rest.subarray(cut);
      }
      written += cast.output(rest, 0);
      const events = written.trimEnd().split('\n').slice(1);
      expect(events.map((line) => String((JSON.parse(line) as unknown[])[2])).join('')).toBe(text);
    }),
  );
});

test('what could be read is left when the terminal’s own commands are taken out', () => {
  const cast = castWriter();
  const esc = String.fromCharCode(27);
  const written =
    cast.header(header) +
    cast.output(Buffer.from(`${esc}]0;title\u0007${esc}[1;31mred${esc}[0m\r\n${esc}(Bplain\tend\b`), 1);
  expect(plainText(written)).toBe('red\nplain\tend');
});

test('a chunk opens at its own place only', () => {
  const key = Buffer.alloc(32, 1);
  const place = { session: 's', recording: 1, number: 1, before: firstHash('s', 1) };
  const { sealed } = sealChunk('secret', key, place);
  expect(openChunk(sealed, key, place)).toBe('secret');
  for (const other of [{ session: 't' }, { recording: 2 }, { number: 2 }, { before: firstHash('s', 2) }])
    expect(() => openChunk(sealed, key, { ...place, ...other })).toThrow();
});
