import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { findingsQuery } from '../../api/evidence.ts';
import { useApi, useNow } from '../../app/context.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { count } from '../../parts/words.ts';
import { Due } from './due.tsx';
import { FindingDetail } from './finding-detail.tsx';

/** What evidence found not met: who owes it and by when. Only a passing judgement closes one. */
export function Findings({
  environment,
  at,
  open,
}: {
  environment: string;
  at: string | undefined;
  open: (id: string | undefined) => void;
}) {
  const [state, setState] = useState<'open' | 'closed'>('open');
  const query = useQuery(findingsQuery(useApi(), environment, state));
  const now = useNow(60);
  const all = query.data?.findings ?? [];
  return (
    <>
      <p className="line" role="group" aria-label="Which findings">
        {(['open', 'closed'] as const).map((one) => (
          <button
            key={one}
            type="button"
            className="chip"
            aria-pressed={one === state}
            onClick={() => setState(one)}
          >
            {one === 'open' ? 'Open' : 'Closed'}
          </button>
        ))}
      </p>
      {query.isError && (
        <Failure
          what="The findings could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading findings" />}
      {query.data && all.length === 0 && (
        <Empty title={state === 'open' ? 'Nothing was found wanting' : 'No finding was closed yet'}>
          {state === 'open'
            ? 'A finding opens when evidence shows that a control is not met. What is unknown is not among them.'
            : 'A finding closes when evidence shows that its control is met again.'}
        </Empty>
      )}
      {all.length > 0 && (
        <table className="table evidence-table">
          <thead>
            <tr>
              <th>Control</th>
              <th>Question</th>
              <th>Why</th>
              <th>Due</th>
              <th>Owner</th>
              <th className="number">Open for</th>
              <th className="number">Failing</th>
            </tr>
          </thead>
          <tbody>
            {all.map((one) => (
              <tr key={one.id} className="openable" aria-selected={one.id === at}>
                <td>
                  <button type="button" className="textual" onClick={() => open(one.id)}>
                    {one.control}
                  </button>
                </td>
                <td>{one.title}</td>
                <td className="muted">{one.because}</td>
                <td>
                  <Due finding={one} now={now} />
                </td>
                <td>{one.owner?.name ?? <span className="muted">nobody</span>}</td>
                <td className="number muted">
                  <Ago at={one.openedAt} />
                </td>
                <td className="number">{count(one.failed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {at && (
        <FindingDetail key={at} id={at} people={query.data?.people ?? []} close={() => open(undefined)} />
      )}
    </>
  );
}
