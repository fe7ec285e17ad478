import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Io } from './command.ts';

export function versionOf({ root }: Pick<Io, 'root'>): string {
  const text: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return typeof text === 'object' && text !== null && 'version' in text ? String(text.version) : 'unknown';
}
