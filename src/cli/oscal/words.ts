import type { Fault } from '@ironbark/oscal';
import { plain } from '../table.ts';

/** Faults of a file as lines for people. */
export const faultLines = (name: string, faults: readonly Fault[]): string[] =>
  faults.flatMap(({ where, what, help, warning }) => [
    `${plain(name)}${where === '' ? '' : ` ${plain(where)}`}: ${warning ? 'warning: ' : ''}${plain(what)}`,
    `    ${plain(help)}`,
  ]);
