import { moment } from '../moment.ts';
import { type CoverageStatement, coverageOf } from '../coverage.ts';
import { allStatuses, countStatuses, type SystemState } from '../state.ts';
import type { OutRow, OutSheet } from './write.ts';

/** What the export is of, when it was made, and what was not seen: the first sheet of every workbook. */
export function infoSheet(
  state: SystemState,
  title: string,
  notes: readonly string[],
  coverage: readonly CoverageStatement[] = coverageOf(state).statements,
): OutSheet {
  const { system, framework } = state;
  const counts = countStatuses(state.controls);
  const fact = (name: string, value: string): OutRow => ({ cells: [{ text: name, style: 'strong' }, value] });
  return {
    name: 'Info',
    widths: [34, 100],
    rows: [
      { cells: [{ text: title, style: 'title' }] },
      fact('System', `${system.name} (${system.environment})`),
      fact('Marking', system.marking),
      fact('Provider', system.provider.name),
      fact('Framework', `${framework.title}, ${framework.edition}`),
      fact('Baseline', framework.profile),
      fact('Catalogue (SHA-256)', framework.hash ?? 'not known'),
      fact('As at', moment(state.at)),
      { cells: [null] },
      {
        cells: [
          { text: 'How to read it', style: 'heading' },
          { text: '', style: 'heading' },
        ],
      },
      ...notes.map((note) => fact('', note)),
      { cells: [null] },
      {
        cells: [
          { text: 'Controls by status', style: 'heading' },
          { text: '', style: 'heading' },
        ],
      },
      fact('All', String(state.controls.length)),
      ...allStatuses.map((status) => fact(status, String(counts[status]))),
      { cells: [null] },
      {
        cells: [
          { text: 'What was not seen', style: 'heading' },
          { text: '', style: 'heading' },
        ],
      },
      ...coverage.map(({ what, why }) => fact(what, why)),
    ],
  };
}

/** The evidence that the export rests on, with what proves it. */
export function evidenceSheet(state: SystemState): OutSheet {
  const titles = [
    'Collection',
    'Kind',
    'Source',
    'Origin',
    'Collected',
    'Expires',
    'Covered',
    'Out of',
    'Counted',
    'Facts',
    'Worth at most',
    'SHA-256',
    'Ledger entry',
  ];
  return {
    name: 'Evidence',
    widths: [38, 22, 26, 26, 21, 21, 9, 9, 34, 9, 14, 68, 38],
    frozenRows: 1,
    rows: [
      { cells: titles.map((text) => ({ text, style: 'heading' })) },
      ...state.collections.map((one) => ({
        cells: [
          one.id,
          one.kind,
          one.source,
          one.origin,
          moment(one.collectedAt),
          moment(one.expiresAt) + (one.expiresAt <= state.at ? ' (expired)' : ''),
          String(one.population.covered),
          one.population.of === null ? 'unknown' : String(one.population.of),
          one.population.basis,
          String(one.facts),
          one.ceiling,
          one.hash,
          one.ledgerId ?? 'none known',
        ],
      })),
    ],
  };
}
