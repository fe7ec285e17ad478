import type { PolicyVersion } from '#contract/community/agreements';
import { TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { agreementsKey, whatIfQuery } from '../../api/agreements.ts';
import { useApi, useNotices } from '../../app/context.tsx';
import { FormProblem, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { plural } from '../../parts/words.ts';
import { StateMark } from './marks.tsx';

/** Approve, then publish for good; from when it counts is the publisher's to say, within the terms agreed to. */
export function Publishing({ version }: { version: PolicyVersion }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const notices = useNotices();
  const [from, setFrom] = useState('');
  const what = version.state === 'draft' ? 'approval' : 'publication';
  const step = useMutation({
    mutationFn: () =>
      api.send<PolicyVersion>(
        'POST',
        `/agreements/versions/${version.number}/${what}`,
        what === 'publication' && from !== '' ? { effectiveAt: new Date(from).toISOString() } : {},
      ),
    onSuccess: (made) => {
      void queryClient.invalidateQueries({ queryKey: agreementsKey });
      notices.show({ tone: 'done', text: `Version ${made.number} is ${made.state}.` });
    },
  });
  return (
    <div className="stack">
      {version.approvals.length > 0 && (
        <p className="small">Approved by {version.approvals.map(({ name }) => name).join(', ')}.</p>
      )}
      <div className="line">
        {what === 'publication' && (
          <TextInput
            type="datetime-local"
            aria-label="Takes effect"
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
        )}
        <button type="button" className="btn main" disabled={step.isPending} onClick={() => step.mutate()}>
          {what === 'approval' ? 'Approve this text' : 'Publish it for good'}
        </button>
        {what === 'publication' && (
          <span className="muted small">
            Without a date it takes effect when the notice that was agreed to is over, and never before.
          </span>
        )}
      </div>
      <FormProblem error={step.error} />
    </div>
  );
}

/** "What if it had to be agreed to by this day": also of a version that is out, for whoever has not signed yet. */
export function WhatIf({ version }: { version: PolicyVersion }) {
  const [on, setOn] = useState('');
  return (
    <div className="stack section">
      <div className="line">
        <TextInput
          type="date"
          aria-label="Mandatory on"
          value={on}
          onChange={(event) => setOn(event.currentTarget.value)}
        />
        <span className="muted small">
          What if it had to be agreed to by a day: choose one to see who would be without service.
        </span>
      </div>
      {on !== '' && <Effect number={version.number} on={new Date(on).toISOString()} />}
    </div>
  );
}

function Effect({ number, on }: { number: number; on: string }) {
  const query = useQuery(whatIfQuery(useApi(), number, on));
  if (query.isError) return <FormProblem error={query.error} />;
  if (!query.data) return <Progress what="Looking at the effect" />;
  const { earliest, effects } = query.data;
  const losing = effects.filter(({ losesService }) => losesService).length;
  return (
    <>
      <p className="small">
        {losing === 0 ? (
          'Nobody would lose service.'
        ) : (
          <b className="critical">{plural(losing, 'agreement')} would lapse.</b>
        )}
        {earliest !== null && Date.parse(on) < Date.parse(earliest) && (
          <>
            {' '}
            The terms agreed to allow no day before <Exact at={earliest} />.
          </>
        )}
      </p>
      <table className="table">
        <thead>
          <tr>
            <th>Organisation</th>
            <th>Environment</th>
            <th>Now</th>
            <th>On that day</th>
            <th>Why</th>
          </tr>
        </thead>
        <tbody>
          {effects.map((one) => (
            <tr key={`${one.organisation}/${one.environment}`}>
              <td>{one.name}</td>
              <td>{one.environment}</td>
              <td>
                <StateMark state={one.now} />
              </td>
              <td>
                <StateMark state={one.later} />
                {one.losesService && <b className="critical"> loses service</b>}
              </td>
              <td>{one.why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
