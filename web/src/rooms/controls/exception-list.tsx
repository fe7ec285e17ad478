import type { ExceptionView } from '#contract/governance/controls';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { controlsKey, decideException, endException } from '../../api/controls.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { FormProblem } from '../../parts/states.tsx';
import { Ago, Exact } from '../../parts/when.tsx';

const kindWord = {
  exception: 'Not met for a time',
  'risk-acceptance': 'Risk accepted',
  'not-applicable': 'Does not apply',
} as const;

/** What was asked for and what became of it; who may decides here. */
export function ExceptionList({
  system,
  exceptions,
  control = false,
}: {
  system: string;
  exceptions: readonly ExceptionView[];
  /** Name the control of each. */
  control?: boolean;
}) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const mayDecide = useMay('risk.accept');
  const mayEnd = useMay('governance.manage');
  const run = useMutation({
    mutationFn: ({ id, what }: { id: string; what: 'approve' | 'refuse' | 'end' }) =>
      what === 'end'
        ? endException(api, system, id, 'Ended on the page.')
        : decideException(api, system, id, what, ''),
    onSuccess: (after) => {
      void queryClient.invalidateQueries({ queryKey: controlsKey });
      notices.show({ tone: 'done', text: `It is ${after.state} now.` });
    },
  });
  if (exceptions.length === 0) return <p className="muted">Nothing was asked for.</p>;
  return (
    <>
      <FormProblem error={run.error} />
      <table className="table">
        <thead>
          <tr>
            {control && <th>Control</th>}
            <th>What</th>
            <th>State</th>
            <th>Why</th>
            <th>Until</th>
            <th>Asked for by</th>
            <th>Decided by</th>
            <th>
              <span className="unseen">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {exceptions.map((one) => (
            <tr key={one.id}>
              {control && (
                <td>
                  <Link
                    className="mono"
                    to="/controls/$system/$control"
                    params={{ system, control: one.control }}
                  >
                    {one.control}
                  </Link>
                </td>
              )}
              <td>
                {kindWord[one.kind]}
                {one.ceiling.level && <div className="muted small">up to {one.ceiling.level}</div>}
                {one.ceiling.probability !== null && (
                  <div className="muted small">up to {(one.ceiling.probability * 100).toFixed(1)} %</div>
                )}
              </td>
              <td>
                <HealthMark
                  state={one.inForce ? 'healthy' : one.state === 'requested' ? 'unknown' : 'degraded'}
                  word={one.inForce ? 'in force' : one.state === 'approved' ? 'lapsed' : one.state}
                />
                {one.note && <div className="muted small">{one.note}</div>}
              </td>
              <td>
                {one.reason}
                {one.compensating && <div className="muted small">Instead: {one.compensating}</div>}
              </td>
              <td>
                <Exact at={one.until} />
              </td>
              <td>
                {one.requestedBy}, <Ago at={one.requestedAt} suffix />
              </td>
              <td>
                {one.approvedBy ?? <span className="muted">nobody</span>}
                {one.approvedOffice && <span className="muted"> ({one.approvedOffice})</span>}
              </td>
              <td>
                <span className="line">
                  {one.state === 'requested' && mayDecide && (
                    <>
                      <button
                        type="button"
                        className="btn slim"
                        onClick={() => run.mutate({ id: one.id, what: 'approve' })}
                      >
                        Approve
                      </button>
                      <button
                        type="button"
                        className="btn slim"
                        onClick={() => run.mutate({ id: one.id, what: 'refuse' })}
                      >
                        Refuse
                      </button>
                    </>
                  )}
                  {one.inForce && mayEnd && (
                    <button
                      type="button"
                      className="btn slim"
                      onClick={() => run.mutate({ id: one.id, what: 'end' })}
                    >
                      End it
                    </button>
                  )}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
