import type { RowReport } from '#contract/governance/controls';
import { FileInput, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { controlsKey, importAnswers } from '../../api/controls.ts';
import { useApi, useNotices } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { FormProblem, Progress } from '../../parts/states.tsx';
import { plural } from '../../parts/words.ts';

/** First what would happen, row by row; then every row, or none. */
export function ImportAnswers({ system, close }: { system: string; close: () => void }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const check = useMutation({ mutationFn: (body: File) => importAnswers(api, system, body, true) });
  const write = useMutation({
    mutationFn: (body: File) => importAnswers(api, system, body, false),
    onSuccess: (report) => {
      void queryClient.invalidateQueries({ queryKey: controlsKey });
      notices.show({ tone: 'done', text: `${plural(report.set, 'answer')} recorded.` });
      close();
    },
  });
  const report = check.data;
  return (
    <Modal opened onClose={close} title="Import answers" size={720}>
      <div className="stack">
        <FileInput
          label="CSV file"
          description="As the export writes it; the columns control and answer have to be there. At most 8 MiB."
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
            disabled={!file || !report || report.refused > 0 || report.set === 0 || write.isPending}
            onClick={() => file && write.mutate(file)}
          >
            {report ? `Record ${plural(report.set, 'answer')}` : 'Import'}
          </button>
        </div>
      </div>
    </Modal>
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
