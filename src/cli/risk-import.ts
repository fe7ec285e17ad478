import { readFile } from 'node:fs/promises';
import { findingsReport } from '#contract/governance/risk';
import { query } from './client.ts';
import { type Command, exitCodes } from './command.ts';
import { UsageError } from './errors.ts';
import { environment } from './risk/words.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'risk import',
  summary: 'Take over what a vulnerability scanner found.',
  args: 'FILE',
  options: {
    ...environment,
    asset: { value: 'NAME', about: 'All of it is of this asset, whatever the file calls it.' },
    source: { value: 'NAME', about: 'What the scanner is called; left out: the format.' },
    complete: { about: 'The file has everything there is on its assets: what is not in it is closed.' },
    'dry-run': { about: 'Only say what would happen.' },
  },
  notes: [
    'Trivy, Grype and OSV-Scanner (JSON), Nessus (.nessus and CSV), and a table with the columns asset, cve and, where',
    'there are any: cvss, vector, epss, kev, found, title, package, hours. Exits with 1 when a host is no known asset.',
  ],
  examples: ['ironbark risk import trivy.json --environment odce --asset web-1 --complete'],
  async run({ args, text, on, server, show }) {
    const bytes = await readFile(args[0] ?? '').catch((error: unknown) => {
      throw new UsageError(
        `"${args[0] ?? ''}" can't be read: ${error instanceof Error ? error.message : 'unknown'}`,
      );
    });
    const path = `/api/risk/${encodeURIComponent(text('environment') ?? '')}/findings/import${query({
      asset: text('asset'),
      source: text('source'),
      complete: on('complete') ? 'true' : 'false',
      dryRun: on('dry-run') ? 'true' : 'false',
    })}`;
    const report = await server().send(
      'POST',
      path,
      { bytes, type: 'application/octet-stream' },
      findingsReport,
    );
    show(report, () => [
      ...(report.unmatched.length > 0
        ? [
            ...table(
              ['NO SUCH ASSET', 'FINDINGS'],
              report.unmatched.map((one) => [one.host, one.findings]),
            ),
            '',
          ]
        : []),
      `${report.format}: ${report.read} read, ${report.fresh} new, ${report.seenAgain} seen again, ${report.closed} closed, ${report.skipped.length} passed over. ${report.applied ? 'Imported.' : 'Nothing was changed.'}`,
    ]);
    return report.unmatched.length > 0 ? exitCodes.failed : exitCodes.done;
  },
};
