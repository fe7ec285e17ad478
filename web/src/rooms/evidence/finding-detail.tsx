import { Modal, Select, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { evidenceKey, type FindingDetail as Detail, findingQuery } from '../../api/evidence.ts';
import { useApi, useMay, useNow } from '../../app/context.tsx';
import { Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { Due } from './due.tsx';

type Person = { readonly id: string; readonly name: string };

export function FindingDetail({
  id,
  people,
  close,
}: {
  id: string;
  people: readonly Person[];
  close: () => void;
}) {
  const query = useQuery(findingQuery(useApi(), id));
  const now = useNow(60);
  const may = useMay('governance.manage');
  const one = query.data;
  return (
    <Modal opened onClose={close} title={one ? `${one.control}: ${one.title}` : 'Finding'} size={860}>
      {query.isError && <Failure what="The finding could not be loaded" error={query.error} />}
      {query.isPending && !query.isError && <Progress what="Loading the finding" />}
      {one && (
        <div className="stack">
          <p>{one.because}</p>
          <dl className="facts">
            <dt>Due</dt>
            <dd>
              <Due finding={one} now={now} />
            </dd>
            <dt>Opened</dt>
            <dd>
              <Exact at={one.openedAt} />,{' '}
              {one.origin === 'drift' ? 'it was met before' : 'it was not met when first judged'}
            </dd>
            <dt>Last judged</dt>
            <dd>
              <Exact at={one.lastJudgedAt} />: {lastWord[one.lastStatus]}
            </dd>
          </dl>
          {may && one.state !== 'closed' && <Work key={one.history.length} finding={one} people={people} />}
          <Failing failing={one.failing} failed={one.failed} />
          <History history={one.history} />
        </div>
      )}
    </Modal>
  );
}

const lastWord = {
  satisfied: 'met',
  'not-satisfied': 'not met',
  unknown: 'unknown. It stays open until evidence shows that it is met',
} as const;

function Work({ finding, people }: { finding: Detail; people: readonly Person[] }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const [owner, setOwner] = useState<string | null>(finding.owner?.id ?? null);
  const [note, setNote] = useState('');
  const save = useMutation({
    mutationFn: () =>
      api.send<Detail>('PATCH', `/evidence/findings/${encodeURIComponent(finding.id)}`, {
        ...(owner !== (finding.owner?.id ?? null) && { owner }),
        ...(note.trim() !== '' && { note: note.trim() }),
      }),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: evidenceKey }),
  });
  const changed = owner !== (finding.owner?.id ?? null) || note.trim() !== '';
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Select
        label="Owner"
        placeholder="Nobody"
        clearable
        data={people.map((person) => ({ value: person.id, label: person.name }))}
        value={owner}
        onChange={setOwner}
      />
      <Textarea
        label="Note"
        rows={2}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <FormProblem error={save.error} />
      <div>
        <button type="submit" className="btn main" disabled={!changed || save.isPending}>
          Save
        </button>{' '}
        <span className="muted small">It closes by itself when evidence shows that the control is met.</span>
      </div>
    </form>
  );
}

function Failing({ failing, failed }: Pick<Detail, 'failing' | 'failed'>) {
  if (failing.length === 0) return null;
  return (
    <section aria-label="What fails">
      <h2 className="small">
        {failed > failing.length ? `The first ${failing.length} of ${failed} that fail` : 'What fails'}
      </h2>
      <div className="evidence-scroll" tabIndex={0} role="region" aria-label="What fails, as a table">
        <table className="table">
          <tbody>
            {failing.map((one) => (
              <tr key={`${one.subject} ${one.why}`}>
                <td className="evidence-subject">{one.subject}</td>
                <td className="muted">{one.why}</td>
                <td>{one.due && <>due {one.due.slice(0, 10)}</>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function History({ history }: Pick<Detail, 'history'>) {
  return (
    <section aria-label="History">
      <h2 className="small">History</h2>
      <table className="table">
        <tbody>
          {history.map((one) => (
            <tr key={`${one.at} ${one.what} ${one.note}`}>
              <td>
                <Exact at={one.at} />
              </td>
              <td>{one.what.replaceAll('-', ' ')}</td>
              <td>{one.by}</td>
              <td className="muted">{one.note}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
