import type { AnnexImport } from '#contract/governance/reports';
import { Checkbox, FileInput, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { importAnnex, reportsKey } from '../../api/reports.ts';
import { useApi, useNotices } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { FormProblem, Progress } from '../../parts/states.tsx';
import { plural } from '../../parts/words.ts';

/** First what would change, cell by cell; then all of it, or nothing. */
export function ImportAnnex({ environment, close }: { environment: string; close: () => void }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [skip, setSkip] = useState(false);
  const check = useMutation({
    mutationFn: (given: File) => importAnnex(api, environment, given, { dryRun: true, dirty: 'refuse' }),
  });
  const write = useMutation({
    mutationFn: (given: File) =>
      importAnnex(api, environment, given, { dryRun: false, dirty: skip ? 'skip' : 'refuse' }),
    onSuccess: (report) => {
      void queryClient.invalidateQueries({ queryKey: reportsKey });
      notices.show({ tone: 'done', text: `${plural(report.changed, 'control')} changed.` });
      close();
    },
  });
  const report = check.data;
  const ready = report !== undefined && report.changed > 0 && (report.refused === 0 || skip);
  return (
    <Modal opened onClose={close} title="Import an SSP annex" size={860}>
      <div className="stack">
        <FileInput
          label="Spreadsheet (.xlsx)"
          description="An annex that was exported here, or ASD’s template. Read are the columns “Org Responsibility” to “Implementation Comments”."
          placeholder="Choose a file"
          accept=".xlsx"
          value={file}
          onChange={(chosen) => {
            setFile(chosen);
            check.reset();
            write.reset();
            if (chosen) check.mutate(chosen);
          }}
        />
        {check.isPending && <Progress what="Reading every row" />}
        <FormProblem error={check.error ?? write.error} />
        {report && <Report report={report} />}
        {report && report.refused > 0 && (
          <Checkbox
            label={`Leave ${plural(report.refused, 'row')} as they are in the system, and take the rest`}
            checked={skip}
            onChange={(event) => setSkip(event.currentTarget.checked)}
          />
        )}
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className="btn main"
            disabled={!file || !ready || write.isPending}
            onClick={() => file && write.mutate(file)}
          >
            {report ? `Change ${plural(report.changed, 'control')}` : 'Import'}
          </button>
        </div>
      </div>
    </Modal>
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
