import type { Outcome } from '#contract/soc/triage';
import { Modal, Textarea, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Kbd } from '../../parts/marks.tsx';
import { outcomeHint, outcomes, outcomeWord, plural } from '../../parts/words.ts';
import { type Do, type Target, targetSize } from './use-alert-actions.tsx';

export type Asked = {
  readonly kind: 'close' | 'false-positive' | 'escalate' | 'note' | 'reopen';
  readonly target: Target;
};
type Answer = (action: Do) => Promise<boolean>;

const titles: Readonly<Record<Asked['kind'], (size: number) => string>> = {
  close: (size) => `Close ${plural(size, 'alert')}`,
  'false-positive': (size) => `Close ${plural(size, 'alert')} as false positive`,
  escalate: (size) => `Escalate ${plural(size, 'alert')}`,
  note: (size) => `Note on ${plural(size, 'alert')}`,
  reopen: (size) => `Reopen ${plural(size, 'alert')}`,
};

/** One dialog at a time, over the queue or the alert page. */
export function AlertDialog({
  asked,
  answer,
  close,
}: {
  asked: Asked | undefined;
  answer: Answer;
  close: () => void;
}) {
  const [kept, setKept] = useState(asked);
  useEffect(() => {
    if (asked) setKept(asked);
  }, [asked]);
  const shown = asked ?? kept;
  return (
    <Modal
      opened={asked !== undefined}
      onClose={close}
      title={shown ? titles[shown.kind](targetSize(shown.target)) : ''}
      size={480}
    >
      {shown && (shown.kind === 'close' || shown.kind === 'false-positive') && (
        <CloseForm
          key={shown.kind}
          preset={shown.kind === 'false-positive' ? 'false-positive' : undefined}
          answer={answer}
          close={close}
        />
      )}
      {shown && (shown.kind === 'escalate' || shown.kind === 'reopen') && (
        <ReasonForm kind={shown.kind} answer={answer} close={close} />
      )}
      {shown?.kind === 'note' && <NoteForm answer={answer} close={close} />}
    </Modal>
  );
}

/** Outcome by 1 to 4 or the arrows, then the reason, then Enter. */
function CloseForm({
  preset,
  answer,
  close,
}: {
  preset: Outcome | undefined;
  answer: Answer;
  close: () => void;
}) {
  const [outcome, setOutcome] = useState<Outcome | undefined>(preset);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const reasonInput = useRef<HTMLInputElement>(null);
  const send = async () => {
    setTried(true);
    if (!outcome || reason.trim().length < 3) return;
    if (await answer({ action: 'close', outcome, reason: reason.trim() })) close();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.target instanceof HTMLInputElement && event.target.type !== 'radio') return;
        const picked = outcomes[Number(event.key) - 1];
        if (!picked) return;
        event.preventDefault();
        setOutcome(picked);
        reasonInput.current?.focus();
      }}
    >
      <fieldset className="outcomes">
        <legend className="unseen">Outcome</legend>
        {outcomes.map((one, at) => (
          <label key={one} className={outcome === one ? 'on' : ''}>
            <input
              type="radio"
              name="outcome"
              value={one}
              checked={outcome === one}
              onChange={() => setOutcome(one)}
              data-autofocus={!preset && at === 0 ? true : undefined}
            />
            <span className="grow">
              <b>{outcomeWord[one]}</b>
              <span className="muted small">{outcomeHint[one]}</span>
            </span>
            <Kbd>{String(at + 1)}</Kbd>
          </label>
        ))}
      </fieldset>
      {tried && !outcome && <p className="critical small">Choose what it was.</p>}
      <TextInput
        ref={reasonInput}
        label="Reason"
        description="Kept with the alert, and shown the next time this rule fires on the same entity."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={tried && reason.trim().length < 3 ? 'Say in a few words why.' : undefined}
        maxLength={2000}
        data-autofocus={preset ? true : undefined}
      />
      <Foot close={close} verb={outcome ? `Close as ${outcomeWord[outcome].toLowerCase()}` : 'Close'} />
    </form>
  );
}

function ReasonForm({
  kind,
  answer,
  close,
}: {
  kind: 'escalate' | 'reopen';
  answer: Answer;
  close: () => void;
}) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const send = async () => {
    setTried(true);
    if (reason.trim().length >= 3 && (await answer({ action: kind, reason: reason.trim() }))) close();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextInput
        label="Reason"
        description={
          kind === 'escalate' ? 'The shift lead reads this first.' : 'Why it should be looked at again.'
        }
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={tried && reason.trim().length < 3 ? 'Say in a few words why.' : undefined}
        maxLength={2000}
        data-autofocus
      />
      <Foot close={close} verb={kind === 'escalate' ? 'Escalate' : 'Reopen'} />
    </form>
  );
}

function NoteForm({ answer, close }: { answer: Answer; close: () => void }) {
  const [note, setNote] = useState('');
  const send = async () => {
    if (note.trim() && (await answer({ action: 'note', note: note.trim() }))) close();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void send();
      }}
    >
      <Textarea
        label="Note"
        description="Ctrl and Enter keeps it."
        rows={5}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={10_000}
        data-autofocus
      />
      <Foot close={close} verb="Keep the note" />
    </form>
  );
}

const Foot = ({ close, verb }: { close: () => void; verb: string }) => (
  <div className="dialog-foot">
    <button type="button" className="btn" onClick={close}>
      Cancel
    </button>
    <button type="submit" className="btn main">
      {verb}
      <Kbd>Enter</Kbd>
    </button>
  </div>
);
