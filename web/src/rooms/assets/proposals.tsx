import type { Proposal } from '#contract/assets';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { assetsKey } from '../../api/assets.ts';
import { useApi, useNotices, useTenancies } from '../../app/context.tsx';
import { TenancyBadge } from '../../parts/marks.tsx';
import { Empty, FormProblem } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { count } from '../../parts/words.ts';

/** Hosts that sent events and are in no inventory: taken in by a person, or put out of sight. */
export function Proposals({
  all,
  tenancies,
  may,
}: {
  all: readonly Proposal[];
  tenancies: readonly string[] | undefined;
  may: boolean;
}) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const known = useTenancies();
  const decide = useMutation({
    mutationFn: ({ one, decision }: { one: Proposal; decision: 'accept' | 'ignore' }) =>
      api.send('POST', '/assets/proposals/decision', {
        tenancy: one.tenancy,
        hostnames: [one.hostname],
        decision,
      }),
    onSuccess: (_answer, { one, decision }) => {
      void queryClient.invalidateQueries({ queryKey: assetsKey });
      notices.show({
        tone: 'done',
        text:
          decision === 'accept'
            ? `${one.hostname} is in the inventory.`
            : `${one.hostname} is ignored. It can be accepted later.`,
      });
    },
  });
  const shown = all.filter(
    ({ state, tenancy }) => state !== 'accepted' && (tenancies === undefined || tenancies.includes(tenancy)),
  );
  if (shown.length === 0)
    return (
      <Empty title="No host is proposed">
        Every host that sent events in the last day is in the inventory. This is looked at every five minutes.
      </Empty>
    );
  return (
    <>
      <FormProblem error={decide.error} />
      <div className="scroll bleed" tabIndex={0} role="region" aria-label="Proposed hosts">
        <table className="table">
          <thead>
            <tr>
              <th>Host</th>
              <th>Tenancy</th>
              <th>First seen</th>
              <th>Last seen</th>
              <th className="number">Events in a day</th>
              <th>State</th>
              {may && <th>Decide</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={`${one.tenancy} ${one.hostname}`}>
                <td className="mono">{one.hostname}</td>
                <td>
                  <TenancyBadge tenancy={known.get(one.tenancy)} id={one.tenancy} name />
                </td>
                <td>
                  <Ago at={one.firstSeenAt} suffix />
                </td>
                <td>
                  <Ago at={one.lastSeenAt} suffix />
                </td>
                <td className="number">{count(one.events)}</td>
                <td className={one.state === 'ignored' ? 'muted' : ''}>
                  {one.state === 'ignored' ? `Ignored by ${one.decidedBy ?? 'somebody'}` : 'Proposed'}
                </td>
                {may && (
                  <td>
                    <span className="line">
                      <button
                        type="button"
                        className="btn slim"
                        disabled={decide.isPending}
                        onClick={() => decide.mutate({ one, decision: 'accept' })}
                      >
                        Accept<span className="unseen"> {one.hostname}</span>
                      </button>
                      {one.state === 'proposed' && (
                        <button
                          type="button"
                          className="btn slim"
                          disabled={decide.isPending}
                          onClick={() => decide.mutate({ one, decision: 'ignore' })}
                        >
                          Ignore<span className="unseen"> {one.hostname}</span>
                        </button>
                      )}
                    </span>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
