import type { ImplementationStatus } from '#contract/governance';

/** Ink for paper, each at least 4.5:1 on white. Green is met, red is not, violet is not known. */
export const statusInk: Readonly<Record<ImplementationStatus, string>> = {
  Effective: '#25704a',
  'Alternate Control': '#3f7d5c',
  Ineffective: '#b3261e',
  'Not Implemented': '#a8500a',
  'No Visibility': '#6a4fa3',
  'Not Assessed': '#7d68b0',
  'Not Applicable': '#56656b',
};

/** Repeats in shape what the colour says. */
export const marks: Readonly<Record<ImplementationStatus, string>> = {
  Effective: '✓',
  'Alternate Control': '✓',
  Ineffective: '◆',
  'Not Implemented': '▲',
  'No Visibility': '◌',
  'Not Assessed': '◌',
  'Not Applicable': '–',
};
