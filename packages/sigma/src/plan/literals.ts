/**
 * Finds which of thousands of literals stand in a text, in one pass over its bytes. Each literal is known by hashes of
 * four neighbouring bytes (fewer where it is shorter); a long literal is registered under four of them, so that looking at every fourth place is
 * enough. A hit in the bitmap is looked up and compared byte by byte.
 *
 * Texts are Latin-1 bytes, upper case folded onto lower. What is not Latin-1 is lower-cased before and keeps its low
 * byte: such a text may find too much, never too little. The answer is only ever "look closer at this rule".
 */
export const separator = '\u0001';

export type Literal = {
  /** Lower-cased; with the separator in front or behind where it must start or end a value. */
  readonly text: string;
  /** The field it must stand in, or -1 for any. */
  readonly field: number;
  /** What is reported. */
  readonly id: number;
};

export type LiteralIndex = {
  /** Literals of 11 bytes and more by eight bytes, and of 7 to 10 by four, looked for at every fourth byte; null: none. */
  readonly long: GramTable | null;
  readonly middle: GramTable | null;
  /** Literals of up to 6 bytes, looked for at every byte: those for any field, and those of each field by number. */
  readonly shortAnywhere: readonly GramTable[];
  readonly shortOf: readonly (readonly GramTable[])[];
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly fields: Int32Array;
  readonly ids: Uint32Array;
};

export type GramTable = {
  /** Bytes hashed together: 8, 4, or fewer where the literals have no more. */
  readonly gramLength: number;
  readonly shift: number;
  /** From a bitmap's hash to the hash of `heads`. */
  readonly headShift: number;
  readonly bitmap: Uint32Array;
  /** By shorter hash: where its entries start; they end where the next one's start. */
  readonly heads: Uint32Array;
  /**
   * Four numbers an entry, those of one hash side by side: the gram, four more bytes of the literal, the literal, and
   * the places of both in it (the gram's low, the bytes' high). Enough to say no without leaving the cache line.
   */
  readonly entries: Int32Array;
};

export const shortestLiteral = 1;
export const longLiteral = 7;
const longestLiteral = 11;
const fewLiterals = 200;
export const noCheck = 0x7fff;
export const multiplier = 0x9e3779b1 | 0;
export const secondMultiplier = 0x85ebca77 | 0;

/** What every Windows log is full of: grams of these are bad ones to know a literal by. Lower-cased. */
export const commonTexts: readonly string[] = [
  'c:\\windows\\system32\\',
  'c:\\windows\\syswow64\\',
  'c:\\windows\\temp\\',
  'c:\\program files (x86)\\',
  'c:\\program files\\',
  'c:\\programdata\\microsoft\\',
  'c:\\users\\public\\',
  'c:\\users\\administrator\\appdata\\local\\temp\\',
  '\\appdata\\roaming\\microsoft\\windows\\',
  'hklm\\software\\microsoft\\windows\\currentversion\\',
  'hklm\\system\\currentcontrolset\\services\\',
  '\\software\\microsoft\\windows nt\\currentversion\\',
  '\\registry\\machine\\',
  'nt authority\\system',
  'nt authority\\network service',
  'windowspowershell\\v1.0\\powershell.exe',
  '\\windows\\explorer.exe',
  '\\cmd.exe" /c ',
  'microsoft-windows-security-auditing',
  'microsoft-windows-sysmon/operational',
  'microsoft corporation',
  'https://www.',
  'http://',
  '.exe" /',
  '.exe -',
  '.dll,',
  '.ps1',
  '.com/',
];

/** Lower-case of each Latin-1 byte; everything else stays. */
export const foldTable: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const lower = String.fromCharCode(byte).toLowerCase().charCodeAt(0);
  return lower < 256 ? lower : byte;
});

export function buildLiterals(literals: readonly Literal[]): LiteralIndex {
  const starts = new Uint32Array(literals.length + 1);
  for (const [index, literal] of literals.entries())
    starts[index + 1] = (starts[index] ?? 0) + literal.text.length;
  const bytes = new Uint8Array(starts[literals.length] ?? 0);
  for (const [index, literal] of literals.entries()) {
    const start = starts[index] ?? 0;
    for (let at = 0; at < literal.text.length; at++) {
      bytes[start + at] = foldTable[literal.text.charCodeAt(at) & 0xff] ?? 0;
    }
  }
  const numbers = literals.map((_, index) => index);
  const lengthOf = (index: number): number => literals[index]?.text.length ?? 0;
  const table = (chosen: readonly number[], gramLength: number, stride: number): GramTable[] =>
    chosen.length > 0 ? [gramTable(chosen, bytes, starts, gramLength, stride)] : [];
  // Two tables: one or two bytes say so little that they would spoil the hashes of the others.
  const short = (chosen: readonly number[]): GramTable[] => {
    const few = chosen.filter((index) => lengthOf(index) >= 3 && lengthOf(index) < longLiteral);
    const tiny = chosen.filter((index) => lengthOf(index) < 3);
    return [
      ...table(few, Math.min(4, ...few.map(lengthOf)), 1),
      ...table(tiny, Math.min(2, ...tiny.map(lengthOf)), 1),
    ];
  };
  const byField = Map.groupBy(numbers, (index) => literals[index]?.field ?? -1);
  const shortOf: GramTable[][] = [];
  for (const [field, chosen] of byField) if (field >= 0) shortOf[field] = short(chosen);
  // So few that the hashes of four bytes say enough: one table less to ask at every word.
  const least = literals.length <= fewLiterals ? Number.POSITIVE_INFINITY : longestLiteral;
  const long = numbers.filter((index) => lengthOf(index) >= least);
  const middle = numbers.filter((index) => lengthOf(index) >= longLiteral && lengthOf(index) < least);
  return {
    long: table(long, 8, 4)[0] ?? null,
    middle: table(middle, 4, 4)[0] ?? null,
    shortAnywhere: short(byField.get(-1) ?? []),
    shortOf: Array.from(shortOf, (tables) => tables ?? []),
    bytes,
    starts,
    fields: Int32Array.from(literals, (literal) => literal.field),
    ids: Uint32Array.from(literals, (literal) => literal.id),
  };
}

