import type { ImportReport } from '#contract/community/clearances';
import { FileInput, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { organisationsKey } from '../../api/organisations.ts';
import { useApi, useNotices } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { FormProblem, Progress } from '../../parts/states.tsx';
import { plural } from '../../parts/words.ts';

/** First what would happen, row by row; then every row, or none. */
export function ImportClearances({ close }: { close: () => void }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const call = (dryRun: boolean) => (body: File) =>
    api.send<ImportReport>('POST', `/clearances/import?dryRun=${dryRun}`, body);
  const check = useMutation({ mutationFn: call(true) });
  const write = useMutation({
    mutationFn: call(false),
    onSuccess: (report) => {
      void queryClient.invalidateQueries({ queryKey: organisationsKey });
      notices.show({
        tone: 'done',
        text: `${plural(report.good - report.unchanged, 'clearance')} recorded.`,
      });
      close();
    },
  });
  const report = check.data;
  return (
    <Modal opened onClose={close} title="Import a spreadsheet" size={720}>
      <div className="stack">
        <FileInput
          label="CSV file"
          description="Columns: email, level, sponsor, sponsor active, citizenship; others are in the documentation. At most 1 MiB."
          placeholder="Choose a file"
          accept=".csv,text/csv"
          value={file}
          onChange={(chosen) => {
            setFile(chosen);
            check.reset();
            write.reset();
            if (chosen) check.mutate(chosen);
          }}
        />
        {check.isPending && <Progress what="Checking every row" />}
        <FormProblem error={check.error ?? write.error} />
        {report && <Report report={report} />}
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className="btn main"
            disabled={!file || !report || report.bad > 0 || write.isPending}
            onClick={() => file && write.mutate(file)}
          >
            {report ? `Import ${plural(report.good, 'row')}` : 'Import'}
          </button>
        </div>
      </div>
    </Modal>
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
