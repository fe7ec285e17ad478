import type { AnnexImport } from '#contract/governance/reports';
import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { importAnnex, reportsKey } from '../../api/reports.ts';
import { useApi } from '../../app/context.tsx';
import { ImportDialog } from '../../parts/import-dialog.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { plural } from '../../parts/words.ts';

/** First what would change, cell by cell; then all of it, or nothing. */
export function ImportAnnex({ environment, close }: { environment: string; close: () => void }) {
  const api = useApi();
  const [skip, setSkip] = useState(false);
  return (
    <ImportDialog
      title="Import an SSP annex"
      size={860}
      label="Spreadsheet (.xlsx)"
      description="An annex that was exported here, or ASD’s template. Read are the columns “Org Responsibility” to “Implementation Comments”."
      accept=".xlsx"
      read={(file, dryRun) =>
        importAnnex(api, environment, file, { dryRun, dirty: skip && !dryRun ? 'skip' : 'refuse' })
      }
      verb={(report) => `Change ${plural(report.changed, 'control')}`}
      ready={(report) => report.changed > 0 && (report.refused === 0 || skip)}
      said={(report) => `${plural(report.changed, 'control')} changed.`}
      asks={[reportsKey]}
      close={close}
    >
      {(report) => (
        <>
          <Report report={report} />
          {report.refused > 0 && (
            <Checkbox
              label={`Leave ${plural(report.refused, 'row')} as they are in the system, and take the rest`}
              checked={skip}
              onChange={(event) => setSkip(event.currentTarget.checked)}
            />
          )}
        </>
      )}
    </ImportDialog>
  );
}

const mostShown = 200;

function Report({ report }: { report: AnnexImport }) {
  const cells = report.report.flatMap(({ row, control, outcome, cells: all }) =>
    all.map((cell) => ({ row, control, outcome, ...cell })),
  );
  return (
    <div role="status">
      <HealthMark
        state={report.refused > 0 ? 'failing' : 'healthy'}
        word={`${plural(report.rows, 'control')} in “${report.sheet}”: ${report.changed} would change, ${report.unchanged} are as they were, ${report.refused} can’t be taken.`}
      />
      {cells.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label="Cells that differ">
          <table className="table">
            <thead>
              <tr>
                <th>Cell</th>
                <th>Column</th>
                <th>Says</th>
                <th>Why</th>
              </tr>
            </thead>
            <tbody>
              {cells.slice(0, mostShown).map((one) => (
                <tr key={one.cell + one.why}>
                  <td className="mono">
                    {one.cell}
                    <div className="muted small">{one.control}</div>
                  </td>
                  <td>{one.column}</td>
                  <td>{one.value}</td>
                  <td>
                    {one.outcome === 'refused' && <b>Can’t be taken. </b>}
                    {one.why}
                    {one.allowed.length > 0 && (
                      <div className="muted small">It takes: {one.allowed.join(', ')}.</div>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {cells.length > mostShown && <p className="muted">and {cells.length - mostShown} more cells</p>}
        </div>
      )}
    </div>
  );
}
