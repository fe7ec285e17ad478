import type { Review, ReviewDetail, ReviewItem } from '#contract/identity/reviews';
import { Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { communityQuery } from '../../api/community.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty, Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Ago, Exact } from '../../parts/when.tsx';
import { roleWord } from '../../parts/words.ts';

export function Reviews() {
  const api = useApi();
  const may = useMay('person.manage');
  const [starting, setStarting] = useState(false);
  const [open, setOpen] = useState<string>();
  const query = useQuery({
    queryKey: ['reviews'],
    queryFn: ({ signal }) => api.get<{ reviews: Review[] }>('/reviews', undefined, signal),
  });
  if (query.isError)
    return (
      <Failure
        what="The reviews could not be loaded"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  if (!query.data) return <Progress what="Loading reviews" />;
  if (open !== undefined) return <OneReview id={open} back={() => setOpen(undefined)} />;
  const start = (
    <button type="button" className="btn main" onClick={() => setStarting(true)}>
      Start a review
    </button>
  );
  return (
    <>
      {query.data.reviews.length === 0 ? (
        <Empty title="No access review yet" action={may && start}>
          Somebody looks at each account and says whether it is still needed. Accounts that nobody spoke for
          by the end are suspended.
        </Empty>
      ) : (
        <>
          {may && <p className="section">{start}</p>}
          <table className="table section">
            <thead>
              <tr>
                <th>Review</th>
                <th>Accounts of</th>
                <th className="number">Decided</th>
                <th>Ends</th>
                <th>State</th>
                <th>
                  <span className="unseen">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {query.data.reviews.map((one) => (
                <tr key={one.id}>
                  <td>
                    <b>{one.name}</b>
                    <div className="muted small">
                      by {one.startedBy}, <Ago at={one.startedAt} suffix />
                    </div>
                  </td>
                  <td>{one.organisation ?? 'the whole community'}</td>
                  <td className="number">
                    {one.decided} of {one.accounts}
                  </td>
                  <td>
                    <Exact at={one.dueAt} />
                  </td>
                  <td>
                    {one.closedAt ? (
                      <HealthMark state="healthy" word="Closed" />
                    ) : (
                      <HealthMark state={one.decided < one.accounts ? 'unknown' : 'healthy'} word="Open" />
                    )}
                  </td>
                  <td className="number">
                    <button type="button" className="btn slim" onClick={() => setOpen(one.id)}>
                      Open
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {starting && <StartReview close={() => setStarting(false)} opened={setOpen} />}
    </>
  );
}

function StartReview({ close, opened }: { close: () => void; opened: (id: string) => void }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const { data: community } = useQuery(communityQuery(api));
  const [name, setName] = useState('');
  const [organisation, setOrganisation] = useState<string | null>('');
  const [days, setDays] = useState<string | null>('14');
  const start = useMutation({
    mutationFn: () =>
      api.send<ReviewDetail>('POST', '/reviews', {
        name: name.trim(),
        organisation: organisation || null,
        days: Number(days),
      }),
    onSuccess: ({ review }) => {
      void queryClient.invalidateQueries({ queryKey: ['reviews'] });
      close();
      opened(review.id);
    },
  });
  return (
    <Modal opened onClose={close} title="Start an access review" size={480}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) start.mutate();
        }}
      >
        <TextInput
          label="Name"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={120}
          data-autofocus
        />
        <Select
          label="Accounts of"
          allowDeselect={false}
          data={[
            { value: '', label: 'All that I manage' },
            ...(community?.organisations ?? []).map((one) => ({ value: one.id, label: one.name })),
          ]}
          value={organisation}
          onChange={setOrganisation}
        />
        <Select
          label="Closes by itself after"
          description="Accounts that nobody decided about are suspended then."
          allowDeselect={false}
          data={['7', '14', '30', '90'].map((value) => ({ value, label: `${value} days` }))}
          value={days}
          onChange={setDays}
        />
        <FormProblem error={start.error} />
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button type="submit" className="btn main" disabled={!name.trim() || start.isPending}>
            Start
          </button>
        </div>
      </form>
    </Modal>
  );
}

function OneReview({ id, back }: { id: string; back: () => void }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const may = useMay('person.manage');
  const key = ['reviews', id];
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<ReviewDetail>(`/reviews/${encodeURIComponent(id)}`, undefined, signal),
  });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState('');
  const [ending, setEnding] = useState(false);
  const answered = (detail: ReviewDetail) => {
    setChosen(new Set());
    setReason('');
    setEnding(false);
    queryClient.setQueryData(key, detail);
    void queryClient.invalidateQueries({ queryKey: ['reviews'], exact: true });
    void queryClient.invalidateQueries({ queryKey: ['users'] });
  };
  const decide = useMutation({
    mutationFn: (decision: 'keep' | 'remove') =>
      api.send<ReviewDetail>('POST', `/reviews/${encodeURIComponent(id)}/decisions`, {
        users: [...chosen],
        decision,
        reason: reason.trim(),
      }),
    onSuccess: answered,
  });
  const end = useMutation({
    mutationFn: () => api.send<ReviewDetail>('POST', `/reviews/${encodeURIComponent(id)}/end`),
    onSuccess: answered,
  });
  if (query.isError)
    return (
      <Failure what="The review could not be loaded" error={query.error} retry={() => void query.refetch()} />
    );
  if (!query.data) return <Progress what="Loading the review" />;
  const { review, items } = query.data;
  const open = review.closedAt === null && may;
  const undecided = items.filter((item) => item.decision === null && item.suspendedWhy === null);
  const toggle = (user: string) => {
    const next = new Set(chosen);
    if (!next.delete(user)) next.add(user);
    setChosen(next);
  };
  return (
    <>
      <div className="line section">
        <button type="button" className="btn slim" onClick={back}>
          All reviews
        </button>
        <h2>{review.name}</h2>
        <span className="muted">
          {review.decided} of {review.accounts} decided, {review.closedAt ? 'closed' : 'ends'}{' '}
          <Exact at={review.closedAt ?? review.dueAt} />
        </span>
      </div>
      {open && (
        <form className="line section" onSubmit={(event) => event.preventDefault()}>
          <button
            type="button"
            className="btn slim"
            onClick={() => setChosen(new Set(undecided.filter(({ own }) => !own).map(({ user }) => user)))}
          >
            Choose all undecided
          </button>
          <TextInput
            aria-label="Reason"
            placeholder="Reason: asked their manager"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            className="grow"
          />
          <button
            type="button"
            className="btn main"
            disabled={chosen.size === 0 || !reason.trim() || decide.isPending}
            onClick={() => decide.mutate('keep')}
          >
            Keep {chosen.size || ''}
          </button>
          <button
            type="button"
            className="btn"
            disabled={chosen.size === 0 || !reason.trim() || decide.isPending}
            onClick={() => decide.mutate('remove')}
          >
            Suspend {chosen.size || ''}
          </button>
        </form>
      )}
      <FormProblem error={decide.error ?? end.error} />
      <table className="table section">
        <thead>
          <tr>
            {open && (
              <th>
                <span className="unseen">Choose</span>
              </th>
            )}
            <th>Person</th>
            <th>Organisation</th>
            <th>Roles</th>
            <th className="number">Last sign-in</th>
            <th>Decision</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.user}>
              {open && (
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Choose ${item.name}`}
                    disabled={item.own}
                    checked={chosen.has(item.user)}
                    onChange={() => toggle(item.user)}
                  />
                </td>
              )}
              <td>
                <b>{item.name}</b>
                <div className="muted small">{item.own ? 'you: a colleague decides' : item.email}</div>
              </td>
              <td>{item.organisation}</td>
              <td>{item.roles.map((role) => roleWord[role]).join(', ')}</td>
              <td className="number muted">{item.lastSignInAt ? <Ago at={item.lastSignInAt} /> : 'never'}</td>
              <td>
                <Decided item={item} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {open && (
        <p className="section">
          {ending ? (
            // It suspends people, so the same place asks once more.
            <button
              type="button"
              className="btn critical"
              autoFocus
              disabled={end.isPending}
              onClick={() => end.mutate()}
              onBlur={() => setEnding(false)}
            >
              Close it and suspend {undecided.length} undecided
            </button>
          ) : (
            <button type="button" className="btn" onClick={() => setEnding(true)}>
              Close the review
            </button>
          )}
        </p>
      )}
    </>
  );
}

function Decided({ item }: { item: ReviewItem }) {
  if (item.decision === null)
    return item.suspendedWhy === null ? (
      <HealthMark state="unknown" word="Undecided" />
    ) : (
      <HealthMark state="failing" word="Suspended" />
    );
  return (
    <>
      <HealthMark
        state={item.decision === 'keep' ? 'healthy' : 'failing'}
        word={item.decision === 'keep' ? 'Kept' : 'Suspended'}
      />
      <div className="muted small">
        {item.reason}, {item.decidedBy}
      </div>
    </>
  );
}
