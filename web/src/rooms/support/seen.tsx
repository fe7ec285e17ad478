import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { seenQuery } from '../../api/support.ts';
import { useApi, useTenancies } from '../../app/context.tsx';
import { TenancyBadge } from '../../parts/marks.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';

const what = {
  alerts: 'read alerts',
  events: 'read events',
  'support-session': 'was in a support session',
  playback: 'played a recording',
} as const;

/** Everybody of another organisation who saw something of a tenancy's, in one list. */
export function Seen() {
  const query = useQuery(seenQuery(useApi()));
  const tenancies = useTenancies();
  if (query.isError) return <Failure what="The list could not be loaded" error={query.error} />;
  if (query.isPending) return <Progress what="Loading who looked" />;
  return (
    <section className="section">
      <h2>Who of another organisation looked at the data</h2>
      {query.data.seen.length === 0 ? (
        <p className="muted small">
          Nobody yet. Each look is recorded before it is shown, and listed here for both sides.
        </p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>When</th>
              <th>Who</th>
              <th>Of</th>
              <th>Did</th>
              <th>Tenancy</th>
              <th>About</th>
            </tr>
          </thead>
          <tbody>
            {query.data.seen.map((row) => (
              <tr key={`${row.at} ${row.who} ${row.what} ${row.tenancy} ${row.detail}`}>
                <td>
                  <Exact at={row.at} />
                </td>
                <td>{row.who}</td>
                <td>{row.organisation}</td>
                <td>{what[row.what]}</td>
                <td>
                  <TenancyBadge tenancy={tenancies.get(row.tenancy)} id={row.tenancy} name />
                </td>
                <td>
                  {row.session ? (
                    <Link to="/support/$id" params={{ id: row.session }}>
                      {row.detail}
                    </Link>
                  ) : (
                    <span className="muted">{row.detail}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
