import type { PlannedChangeView } from '#contract/community/planned-changes';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { changesQuery } from '../../api/changes.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { AskForChange } from './ask-for-change.tsx';
import { ChangePane } from './change-pane.tsx';
import { riskWord, standing } from './words.ts';

/** Changes of the platform: what is asked for, what somebody else approved, and what may be done at this moment. */
export function ChangesRoom() {
  const { at } = useSearch({ from: '/inside/changes' });
  const navigate = useNavigate({ from: '/changes' });
  const query = useQuery(changesQuery(useApi()));
  const may = useMay('change.request');
  const [asking, setAsking] = useState(false);
  const open = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, at: id }) });
  const changes = query.data?.changes ?? [];
  const picked = changes.find(({ id }) => id === at);
  const ask = may && (
    <button type="button" className="btn main" onClick={() => setAsking(true)}>
      Ask for a change
    </button>
  );
  return (
    <div className="page">
      <div className="room-head">
        <h1>Changes</h1>
        {changes.length > 0 && ask}
      </div>
      {query.isError && (
        <Failure
          what="The changes could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading changes" />}
      {query.data && changes.length === 0 && (
        <Empty title="No change was asked for" action={ask}>
          Infrastructure is changed under an approved change, in its window, or in an emergency that says why.
          The gate denies it otherwise.
        </Empty>
      )}
      {changes.length > 0 && <Table changes={changes} at={at} open={open} />}
      {picked && <ChangePane change={picked} close={() => open(undefined)} />}
      {asking && <AskForChange close={() => setAsking(false)} />}
    </div>
  );
}

function Table({
  changes,
  at,
  open,
}: {
  changes: readonly PlannedChangeView[];
  at: string | undefined;
  open: (id: string) => void;
}) {
  return (
    <table className="table section">
      <thead>
        <tr>
          <th>Change</th>
          <th>Environment</th>
          <th>State</th>
          <th>Risk</th>
          <th>From</th>
          <th>Until</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((one) => (
          <tr key={one.id} className={one.id === at ? 'picked' : ''}>
            <td>
              <button type="button" className="textual" onClick={() => open(one.id)}>
                <b>{one.title}</b>
              </button>
              <div className="muted small">asked for by {one.requestedBy.name}</div>
            </td>
            <td>{one.environment}</td>
            <td>
              <HealthMark {...standing(one)} />
              {one.emergencyReason !== null && <div className="high small">emergency</div>}
            </td>
            <td>{riskWord[one.risk]}</td>
            <td>
              <Exact at={one.from} />
            </td>
            <td>
              <Exact at={one.until} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
