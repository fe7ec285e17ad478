import { Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { giveStanding, standingQuery, takeStandingBack } from '../../api/support.ts';
import { useApi, useMay, useSession } from '../../app/context.tsx';
import { Failure, FormProblem } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';

/** The customer's approval given beforehand: what makes break glass possible when nobody can be reached. */
export function StandingApprovals() {
  const api = useApi();
  const query = useQuery(standingQuery(api));
  const queryClient = useQueryClient();
  const changed = () => void queryClient.invalidateQueries({ queryKey: ['support', 'standing'] });
  const { tenancies } = useSession();
  const may = useMay('support.approve');
  const [tenancy, setTenancy] = useState<string | null>(tenancies[0]?.id ?? null);
  const give = useMutation({ mutationFn: () => giveStanding(api, tenancy ?? '', 90), onSuccess: changed });
  const back = useMutation({ mutationFn: (id: string) => takeStandingBack(api, id), onSuccess: changed });
  return (
    <section className="section stack">
      <h2>Approvals for emergencies, given beforehand</h2>
      <p className="muted">
        With one in force, two people of the provider’s may declare break glass for at most 60 minutes: with
        cleared engineers, recorded, both security officers told at once, and reviewed within two working
        days. Without one, break glass waits for the customer’s approval.
      </p>
      {query.isError && <Failure what="The list could not be loaded" error={query.error} />}
      {query.data && query.data.standing.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>Tenancy</th>
              <th>Signed by</th>
              <th>Given</th>
              <th>Ends</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {query.data.standing.map((one) => (
              <tr key={one.id}>
                <td className="mono">{one.tenancy}</td>
                <td>
                  {one.by.name} <span className="muted">{one.office}</span>
                </td>
                <td>
                  <Exact at={one.givenAt} />
                </td>
                <td>
                  <Exact at={one.withdrawnAt ?? one.expiresAt} />{' '}
                  {one.withdrawnAt && <span className="muted">taken back</span>}
                </td>
                <td>
                  {may && one.withdrawnAt === null && (
                    <button type="button" className="btn slim" onClick={() => back.mutate(one.id)}>
                      Take it back
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {may && (
        <div className="line">
          <Select
            label="Tenancy"
            data={tenancies.filter(({ internal }) => !internal).map(({ id }) => id)}
            value={tenancy}
            onChange={setTenancy}
          />
          <button
            type="button"
            className="btn main"
            disabled={tenancy === null || give.isPending}
            onClick={() => give.mutate()}
          >
            Sign for 90 days with your passkey
          </button>
        </div>
      )}
      <FormProblem error={give.error ?? back.error} />
    </section>
  );
}
