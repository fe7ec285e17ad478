import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type FormatMap, formatMap } from './map.ts';
import { MapFault } from './plan.ts';

/**
 * Reads every map of a folder, in the order of the file names.
 * @throws {MapFault} for a file that is no map: what is wrong and where
 */
export function loadMaps(folder: string): FormatMap[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => readMap(name, readFileSync(join(folder, name), 'utf8')));
}

export function readMap(name: string, text: string): FormatMap {
  const read = formatMap.safeParse(parse(text, { maxAliasCount: 200 }));
  if (!read.success) throw new MapFault(name, 'form', z.prettifyError(read.error));
  return read.data;
}
