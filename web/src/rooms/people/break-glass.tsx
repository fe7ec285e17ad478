import type { BreakGlassView } from '#contract/identity/break-glass';
import { Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi, useSession } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty, Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { CopyButton } from '../../parts/value.tsx';
import { Exact } from '../../parts/when.tsx';

type Account = BreakGlassView['accounts'][number];
type Half = { account: Account; half: 'first' | 'second'; secret: string };

const stateMark = {
  none: { state: 'failing', word: 'No halves' },
  half: { state: 'unknown', word: 'One half made' },
  ready: { state: 'healthy', word: 'Ready' },
  spent: { state: 'failing', word: 'Used: make new halves' },
} as const;

export function BreakGlass() {
  const api = useApi();
  const queryClient = useQueryClient();
  const { user: me } = useSession();
  const query = useQuery({
    queryKey: ['break-glass'],
    queryFn: ({ signal }) => api.get<BreakGlassView>('/break-glass', undefined, signal),
  });
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<Half>();
  const [reviewing, setReviewing] = useState<string>();
  const shown = (half: Half) => {
    setAdding(false);
    setMade(half);
    void queryClient.invalidateQueries({ queryKey: ['break-glass'] });
  };
  const makeHalf = useMutation({
    mutationFn: (account: Account) =>
      api.send<Half>('POST', `/break-glass/${encodeURIComponent(account.user)}/half`),
    onSuccess: shown,
  });
  if (query.isError)
    return (
      <Failure
        what="The break-glass accounts could not be loaded"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  if (!query.data) return <Progress what="Loading break-glass accounts" />;
  const { accounts, uses } = query.data;
  const add = (
    <button type="button" className="btn main" onClick={() => setAdding(true)}>
      Make a break-glass account
    </button>
  );
  return (
    <>
      {accounts.length === 0 ? (
        <Empty title="No break-glass account" action={add}>
          For the day when nobody can sign in otherwise. Its secret is two halves, each shown once to a
          different administrator, to be kept apart, on paper.
        </Empty>
      ) : (
        <>
          <p className="section">{add}</p>
          <table className="table section">
            <thead>
              <tr>
                <th>Account</th>
                <th>State</th>
                <th>Tried since it was made</th>
                <th>
                  <span className="unseen">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {accounts.map((account) => (
                <tr key={account.user}>
                  <td>
                    <b>{account.name}</b>
                    <div className="muted small">{account.email}</div>
                  </td>
                  <td>
                    <HealthMark {...stateMark[account.state]} />
                  </td>
                  <td>{account.tested ? 'yes' : 'not yet'}</td>
                  <td className="number">
                    {account.state === 'half' && account.holders.includes(me.id) ? (
                      <span className="muted">another administrator makes the second half</span>
                    ) : (
                      <button
                        type="button"
                        className="btn slim"
                        disabled={makeHalf.isPending}
                        onClick={() => makeHalf.mutate(account)}
                      >
                        {account.state === 'half' ? 'Make the second half' : 'Make new halves'}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <FormProblem error={makeHalf.error} />
      {uses.length > 0 && (
        <>
          <h2 className="section">Uses and tests</h2>
          <table className="table section">
            <thead>
              <tr>
                <th>When</th>
                <th>Why</th>
                <th>Review due</th>
                <th>Outcome</th>
              </tr>
            </thead>
            <tbody>
              {uses.map((use) => (
                <tr key={use.id}>
                  <td>
                    <Exact at={use.at} />
                    {use.test && <div className="muted small">a test</div>}
                  </td>
                  <td>{use.reason}</td>
                  <td>
                    <Exact at={use.reviewDueAt} />
                  </td>
                  <td>
                    {use.reviewedBy ? (
                      <>
                        {use.outcome}
                        <div className="muted small">{use.reviewedBy}</div>
                      </>
                    ) : (
                      <button type="button" className="btn slim" onClick={() => setReviewing(use.id)}>
                        Review
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {adding && <AddAccount close={() => setAdding(false)} made={shown} />}
      {reviewing !== undefined && <ReviewUse id={reviewing} close={() => setReviewing(undefined)} />}
      {made && (
        <Modal opened onClose={() => setMade(undefined)} title={`The ${made.half} half`} size={560}>
          <p>
            <b>Write it down or print it now: it is shown this once.</b> Seal it, and keep it apart from the
            other half.
          </p>
          <div className="line section">
            <span className="mono grow box code">{made.secret}</span>
            <CopyButton text={made.secret} what="half" />
          </div>
          <div className="dialog-foot">
            <button type="button" className="btn main" onClick={() => setMade(undefined)}>
              I have it
            </button>
          </div>
        </Modal>
      )}
    </>
  );
}

function AddAccount({ close, made }: { close: () => void; made: (half: Half) => void }) {
  const api = useApi();
  const [name, setName] = useState('Break glass');
  const [email, setEmail] = useState('');
  const add = useMutation({
    mutationFn: () => api.send<Half>('POST', '/break-glass', { name: name.trim(), email: email.trim() }),
    onSuccess: made,
  });
  return (
    <Modal opened onClose={close} title="Make a break-glass account" size={480}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <TextInput
          label="Name"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={120}
        />
        <TextInput
          label="Email"
          description="It names the account; no mail is sent to it."
          type="email"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          maxLength={254}
          data-autofocus
        />
        <FormProblem error={add.error} />
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button
            type="submit"
            className="btn main"
            disabled={!name.trim() || !email.trim() || add.isPending}
          >
            Make it, and show the first half
          </button>
        </div>
      </form>
    </Modal>
  );
}

function ReviewUse({ id, close }: { id: string; close: () => void }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const [outcome, setOutcome] = useState('');
  const review = useMutation({
    mutationFn: () =>
      api.send('POST', `/break-glass/uses/${encodeURIComponent(id)}/review`, { outcome: outcome.trim() }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['break-glass'] });
      close();
    },
  });
  return (
    <Modal opened onClose={close} title="Review a use" size={480}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (outcome.trim()) review.mutate();
        }}
      >
        <TextInput
          label="What came of it"
          description="Was it needed, what was done with it, what changes."
          required
          value={outcome}
          onChange={(event) => setOutcome(event.currentTarget.value)}
          maxLength={1000}
          data-autofocus
        />
        <FormProblem error={review.error} />
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button type="submit" className="btn main" disabled={!outcome.trim() || review.isPending}>
            Close the review
          </button>
        </div>
      </form>
    </Modal>
  );
}
