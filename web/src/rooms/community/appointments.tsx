import type { AppointmentView } from '#contract/community/organisations';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { appointmentsQuery, type PersonView } from '../../api/organisations.ts';
import { useApi, useMay, useNow, useSession } from '../../app/context.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { duration } from '../../parts/words.ts';
import {
  DelegateOffice,
  EndAppointment,
  ProposeAppointment,
  VerifyAppointment,
} from './appointment-dialogs.tsx';
import { AppointmentMark, officeWord } from './marks.tsx';

type Doing = { what: 'verify' | 'end' | 'delegate'; one: AppointmentView };
const kindWord = {
  letter: 'Letter of appointment',
  'call-back': 'Call-back',
  officer: 'Word of an officer',
  delegation: 'Delegated',
} as const;

/** Who holds which office, on what evidence, and who verified it. */
export function Appointments({
  organisation,
  people,
}: {
  organisation: string;
  people: readonly PersonView[];
}) {
  const query = useQuery(appointmentsQuery(useApi(), organisation));
  const may = useMay('person.manage');
  const { user } = useSession();
  const me = people.find(({ userId }) => userId === user.id)?.id;
  const [over, setOver] = useState(false);
  const [proposing, setProposing] = useState(false);
  const [doing, setDoing] = useState<Doing>();
  if (query.isError)
    return (
      <Failure
        what="The appointments could not be loaded"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  if (!query.data) return <Progress what="Loading appointments" />;
  const all = query.data.appointments;
  const live = all.filter(({ state }) => state === 'in-force' || state === 'proposed');
  const shown = over ? all : live;
  const close = () => setDoing(undefined);
  const propose = may && people.length > 0 && (
    <button type="button" className="btn main" onClick={() => setProposing(true)}>
      Propose an appointment
    </button>
  );
  return (
    <section className="section">
      <div className="line apart">
        <h2>Appointments</h2>
        <span className="line">
          {all.length > live.length && (
            <button type="button" className="chip" aria-pressed={over} onClick={() => setOver(!over)}>
              With those that are over
            </button>
          )}
          {all.length > 0 && propose}
        </span>
      </div>
      {all.length === 0 ? (
        <Empty title="No office is filled" action={propose}>
          The agreement is signed by a CIO or CISO, and support is approved by an approver: each verified by
          two people, or by an officer who is verified already.
        </Empty>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>Office</th>
              <th>Person</th>
              <th>State</th>
              <th>Evidence</th>
              <th>Verified by</th>
              <th>Ends</th>
              <th>
                <span className="unseen">Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.id}>
                <td>{officeWord[one.office]}</td>
                <td>
                  <b>{one.person.name}</b>
                </td>
                <td>
                  <AppointmentMark one={one} />
                  {one.endedReason && <div className="muted small">{one.endedReason}</div>}
                </td>
                <td>
                  {kindWord[one.evidenceKind]}
                  <div className="muted small">{one.evidence}</div>
                </td>
                <td>
                  {one.verifications.map((word) => (
                    <div key={`${word.name} ${word.at}`} title={word.note}>
                      {word.name} <span className="muted small">{word.standing}</span>
                    </div>
                  ))}
                </td>
                <td>
                  <Ends one={one} />
                </td>
                <td>
                  <span className="line wrap">
                    {may && one.state === 'proposed' && (
                      <button
                        type="button"
                        className="btn slim"
                        onClick={() => setDoing({ what: 'verify', one })}
                      >
                        Verify
                      </button>
                    )}
                    {one.mayDelegate && one.state === 'in-force' && one.person.id === me && (
                      <button
                        type="button"
                        className="btn slim"
                        onClick={() => setDoing({ what: 'delegate', one })}
                      >
                        Delegate
                      </button>
                    )}
                    {may && (one.state === 'proposed' || one.state === 'in-force') && (
                      <button
                        type="button"
                        className="btn slim"
                        onClick={() => setDoing({ what: 'end', one })}
                      >
                        End
                      </button>
                    )}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {proposing && <ProposeAppointment people={people} close={() => setProposing(false)} />}
      {doing?.what === 'verify' && <VerifyAppointment one={doing.one} close={close} />}
      {doing?.what === 'end' && <EndAppointment one={doing.one} close={close} />}
      {doing?.what === 'delegate' && <DelegateOffice one={doing.one} people={people} close={close} />}
    </section>
  );
}

function Ends({ one }: { one: AppointmentView }) {
  const now = useNow(60);
  if (one.expiresAt === null) return <span className="muted">once verified</span>;
  const left = (Date.parse(one.expiresAt) - now) / 1000;
  return (
    <>
      {one.state === 'in-force' && (
        <span className={left < 30 * 86_400 ? 'high' : ''}>in {duration(left)}</span>
      )}
      <div className="muted small">
        <Exact at={one.expiresAt} />
      </div>
    </>
  );
}