/** Bytes as the scanner sees them: the first is the lowest, as in the little-endian words of the text. */
function gramAt(bytes: Uint8Array, at: number, gramLength: number): number {
  if (gramLength === 8) return pairOf(gramAt(bytes, at, 4), gramAt(bytes, at + 4, 4));
  let gram = 0;
  for (let step = 0; step < gramLength; step++) gram |= ((bytes[at + step] ?? 0) | 0x20) << (8 * step);
  return gram;
}

/** Two words as one number that is mixed already. */
function pairOf(first: number, second: number): number {
  return (Math.imul(first, multiplier) + Math.imul(second, secondMultiplier)) | 0;
}

function hashOf(gram: number, gramLength: number, shift: number): number {
  return (gramLength === 8 ? gram : Math.imul(gram, multiplier)) >>> shift;
}

function gramTable(
  chosen: readonly number[],
  bytes: Uint8Array,
  starts: Uint32Array,
  gramLength: number,
  stride: number,
): GramTable {
  // How often each gram stands in literals tells how common it is in logs: `.exe` in half of them.
  const frequency = new Map<number, number>();
  for (const literal of chosen) {
    const end = (starts[literal + 1] ?? 0) - gramLength;
    for (let at = starts[literal] ?? 0; at <= end; at++) {
      const gram = gramAt(bytes, at, gramLength);
      frequency.set(gram, (frequency.get(gram) ?? 0) + 1);
    }
  }
  for (const common of commonTexts) {
    const text = Buffer.from(common, 'latin1');
    for (let at = 0; at + gramLength <= text.length; at++) {
      const gram = gramAt(text, at, gramLength);
      frequency.set(gram, (frequency.get(gram) ?? 0) + 1000);
    }
  }
  const size = chosen.length * stride;
  const bits = Math.min(20, Math.max(14, Math.ceil(Math.log2(size * 20))));
  // A hash has a few bits more in the bitmap than in the table of entries: the bitmap says no, the table finds.
  const headBits = Math.max(4, Math.min(bits - 3, Math.ceil(Math.log2(size * 2.5))));
  const shift = 32 - bits;
  const bitmap = new Uint32Array(2 ** bits / 32);
  const drafts: { readonly head: number; readonly entry: readonly number[] }[] = [];
  for (const literal of chosen) {
    const start = starts[literal] ?? 0;
    const length = (starts[literal + 1] ?? 0) - start;
    const window = rarestWindow(
      length,
      stride,
      gramLength,
      (step) => frequency.get(gramAt(bytes, start + step, gramLength)) ?? 0,
    );
    for (let offset = window; offset < window + stride; offset++) {
      const gram = gramAt(bytes, start + offset, gramLength);
      const hash = hashOf(gram, gramLength, shift);
      bitmap[hash >>> 5] = (bitmap[hash >>> 5] ?? 0) | (1 << (hash & 31));
      // The four bytes that say most beside the gram: those farthest from it.
      const place = length < 4 ? noCheck : offset * 2 + gramLength >= length ? 0 : length - 4;
      const check = place === noCheck ? 0 : gramAt(bytes, start + place, 4);
      drafts.push({
        head: hash >>> (bits - headBits),
        entry: [gram, check, literal, offset | (place << 16)],
      });
    }
  }
  const heads = new Uint32Array(2 ** headBits + 1);
  for (const { head } of drafts) heads[head + 1] = (heads[head + 1] ?? 0) + 1;
  for (let head = 0; head < 2 ** headBits; head++)
    heads[head + 1] = (heads[head + 1] ?? 0) + (heads[head] ?? 0);
  const next = heads.slice();
  const entries = new Int32Array(size * 4);
  for (const { head, entry } of drafts) {
    const at = next[head] ?? 0;
    entries.set(entry, at * 4);
    next[head] = at + 1;
  }
  return { gramLength, shift, headShift: bits - headBits, bitmap, heads, entries };
}

/** Where `stride` neighbouring grams start that are the least common together. */
function rarestWindow(
  length: number,
  stride: number,
  gramLength: number,
  frequency: (at: number) => number,
): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let window = 0; window + stride - 1 + gramLength <= length; window++) {
    let sum = 0;
    for (let step = 0; step < stride; step++) sum += frequency(window + step);
    if (sum < least) {
      least = sum;
      best = window;
    }
  }
  return best;
}
