import './controls.css';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { exceptionsOfQuery } from '../../api/controls.ts';
import { useApi } from '../../app/context.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { ExceptionList } from './exception-list.tsx';

/** Everything that was asked for a system's controls: what waits to be decided stands first. */
export function ExceptionsPage() {
  const { system = '' } = useSearch({ from: '/inside/controls/exceptions' });
  const query = useQuery(exceptionsOfQuery(useApi(), system));
  const waiting = (query.data?.exceptions ?? []).filter(({ state }) => state === 'requested');
  const rest = (query.data?.exceptions ?? []).filter(({ state }) => state !== 'requested');
  return (
    <div className="page">
      <div className="room-head">
        <Link className="btn slim" to="/controls" search={{ system }}>
          All controls
        </Link>
        <h1>Exceptions of {system}</h1>
      </div>
      {query.isError && (
        <Failure
          what="The exceptions could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the exceptions" />}
      {query.data && (
        <>
          <section className="section">
            <h2>To be decided</h2>
            <ExceptionList system={system} exceptions={waiting} control />
          </section>
          <section className="section">
            <h2>Decided</h2>
            <ExceptionList system={system} exceptions={rest} control />
          </section>
        </>
      )}
    </div>
  );
}
