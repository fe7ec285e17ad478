import type { SupportSession } from '#contract/community/support';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { noticesQuery, seeNotice, sessionsQuery } from '../../api/support.ts';
import { useApi, useMay, useTenancies } from '../../app/context.tsx';
import { TenancyBadge } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { RequestForm } from './request-form.tsx';
import { Seen } from './seen.tsx';
import { StandingApprovals } from './standing.tsx';
import { StateWord, waitingWords } from './words.tsx';
import './support.css';

const over: readonly SupportSession['state'][] = ['countersigned', 'refused', 'expired', 'cancelled'];

/** Sessions live, waiting and over; what officers must know stands at the top. */
export function SupportRoom() {
  const query = useQuery(sessionsQuery(useApi()));
  const mayRequest = useMay('support.request');
  const { view } = useSearch({ from: '/inside/support' });
  const [asking, setAsking] = useState(false);
  const sessions = query.data?.sessions;
  return (
    <div className="page">
      <div className="room-head">
        <h1>Support</h1>
        <nav className="line" aria-label="Views">
          <Link
            to="/support"
            search={{}}
            className="btn slim"
            activeOptions={{ exact: true, includeSearch: true }}
          >
            Sessions
          </Link>
          <Link to="/support" search={{ view: 'seen' }} className="btn slim">
            Who looked
          </Link>
          <Link to="/support" search={{ view: 'standing' }} className="btn slim">
            Emergencies
          </Link>
        </nav>
        {mayRequest && (
          <button type="button" className="btn main" onClick={() => setAsking(true)}>
            Ask for a session
          </button>
        )}
      </div>
      <Notices />
      {view === 'seen' ? (
        <Seen />
      ) : view === 'standing' ? (
        <StandingApprovals />
      ) : (
        <>
          {query.isError && (
            <Failure
              what="The support sessions could not be loaded"
              error={query.error}
              retry={() => void query.refetch()}
            />
          )}
          {query.isPending && <Progress what="Loading the support sessions" />}
          {sessions && <Lists sessions={sessions} />}
        </>
      )}
      {asking && <RequestForm close={() => setAsking(false)} />}
    </div>
  );
}

function Lists({ sessions }: { sessions: readonly SupportSession[] }) {
  if (sessions.length === 0)
    return (
      <Empty title="No support session yet">
        Nobody of the provider’s reaches a customer’s systems without one: it is asked for here, approved by
        both sides, recorded, and countersigned.
      </Empty>
    );
  const live = sessions.filter(({ state }) => state === 'live');
  const open = sessions.filter(({ state }) => state !== 'live' && !over.includes(state));
  return (
    <>
      <SessionTable title="Live now" sessions={live} none="Nobody is connected, and nobody may be." />
      <SessionTable title="Waiting" sessions={open} none="Nothing is waiting for anybody." />
      <SessionTable
        title="Over"
        sessions={sessions.filter(({ state }) => over.includes(state))}
        none="None yet."
      />
    </>
  );
}

function SessionTable({
  title,
  sessions,
  none,
}: {
  title: string;
  sessions: readonly SupportSession[];
  none: string;
}) {
  const tenancies = useTenancies();
  return (
    <section className="section">
      <h2>{title}</h2>
      {sessions.length === 0 ? (
        <p className="muted small">{none}</p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>What for</th>
              <th>Tenancy</th>
              <th>Engineers</th>
              <th>State</th>
              <th>Waiting for</th>
              <th className="number">Minutes</th>
              <th className="number">Asked</th>
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <tr key={session.id}>
                <td>
                  <Link to="/support/$id" params={{ id: session.id }}>
                    {session.reason}
                  </Link>
                  {session.kind === 'break-glass' && <b className="critical small"> break glass</b>}
                </td>
                <td>
                  <TenancyBadge tenancy={tenancies.get(session.tenancy)} id={session.tenancy} name />
                </td>
                <td>{session.engineers.map(({ name }) => name).join(', ')}</td>
                <td>
                  <StateWord session={session} />
                </td>
                <td className="muted">{waitingWords(session)}</td>
                <td className="number">{session.minutes}</td>
                <td className="number muted">
                  <Ago at={session.requestedAt} suffix />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Notices() {
  const api = useApi();
  const queryClient = useQueryClient();
  const { data } = useQuery(noticesQuery(api));
  const seen = useMutation({
    mutationFn: (id: string) => seeNotice(api, id),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['support', 'notices'] }),
  });
  const unseen = data?.notices.filter(({ seenAt }) => seenAt === null) ?? [];
  if (unseen.length === 0) return null;
  return (
    <section className="section support-notices" aria-label="For the security officer">
      {unseen.map((notice) => (
        <div key={notice.id} className="line" role="alert">
          <b className="critical">For the {notice.office.toUpperCase()}</b>
          <Link to="/support/$id" params={{ id: notice.session }}>
            {notice.text}
          </Link>
          <span className="muted small">
            <Ago at={notice.at} suffix />
          </span>
          <button type="button" className="btn slim" onClick={() => seen.mutate(notice.id)}>
            I have seen it
          </button>
        </div>
      ))}
    </section>
  );
}
