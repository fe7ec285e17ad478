import type { ImportReport } from '#contract/assets';
import { Checkbox, FileInput, Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { assetsKey, sendImport } from '../../api/assets.ts';
import { useApi, useNotices, useSession } from '../../app/context.tsx';
import { useScope } from '../../app/scope.ts';
import { HealthMark } from '../../parts/marks.tsx';
import { FormProblem, Progress } from '../../parts/states.tsx';
import { count, plural } from '../../parts/words.ts';
import { formatWord, importFormats, kindWord } from './words.ts';

const outcomeWord: Readonly<Record<ImportReport['rows'][number]['outcome'], string>> = {
  new: 'New',
  merged: 'Merged',
  unchanged: 'Unchanged',
  refused: 'Refused',
  ambiguous: 'Ambiguous',
};

/** First what would happen, row by row; then all of it, or nothing. */
export function ImportAssets({ close }: { close: () => void }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const session = useSession();
  const scope = useScope();
  const choices = session.tenancies.filter(
    ({ id }) => scope.tenancies === undefined || scope.tenancies.includes(id),
  );
  const [tenancy, setTenancy] = useState<string | null>(
    choices.length === 1 ? (choices[0]?.id ?? null) : null,
  );
  const [format, setFormat] = useState('auto');
  const [host, setHost] = useState('');
  const [source, setSource] = useState('');
  const [skipRefused, setSkipRefused] = useState(false);
  const [file, setFile] = useState<File | null>(null);
  const call = (dryRun: boolean) => () => {
    if (file === null || tenancy === null) throw new Error('Choose a file and a tenancy first.');
    return sendImport(api, file, { tenancy, format, host, source, dryRun, skipRefused });
  };
  const check = useMutation({ mutationFn: call(true) });
  const write = useMutation({
    mutationFn: call(false),
    onSuccess: (done) => {
      if (!done.applied) return;
      void queryClient.invalidateQueries({ queryKey: assetsKey });
      const { counts } = done;
      notices.show({
        tone: 'done',
        text: `${count(counts.new)} new, ${count(counts.merged)} merged, ${count(counts.unchanged)} unchanged.`,
      });
      close();
    },
  });
  /** What was checked was another file or question. */
  const changed =
    <T,>(set: (value: T) => void) =>
    (value: T): void => {
      set(value);
      check.reset();
      write.reset();
    };
  const report = check.data;
  const blocked = report !== undefined && report.counts.refused > 0 && !skipRefused;
  return (
    <Modal opened onClose={close} title="Import into the inventory" size={900}>
      <div className="stack">
        <div className="line wide">
          <Select
            className="grow"
            label="Tenancy"
            placeholder="Whose inventory"
            data={choices.map((one) => ({
              value: one.id,
              label: `${one.organisationName}, ${one.environmentName}`,
            }))}
            value={tenancy}
            onChange={changed(setTenancy)}
          />
          <Select
            className="grow"
            label="Format"
            data={[
              { value: 'auto', label: 'As the file begins' },
              ...importFormats.map((value) => ({ value, label: formatWord[value] })),
            ]}
            value={format}
            onChange={changed((value: string | null) => setFormat(value ?? 'auto'))}
          />
        </div>
        <div className="line wide">
          <TextInput
            className="grow"
            label="Host"
            description="For lists of packages and SBOMs of a host"
            value={host}
            onChange={(event) => changed(setHost)(event.currentTarget.value)}
          />
          <TextInput
            className="grow"
            label="Source"
            description="Its name, where you have several of a format"
            value={source}
            onChange={(event) => changed(setSource)(event.currentTarget.value.toLowerCase())}
          />
        </div>
        <FileInput
          label="File"
          description="At most 64 MiB. It is checked first; nothing is written."
          placeholder="Choose a file"
          value={file}
          onChange={changed(setFile)}
        />
        {check.isPending && <Progress what="Checking every row" />}
        {write.isPending && <Progress what="Importing" />}
        <FormProblem error={check.error ?? write.error} />
        {report && <Report report={report} />}
        {report && report.counts.refused > 0 && (
          <Checkbox
            label={`Leave the ${plural(report.counts.refused, 'refused row')} out and import the others`}
            checked={skipRefused}
            onChange={(event) => setSkipRefused(event.currentTarget.checked)}
          />
        )}
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className={report ? 'btn' : 'btn main'}
            disabled={file === null || tenancy === null || check.isPending}
            onClick={() => check.mutate()}
          >
            Check
          </button>
          {report && (
            <button
              type="button"
              className="btn main"
              disabled={blocked || write.isPending}
              onClick={() => write.mutate()}
            >
              Import {plural(report.counts.new + report.counts.merged, 'row')}
            </button>
          )}
        </div>
      </div>
    </Modal>
  );
}

function Report({ report }: { report: ImportReport }) {
  const { counts } = report;
  const needing = report.rows.filter(({ outcome, why }) => outcome !== 'unchanged' || why.length > 0);
  const state = counts.refused > 0 ? 'failing' : counts.ambiguous > 0 ? 'degraded' : 'healthy';
  return (
    <div role="status" className="stack">
      <HealthMark
        state={state}
        word={`${formatWord[report.format]}: ${count(counts.new)} new, ${count(counts.merged)} merged, ${count(counts.unchanged)} unchanged, ${count(counts.ambiguous)} ambiguous, ${count(counts.refused)} refused${report.packages > 0 ? `; ${plural(report.packages, 'package')}` : ''}`}
      />
      {report.knownSince !== null && <p className="muted small">This very file was imported before.</p>}
      {report.remarks.map((remark) => (
        <p key={remark} className="small">
          {remark}
        </p>
      ))}
      {needing.length > 0 && (
        <div
          className="scroll import-rows"
          tabIndex={0}
          role="region"
          aria-label="What would happen, row by row"
        >
          <table className="table">
            <thead>
              <tr>
                <th className="number">Line</th>
                <th>Name</th>
                <th>Kind</th>
                <th>Outcome</th>
                <th>Why</th>
              </tr>
            </thead>
            <tbody>
              {[...needing]
                .sort((a, b) => need(a.outcome) - need(b.outcome) || a.line - b.line)
                .slice(0, 300)
                .map((row) => (
                  <tr key={`${row.line} ${row.name} ${row.kind}`}>
                    <td className="number">{row.line}</td>
                    <td>{row.name}</td>
                    <td>{row.kind === null ? '' : kindWord[row.kind]}</td>
                    <td
                      className={
                        row.outcome === 'refused' ? 'critical' : row.outcome === 'ambiguous' ? 'high' : ''
                      }
                    >
                      {outcomeWord[row.outcome]}
                    </td>
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
      {needing.length > 300 && (
        <p className="muted small">
          The first 300 of {count(needing.length + report.unlisted)} rows, those that need you first.
        </p>
      )}
    </div>
  );
}

const order = ['refused', 'ambiguous', 'new', 'merged', 'unchanged'];
const need = (outcome: string): number => order.indexOf(outcome);
