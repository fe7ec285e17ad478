import type { CanAnswer } from '#contract/community/gate';
import { Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { askFor, canQuery, type Question, requestsKey, requestsQuery } from '../../api/gate.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { plural } from '../../parts/words.ts';
import { Reasons } from './reasons.tsx';

/** The answer to one question, and what can be done about it. */
export function Answer({ question }: { question: Question }) {
  const api = useApi();
  const query = useQuery(canQuery(api, question));
  const requests = useQuery(requestsQuery(api)).data?.requests ?? [];
  const [asking, setAsking] = useState<CanAnswer['reasons'][number]>();
  if (query.isError)
    return (
      <Failure what="The gate could not be asked" error={query.error} retry={() => void query.refetch()} />
    );
  if (!query.data) return <Progress what="Asking the gate" />;
  const { permitted, reasons, assumed, toMend } = query.data;
  const first = reasons.filter(({ rule }) => toMend.includes(rule));
  const rest = reasons.filter(({ rule }) => !toMend.includes(rule));
  const waiting = new Set(
    requests
      .filter(
        ({ state, action, resource }) =>
          state === 'open' && action === question.action && resource.id === question.resource.id,
      )
      .map(({ rule }) => rule),
  );
  return (
    <section className="section" aria-label="The answer" aria-live="polite">
      <h2 className="line">
        {permitted ? (
          <HealthMark state="healthy" word="Yes" />
        ) : (
          <HealthMark state="failing" word={`No: ${plural(first.length, 'thing')} to be mended`} />
        )}
      </h2>
      {!permitted && (
        <Reasons
          reasons={first}
          act={(reason) =>
            reason.requestable &&
            (waiting.has(reason.rule) ? (
              <span className="muted">asked for</span>
            ) : (
              <button type="button" className="btn slim" onClick={() => setAsking(reason)}>
                Ask for it
              </button>
            ))
          }
        />
      )}
      {rest.length > 0 && (
        <details className="section">
          <summary>{plural(rest.length, 'more rule')} can’t be judged until that is mended</summary>
          <Reasons reasons={rest} />
        </details>
      )}
      <p className="muted small">
        Taken for granted, because it is known only when you do it: {assumed.join('; ')}.
      </p>
      {asking && <AskFor question={question} reason={asking} close={() => setAsking(undefined)} />}
    </section>
  );
}

function AskFor({
  question,
  reason,
  close,
}: {
  question: Question;
  reason: CanAnswer['reasons'][number];
  close: () => void;
}) {
  const api = useApi();
  const [note, setNote] = useState('');
  return (
    <FormDialog
      title="Ask for what is missing"
      verb="Send it"
      ready
      send={() => askFor(api, { ...question, rule: reason.rule, note: note.trim() })}
      said={() => `${reason.who_can_fix} can see that you ask for it.`}
      asks={[requestsKey]}
      close={close}
    >
      <p className="small">{reason.message}</p>
      <p className="muted small">
        It goes to: {reason.who_can_fix}. {reason.remedy}
      </p>
      <Textarea
        label="What for"
        description="What helps them to decide."
        autosize
        minRows={2}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
