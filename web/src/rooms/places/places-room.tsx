import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { personsQuery } from '../../api/organisations.ts';
import { placesQuery } from '../../api/places.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Devices } from './devices.tsx';
import { Exceptions } from './exceptions.tsx';
import { Networks } from './networks.tsx';
import { RemoteWork } from './remote-work.tsx';
import { nameOf } from './words.ts';

const views = [
  { view: 'exceptions', name: 'Exceptions' },
  { view: 'remote', name: 'Remote work' },
  { view: 'devices', name: 'Devices' },
  { view: 'networks', name: 'Networks' },
] as const;

/** Where people may work from, and on what: what the gate judges addresses and devices by. */
export function PlacesRoom() {
  const api = useApi();
  const { view = 'exceptions' } = useSearch({ from: '/inside/places' });
  const navigate = useNavigate({ from: '/places' });
  const ofCommunity = useMay('community.manage');
  const query = useQuery(placesQuery(api));
  const { data: persons } = useQuery(personsQuery(api));
  const people = persons?.people ?? [];
  const names = nameOf(people);
  return (
    <div className="page">
      <div className="room-head">
        <h1>Places and devices</h1>
        <span className="line">
          {views
            .filter((one) => one.view !== 'networks' || ofCommunity)
            .map((one) => (
              <button
                type="button"
                className="chip"
                key={one.view}
                aria-pressed={one.view === view}
                onClick={() =>
                  void navigate({
                    search: (old) => ({ ...old, view: one.view === 'exceptions' ? undefined : one.view }),
                  })
                }
              >
                {one.name}
              </button>
            ))}
        </span>
      </div>
      {query.isError && (
        <Failure
          what="Places and devices could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading places and devices" />}
      {query.data && view === 'exceptions' && (
        <Exceptions exceptions={query.data.exceptions} people={people} names={names} />
      )}
      {query.data && view === 'remote' && (
        <RemoteWork grants={query.data.remoteWork} people={people} names={names} />
      )}
      {query.data && view === 'devices' && (
        <Devices devices={query.data.devices} people={people} names={names} />
      )}
      {view === 'networks' && ofCommunity && <Networks />}
    </div>
  );
}
