import type { AgreementOverview } from '#contract/community/agreements';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { agreementsKey, agreementsQuery } from '../../api/agreements.ts';
import { useApi, useMay, useNotices, useSession } from '../../app/context.tsx';
import { Empty, Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { StateMark, Until } from './marks.tsx';
import { Obligations } from './obligations.tsx';
import { Papers } from './papers.tsx';
import { Steps } from './steps.tsx';
import { Versions } from './versions.tsx';
import './agreements.css';

const views = [
  { view: 'standing', name: 'Agreements' },
  { view: 'owed', name: 'Who owes what' },
  { view: 'versions', name: 'Versions' },
] as const;

/** Where everybody stands, who owes what, and the text in its versions; a customer sees its own. */
export function AgreementsRoom() {
  const { view = 'standing' } = useSearch({ from: '/inside/agreements' });
  const navigate = useNavigate({ from: '/agreements' });
  return (
    <div className="page">
      <div className="room-head">
        <h1>Agreements</h1>
        <span className="line">
          {views.map((one) => (
            <button
              type="button"
              className="chip"
              key={one.view}
              aria-pressed={one.view === view}
              onClick={() =>
                void navigate({
                  search: (old) => ({ ...old, view: one.view === 'standing' ? undefined : one.view }),
                })
              }
            >
              {one.name}
            </button>
          ))}
        </span>
      </div>
      {view === 'standing' && <Standing />}
      {view === 'owed' && <Obligations />}
      {view === 'versions' && <Versions />}
    </div>
  );
}

function Standing() {
  const query = useQuery(agreementsQuery(useApi()));
  if (query.isError)
    return (
      <Failure
        what="The agreements could not be loaded"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  if (!query.data) return <Progress what="Loading agreements" />;
  const seen = query.data;
  return (
    <>
      {seen.newest === null && (
        <Empty title="No version of the policy is published">
          Nobody can agree before the provider has published the first version.
        </Empty>
      )}
      {seen.standings.length === 0 ? (
        <Empty title="No agreement">Organisations that have a tenancy or were invited stand here.</Empty>
      ) : (
        <Standings seen={seen} />
      )}
      <Papers />
      <Receipts seen={seen} />
      <Reminders seen={seen} />
    </>
  );
}

function Standings({ seen }: { seen: AgreementOverview }) {
  const may = useMay('agreement.manage');
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Organisation</th>
          <th>Environment</th>
          <th>State</th>
          <th>In force until, or not since</th>
          <th>
            <span className="unseen">Action</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {seen.standings.map((one) => (
          <tr key={`${one.organisation}/${one.environment}`}>
            <td>
              <b>{one.name}</b>
            </td>
            <td>
              {one.environment} <span className="muted small">{one.marking}</span>
            </td>
            <td>
              <StateMark state={one.state} />
              {one.state.reason && <div className="muted small">{one.state.reason}</div>}
              {one.successorBy && (
                <div className="small">
                  A successor of the signer confirms by <Exact at={one.successorBy} />
                </div>
              )}
            </td>
            <td>
              <Until state={one.state} />
            </td>
            <td>
              <span className="line">
                {canSign(seen, one) && (
                  <Link
                    className="btn main"
                    to="/agreements/$environment"
                    params={{ environment: one.environment }}
                  >
                    {one.inForce ? `Read and sign version ${seen.newest}` : 'Read and sign'}
                  </Link>
                )}
                {may && canInvite(one) && (
                  <Invite organisation={one.organisation} environment={one.environment} />
                )}
                <Steps one={one} seen={seen} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type One = AgreementOverview['standings'][number];
const canSign = ({ maySign, newest }: AgreementOverview, { state }: One): boolean =>
  maySign &&
  newest !== null &&
  !['none', 'withdrawn', 'suspended', 'terminated'].includes(state.state) &&
  state.version !== newest;
const canInvite = ({ state }: One): boolean => ['none', 'withdrawn', 'terminated'].includes(state.state);

function Invite({ organisation, environment }: { organisation: string; environment: string }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const notices = useNotices();
  const run = useMutation({
    mutationFn: () => api.send('POST', '/agreements/steps', { organisation, environment, do: 'invite' }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: agreementsKey });
      notices.show({ tone: 'done', text: `${organisation} is invited for ${environment}.` });
    },
  });
  return (
    <>
      <button type="button" className="btn" disabled={run.isPending} onClick={() => run.mutate()}>
        Invite
      </button>
      <FormProblem error={run.error} />
    </>
  );
}

const kindWord = { passkey: 'Passkey', acknowledgement: 'Acknowledged, passkey', paper: 'Paper' } as const;

function Receipts({ seen }: { seen: AgreementOverview }) {
  if (seen.acceptances.length === 0) return null;
  return (
    <section className="section">
      <h2>Receipts</h2>
      <table className="table">
        <thead>
          <tr>
            <th>Organisation</th>
            <th>Environment</th>
            <th>Version</th>
            <th>Signed by</th>
            <th>How</th>
            <th>When</th>
            <th>Receipt</th>
          </tr>
        </thead>
        <tbody>
          {seen.acceptances.map((one) => (
            <tr key={one.id}>
              <td>{one.organisation}</td>
              <td>{one.environment}</td>
              <td>{one.version}</td>
              <td>
                {one.signer}, {one.office}
              </td>
              <td>{kindWord[one.kind]}</td>
              <td>
                <Exact at={one.at} />
              </td>
              <td>
                <a href={`/api/agreements/acceptances/${one.id}/receipt.pdf`} download>
                  PDF
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Reminders({ seen }: { seen: AgreementOverview }) {
  const { tenancies } = useSession();
  if (seen.reminders.length === 0) return null;
  return (
    <section className="section">
      <h2>Reminders{tenancies.length === 1 ? '' : ' given'}</h2>
      <ul>
        {seen.reminders.slice(0, 20).map((one) => (
          <li key={`${one.organisation} ${one.environment} ${one.about} ${one.at}`}>
            <Exact at={one.at} /> {one.organisation} in {one.environment}:{' '}
            {one.about === 'agree' ? 'agree to the new version' : 'confirm as successor'} by{' '}
            <Exact at={one.deadline} />{' '}
            <span className="muted small">
              {one.recipients.map(({ name, office }) => `${name} (${office})`).join(', ') ||
                'nobody holds an office'}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
