import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { collectionQuery, factsQuery } from '../../api/evidence.ts';
import { useApi, useNow } from '../../app/context.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { bytes, count } from '../../parts/words.ts';
import { Covers, Stands } from './stands.tsx';
import { ReportTable } from './report-table.tsx';

/** Where it came from, what it covers, what became of its rows, and its first facts. */
export function CollectionDetail({ id, close }: { id: string; close: () => void }) {
  const api = useApi();
  const now = useNow(60);
  const query = useQuery(collectionQuery(api, id));
  const one = query.data;
  return (
    <Modal opened onClose={close} title={one?.title ?? 'Collection'} size={860}>
      {query.isError && <Failure what="The collection could not be loaded" error={query.error} />}
      {query.isPending && !query.isError && <Progress what="Loading the collection" />}
      {one && (
        <div className="stack">
          <Stands collection={one} now={now} />
          <dl className="facts">
            <dt>From</dt>
            <dd>{one.source}</dd>
            <dt>Came as</dt>
            <dd>
              {one.origin}, read as {one.importer}, sent by {one.by}
            </dd>
            <dt>Collected</dt>
            <dd>
              <Exact at={one.collectedAt} />, counts until <Exact at={one.expiresAt} />
            </dd>
            <dt>Covers</dt>
            <dd>
              <Covers population={one.population} /> {one.population.basis}
            </dd>
            <dt>Worth at most</dt>
            <dd>{one.ceiling}</dd>
            <dt>SHA-256</dt>
            <dd className="mono evidence-hash">{one.hash}</dd>
          </dl>
          {one.rawBytes !== null && (
            <div>
              <a className="btn" href={`/api/evidence/collections/${encodeURIComponent(id)}/raw`} download>
                Download the file ({bytes(one.rawBytes)})
              </a>{' '}
              <span className="muted small">The ledger records that you did.</span>
            </div>
          )}
          {one.report && <ReportTable report={one.report} />}
          <Facts id={id} />
        </div>
      )}
    </Modal>
  );
}

function Facts({ id }: { id: string }) {
  const { data, isError, error } = useQuery(factsQuery(useApi(), id));
  if (isError) return <Failure what="The facts could not be loaded" error={error} />;
  if (!data) return <Progress what="Loading facts" />;
  if (data.total === 0) return <p className="muted">It holds no facts: nothing of its kind was there.</p>;
  return (
    <section aria-label="Facts">
      <h2 className="small">
        {data.total > data.facts.length
          ? `The first ${count(data.facts.length)} of ${count(data.total)} facts`
          : `${count(data.total)} facts`}
      </h2>
      <FactTable facts={data.facts} />
    </section>
  );
}

export function FactTable({
  facts,
}: {
  facts: readonly { subject: string; at: string | null; values: Readonly<Record<string, unknown>> }[];
}) {
  return (
    <div className="evidence-scroll" tabIndex={0} role="region" aria-label="Facts as a table">
      <table className="table">
        <thead>
          <tr>
            <th>About</th>
            <th>At</th>
            <th>Values</th>
          </tr>
        </thead>
        <tbody>
          {facts.map((fact, at) => (
            // Facts have no id, and are never moved.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={at}>
              <td className="evidence-subject">{fact.subject}</td>
              <td>{fact.at === null ? <span className="muted">–</span> : <Exact at={fact.at} />}</td>
              <td className="mono evidence-values">{valuesText(fact.values)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const valuesText = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
