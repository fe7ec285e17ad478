import type { PlannedChangeView } from '#contract/community/planned-changes';
import { Modal, Select, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changesKey } from '../../api/changes.ts';
import { useApi, useMay, useNotices, useSession } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { FormProblem } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { outcomeWord, riskWord, standing } from './words.ts';

/** One change, whole, and what is left to do about it: to decide by somebody else, then to close. */
export function ChangePane({ change, close }: { change: PlannedChangeView; close: () => void }) {
  return (
    <Modal opened onClose={close} title={change.title} size={720}>
      <div className="stack">
        <p className="line">
          <HealthMark {...standing(change)} />
          <span className="muted">
            {change.environment}, {riskWord[change.risk].toLowerCase()} risk, <Exact at={change.from} /> to{' '}
            <Exact at={change.until} />
          </span>
        </p>
        {change.emergencyReason !== null && <p className="high">Emergency: {change.emergencyReason}</p>}
        <Text title="Step by step" text={change.plan} />
        <Text title="How it is undone" text={change.backOut} />
        <p className="muted small">
          Asked for by {change.requestedBy.name}, <Exact at={change.requestedAt} />
        </p>
        {change.decidedBy !== null && change.decidedAt !== null && (
          <p className="small">
            {change.state === 'rejected' ? 'Rejected' : 'Approved'} by {change.decidedBy.name},{' '}
            <Exact at={change.decidedAt} />: {change.decisionNote}
          </p>
        )}
        {change.outcome !== null && change.closedAt !== null && (
          <p className="small">
            {outcomeWord[change.outcome]}, {change.closedBy}, <Exact at={change.closedAt} />:{' '}
            {change.outcomeNote}
          </p>
        )}
        <Decide change={change} />
        <Close change={change} />
      </div>
    </Modal>
  );
}

const Text = ({ title, text }: { title: string; text: string }) => (
  <section>
    <h3>{title}</h3>
    <p style={{ whiteSpace: 'pre-wrap' }}>{text}</p>
  </section>
);

function useStep(change: PlannedChangeView, what: 'decision' | 'outcome', said: string) {
  const api = useApi();
  const queryClient = useQueryClient();
  const notices = useNotices();
  return useMutation({
    mutationFn: (body: object) =>
      api.send<PlannedChangeView>('POST', `/changes/${encodeURIComponent(change.id)}/${what}`, body),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: changesKey });
      notices.show({ tone: 'done', text: said });
    },
  });
}

function Decide({ change }: { change: PlannedChangeView }) {
  const may = useMay('change.approve');
  const { user } = useSession();
  const [note, setNote] = useState('');
  const step = useStep(change, 'decision', `“${change.title}” is decided.`);
  if (change.state !== 'draft') return null;
  if (change.requestedBy.id === user.id)
    return <p className="muted">You asked for it: somebody else decides.</p>;
  if (!may) return null;
  const decide = (decision: 'approve' | 'reject') => step.mutate({ decision, note: note.trim() });
  return (
    <>
      <Textarea
        label="What you checked"
        required
        autosize
        minRows={1}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <FormProblem error={step.error} />
      <div className="dialog-foot">
        <button
          type="button"
          className="btn"
          disabled={note.trim() === '' || step.isPending}
          onClick={() => decide('reject')}
        >
          Reject
        </button>
        <button
          type="button"
          className="btn main"
          disabled={note.trim() === '' || step.isPending}
          onClick={() => decide('approve')}
        >
          Approve
        </button>
      </div>
    </>
  );
}

function Close({ change }: { change: PlannedChangeView }) {
  const may = useMay('change.request');
  const [outcome, setOutcome] = useState<string | null>('done');
  const [note, setNote] = useState('');
  const step = useStep(change, 'outcome', `“${change.title}” is closed.`);
  if (change.state !== 'approved' || !may) return null;
  return (
    <>
      <Select
        label="What came of it"
        allowDeselect={false}
        data={Object.entries(outcomeWord).map(([value, label]) => ({ value, label }))}
        value={outcome}
        onChange={setOutcome}
      />
      <Textarea
        label="In a sentence"
        required
        autosize
        minRows={1}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <FormProblem error={step.error} />
      <div className="dialog-foot">
        <button
          type="button"
          className="btn main"
          disabled={note.trim() === '' || step.isPending}
          onClick={() => step.mutate({ outcome, note: note.trim() })}
        >
          Close the change
        </button>
      </div>
    </>
  );
}
