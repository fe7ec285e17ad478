import type { ObligationList } from '#contract/community/agreements';
import { Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { agreementsKey, obligationsQuery } from '../../api/agreements.ts';
import { useApi, useMay, useNow, useSession } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { ownerWord } from './marks.tsx';
import { triggerWord } from './policy-text.tsx';

type Owed = ObligationList['owed'][number];

/** Each side says it of what it owes itself; what the system enforces all the time needs nobody's word. */
const isOurs = ({ obligation, dueAt }: Owed, ofProvider: boolean): boolean =>
  (obligation.system !== 'enforce' || dueAt !== null) &&
  (obligation.owner === 'both' || (obligation.owner === 'provider') === ofProvider);

/** What each side owes by what was agreed to, soonest first, and who is responsible for which service. */
export function Obligations() {
  const query = useQuery(obligationsQuery(useApi()));
  const now = useNow(60);
  const may = useMay('person.manage');
  const ofProvider = useSession().tenancies.some(({ internal }) => internal);
  const [done, setDone] = useState<Owed>();
  if (query.isError)
    return (
      <Failure
        what="The obligations could not be loaded"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  if (!query.data) return <Progress what="Loading obligations" />;
  const { owed, responsibilities } = query.data;
  if (owed.length === 0)
    return <Empty title="Nothing is owed yet">Obligations come with an agreement in force.</Empty>;
  const sorted = owed.toSorted((a, b) => (a.dueAt ?? '9999').localeCompare(b.dueAt ?? '9999'));
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th>Clause</th>
            <th>What</th>
            <th>Who</th>
            <th>When</th>
            <th>Due</th>
            <th>Where</th>
            {may && (
              <th>
                <span className="unseen">Action</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => (
            <tr key={`${one.place.organisation}/${one.place.environment}/${one.obligation.id}`}>
              <td className="mono">{one.clause.number}</td>
              <td>
                {one.obligation.summary}
                {one.lastDone && (
                  <div className="muted small">
                    Last done <Exact at={one.lastDone.at} /> by {one.lastDone.by}: {one.lastDone.note}
                  </div>
                )}
              </td>
              <td>{ownerWord[one.obligation.owner]}</td>
              <td>{triggerWord(one.obligation)}</td>
              <td className={one.dueAt !== null && Date.parse(one.dueAt) <= now ? 'critical' : ''}>
                {one.dueAt === null ? <span className="muted">–</span> : <Exact at={one.dueAt} />}
              </td>
              <td>
                {one.place.organisation} <span className="muted small">{one.place.environment}</span>
              </td>
              {may && (
                <td className="number">
                  {isOurs(one, ofProvider) && (
                    <button type="button" className="btn slim" onClick={() => setDone(one)}>
                      Done
                    </button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {done && <Done one={done} close={() => setDone(undefined)} />}
      {responsibilities.map((matrix) => (
        <section className="section" key={matrix.service}>
          <h2>{matrix.name}</h2>
          <table className="table">
            <thead>
              <tr>
                <th>Activity</th>
                <th>Provider</th>
                <th>Customer</th>
              </tr>
            </thead>
            <tbody>
              {matrix.rows.map((row) => (
                <tr key={row.id}>
                  <td>{row.activity}</td>
                  <td className="mono">{row.provider || '–'}</td>
                  <td className="mono">{row.customer || '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="muted small">R responsible, A accountable, C consulted, I informed.</p>
        </section>
      ))}
    </>
  );
}

function Done({ one, close }: { one: Owed; close: () => void }) {
  const api = useApi();
  const [note, setNote] = useState('');
  const { organisation, environment } = one.place;
  return (
    <FormDialog
      title={`${one.clause.number} ${one.clause.title}`}
      verb="It is done"
      ready={note.trim() !== ''}
      send={() =>
        api.send('POST', '/agreements/obligations', {
          organisation,
          environment,
          obligation: one.obligation.id,
          note: note.trim(),
        })
      }
      said={() => 'Recorded, with your name and the time.'}
      asks={[agreementsKey]}
      close={close}
    >
      <p className="small">{one.obligation.summary}</p>
      <Textarea
        label="What was done"
        description="And where the evidence lies."
        required
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
