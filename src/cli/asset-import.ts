import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { importReport } from '#contract/assets';
import { query } from './client.ts';
import { type Command, exitCodes } from './command.ts';
import { UsageError } from './errors.ts';
import { table } from './table.ts';

/** The server takes no more; said here before a large file is sent. */
const mostBytes = 64 * 1024 * 1024;

export const command: Command = {
  name: 'asset import',
  summary: 'Import an inventory, a list of packages or an SBOM: all of its good rows, or nothing.',
  args: 'FILE',
  options: {
    tenancy: { about: 'Whose inventory it goes into.', value: 'TENANCY', required: true },
    format: {
      about: 'auto (as it is left out), csv, osquery, dpkg, rpm, cyclonedx, vmware, aws, azure or ironbark.',
      value: 'FORMAT',
    },
    source: { about: 'What the source is called; the format, where it is left out.', value: 'NAME' },
    host: { about: 'The host a list of packages is of.', value: 'HOST' },
    'collected-at': { about: 'When the file was made, where it does not say itself.', value: 'TIME' },
    'dry-run': { about: 'Only say what would happen.' },
    'skip-refused': { about: 'Write the good rows though others are refused.' },
  },
  notes: ['docs/assets.md says what each format has to look like, and what is read of it.'],
  examples: [
    'ironbark asset import inventory.csv --tenancy acme-odce --dry-run',
    'ironbark asset import /var/lib/dpkg/status --tenancy acme-odce --host web1',
  ],
  async run({ args, text, on, server, show }) {
    const path = args[0] ?? '';
    const size = await stat(path).then(
      (found) => found.size,
      (error: unknown) => {
        throw new UsageError(
          `"${path}" can't be read: ${error instanceof Error ? error.message : 'unknown'}`,
        );
      },
    );
    if (size > mostBytes)
      throw new UsageError(
        `"${path}" is larger than ${mostBytes / 1024 / 1024} MiB. Split it: each part is taken by itself.`,
      );
    const search = query({
      tenancy: text('tenancy'),
      format: text('format'),
      source: text('source'),
      host: text('host'),
      collectedAt: text('collected-at'),
      file: basename(path),
      dryRun: on('dry-run') ? 'true' : 'false',
      skipRefused: on('skip-refused') ? 'true' : 'false',
    });
    const body = { bytes: createReadStream(path), type: 'application/octet-stream' };
    const report = await server().send('POST', `/api/assets/import${search}`, body, importReport);
    const { counts } = report;
    const told = report.rows.filter(({ outcome, why }) => outcome !== 'unchanged' || why.length > 0);
    show(report, () => [
      ...table(
        ['LINE', 'NAME', 'KIND', 'OUTCOME', 'WHY'],
        told.slice(0, 200).map((row) => [row.line, row.name, row.kind, row.outcome, row.why.join(' ')]),
      ),
      ...(told.length > 200 ? [`… and ${told.length - 200 + report.unlisted} more; --json lists them.`] : []),
      ...report.remarks,
      '',
      `${report.format} from ${report.source}: ${counts.new} new, ${counts.merged} merged, ${counts.unchanged} unchanged, ${counts.ambiguous} ambiguous, ${counts.refused} refused; ${report.packages} different packages.`,
      report.applied
        ? 'Imported.'
        : report.dryRun
          ? 'A dry run: nothing was changed.'
          : 'Nothing was changed. Mend the refused rows, or give --skip-refused.',
    ]);
    return counts.refused > 0 && !report.applied ? exitCodes.failed : exitCodes.done;
  },
};
