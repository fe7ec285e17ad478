import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTable, type Table } from './table.ts';

/**
 * The table that ships.
 * @param root the project's folder
 * @throws where it isn't there: a start without it would judge nothing and say nothing
 */
export function loadTable(root: string): Table {
  const content = (name: string): string =>
    readFileSync(join(root, 'content', 'essential-eight', name), 'utf8');
  return readTable(content('controls.yaml'), content('evidence.yaml'), content('strategies.yaml'));
}
