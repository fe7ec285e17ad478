import type { PlacesView } from '#contract/community/places';
import { Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PersonView } from '../../api/organisations.ts';
import { placesKey } from '../../api/places.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { EndGrant } from './end-grant.tsx';
import { choices, endOf, type Names } from './words.ts';

type Exception = PlacesView['exceptions'][number];

const marks = {
  proposed: ['unknown', 'Waits for a second person'],
  'in-force': ['healthy', 'In force'],
  expired: ['degraded', 'Expired'],
  ended: ['degraded', 'Ended'],
} as const;

/** Somebody may work from elsewhere for a time: risk assessed, agreed by two, and over by itself. */
export function Exceptions({
  exceptions,
  people,
  names,
}: {
  exceptions: readonly Exception[];
  people: readonly PersonView[];
  names: Names;
}) {
  const may = useMay('person.manage');
  const agrees = useMay('community.manage');
  const [doing, setDoing] = useState<'propose' | { agree: Exception } | { end: Exception }>();
  const close = () => setDoing(undefined);
  const propose = may && (
    <button type="button" className="btn main" onClick={() => setDoing('propose')}>
      Propose an exception
    </button>
  );
  return (
    <>
      {exceptions.length === 0 ? (
        <Empty title="No exception" action={propose}>
          The management portal is for Australian addresses. Who has to work from elsewhere needs an exception
          that is risk assessed, agreed by a second person, and ends by itself.
        </Empty>
      ) : (
        <>
          <p className="line section">{propose}</p>
          <table className="table section">
            <thead>
              <tr>
                <th>Person</th>
                <th>From</th>
                <th>State</th>
                <th>Why</th>
                <th>Until</th>
                <th>
                  <span className="unseen">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {exceptions.map((one) => (
                <tr key={one.id}>
                  <td>{names(one.person)}</td>
                  <td className="mono">{one.countries.join(' ')}</td>
                  <td>
                    <HealthMark state={marks[one.state][0]} word={marks[one.state][1]} />
                    <div className="muted small">
                      proposed by {one.proposedBy}
                      {one.agreedBy !== null && `, agreed to by ${one.agreedBy}`}
                    </div>
                  </td>
                  <td>
                    {one.reason}
                    <div className="muted small">{one.riskAssessment}</div>
                  </td>
                  <td>
                    <Exact at={one.endedAt ?? one.expiresAt} />
                  </td>
                  <td>
                    <span className="line">
                      {agrees && one.state === 'proposed' && (
                        <button type="button" className="btn slim" onClick={() => setDoing({ agree: one })}>
                          Agree
                        </button>
                      )}
                      {may && (one.state === 'proposed' || one.state === 'in-force') && (
                        <button type="button" className="btn slim" onClick={() => setDoing({ end: one })}>
                          End
                        </button>
                      )}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {doing === 'propose' && <Propose people={people} close={close} />}
      {typeof doing === 'object' && 'agree' in doing && (
        <Agree one={doing.agree} name={names(doing.agree.person)} close={close} />
      )}
      {typeof doing === 'object' && 'end' in doing && (
        <EndGrant
          kind="exceptions"
          id={doing.end.id}
          what={`the exception of ${names(doing.end.person)}`}
          close={close}
        />
      )}
    </>
  );
}

function Propose({ people, close }: { people: readonly PersonView[]; close: () => void }) {
  const api = useApi();
  const [person, setPerson] = useState<string | null>(null);
  const [countries, setCountries] = useState('');
  const [riskAssessment, setRiskAssessment] = useState('');
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const asked = countries
    .toUpperCase()
    .split(/[\s,;]+/)
    .filter(Boolean);
  return (
    <FormDialog
      title="Propose an exception"
      verb="Propose it"
      ready={
        person !== null &&
        asked.length > 0 &&
        riskAssessment.trim() !== '' &&
        reason.trim() !== '' &&
        until !== ''
      }
      send={() =>
        api.send('POST', '/places/exceptions', {
          person,
          countries: asked,
          riskAssessment: riskAssessment.trim(),
          reason: reason.trim(),
          expiresAt: endOf(until),
        })
      }
      said={() => 'Proposed. It counts once a second person of the provider has agreed.'}
      asks={[placesKey]}
      close={close}
    >
      <Select
        label="Person"
        required
        searchable
        data={choices(people)}
        value={person}
        onChange={setPerson}
        data-autofocus
      />
      <TextInput
        label="From which countries"
        description="Two letters each, like NZ SG."
        required
        value={countries}
        onChange={(event) => setCountries(event.currentTarget.value)}
      />
      <TextInput
        label="Risk assessment"
        description="Where it lies."
        required
        maxLength={200}
        value={riskAssessment}
        onChange={(event) => setRiskAssessment(event.currentTarget.value)}
      />
      <Textarea
        label="Why"
        required
        autosize
        minRows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <TextInput
        label="Until the end of"
        type="date"
        required
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

function Agree({ one, name, close }: { one: Exception; name: string; close: () => void }) {
  const api = useApi();
  return (
    <FormDialog
      title={`Let ${name} work from ${one.countries.join(', ')}`}
      verb="Agree"
      ready
      send={() => api.send('POST', `/places/exceptions/${encodeURIComponent(one.id)}/agreement`)}
      said={() => 'The exception is in force, and ends by itself.'}
      asks={[placesKey]}
      close={close}
    >
      <p className="small">
        {one.reason} Risk assessment: {one.riskAssessment}. Proposed by {one.proposedBy}, until{' '}
        <Exact at={one.expiresAt} />.
      </p>
    </FormDialog>
  );
}
