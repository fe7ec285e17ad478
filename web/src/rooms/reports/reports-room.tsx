import './reports.css';
import { reportKind, type ReportView } from '#contract/governance/reports';
import type { System } from '#contract/governance';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { reportsQuery, systemsQuery } from '../../api/reports.ts';
import { useApi, useKeys, useMay } from '../../app/context.tsx';
import { EnvironmentBadge } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { bytes } from '../../parts/words.ts';
import { ImportAnnex } from './import-annex.tsx';
import { MakeReport } from './make-report.tsx';
import { Making, ReportPane } from './report-pane.tsx';

/** What leaves as a document: chosen, looked at before it is made, downloaded with its proofs, compared. */
export function ReportsRoom() {
  const query = useQuery(systemsQuery(useApi()));
  const search = useSearch({ from: '/inside/reports' });
  const systems = query.data?.systems ?? [];
  const picked = systems.find(({ environment }) => environment === search.environment) ?? systems[0];
  if (query.isError)
    return (
      <Failure
        what="The systems could not be loaded"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  if (query.isPending) return <Progress what="Loading the systems" />;
  if (picked === undefined)
    return (
      <div className="page">
        <h1>Reports</h1>
        <Empty title="There is no environment here that you may see">
          Reports are of the provider’s own environments. Ask an administrator of the provider for a role
          there.
        </Empty>
      </div>
    );
  return <OfSystem key={picked.environment} systems={systems} picked={picked} />;
}

function OfSystem({ systems, picked }: { systems: readonly System[]; picked: System }) {
  const search = useSearch({ from: '/inside/reports' });
  const navigate = useNavigate({ from: '/reports' });
  const may = useMay('governance.manage');
  const [importing, setImporting] = useState(false);
  const reports = useQuery(reportsQuery(useApi(), picked.environment));
  const go = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  useKeys([{ keys: 'Escape', group: 'Reports', says: 'Close the pane', run: () => go({ at: undefined }) }]);
  const kind = reportKind.safeParse(search.kind).data ?? 'pack';
  const all = reports.data?.reports ?? [];
  const at = all.find(({ id }) => id === search.at);
  return (
    <div className={at ? 'split' : 'split single'}>
      <section className="list" aria-label="Reports" style={{ overflow: 'auto' }}>
        <div className="room-head">
          <h1>Reports</h1>
          <label className="line">
            <span className="muted">Environment</span>
            <select
              className="report-select"
              value={picked.environment}
              onChange={(event) => go({ environment: event.currentTarget.value, at: undefined })}
            >
              {systems.map((one) => (
                <option key={one.environment} value={one.environment}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
          <EnvironmentBadge marking={picked.marking} />
          {may && (
            <button type="button" className="btn" onClick={() => setImporting(true)}>
              Import an annex
            </button>
          )}
        </div>
        <MakeReport
          environment={picked.environment}
          kind={kind}
          choose={(next) => go({ kind: next })}
          asked={(id) => go({ at: id })}
        />
        <h2 className="report-history">Made before</h2>
        {reports.isError && (
          <Failure
            what="The reports could not be loaded"
            error={reports.error}
            retry={() => void reports.refetch()}
          />
        )}
        {reports.isPending && !reports.isError && <Progress what="Loading the reports" />}
        {reports.data && all.length === 0 && (
          <Empty title="No report was made yet">
            Choose one above. It is kept here with its hash, who asked for it and the proofs of its evidence.
          </Empty>
        )}
        {all.length > 0 && <History all={all} at={at?.id} open={(id) => go({ at: id, since: undefined })} />}
      </section>
      {at && (
        <ReportPane
          key={at.id}
          report={at}
          earlier={all.filter(
            (one) => one.state === 'made' && one.asAt !== null && at.asAt !== null && one.asAt < at.asAt,
          )}
          since={search.since}
          compare={(since) => go({ since })}
          close={() => go({ at: undefined })}
        />
      )}
      {importing && <ImportAnnex environment={picked.environment} close={() => setImporting(false)} />}
    </div>
  );
}

function History({
  all,
  at,
  open,
}: {
  all: readonly ReportView[];
  at: string | undefined;
  open: (id: string) => void;
}) {
  return (
    <table className="table section" aria-label="Reports that were asked for">
      <thead>
        <tr>
          <th>Report</th>
          <th>State</th>
          <th>As at</th>
          <th>Asked by</th>
          <th className="number">Size</th>
          <th className="number">Evidence proven</th>
        </tr>
      </thead>
      <tbody>
        {all.map((one) => (
          <tr key={one.id} className={one.id === at ? 'picked' : ''}>
            <td>
              <button type="button" className="textual" onClick={() => open(one.id)}>
                <b>{one.title}</b>
              </button>
              {one.tenancy && <div className="muted small">for {one.tenancy}</div>}
            </td>
            <td>
              <Making report={one} />
            </td>
            <td>{one.asAt ? <Ago at={one.asAt} suffix /> : <span className="muted">not yet</span>}</td>
            <td>{one.askedBy}</td>
            <td className="number">{one.bundle ? bytes(one.bundle.bytes) : ''}</td>
            <td className="number">
              {one.evidence ? `${one.evidence.proven} of ${one.evidence.collections}` : ''}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
