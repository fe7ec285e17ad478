import './controls.css';
import type { CustomerResponsibility } from '#contract/governance';
import type { ResponsibilityList } from '#contract/governance/controls';
import { Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { communityQuery } from '../../api/community.ts';
import { controlsKey } from '../../api/controls.ts';
import { responsibilitiesQuery, setResponsibility } from '../../api/tailoring.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { count } from '../../parts/words.ts';

const words: readonly CustomerResponsibility[] = [
  'Inherited',
  'Configurable',
  'Not Offered',
  'Consumer Responsibility',
  'Not Applicable',
];
type Row = ResponsibilityList['controls'][number];

/** What is left to each customer, control by control: by the service's matrix, or as was said for this one. */
export function CustomersPage() {
  const { system = '', tenancy: asked, text = '' } = useSearch({ from: '/inside/controls/customers' });
  const navigate = useNavigate({ from: '/controls/customers' });
  const api = useApi();
  const may = useMay('governance.manage');
  const community = useQuery(communityQuery(api));
  const customers = (community.data?.tenancies ?? []).filter(
    ({ internal, environment }) => !internal && (system === '' || environment === system),
  );
  const tenancy = customers.find(({ id }) => id === asked)?.id ?? customers[0]?.id ?? '';
  const query = useQuery(responsibilitiesQuery(api, tenancy));
  const [setting, setSetting] = useState<Row>();
  const wanted = text.trim().toLowerCase();
  const all = query.data?.controls ?? [];
  const rows = all.filter((one) =>
    `${one.control} ${one.statement} ${one.responsibility ?? ''} ${one.note}`.toLowerCase().includes(wanted),
  );
  const unsaid = all.filter(({ responsibility }) => responsibility === null).length;
  return (
    <div className="page">
      <div className="room-head">
        <Link className="btn slim" to="/controls" search={{ system }}>
          All controls
        </Link>
        <h1>What is left to customers</h1>
        <div className="line" role="group" aria-label="Which customer">
          {customers.map(({ id }) => (
            <button
              key={id}
              type="button"
              className="chip"
              aria-pressed={id === tenancy}
              onClick={() =>
                void navigate({ search: (before) => ({ ...before, tenancy: id }), replace: true })
              }
            >
              {id}
            </button>
          ))}
        </div>
      </div>
      {(community.isError || query.isError) && (
        <Failure
          what="What is left to customers could not be loaded"
          error={community.error ?? query.error}
          retry={() => void (community.isError ? community.refetch() : query.refetch())}
        />
      )}
      {community.data && customers.length === 0 && (
        <Empty title="There is no customer here">Add a tenancy of a customer under Community.</Empty>
      )}
      {tenancy !== '' && query.isPending && !query.isError && <Progress what="Loading the matrix" />}
      {query.data && (
        <>
          <div className="line section">
            <TextInput
              aria-label="Find controls"
              placeholder="Control, word or who"
              value={text}
              onChange={(event) => {
                const found = event.currentTarget.value;
                void navigate({
                  search: (before) => ({ ...before, text: found || undefined }),
                  replace: true,
                });
              }}
            />
            <span className="muted">
              {count(rows.length)} of {count(all.length)} shown; for {count(unsaid)} nobody said who does it
            </span>
          </div>
          <table className="table">
            <thead>
              <tr>
                <th>Control</th>
                <th>What it asks</th>
                <th>Who answers for it</th>
                <th>Left to the customer</th>
                <th>Note</th>
                <th>
                  <span className="unseen">What can be done</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((one) => (
                <tr key={one.control}>
                  <td className="mono">{one.control}</td>
                  <td>{one.statement}</td>
                  <td>{one.responsible ?? <span className="muted">nobody said</span>}</td>
                  <td>
                    {one.responsibility ?? <span className="muted">nobody said</span>}
                    {one.own && <div className="muted small">for this customer</div>}
                  </td>
                  <td>{one.note}</td>
                  <td>
                    {may && (
                      <button type="button" className="btn slim" onClick={() => setSetting(one)}>
                        Change
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {setting && <Change tenancy={tenancy} row={setting} close={() => setSetting(undefined)} />}
    </div>
  );
}

function Change({ tenancy, row, close }: { tenancy: string; row: Row; close: () => void }) {
  const api = useApi();
  const [value, setValue] = useState<string | null>(row.own ? row.responsibility : null);
  const [note, setNote] = useState(row.note);
  return (
    <FormDialog
      title={`${row.control} for ${tenancy}`}
      verb="Set it"
      ready
      send={() =>
        setResponsibility(api, tenancy, row.control, {
          responsibility: words.find((one) => one === value) ?? null,
          note: note.trim(),
        })
      }
      said={(one) => `${one.control}: ${one.responsibility ?? 'nobody said'}.`}
      asks={[controlsKey]}
      close={close}
    >
      <Select
        label="Left to this customer"
        description="Empty: as for all customers."
        clearable
        data={[...words]}
        value={value}
        onChange={setValue}
      />
      <Textarea
        label="Note"
        autosize
        minRows={2}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
