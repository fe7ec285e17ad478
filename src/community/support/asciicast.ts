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

function withoutControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  const escapes =
    /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~])/g;
  // oxlint-disable-next-line no-control-regex
  return text
    .replace(escapes, '')
    .replace(/\r\n/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}
