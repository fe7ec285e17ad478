import { readFile } from 'node:fs/promises';
import { annexImport } from '#contract/governance/reports';
import { query } from './client.ts';
import { type Command, exitCodes } from './command.ts';
import { UsageError } from './errors.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'report import',
  summary: 'Import an SSP annex (.xlsx) or security plan (OSCAL JSON): all that changed, or nothing.',
  args: 'FILE',
  options: {
    environment: { value: 'ID', about: 'The environment it is about.', required: true },
    'dry-run': { about: 'Only say what would happen.' },
    'skip-dirty': { about: 'Leave rows with a bad cell as they are, and take the rest.' },
  },
  notes: [
    'Read are the columns "Org Responsibility" to "Implementation Comments"; a cell that says what an export would say changes nothing.',
    'Exits with 1 when a row was refused. Without --skip-dirty nothing is imported then.',
  ],
  examples: ['ironbark report import annex.xlsx --environment odce --dry-run'],
  async run({ args, on, text, server, show }) {
    const bytes = await readFile(args[0] ?? '').catch((error: unknown) => {
      throw new UsageError(
        `"${args[0] ?? ''}" can't be read: ${error instanceof Error ? error.message : 'unknown'}`,
      );
    });
    const path = `/api/reports/import${query({
      environment: text('environment'),
      dryRun: on('dry-run') ? 'true' : 'false',
      dirty: on('skip-dirty') ? 'skip' : 'refuse',
    })}`;
    const type = 'application/octet-stream';
    const done = await server().send('POST', path, { bytes, type }, annexImport);
    const refused = done.report.filter(({ outcome }) => outcome === 'refused');
    show(done, () => [
      ...(refused.length > 0
        ? [
            ...table(
              ['CELL', 'COLUMN', 'SAYS', 'WHY', 'ALLOWED'],
              refused.flatMap(({ cells }) =>
                cells.map((one) => [one.cell, one.column, one.value, one.why, one.allowed.join(', ')]),
              ),
            ),
            '',
          ]
        : []),
      `${done.rows} controls in "${done.sheet}": ${done.changed} changed, ${done.unchanged} as they were, ${done.refused} refused. ${
        done.applied ? 'Imported.' : 'Nothing was changed.'
      }`,
    ]);
    return done.refused > 0 ? exitCodes.failed : exitCodes.done;
  },
};
