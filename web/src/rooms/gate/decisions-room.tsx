import type { DecisionSummary } from '#contract/community/gate';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { decisionsQuery } from '../../api/gate.ts';
import { useApi, useTenancies } from '../../app/context.tsx';
import { TenancyBadge } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { DecisionPane } from './decision-pane.tsx';
import { Finder } from './finder.tsx';
import { Outcome } from './outcome.tsx';
import { Rules } from './rules.tsx';
import './gate.css';

/** Every decision of the gate, and the rules it was made by. */
export function DecisionsRoom() {
  const { view } = useSearch({ from: '/inside/decisions' });
  return (
    <div className="page">
      <div className="room-head">
        <h1>Decisions</h1>
        <nav className="line" aria-label="Views">
          <Link
            to="/decisions"
            search={{}}
            className="btn slim"
            activeOptions={{ exact: true, includeSearch: true }}
          >
            Log
          </Link>
          <Link to="/decisions" search={{ view: 'rules' }} className="btn slim">
            Rules of the gate
          </Link>
        </nav>
      </div>
      {view === 'rules' ? <Rules /> : <Log />}
    </div>
  );
}

function Log() {
  const search = useSearch({ from: '/inside/decisions' });
  const navigate = useNavigate({ from: '/decisions' });
  const { subject, organisation, action, outcome, from, until } = search;
  const query = useInfiniteQuery(
    decisionsQuery(useApi(), { subject, organisation, action, outcome, from, until }),
  );
  const decisions = query.data?.pages.flatMap((page) => page.decisions) ?? [];
  const open = (at: string | undefined) => void navigate({ search: (before) => ({ ...before, at }) });
  return (
    <>
      <Finder
        key={JSON.stringify([subject, organisation, action, outcome, from, until])}
        filter={{ subject, organisation, action, outcome, from, until }}
        find={(filter) => void navigate({ search: (before) => ({ scope: before.scope, ...filter }) })}
      />
      {query.isError && (
        <Failure
          what="The decisions could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the decisions" />}
      {query.data && decisions.length === 0 && (
        <Empty title="No decision fits that">
          Leave a field empty to see more. A decision is kept here as soon as somebody asks the gate: a
          portal, a gateway, a cluster, or a support session.
        </Empty>
      )}
      {decisions.length > 0 && (
        <table className="table section">
          <thead>
            <tr>
              <th>When</th>
              <th>Decided</th>
              <th>Who</th>
              <th>What</th>
              <th>Tenancy</th>
              <th>Because</th>
              <th>Asked by</th>
            </tr>
          </thead>
          <tbody>
            {decisions.map((one) => (
              <Row key={one.id} one={one} picked={one.id === search.at} open={open} />
            ))}
          </tbody>
        </table>
      )}
      {query.hasNextPage && (
        <button
          type="button"
          className="btn"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Older decisions
        </button>
      )}
      {search.at && <DecisionPane id={search.at} close={() => open(undefined)} />}
    </>
  );
}

function Row({ one, picked, open }: { one: DecisionSummary; picked: boolean; open: (id: string) => void }) {
  const tenancies = useTenancies();
  const first = one.reasons.find(({ rule }) => one.toMend.includes(rule)) ?? one.reasons[0];
  return (
    <tr className={picked ? 'picked' : ''}>
      <td>
        <button type="button" className="textual" onClick={() => open(one.id)}>
          <Exact at={one.at} />
        </button>
      </td>
      <td>
        <Outcome permitted={one.permitted} />
        {one.privileged && <div className="muted small">privileged</div>}
      </td>
      <td className="gate-who">{one.subjectName === '' ? one.subject : one.subjectName}</td>
      <td>
        <span className="mono">{one.action}</span>
        <div className="muted mono gate-who">{one.resource.id}</div>
      </td>
      <td>
        {one.tenancy === '' ? (
          <span className="muted">none</span>
        ) : (
          <TenancyBadge tenancy={tenancies.get(one.tenancy)} id={one.tenancy} name />
        )}
      </td>
      <td>
        {first?.message ?? <span className="muted">every rule opened</span>}
        {one.reasons.length > 1 && <span className="muted"> and {one.reasons.length - 1} more</span>}
      </td>
      <td className="muted">{one.callerName}</td>
    </tr>
  );
}
