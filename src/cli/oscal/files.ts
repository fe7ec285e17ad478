import { readFileSync, statSync } from 'node:fs';
import { defaultLimits, type Fault, type NamedDocument, type Reader, tooLarge } from '@ironbark/oscal';
import { UsageError } from '../errors.ts';

/** A file as a document, or what is wrong with it. A file that is too large is not read. */
export function readDocument(
  path: string,
  read: Reader,
): NamedDocument | { name: string; faults: readonly Fault[] } {
  let bytes: Buffer;
  try {
    const { size } = statSync(path);
    if (size > defaultLimits.maxBytes) return { name: path, faults: [tooLarge(size, defaultLimits)] };
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path} can not be read.`, {}, error);
  }
  const result = read(bytes);
  return result.ok ? { name: path, document: result.document } : { name: path, faults: result.faults };
}
