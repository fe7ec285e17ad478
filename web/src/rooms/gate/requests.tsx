import type { GateRequest } from '#contract/community/gate';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { requestsKey, requestsQuery, settleRequest } from '../../api/gate.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';

const stateMark = {
  open: ['unknown', 'Waits'],
  done: ['healthy', 'Done'],
  refused: ['failing', 'Refused'],
} as const;

/** What was asked for; who may read decisions settles it. */
export function Requests() {
  const query = useQuery(requestsQuery(useApi()));
  const requests = query.data?.requests ?? [];
  return (
    <section className="section" aria-label="Asked for">
      <h2>Asked for</h2>
      {query.isError && (
        <Failure
          what="The requests could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the requests" />}
      {query.data && requests.length === 0 && (
        <p className="muted small">
          Nothing was asked for. Ask the gate above; what is missing can be asked for.
        </p>
      )}
      {requests.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>Who</th>
              <th>What</th>
              <th>Missing</th>
              <th>For whom</th>
              <th>Note</th>
              <th>State</th>
              <th className="number">Asked</th>
            </tr>
          </thead>
          <tbody>
            {requests.map((request) => (
              <Row key={request.id} request={request} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ request }: { request: GateRequest }) {
  const { action, resource } = request;
  const [health, word] = stateMark[request.state];
  return (
    <tr>
      <td>
        {request.userName}
        <div className="muted">{request.organisation}</div>
      </td>
      <td>
        <Link to="/can-i" search={{ action, type: resource.type, id: resource.id }} className="mono">
          {action}
        </Link>
        <div className="muted mono">{resource.id}</div>
      </td>
      <td>{request.how}</td>
      <td>{request.who}</td>
      <td>{request.note === '' ? <span className="muted">none</span> : request.note}</td>
      <td>
        <HealthMark state={health} word={word} />
        {request.handledBy !== null && <div className="muted small">{request.handledBy}</div>}
        {request.state === 'open' && <Settle id={request.id} />}
      </td>
      <td className="number muted">
        <Ago at={request.at} suffix />
      </td>
    </tr>
  );
}

function Settle({ id }: { id: string }) {
  const api = useApi();
  const may = useMay('decision.read');
  const notices = useNotices();
  const queryClient = useQueryClient();
  const settle = useMutation({
    mutationFn: (state: 'done' | 'refused') => settleRequest(api, id, state),
    onSuccess: ({ state }) => {
      void queryClient.invalidateQueries({ queryKey: requestsKey });
      notices.show({ tone: 'done', text: state === 'done' ? 'Settled as done.' : 'Refused.' });
    },
  });
  if (!may) return null;
  return (
    <div className="line">
      <button
        type="button"
        className="btn slim"
        disabled={settle.isPending}
        onClick={() => settle.mutate('done')}
      >
        It is done
      </button>
      <button
        type="button"
        className="btn slim"
        disabled={settle.isPending}
        onClick={() => settle.mutate('refused')}
      >
        Refuse
      </button>
      <FormProblem error={settle.error} />
    </div>
  );
}
