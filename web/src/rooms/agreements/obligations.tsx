import { useQuery } from '@tanstack/react-query';
import { obligationsQuery } from '../../api/agreements.ts';
import { useApi, useNow } from '../../app/context.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { ownerWord } from './marks.tsx';
import { triggerWord } from './policy-text.tsx';

/** What each side owes by what was agreed to, soonest first, and who is responsible for which service. */
export function Obligations() {
  const query = useQuery(obligationsQuery(useApi()));
  const now = useNow(60);
  if (query.isError)
    return (
      <Failure
        what="The obligations could not be loaded"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  if (!query.data) return <Progress what="Loading obligations" />;
  const { owed, responsibilities } = query.data;
  if (owed.length === 0)
    return <Empty title="Nothing is owed yet">Obligations come with an agreement in force.</Empty>;
  const sorted = owed.toSorted((a, b) => (a.dueAt ?? '9999').localeCompare(b.dueAt ?? '9999'));
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th>Clause</th>
            <th>What</th>
            <th>Who</th>
            <th>When</th>
            <th>Due</th>
            <th>Where</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => (
            <tr key={`${one.place.organisation}/${one.place.environment}/${one.obligation.id}`}>
              <td className="mono">{one.clause.number}</td>
              <td>
                {one.obligation.summary}
                {one.lastDone && (
                  <div className="muted small">
                    Last done <Exact at={one.lastDone.at} /> by {one.lastDone.by}: {one.lastDone.note}
                  </div>
                )}
              </td>
              <td>{ownerWord[one.obligation.owner]}</td>
              <td>{triggerWord(one.obligation)}</td>
              <td className={one.dueAt !== null && Date.parse(one.dueAt) <= now ? 'critical' : ''}>
                {one.dueAt === null ? <span className="muted">–</span> : <Exact at={one.dueAt} />}
              </td>
              <td>
                {one.place.organisation} <span className="muted small">{one.place.environment}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {responsibilities.map((matrix) => (
        <section className="section" key={matrix.service}>
          <h2>{matrix.name}</h2>
          <table className="table">
            <thead>
              <tr>
                <th>Activity</th>
                <th>Provider</th>
                <th>Customer</th>
              </tr>
            </thead>
            <tbody>
              {matrix.rows.map((row) => (
                <tr key={row.id}>
                  <td>{row.activity}</td>
                  <td className="mono">{row.provider || '–'}</td>
                  <td className="mono">{row.customer || '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="muted small">R responsible, A accountable, C consulted, I informed.</p>
        </section>
      ))}
    </>
  );
}
