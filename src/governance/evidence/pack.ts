import { zstdCompressSync, zstdDecompressSync, constants } from 'node:zlib';
import type { Fact } from './evaluator.ts';

/** As many facts as are packed together: unpacking one part is the least that can be done. */
export const partFacts = 2_000;
/** And as many characters of them, about. */
const partCharacters = 1024 * 1024;

export type Part = { readonly facts: number; readonly packed: Buffer };

/** [subject, values] or [subject, values, milliseconds since 1970] */
type PackedFact = readonly [string, Fact['values'], number?];

const options = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

/** Packs facts as they come; `part` tells of each part that is full. */
export function packer(part: (part: Part) => void): { add(text: string): void; end(): void } {
  let texts: string[] = [];
  let characters = 0;
  const flush = (): void => {
    if (texts.length === 0) return;
    part({ facts: texts.length, packed: zstdCompressSync(`[${texts.join(',')}]`, options) });
    texts = [];
    characters = 0;
  };
  return {
    add(text) {
      texts.push(text);
      characters += text.length;
      if (texts.length >= partFacts || characters >= partCharacters) flush();
    },
    end: flush,
  };
}

/** What a fact is packed as. */
export function factText({ subject, at, values }: Fact): string {
  const packed: PackedFact = at === undefined ? [subject, values] : [subject, values, at.getTime()];
  return JSON.stringify(packed);
}

export function unpack({ packed }: Part): Fact[] {
  // What is unpacked is what `packer` packed: nothing else writes parts.
  const facts = JSON.parse(zstdDecompressSync(packed).toString('utf8')) as PackedFact[];
  return facts.map(([subject, values, at]) =>
    at === undefined ? { subject, values } : { subject, values, at: new Date(at) },
  );
}
