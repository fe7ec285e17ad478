import type { PlacesView } from '#contract/community/places';
import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PersonView } from '../../api/organisations.ts';
import { placesKey } from '../../api/places.ts';
import { useApi, useMay, useNow } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { EndGrant } from './end-grant.tsx';
import { choices, endOf, type Names } from './words.ts';

type Grant = PlacesView['remoteWork'][number];

/** Work outside the office, under a policy that says how. */
export function RemoteWork({
  grants,
  people,
  names,
}: {
  grants: readonly Grant[];
  people: readonly PersonView[];
  names: Names;
}) {
  const may = useMay('person.manage');
  const now = useNow(60);
  const [doing, setDoing] = useState<'grant' | { end: Grant }>();
  const close = () => setDoing(undefined);
  const grant = may && (
    <button type="button" className="btn main" onClick={() => setDoing('grant')}>
      Grant remote work
    </button>
  );
  return (
    <>
      {grants.length === 0 ? (
        <Empty title="Nobody works remotely" action={grant}>
          Remote work needs a policy, a managed device, and somebody who grants it for a time.
        </Empty>
      ) : (
        <>
          <p className="line section">{grant}</p>
          <table className="table section">
            <thead>
              <tr>
                <th>Person</th>
                <th>State</th>
                <th>Under</th>
                <th>Granted</th>
                <th>Until</th>
                <th>
                  <span className="unseen">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {grants.map((one) => {
                const live = one.endedAt === null && Date.parse(one.expiresAt) > now;
                return (
                  <tr key={one.id}>
                    <td>{names(one.person)}</td>
                    <td>
                      <HealthMark state={live ? 'healthy' : 'degraded'} word={live ? 'In force' : 'Over'} />
                    </td>
                    <td>{one.policy}</td>
                    <td>
                      {one.grantedBy}
                      <div className="muted small">
                        <Exact at={one.grantedAt} />
                      </div>
                    </td>
                    <td>
                      <Exact at={one.endedAt ?? one.expiresAt} />
                    </td>
                    <td className="number">
                      {may && live && (
                        <button type="button" className="btn slim" onClick={() => setDoing({ end: one })}>
                          End
                        </button>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </>
      )}
      {doing === 'grant' && <GrantRemoteWork people={people} close={close} />}
      {typeof doing === 'object' && (
        <EndGrant
          kind="remote-work"
          id={doing.end.id}
          what={`the remote work of ${names(doing.end.person)}`}
          close={close}
        />
      )}
    </>
  );
}

function GrantRemoteWork({ people, close }: { people: readonly PersonView[]; close: () => void }) {
  const api = useApi();
  const [person, setPerson] = useState<string | null>(null);
  const [policy, setPolicy] = useState('');
  const [until, setUntil] = useState('');
  return (
    <FormDialog
      title="Grant remote work"
      verb="Grant it"
      ready={person !== null && policy.trim() !== '' && until !== ''}
      send={() =>
        api.send('POST', '/places/remote-work', { person, policy: policy.trim(), expiresAt: endOf(until) })
      }
      said={() => 'Remote work is granted until the day you chose.'}
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
        label="Under which policy"
        description="Its title and version."
        required
        maxLength={200}
        value={policy}
        onChange={(event) => setPolicy(event.currentTarget.value)}
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
