import { useQuery } from '@tanstack/react-query';
import { collectionsQuery } from '../../api/evidence.ts';
import { useApi, useNow } from '../../app/context.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { count } from '../../parts/words.ts';
import { CollectionDetail } from './collection-detail.tsx';
import { Covers, isSoon, left, Stands } from './stands.tsx';

/** What arrived, newest first, with what it covers and how long it stands. */
export function Inbox({
  environment,
  at,
  open,
}: {
  environment: string;
  at: string | undefined;
  open: (id: string | undefined) => void;
}) {
  const query = useQuery(collectionsQuery(useApi(), environment));
  const now = useNow(60);
  const all = query.data?.collections ?? [];
  const current = all.filter(({ state }) => state !== 'replaced');
  const soon = current.filter((one) => left(one, now) > 0 && isSoon(one, now));
  const expired = current.filter(({ state }) => state === 'expired');
  return (
    <>
      {query.isError && (
        <Failure
          what="The evidence could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the evidence" />}
      {query.data && all.length === 0 && (
        <Empty title="No evidence has arrived">
          Send exports of directories, scanners and policies, or drop them on this page. What the system knows
          of itself comes by itself within a minute.
        </Empty>
      )}
      {all.length > 0 && (
        <>
          <p className="muted small">
            {count(all.filter(({ state }) => state === 'in-force').length)} in force, {count(soon.length)}{' '}
            expiring soon, {count(expired.length)} expired without a newer one
          </p>
          <table className="table evidence-table">
            <thead>
              <tr>
                <th>What</th>
                <th>From</th>
                <th>Stands</th>
                <th className="number">Collected</th>
                <th className="number">Covers</th>
                <th className="number">Facts</th>
                <th>Worth at most</th>
              </tr>
            </thead>
            <tbody>
              {all.map((one) => (
                <tr key={one.id} className="openable" aria-selected={one.id === at}>
                  <td>
                    <button type="button" className="textual" onClick={() => open(one.id)}>
                      {one.title}
                    </button>
                  </td>
                  <td className="evidence-source" title={`${one.source}: ${one.origin}`}>
                    {one.source}
                  </td>
                  <td>
                    <Stands collection={one} now={now} />
                  </td>
                  <td className="number muted">
                    <Ago at={one.collectedAt} suffix />
                  </td>
                  <td className="number" title={one.population.basis}>
                    <Covers population={one.population} />
                  </td>
                  <td className="number">{count(one.facts)}</td>
                  <td className="muted">{one.ceiling}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {at && <CollectionDetail key={at} id={at} close={() => open(undefined)} />}
    </>
  );
}
