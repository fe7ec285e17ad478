import './certificates.css';
import type { CertificateList } from '#contract/governance/certificates';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { certificatesQuery } from '../../api/certificates.ts';
import { useApi, useKeys, useMay } from '../../app/context.tsx';
import { EnvironmentBadge, HealthMark } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { plural } from '../../parts/words.ts';
import { AddCertificate, AddChange } from './add-certificate.tsx';
import { CertificatePane } from './certificate-pane.tsx';
import { Timeline } from './timeline.tsx';
import { graver, levelWord, schemeWord, StateMark, WarningMark } from './words.tsx';

/** What assessors found of our systems, when it ends, and what is wrong with it. */
export function CertificatesRoom() {
  const search = useSearch({ from: '/inside/certificates' });
  const navigate = useNavigate({ from: '/certificates' });
  const query = useQuery(certificatesQuery(useApi()));
  const may = useMay('governance.manage');
  const [doing, setDoing] = useState<'certificate' | 'change'>();
  const open = (at: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, at }), replace: true });
  useKeys([{ keys: 'Escape', group: 'Certificates', says: 'Close the pane', run: () => open(undefined) }]);
  const list = query.data;
  const add = may && (
    <>
      <button type="button" className="btn" onClick={() => setDoing('change')}>
        Record a significant change
      </button>
      <button type="button" className="btn main" onClick={() => setDoing('certificate')}>
        Record a certificate
      </button>
    </>
  );
  return (
    <div className={search.at ? 'split' : 'split single'}>
      <section className="list" aria-label="Certificates" style={{ overflow: 'auto' }}>
        <div className="room-head">
          <h1>Certificates</h1>
          {add}
        </div>
        {query.isError && (
          <Failure
            what="The certificates could not be loaded"
            error={query.error}
            retry={() => void query.refetch()}
          />
        )}
        {query.isPending && !query.isError && <Progress what="Loading the certificates" />}
        {list && <Coverage list={list} />}
        {list && list.certificates.length === 0 && (
          <Empty title="No certificate is recorded">
            IRAP assessments, ISO/IEC 27001 certificates and hosting certification are kept here with their
            scope, dates, conditions and report. You are told when a system grows out of the scope, and before
            a date comes.
          </Empty>
        )}
        {list && list.certificates.length > 0 && (
          <>
            <Timeline list={list} open={open} />
            <Table list={list} at={search.at} open={open} />
          </>
        )}
      </section>
      {search.at && <CertificatePane key={search.at} id={search.at} close={() => open(undefined)} />}
      {doing === 'certificate' && list && <AddCertificate list={list} close={() => setDoing(undefined)} />}
      {doing === 'change' && list && <AddChange list={list} close={() => setDoing(undefined)} />}
    </div>
  );
}

function Coverage({ list }: { list: CertificateList }) {
  return (
    <table className="table section" aria-label="What holds for each system">
      <thead>
        <tr>
          <th>System</th>
          {list.coverage[0]?.schemes.map(({ scheme }) => (
            <th key={scheme}>{schemeWord[scheme]}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {list.coverage.map(({ environment, name, marking, schemes }) => (
          <tr key={environment}>
            <td className="line">
              {name} <EnvironmentBadge marking={marking} />
            </td>
            {schemes.map(({ scheme, certificate }) => {
              const one = list.certificates.find(({ id }) => id === certificate);
              return (
                <td key={scheme}>
                  {one === undefined ? (
                    <HealthMark state="failing" word="None holds" />
                  ) : (
                    <HealthMark
                      state={one.warnings.length > 0 ? 'degraded' : 'healthy'}
                      word={
                        one.level ? levelWord[one.level] : `until ${one.endsAt?.slice(0, 10) ?? 'withdrawn'}`
                      }
                    />
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Table({
  list,
  at,
  open,
}: {
  list: CertificateList;
  at: string | undefined;
  open: (id: string) => void;
}) {
  return (
    <table className="table section" aria-label="Certificates">
      <thead>
        <tr>
          <th>Certificate</th>
          <th>State</th>
          <th>Issued</th>
          <th>Ends</th>
          <th>Surveillance</th>
          <th>Warnings</th>
        </tr>
      </thead>
      <tbody>
        {list.certificates.map((one) => (
          <tr key={one.id} className={one.id === at ? 'picked' : ''}>
            <td>
              <button type="button" className="textual" onClick={() => open(one.id)}>
                <b>{one.title}</b>
              </button>
              <div className="muted small">
                {schemeWord[one.scheme]}, {one.scope.environments.join(', ')}
              </div>
            </td>
            <td>
              <StateMark state={one.state} />
            </td>
            <td className="mono">{one.issuedAt.slice(0, 10)}</td>
            <td className="mono">{one.endsAt?.slice(0, 10) ?? 'not stated'}</td>
            <td className="mono">{one.nextSurveillanceAt?.slice(0, 10) ?? 'none'}</td>
            <td>
              {one.warnings.length === 0 ? (
                <span className="muted">none</span>
              ) : (
                <>
                  {[...one.warnings]
                    .sort(graver)
                    .slice(0, 2)
                    .map((warning) => (
                      <div key={`${warning.code} ${warning.subject ?? ''}`} className="small">
                        <WarningMark severity={warning.severity} /> {warning.text}
                      </div>
                    ))}
                  {one.warnings.length > 2 && (
                    <span className="muted small">and {plural(one.warnings.length - 2, 'more', 'more')}</span>
                  )}
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
