import './controls.css';
import type { TailoringInput, TailoringView } from '#contract/governance/frameworks';
import { Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { controlsKey } from '../../api/controls.ts';
import { decideTailoring, proposeTailoring, tailoringQuery } from '../../api/tailoring.ts';
import { useApi, useMay, useNotices } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty, Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';

const choices = {
  include: 'Taken in beyond the profile',
  exclude: 'Left out of the profile',
  'as-profile': 'As the profile has it',
} as const;

/** What a system takes in beyond its profile and leaves out of it: proposed by one, decided by another. */
export function TailoringPage() {
  const { system = '' } = useSearch({ from: '/inside/controls/tailoring' });
  const query = useQuery(tailoringQuery(useApi(), system));
  const may = useMay('governance.manage');
  const [adding, setAdding] = useState(false);
  const all = query.data?.tailoring ?? [];
  // Every state is in the list, newest first: the first of a control is how it is now.
  const seen = new Set<string>();
  const newest = all.filter(({ control }) => !seen.has(control) && seen.add(control));
  return (
    <div className="page">
      <div className="room-head">
        <Link className="btn slim" to="/controls" search={{ system }}>
          All controls
        </Link>
        <h1>Tailoring of {system}</h1>
        {may && (
          <button type="button" className="btn main" onClick={() => setAdding(true)}>
            Propose a change
          </button>
        )}
      </div>
      {query.isError && (
        <Failure
          what="The tailoring could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the tailoring" />}
      {query.data && newest.length === 0 && (
        <Empty title="It is assessed against the profile as it is">
          A control that can’t apply here is left out, and one the profile lacks is taken in, with a reason
          that a colleague agrees to. What is left out stays in the list and in every report.
        </Empty>
      )}
      {newest.length > 0 && <Newest system={system} rows={newest} />}
      {all.length > newest.length && (
        <section className="section">
          <h2>Before</h2>
          <ul>
            {all
              .filter((one) => !newest.includes(one))
              .map((one) => (
                <li key={`${one.control} ${one.version}`}>
                  <span className="mono">{one.control}</span>: {choices[one.choice].toLowerCase()},{' '}
                  {one.state} by {one.by}, <Ago at={one.at} suffix />
                </li>
              ))}
          </ul>
        </section>
      )}
      {adding && <Propose system={system} close={() => setAdding(false)} />}
    </div>
  );
}

function Newest({ system, rows }: { system: string; rows: readonly TailoringView[] }) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const mayDecide = useMay('risk.accept');
  const run = useMutation({
    mutationFn: ({ control, what }: { control: string; what: 'approve' | 'refuse' | 'withdraw' }) =>
      decideTailoring(api, system, control, what),
    onSuccess: (after) => {
      void queryClient.invalidateQueries({ queryKey: controlsKey });
      notices.show({ tone: 'done', text: `The tailoring of ${after.control} is ${after.state} now.` });
    },
  });
  return (
    <>
      <FormProblem error={run.error} />
      <table className="table section">
        <thead>
          <tr>
            <th>Control</th>
            <th>What</th>
            <th>State</th>
            <th>Why</th>
            <th>Proposed by</th>
            <th>Decided by</th>
            <th>
              <span className="unseen">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.control}>
              <td>
                <Link
                  className="mono"
                  to="/controls/$system/$control"
                  params={{ system, control: one.control }}
                >
                  {one.control}
                </Link>
              </td>
              <td>{choices[one.choice]}</td>
              <td>
                <HealthMark
                  state={
                    one.state === 'approved' ? 'healthy' : one.state === 'proposed' ? 'unknown' : 'degraded'
                  }
                  word={one.state}
                />
                {one.note && <div className="muted small">{one.note}</div>}
              </td>
              <td>{one.reason}</td>
              <td>
                {one.proposedBy}, <Ago at={one.proposedAt} suffix />
              </td>
              <td>{one.state === 'proposed' ? <span className="muted">nobody yet</span> : one.by}</td>
              <td>
                {one.state === 'proposed' && mayDecide && (
                  <span className="line">
                    {(['approve', 'refuse'] as const).map((what) => (
                      <button
                        key={what}
                        type="button"
                        className="btn slim"
                        disabled={run.isPending}
                        onClick={() => run.mutate({ control: one.control, what })}
                      >
                        {what === 'approve' ? 'Approve' : 'Refuse'}
                      </button>
                    ))}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const isChoice = (value: string | null): value is TailoringInput['choice'] =>
  value !== null && value in choices;

function Propose({ system, close }: { system: string; close: () => void }) {
  const api = useApi();
  const [control, setControl] = useState('');
  const [choice, setChoice] = useState<TailoringInput['choice']>('exclude');
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title={`Tailor ${system}`}
      verb="Propose it"
      ready={control.trim() !== '' && reason.trim() !== ''}
      send={() =>
        proposeTailoring(api, system, {
          control: control.trim().toLowerCase(),
          choice,
          reason: reason.trim(),
        })
      }
      said={(one) => `Proposed for ${one.control}. Somebody else has to agree.`}
      asks={[controlsKey]}
      close={close}
    >
      <TextInput
        label="Control"
        placeholder="ism-1486"
        required
        value={control}
        onChange={(event) => setControl(event.currentTarget.value)}
      />
      <Select
        label="What"
        allowDeselect={false}
        data={[
          { value: 'exclude', label: 'Leave it out of the profile' },
          { value: 'include', label: 'Take it in beyond the profile' },
          { value: 'as-profile', label: 'As the profile has it, as before' },
        ]}
        value={choice}
        onChange={(value) => isChoice(value) && setChoice(value)}
      />
      <Textarea
        label="Why"
        description="An assessor reads this first."
        required
        autosize
        minRows={2}
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
