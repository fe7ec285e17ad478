import type { PlacesView } from '#contract/community/places';
import { Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PersonView } from '../../api/organisations.ts';
import { placesKey } from '../../api/places.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { choices, type Names } from './words.ts';

type Device = PlacesView['devices'][number];

const postures = {
  met: ['healthy', 'Meets the standard'],
  'not-met': ['failing', 'Does not meet it'],
  unknown: ['unknown', 'Not known'],
} as const;

/** Devices that the provider manages, and what their posture was found to be. */
export function Devices({
  devices,
  people,
  names,
}: {
  devices: readonly Device[];
  people: readonly PersonView[];
  names: Names;
}) {
  const may = useMay('community.manage');
  const [doing, setDoing] = useState<'add' | { change: Device }>();
  const close = () => setDoing(undefined);
  const add = may && (
    <button type="button" className="btn main" onClick={() => setDoing('add')}>
      Register a device
    </button>
  );
  return (
    <>
      {devices.length === 0 ? (
        <Empty title="No device is registered" action={add}>
          Privileged work and remote work ask for a managed device whose posture was checked lately.
        </Empty>
      ) : (
        <>
          <p className="line section">{add}</p>
          <table className="table section">
            <thead>
              <tr>
                <th>Device</th>
                <th>Of</th>
                <th>Managed</th>
                <th>Posture</th>
                <th>Checked</th>
                <th>
                  <span className="unseen">Action</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {devices.map((one) => (
                <tr key={one.id}>
                  <td>
                    <b>{one.name}</b>
                    <div className="mono muted small">{one.id}</div>
                  </td>
                  <td>{names(one.person)}</td>
                  <td>{one.managed ? 'yes' : 'no'}</td>
                  <td>
                    <HealthMark state={postures[one.posture][0]} word={postures[one.posture][1]} />
                  </td>
                  <td>
                    {one.postureCheckedAt === null ? (
                      <span className="muted">never</span>
                    ) : (
                      <Ago at={one.postureCheckedAt} suffix />
                    )}
                  </td>
                  <td className="number">
                    {may && (
                      <button type="button" className="btn slim" onClick={() => setDoing({ change: one })}>
                        Change
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {doing === 'add' && <SetDevice people={people} close={close} />}
      {typeof doing === 'object' && <SetDevice people={people} from={doing.change} close={close} />}
    </>
  );
}

function SetDevice({
  people,
  from,
  close,
}: {
  people: readonly PersonView[];
  from?: Device;
  close: () => void;
}) {
  const api = useApi();
  const [id, setId] = useState(from?.id ?? '');
  const [name, setName] = useState(from?.name ?? '');
  const [person, setPerson] = useState<string | null>(from?.person ?? null);
  const [managed, setManaged] = useState(from?.managed ?? true);
  const [posture, setPosture] = useState<string | null>(from?.posture ?? 'unknown');
  return (
    <FormDialog
      title={from ? `Device ${from.name}` : 'Register a device'}
      verb={from ? 'Record it' : 'Register it'}
      ready={id.trim() !== '' && name.trim() !== '' && person !== null}
      send={() =>
        api.send('PUT', `/places/devices/${encodeURIComponent(id.trim())}`, {
          person,
          name: name.trim(),
          managed,
          posture,
        })
      }
      said={() => `${name.trim()} is in the register.`}
      asks={[placesKey]}
      close={close}
    >
      {from === undefined && (
        <TextInput
          label="Id"
          description="As the device management has it: a serial number, a certificate's name."
          required
          maxLength={100}
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
          data-autofocus
        />
      )}
      <TextInput
        label="Name"
        required
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="Whose it is"
        required
        searchable
        data={choices(people)}
        value={person}
        onChange={setPerson}
      />
      <Checkbox
        label="It is managed"
        checked={managed}
        onChange={(event) => setManaged(event.currentTarget.checked)}
      />
      <Select
        label="Its posture"
        allowDeselect={false}
        data={Object.entries(postures).map(([value, [, label]]) => ({ value, label }))}
        value={posture}
        onChange={setPosture}
      />
    </FormDialog>
  );
}
