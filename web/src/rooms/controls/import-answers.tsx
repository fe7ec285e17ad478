import type { RowReport } from '#contract/governance/controls';
import { controlsKey, importAnswers } from '../../api/controls.ts';
import { useApi } from '../../app/context.tsx';
import { ImportDialog } from '../../parts/import-dialog.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { plural } from '../../parts/words.ts';

/** First what would happen, row by row; then every row, or none. */
export function ImportAnswers({ system, close }: { system: string; close: () => void }) {
  const api = useApi();
  return (
    <ImportDialog
      title="Import answers"
      label="CSV file"
      description="As the export writes it; the columns control and answer have to be there. At most 8 MiB."
      accept=".csv,text/csv"
      read={(file, dryRun) => importAnswers(api, system, file, dryRun)}
      verb={(report) => `Record ${plural(report.set, 'answer')}`}
      ready={(report) => report.refused === 0 && report.set > 0}
      said={(report) => `${plural(report.set, 'answer')} recorded.`}
      asks={[controlsKey]}
      close={close}
    >
      {(report) => <Report report={report} />}
    </ImportDialog>
  );
}

function Report({ report }: { report: RowReport }) {
  const refused = report.report.filter(({ outcome }) => outcome === 'refused');
  return (
    <div role="status">
      <HealthMark
        state={refused.length > 0 ? 'failing' : 'healthy'}
        word={
          refused.length > 0
            ? `${plural(refused.length, 'row')} of ${report.rows} can’t be taken. Mend the file: every row is imported, or none.`
            : `${plural(report.rows, 'row')}, all good; ${report.unchanged} as they were.`
        }
      />
      {refused.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label="Rows that can’t be taken">
          <table className="table">
            <thead>
              <tr>
                <th className="number">Line</th>
                <th>Control</th>
                <th>Why</th>
              </tr>
            </thead>
            <tbody>
              {refused.slice(0, 200).map((row) => (
                <tr key={row.line}>
                  <td className="number">{row.line}</td>
                  <td className="mono">{row.control}</td>
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
