import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

/** A secret from a file, or from standard input for "-": never from the command line, which others can read. */
export async function readSecret(file: string, stdin: NodeJS.ReadableStream): Promise<string> {
  const given = file === '-' ? await text(stdin) : await readFile(file, 'utf8');
  return given.replace(/\r?\n$/, '');
}
