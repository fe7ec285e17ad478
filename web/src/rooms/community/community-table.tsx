import type { CommunityView } from '#contract/community';
import type { OrganisationSummary } from '#contract/community/organisations';
import { Link } from '@tanstack/react-router';
import { useTenancies } from '../../app/context.tsx';
import { EnvironmentBadge, TenancyMark } from '../../parts/marks.tsx';
import { plural } from '../../parts/words.ts';
import { AgreementMark, ContactsMark, LifeMark } from './marks.tsx';

const kindWord: Readonly<Record<OrganisationSummary['kind'], string>> = {
  provider: 'Provider',
  customer: 'Customer',
  partner: 'Partner',
};

/** One row an organisation, one column an environment: where each stands, and what it agreed to. */
export function CommunityTable({
  community,
  organisations,
}: {
  community: CommunityView;
  organisations: readonly OrganisationSummary[];
}) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Organisations">
      <table className="table section">
        <thead>
          <tr>
            <th>Organisation</th>
            <th>Kind</th>
            {community.environments.map((environment) => (
              <th key={environment.id}>
                {environment.name} <EnvironmentBadge marking={environment.marking} />
              </th>
            ))}
            <th>Contacts</th>
            <th className="number">People</th>
          </tr>
        </thead>
        <tbody>
          {organisations.map((organisation) => (
            <tr key={organisation.id}>
              <td>
                <Link to="/community/$id" params={{ id: organisation.id }}>
                  <b>{organisation.name}</b>
                </Link>
                <div className="mono muted">{organisation.id}</div>
              </td>
              <td>{kindWord[organisation.kind]}</td>
              {community.environments.map((environment) => (
                <td key={environment.id}>
                  <Place
                    tenancy={organisation.tenancies.find((one) => one.environment === environment.id)}
                    sources={
                      community.tenancies.find(
                        (one) => one.organisation === organisation.id && one.environment === environment.id,
                      )?.sources
                    }
                  />
                </td>
              ))}
              <td>
                {organisation.kind === 'provider' && organisation.contacts === 'missing' ? (
                  <span className="muted">none</span>
                ) : (
                  <ContactsMark standing={organisation.contacts} />
                )}
              </td>
              <td className="number">{organisation.people}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Place({
  tenancy,
  sources,
}: {
  tenancy: OrganisationSummary['tenancies'][number] | undefined;
  sources: number | undefined;
}) {
  const known = useTenancies();
  if (tenancy === undefined) return <span className="muted">none</span>;
  return (
    <div className="stack tight">
      <span className="line">
        <TenancyMark tenancy={known.get(tenancy.id)} id={tenancy.id} />
        <span className="mono">{tenancy.id}</span>
        {tenancy.internal && <span className="muted">internal network</span>}
        {sources !== undefined && <span className="muted">{plural(sources, 'source')}</span>}
      </span>
      {!tenancy.internal && (
        <span className="line wide wrap">
          <LifeMark state={tenancy.state} />
          <AgreementMark agreement={tenancy.agreement} />
        </span>
      )}
    </div>
  );
}
