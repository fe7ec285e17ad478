import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { OrganisationDetail } from '#contract/community/organisations';
import { organisationQuery } from '../../api/organisations.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Ago, Exact } from '../../parts/when.tsx';
import { basisWord, RecordEligibility } from './eligibility.tsx';
import { OrganisationPeople } from './organisation-people.tsx';
import { lifeWord } from './marks.tsx';
import { Tenancies } from './tenancies.tsx';

/** One organisation: where it stands, what that takes, its people, its offices, whom to call. */
export function OrganisationPage() {
  const { id } = useParams({ from: '/inside/community/$id' });
  const query = useQuery(organisationQuery(useApi(), id));
  const mayPeople = useMay('person.read');
  const organisation = query.data;
  return (
    <div className="page">
      <div className="room-head">
        <h1>{organisation?.name ?? id}</h1>
        <Link to="/community">Community</Link>
      </div>
      {query.isError && (
        <Failure
          what="The organisation could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the organisation" />}
      {organisation && (
        <>
          <About organisation={organisation} />
          <Tenancies organisation={organisation} />
          {mayPeople && <OrganisationPeople organisation={organisation.id} />}
          <History organisation={organisation} />
        </>
      )}
    </div>
  );
}

function About({ organisation }: { organisation: OrganisationDetail }) {
  const { eligibility } = organisation;
  const may = useMay('community.manage');
  const [recording, setRecording] = useState(false);
  if (organisation.kind === 'provider') return <p className="muted small">The provider of the community.</p>;
  return (
    <p className="small">
      <span className="muted">ABN</span> <span className="mono">{organisation.abn ?? 'not recorded'}</span>
      {' · '}
      <span className="muted">Eligible as</span>{' '}
      {eligibility.basis === null ? 'not recorded' : basisWord[eligibility.basis]}
      {eligibility.reviewedAt !== null && (
        <>
          {', '}
          <span className={eligibility.current ? 'muted' : 'critical'}>
            reviewed <Ago at={eligibility.reviewedAt} suffix />
          </span>
        </>
      )}
      {may && (
        <>
          {' · '}
          <button type="button" className="textual" onClick={() => setRecording(true)}>
            Review the eligibility
          </button>
        </>
      )}
      {recording && <RecordEligibility organisation={organisation} close={() => setRecording(false)} />}
    </p>
  );
}

function History({ organisation }: { organisation: OrganisationDetail }) {
  if (organisation.history.length === 0) return null;
  return (
    <section className="section">
      <h2>How it came here</h2>
      <table className="table">
        <thead>
          <tr>
            <th>When</th>
            <th>Tenancy</th>
            <th>Became</th>
            <th>Why</th>
            <th>By</th>
          </tr>
        </thead>
        <tbody>
          {organisation.history.map((change) => (
            <tr key={`${change.at} ${change.tenancy} ${change.to}`}>
              <td>
                <Exact at={change.at} />
              </td>
              <td className="mono">{change.tenancy}</td>
              <td>
                {lifeWord[change.to]}{' '}
                <span className="muted">from {lifeWord[change.from].toLowerCase()}</span>
              </td>
              <td>{change.reason}</td>
              <td>{change.by}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
