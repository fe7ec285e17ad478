import type { LedgerEntry, LedgerPage } from '#contract/ledger';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../app/context.tsx';
import { Empty, Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { count } from '../../parts/words.ts';
import { receiptText, type Receipt } from './receipt.ts';

const pageSize = 50;
type Find = { subject: string; action: string };

/** Newest first; a word of the action or a whole subject narrows them. */
export function Entries() {
  const api = useApi();
  const [find, setFind] = useState<Find>({ subject: '', action: '' });
  const query = useInfiniteQuery({
    queryKey: ['ledger', 'entries', find],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      api.get<LedgerPage>(
        '/ledger',
        {
          limit: pageSize,
          ...(pageParam > 0 && { before: pageParam }),
          ...(find.subject !== '' && { subject: find.subject }),
          ...(find.action !== '' && { action: find.action }),
        },
        signal,
      ),
    getNextPageParam: (page) => page.next,
  });
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <section className="section" aria-label="Entries">
      <h2>Entries</h2>
      <Finder find={setFind} />
      {query.isError && (
        <Failure
          what="The entries could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the entries" />}
      {query.data && entries.length === 0 && (
        <Empty title="Nothing was recorded under that">
          Try a module’s name such as user, or leave both empty.
        </Empty>
      )}
      {entries.length > 0 && (
        <table className="table ledger-table">
          <thead>
            <tr>
              <th className="number">Place</th>
              <th>When</th>
              <th>Who</th>
              <th>Did</th>
              <th>To</th>
              <th>Tenancy</th>
              <th>
                <span className="unseen">Receipt</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <Row key={entry.id} entry={entry} />
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
          Older entries
        </button>
      )}
    </section>
  );
}

function Finder({ find }: { find: (wanted: Find) => void }) {
  const [action, setAction] = useState('');
  const [subject, setSubject] = useState('');
  return (
    <form
      className="ledger-find"
      onSubmit={(event) => {
        event.preventDefault();
        find({ subject: subject.trim(), action: action.trim() });
      }}
    >
      <label>
        Did
        <input
          value={action}
          placeholder="user or user.locked"
          onChange={(event) => setAction(event.target.value)}
        />
      </label>
      <label>
        To
        <input
          value={subject}
          placeholder="source/acme-fw"
          onChange={(event) => setSubject(event.target.value)}
        />
      </label>
      <button type="submit" className="btn">
        Find
      </button>
    </form>
  );
}

function Row({ entry }: { entry: LedgerEntry }) {
  return (
    <tr>
      <td className="number">
        {entry.index === null ? <span className="muted">waits</span> : count(entry.index)}
      </td>
      <td>
        <Exact at={entry.at} />
      </td>
      <td>{entry.actor?.name ?? <span className="muted">erased</span>}</td>
      <td>{entry.action}</td>
      <td className="ledger-subject" title={entry.facts === null ? undefined : JSON.stringify(entry.facts)}>
        {entry.subject ?? <span className="muted">erased</span>}
      </td>
      <td className="muted">{entry.tenancy ?? 'community'}</td>
      <td>{entry.index !== null && <ReceiptButton id={entry.id} />}</td>
    </tr>
  );
}

/** Saves the receipt as a file that can be checked anywhere. */
function ReceiptButton({ id }: { id: string }) {
  const api = useApi();
  const save = useMutation({
    mutationFn: () => api.get<Receipt>(`/ledger/entries/${id}/receipt`),
    onSuccess: (receipt) => {
      const url = URL.createObjectURL(new Blob([receiptText(receipt)], { type: 'text/plain' }));
      const link = document.createElement('a');
      link.href = url;
      link.download = `${id}.tlog-proof`;
      link.click();
      URL.revokeObjectURL(url);
    },
  });
  return (
    <>
      <button type="button" className="btn slim" disabled={save.isPending} onClick={() => save.mutate()}>
        Receipt
      </button>
      {save.isError && <FormProblem error={save.error} />}
    </>
  );
}
