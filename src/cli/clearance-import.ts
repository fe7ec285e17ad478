import { readFile } from 'node:fs/promises';
import { importReport } from '#contract/community/clearances';
import { query } from './client.ts';
import { type Command, exitCodes } from './command.ts';
import { UsageError } from './errors.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'clearance import',
  summary: 'Import clearances from a CSV file: every row, or none.',
  args: 'FILE',
  options: { 'dry-run': { about: 'Only say what would happen.' } },
  notes: [
    'Columns: email, level, sponsor, sponsor active, citizenship; and where there are any: organisation, status, granted,',
    'revalidation due, waiver and waiver until, confirmed and evidence. docs/community.md says what each may hold.',
  ],
  examples: ['ironbark clearance import clearances.csv --dry-run'],
  async run({ args, on, server, show }) {
    const bytes = await readFile(args[0] ?? '').catch((error: unknown) => {
      throw new UsageError(
        `"${args[0] ?? ''}" can't be read: ${error instanceof Error ? error.message : 'unknown'}`,
      );
    });
    const path = `/api/clearances/import${query({ dryRun: on('dry-run') ? 'true' : 'false' })}`;
    const report = await server().send('POST', path, { bytes, type: 'text/csv' }, importReport);
    const refused = report.report.filter(({ outcome }) => outcome === 'refused');
    show(report, () => [
      ...(refused.length > 0
        ? [
            ...table(
              ['LINE', 'E-MAIL', 'WHY'],
              refused.map((row) => [row.line, row.email, row.why.join(' ')]),
            ),
            '',
          ]
        : []),
      `${report.rows} rows: ${report.good} good (${report.unchanged} as they were), ${report.bad} refused. ${
        report.applied ? 'Imported.' : 'Nothing was changed.'
      }`,
    ]);
    return report.bad > 0 ? exitCodes.failed : exitCodes.done;
  },
};
