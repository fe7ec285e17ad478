import { readFile } from 'node:fs/promises';
import { rowReport } from '#contract/governance/controls';
import { at, query } from './client.ts';
import { type Command, exitCodes } from './command.ts';
import { UsageError } from './errors.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'control import',
  summary: 'Import answers from a CSV file: every row, or none.',
  args: 'ENVIRONMENT FILE',
  options: { 'dry-run': { about: 'Only say what would happen.' } },
  notes: ['The columns are those that "control export" writes; control and answer have to be there.'],
  examples: ['ironbark control import pdce controls.csv --dry-run'],
  async run({ args: [system = '', file = ''], on, server, show }) {
    const bytes = await readFile(file).catch((error: unknown) => {
      throw new UsageError(`"${file}" can't be read: ${error instanceof Error ? error.message : 'unknown'}`);
    });
    const path =
      at`/api/systems/${system}/answers/import` + query({ dryRun: on('dry-run') ? 'true' : 'false' });
    const report = await server().send('POST', path, { bytes, type: 'text/csv' }, rowReport);
    const refused = report.report.filter(({ outcome }) => outcome === 'refused');
    show(report, () => [
      ...(refused.length > 0
        ? [
            ...table(
              ['LINE', 'CONTROL', 'WHY'],
              refused.map((row) => [row.line, row.control, row.why.join(' ')]),
            ),
            '',
          ]
        : []),
      `${report.rows} rows: ${report.set} to set, ${report.unchanged} as they were, ${report.refused} refused. ${
        report.applied ? 'Imported.' : 'Nothing was changed.'
      }`,
    ]);
    return report.refused > 0 ? exitCodes.failed : exitCodes.done;
  },
};
