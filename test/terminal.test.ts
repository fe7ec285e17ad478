import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCast } from '../web/src/rooms/support/cast.ts';
import { createTerminal } from '../web/src/rooms/support/terminal.ts';

const esc = String.fromCharCode(27);
const shown = (text: string, columns = 10, rows = 3): string[] => {
  const terminal = createTerminal(columns, rows);
  terminal.write(text);
  return terminal.lines().map((line) =>
    line
      .map((run) => run.text)
      .join('')
      .trimEnd(),
  );
};

describe('the player’s terminal', () => {
  test.each([
    ['lines', 'ab\r\ncd', ['ab', 'cd', '']],
    ['scrolling', 'a\r\nb\r\nc\r\nd', ['b', 'c', 'd']],
    ['wrapping', '0123456789ab', ['0123456789', 'ab', '']],
    ['writing over', 'abc\rX', ['Xbc', '', '']],
    ['backspace', 'ab\bX', ['aX', '', '']],
    ['moving', `${esc}[2;3Hx${esc}[1;1Hy`, ['y', '  x', '']],
    ['clearing', `abc${esc}[2J${esc}[Hz`, ['z', '', '']],
    ['erasing to the end', `abc${esc}[2D${esc}[K`, ['a', '', '']],
    ['the alternate screen', `shell${esc}[?1049hvim${esc}[?1049l!`, ['shell!', '', '']],
    ['inserting lines', `a\r\nb${esc}[1;1H${esc}[L`, ['', 'a', 'b']],
    ['deleting characters', `abcd${esc}[1;2H${esc}[2P`, ['ad', '', '']],
    ['a title', `${esc}]0;title\u0007x`, ['x', '', '']],
    ['tabs', 'a\tb', ['a       b', '', '']],
  ])('shows %s', (_, text, lines) => {
    expect(shown(text)).toEqual(lines);
  });

  test('shows colour as a class, and never as markup', () => {
    const terminal = createTerminal(20, 1);
    terminal.write(`${esc}[1;31m<b>${esc}[0m ok`);
    expect(terminal.lines()[0]).toEqual([
      { text: '<b>', style: 'f1 bold' },
      { text: `${' ok'.padEnd(17)}`, style: '' },
    ]);
  });

  test('shows the same, however the text is cut into pieces, and never more than its size', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        `${esc}[2J`,
        `${esc}[31m`,
        `${esc}[999;999H`,
        `${esc}[5A`,
        `${esc}M`,
        '\r\n',
        `${esc}[2;1r`,
        `${esc}[99L`,
        `${esc}]0;t\u0007`,
        `${esc}[?1049h`,
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(200), (pieces, cut) => {
        const text = pieces.join('');
        const whole = createTerminal(12, 4);
        whole.write(text);
        const parts = createTerminal(12, 4);
        // Between code units that belong together nothing is cut: the server writes whole characters.
        const at = text.codePointAt(cut - 1) ?? 0;
        const where = at > 0xffff ? cut + 1 : cut;
        parts.write(text.slice(0, where));
        parts.write(text.slice(where));
        expect(parts.lines()).toEqual(whole.lines());
        expect(whole.lines()).toHaveLength(4);
        expect(
          whole
            .lines()
            .every((line) => line.reduce((sum, run) => sum + Array.from(run.text).length, 0) === 12),
        ).toBe(true);
      }),
    );
  });

  test('reads a recording, and leaves out what is none of its lines', () => {
    const cast = readCast(
      '{"version":2,"width":90,"height":30}\n[0.5,"o","a"]\n[1.5,"r","80x24"]\n{"x":1}\n',
    );
    expect(cast).toEqual({
      columns: 90,
      rows: 30,
      seconds: 1.5,
      events: [
        { at: 0.5, code: 'o', data: 'a' },
        { at: 1.5, code: 'r', data: '80x24' },
      ],
    });
  });
});
