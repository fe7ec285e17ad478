import { readFileSync } from 'node:fs';
import { readTable, type Table } from './table.ts';

const content = (name: string): string =>
  readFileSync(new URL(`../../content/essential-eight/${name}`, import.meta.url), 'utf8');

/** The table that ships. */
export const shippedTable = (): Table => readTable(content('controls.yaml'), content('evidence.yaml'));
