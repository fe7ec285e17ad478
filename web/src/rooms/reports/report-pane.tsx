import type { ReportChanges, ReportView } from '#contract/governance/reports';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { cancelReport, changesQuery, downloadPath, reportsKey } from '../../api/reports.ts';
import { useApi } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { CopyButton, Value } from '../../parts/value.tsx';
import { Exact } from '../../parts/when.tsx';
import { bytes, plural } from '../../parts/words.ts';

/** Where a report stands, in a word or a bar. */
export function Making({ report }: { report: ReportView }) {
  if (report.state === 'made') return <HealthMark state="healthy" word="Made" />;
  if (report.state === 'failed') return <HealthMark state="failing" word="Not made" />;
  if (report.state === 'cancelled') return <HealthMark state="unknown" word="Cancelled" />;
  return (
    <span className="line">
      <progress value={report.progress} max={1} aria-label={`Making the ${report.title}`} />
      <span className="muted small">{report.step === '' ? 'Waiting' : report.step}</span>
    </span>
  );
}

export function ReportPane({
  report,
  earlier,
  since,
  compare,
  close,
}: {
  report: ReportView;
  earlier: readonly ReportView[];
  since: string | undefined;
  compare: (since: string | undefined) => void;
  close: () => void;
}) {
  const api = useApi();
  const queryClient = useQueryClient();
  const stop = useMutation({
    mutationFn: () => cancelReport(api, report.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: [...reportsKey, 'list'] }),
  });
  const running = report.state === 'waiting' || report.state === 'making';
  return (
    <aside className="pane" aria-label="Report">
      <div className="line apart">
        <Making report={report} />
        <button type="button" className="btn slim bare" onClick={close} aria-label="Close the report">
          ×
        </button>
      </div>
      <h2 className="pane-title">{report.title}</h2>
      {running && (
        <button type="button" className="btn" disabled={stop.isPending} onClick={() => stop.mutate()}>
          Cancel
        </button>
      )}
      <FormProblem error={stop.error} />
      {report.error && <p role="alert">{report.error}</p>}
      {report.bundle && <Downloads report={report} />}
      <Facts report={report} />
      {report.bundle && <Checking report={report} />}
      {earlier.length > 0 && (
        <section className="section">
          <h3>What changed</h3>
          <label className="line">
            <span className="muted">Since</span>
            <select
              className="report-select"
              value={since ?? ''}
              onChange={(event) => compare(event.currentTarget.value || undefined)}
            >
              <option value="">choose an earlier report</option>
              {earlier.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.title}, {one.asAt?.slice(0, 16).replace('T', ' ')} UTC
                </option>
              ))}
            </select>
          </label>
          {since && <Changes id={report.id} since={since} />}
        </section>
      )}
    </aside>
  );
}

function Downloads({ report: { id, file, bundle } }: { report: ReportView }) {
  const alone = file && bundle && file.sha256 !== bundle.sha256;
  return (
    <div className="line wrap section">
      {alone && (
        <a className="btn main" href={downloadPath(id, 'file')} download={file.name}>
          Download ({bytes(file.bytes)})
        </a>
      )}
      {bundle && (
        <a className={alone ? 'btn' : 'btn main'} href={downloadPath(id, 'bundle')} download={bundle.name}>
          {alone ? 'Download with its proofs' : 'Download'} ({bytes(bundle.bytes)})
        </a>
      )}
    </div>
  );
}

function Facts({ report }: { report: ReportView }) {
  return (
    <dl className="facts section">
      <dt>Asked by</dt>
      <dd>
        {report.askedBy}, <Exact at={report.askedAt} />
      </dd>
      {report.asAt && (
        <>
          <dt>As at</dt>
          <dd>
            <Exact at={report.asAt} />
          </dd>
        </>
      )}
      {report.edition && (
        <>
          <dt>Edition</dt>
          <dd>{report.edition}</dd>
        </>
      )}
      {report.bundle && (
        <>
          <dt>SHA-256</dt>
          <dd>
            <Value text={report.bundle.sha256} most={28} />
          </dd>
        </>
      )}
      {report.ledgerEntry && (
        <>
          <dt>Ledger entry</dt>
          <dd>
            <Value text={report.ledgerEntry} />
          </dd>
        </>
      )}
    </dl>
  );
}

function Checking({ report: { bundle, evidence, ledgerEntry } }: { report: ReportView }) {
  const command = `ironbark verify ${bundle?.name ?? ''}`;
  return (
    <section className="section">
      <h3>How to check it</h3>
      <p>
        {evidence && evidence.collections > 0
          ? `${evidence.proven} of ${plural(evidence.collections, 'piece')} of evidence have a proof of the ledger in the archive; the rest had no checkpoint over them when it was made.`
          : 'It rests on no collected evidence.'}{' '}
        Anybody can check it offline: each file, our signature over the manifest, and every proof.
      </p>
      <p className="line">
        <code className="mono">{command}</code> <CopyButton text={command} what="the command" />
      </p>
      {ledgerEntry && (
        <p className="muted small">
          That it was made, and by whom, is in the ledger too: its entry has this archive’s SHA-256.
        </p>
      )}
    </section>
  );
}

function Changes({ id, since }: { id: string; since: string }) {
  const query = useQuery(changesQuery(useApi(), id, since));
  if (query.isError) return <Failure what="They could not be compared" error={query.error} />;
  if (query.isPending) return <Progress what="Comparing" />;
  return <Told changes={query.data} />;
}

function Told({ changes }: { changes: ReportChanges }) {
  const lists = [
    ['Newly to be done', changes.opened],
    ['Done since', changes.closed],
    ['New controls', changes.added],
    ['Controls gone', changes.removed],
    ['Reworded', changes.reworded],
  ] as const;
  const nothing =
    changes.status.length === 0 &&
    changes.edition === null &&
    changes.maturity === null &&
    lists.every(([, all]) => all.length === 0);
  return (
    <div className="section" role="status">
      {nothing && <p className="muted">No control stands otherwise than it did.</p>}
      {changes.edition && (
        <p>
          Edition {changes.edition.from} gave way to {changes.edition.to}.
        </p>
      )}
      {changes.maturity && (
        <p>
          Essential Eight: maturity level {changes.maturity.from ?? 'not judged'} to{' '}
          {changes.maturity.to ?? 'not judged'}.
        </p>
      )}
      {changes.status.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>Control</th>
              <th>Stood</th>
              <th>Stands</th>
            </tr>
          </thead>
          <tbody>
            {changes.status.map((one) => (
              <tr key={one.control}>
                <td>{one.label}</td>
                <td className="muted">{one.from}</td>
                <td>{one.to}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {lists.map(
        ([title, all]) =>
          all.length > 0 && (
            <p key={title}>
              <b>{title}:</b> {all.slice(0, 40).join(', ')}
              {all.length > 40 && ` and ${all.length - 40} more`}
            </p>
          ),
      )}
      <p className="muted small">
        Evidence: {changes.evidence.added} new, {changes.evidence.gone} no longer in force.
      </p>
    </div>
  );
}
