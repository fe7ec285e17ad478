/** Text, or bytes written one to a character, which is what a UTF-16 modifier leaves for the next modifier. */
export type Encodable = { readonly text: string; readonly bytes: boolean };

export type Wide = 'le' | 'be' | 'bom';

/** SOURCE: sigma-appendix-modifiers, "Encoding": utf16 puts the byte order mark FF FE in front of little-endian text. */
export function toUtf16(value: Encodable, form: Wide): Encodable {
  const bytes = Buffer.from(value.text, 'utf16le');
  if (form === 'be') bytes.swap16();
  const text = bytes.toString('latin1');
  return { text: form === 'bom' ? `\u00ff\u00fe${text}` : text, bytes: true };
}

export function toBase64(value: Encodable): string {
  return rawBytes(value).toString('base64');
}

// What to cut from each end so that only characters decided by the value itself stay: 6 bits a character, 8 a byte.
const skipAtStart = [0, 2, 3] as const;
const cutAtEnd = [0, 3, 2] as const;

/** The three ways the value can look inside a longer base64 text, by its offset modulo 3. */
export function toBase64Offsets(value: Encodable): string[] {
  const bytes = rawBytes(value);
  return skipAtStart.map((skip, offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset, 0x20), bytes]).toString('base64');
    const cut = cutAtEnd[(bytes.length + offset) % 3] ?? 0;
    return encoded.slice(skip, encoded.length - cut);
  });
}

function rawBytes(value: Encodable): Buffer {
  return Buffer.from(value.text, value.bytes ? 'latin1' : 'utf8');
}

const dashes = ['-', '/', '\u2013', '\u2014', '\u2015'] as const;
// A dash that opens a flag: no word character before it, one after it.
const flagDash = /(?<![\p{L}\p{N}_])[-/\u2013\u2014\u2015](?=[\p{L}\p{N}_])/gu;

/**
 * Every way to write the flags of a command line.
 * @returns undefined when there would be more than `cap` (five for each flag, multiplied)
 */
export function windashForms(text: string, cap: number): string[] | undefined {
  const pieces: string[] = [];
  let from = 0;
  for (const found of text.matchAll(flagDash)) {
    pieces.push(text.slice(from, found.index));
    from = found.index + 1;
  }
  const tail = text.slice(from);
  if (dashes.length ** pieces.length > cap) return undefined;
  let forms = [''];
  for (const piece of pieces) forms = forms.flatMap((form) => dashes.map((dash) => form + piece + dash));
  return forms.map((form) => form + tail);
}
