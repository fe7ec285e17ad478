import type { ImportReport } from '#contract/community/clearances';
import { organisationsKey } from '../../api/organisations.ts';
import { useApi } from '../../app/context.tsx';
import { ImportDialog } from '../../parts/import-dialog.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { plural } from '../../parts/words.ts';

/** First what would happen, row by row; then every row, or none. */
export function ImportClearances({ close }: { close: () => void }) {
  const api = useApi();
  return (
    <ImportDialog
      title="Import a spreadsheet"
      label="CSV file"
      description="Columns: email, level, sponsor, sponsor active, citizenship; others are in the documentation. At most 1 MiB."
      accept=".csv,text/csv"
      read={(file, dryRun) => api.send<ImportReport>('POST', `/clearances/import?dryRun=${dryRun}`, file)}
      verb={(report) => `Import ${plural(report.good, 'row')}`}
      ready={(report) => report.bad === 0}
      said={(report) => `${plural(report.good - report.unchanged, 'clearance')} recorded.`}
      asks={[organisationsKey]}
      close={close}
    >
      {(report) => <Report report={report} />}
    </ImportDialog>
  );
}

function Report({ report }: { report: ImportReport }) {
  const refused = report.report.filter(({ outcome }) => outcome === 'refused');
  return (
    <div role="status">
      <HealthMark
        state={report.bad > 0 ? 'failing' : 'healthy'}
        word={
          report.bad > 0
            ? `${plural(report.bad, 'row')} of ${report.rows} can’t be taken. Mend the file: every row is imported, or none.`
            : `${plural(report.rows, 'row')}, all good; ${report.unchanged} as they were.`
        }
      />
      {refused.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label="Rows that can’t be taken">
          <table className="table">
            <thead>
              <tr>
                <th className="number">Line</th>
                <th>Person</th>
                <th>Why</th>
              </tr>
            </thead>
            <tbody>
              {refused.slice(0, 200).map((row) => (
                <tr key={row.line}>
                  <td className="number">{row.line}</td>
                  <td>{row.email}</td>
                  <td>
                    {row.why.map((why) => (
                      <div key={why}>{why}</div>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
