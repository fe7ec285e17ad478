import type { ImportReport } from '#contract/governance/evidence';
import { count, plural } from '../../parts/words.ts';

/** What became of the rows: the counts, what is odd about the file, and each row that was not simply taken. */
export function ReportTable({ report }: { report: ImportReport }) {
  const shown = report.lines.slice(0, 200);
  return (
    <section aria-label="What became of the rows">
      <p className="small">
        {plural(report.rows, 'row')} in {report.encoding}: {count(report.taken)} taken,{' '}
        {count(report.skipped)} skipped,{' '}
        <span className={report.refused > 0 ? 'critical' : undefined}>{count(report.refused)} refused</span>
      </p>
      {report.remarks.map((remark) => (
        <p key={remark} className="small high">
          {remark}
        </p>
      ))}
      {shown.length > 0 && (
        <div className="evidence-scroll" tabIndex={0} role="region" aria-label="Rows with a remark">
          <table className="table">
            <thead>
              <tr>
                <th className="number">Row</th>
                <th>Outcome</th>
                <th>Why</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ row, outcome, why }) => (
                <tr key={`${row} ${why}`}>
                  <td className="number">{row}</td>
                  <td className={outcome === 'refused' ? 'critical' : 'muted'}>{outcome}</td>
                  <td>{why}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
