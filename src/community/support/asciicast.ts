import { StringDecoder } from 'node:string_decoder';

/** @see asciicast file format, version 2 */
export type CastHeader = {
  readonly width: number;
  readonly height: number;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly title: string;
  readonly command?: string;
};

export type CastWriter = {
  header(header: CastHeader): string;
  /** One line for what came; '' while a character is not complete. @param seconds since the start */
  output(bytes: Buffer, seconds: number): string;
  input(bytes: Buffer, seconds: number): string;
  resize(width: number, height: number, seconds: number): string;
};

/** Lines of a recording. Bytes become text as a terminal reads them: characters may be cut between two pieces. */
export function castWriter(): CastWriter {
  const decoders = { o: new StringDecoder('utf8'), i: new StringDecoder('utf8') };
  const event = (seconds: number, code: string, data: string): string =>
    data === '' ? '' : `${JSON.stringify([Math.round(seconds * 1e6) / 1e6, code, data])}\n`;
  return {
    header: (header) => `${JSON.stringify({ version: 2, ...header })}\n`,
    output: (bytes, seconds) => event(seconds, 'o', decoders.o.write(bytes)),
    input: (bytes, seconds) => event(seconds, 'i', decoders.i.write(bytes)),
    resize: (width, height, seconds) => event(seconds, 'r', `${width}x${height}`),
  };
}

/**
 * What could be read on the screen, without the terminal's own commands: for search and for reading through.
 * Linear in the text's length, whatever it holds.
 */
export function plainText(cast: string): string {
  const parts: string[] = [];
  for (const line of cast.split('\n').slice(1)) {
    if (line === '') continue;
    const [, code, data] = JSON.parse(line) as [number, string, string]; // our own writer's lines
    if (code === 'o') parts.push(data);
  }
  return withoutControls(parts.join(''));
}

const escape = String.fromCharCode(27);
const bell = String.fromCharCode(7);
/** Control sequences, texts for the window's title, and the short ones. @see ECMA-48, 5.4 and 8.3 */
const sequences = new RegExp(
  `${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|[PX^_][^${escape}]*(?:${escape}\\\\)?|[ -/]*[0-~])`,
  'g',
);

/** Tabs and line ends stay. */
const withoutControls = (text: string): string =>
  text
    .replace(sequences, '')
    .replace(/\r\n/g, '\n')
    .replace(/[^\P{Cc}\t\n]/gu, '');
