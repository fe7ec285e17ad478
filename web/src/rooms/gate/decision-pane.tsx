import type { DecisionDetail, ReplayResult } from '#contract/community/gate';
import { Modal } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { decisionQuery, replayDecision } from '../../api/gate.ts';
import { useApi } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { Outcome } from './outcome.tsx';
import { Reasons } from './reasons.tsx';

/** One decision: the question, every reason, the facts it rests on, and what they would give again. */
export function DecisionPane({ id, close }: { id: string; close: () => void }) {
  const query = useQuery(decisionQuery(useApi(), id));
  return (
    <Modal opened onClose={close} title="Decision" size={980}>
      {query.isError && (
        <Failure
          what="The decision could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the decision" />}
      {query.data && <Detail decision={query.data} />}
      <div className="dialog-foot">
        <button type="button" className="btn" onClick={close}>
          Close
        </button>
      </div>
    </Modal>
  );
}

function Detail({ decision }: { decision: DecisionDetail }) {
  return (
    <div className="stack">
      <dl className="gate-facts">
        <dt>Decided</dt>
        <dd>
          <Outcome permitted={decision.permitted} />
        </dd>
        <dt>When</dt>
        <dd>
          <Exact at={decision.at} milliseconds />
        </dd>
        <dt>Who</dt>
        <dd>
          {decision.subjectName} <span className="mono muted">{decision.subject}</span>
        </dd>
        <dt>What</dt>
        <dd className="mono">
          {decision.action} on {decision.resource.type} {decision.resource.id}
        </dd>
        <dt>Asked by</dt>
        <dd>
          {decision.callerName} ({decision.face})
          {decision.requestId !== '' && <span className="mono muted"> {decision.requestId}</span>}
        </dd>
        <dt>Decision</dt>
        <dd className="mono">{decision.id}</dd>
        <dt>Rules</dt>
        <dd className="mono">{decision.policyVersion}</dd>
        <dt>Facts (SHA-256)</dt>
        <dd className="mono">{decision.factsHash}</dd>
      </dl>
      {decision.reasons.length > 0 && <Reasons reasons={decision.reasons} />}
      <Replay id={decision.id} />
      {decision.facts !== null && (
        <details>
          <summary>The facts it rests on</summary>
          <pre className="gate-pre" tabIndex={0}>
            {JSON.stringify(decision.facts, null, 2)}
          </pre>
        </details>
      )}
    </div>
  );
}

function Replay({ id }: { id: string }) {
  const api = useApi();
  const replay = useMutation({ mutationFn: () => replayDecision(api, id) });
  return (
    <section aria-label="Replay">
      <button type="button" className="btn" disabled={replay.isPending} onClick={() => replay.mutate()}>
        Decide it again
      </button>
      <FormProblem error={replay.error} />
      {replay.data && <Replayed result={replay.data} />}
    </section>
  );
}

const word = ({ permitted, rules }: ReplayResult['now']): string =>
  permitted ? 'permitted' : `denied by ${rules.join(', ')}`;

function Replayed({ result }: { result: ReplayResult }) {
  return (
    <div role="status">
      <dl className="gate-facts section">
        <dt>Facts</dt>
        <dd>
          {result.factsIntact ? (
            <HealthMark state="healthy" word="As they were kept" />
          ) : (
            <HealthMark state="failing" word="Not those whose hash was kept" />
          )}
        </dd>
        <dt>Same result</dt>
        <dd>
          {result.same === null ? (
            <HealthMark state="unknown" word="The rules of today are another version" />
          ) : result.same ? (
            <HealthMark state="healthy" word="Yes" />
          ) : (
            <HealthMark state="failing" word="No" />
          )}
        </dd>
        <dt>Then</dt>
        <dd>{word(result.decided)}</dd>
        <dt>Replayed</dt>
        <dd>{word(result.replayed)}</dd>
        <dt>Asked now</dt>
        <dd>{word(result.now)}</dd>
      </dl>
    </div>
  );
}
