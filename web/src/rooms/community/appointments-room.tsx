import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { organisationsQuery } from '../../api/organisations.ts';
import { useApi } from '../../app/context.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { OrganisationPeople } from './organisation-people.tsx';

/** A customer's own people and offices; the provider chooses whose. */
export function AppointmentsRoom() {
  const { of } = useSearch({ from: '/inside/appointments' });
  const navigate = useNavigate({ from: '/appointments' });
  const query = useQuery(organisationsQuery(useApi()));
  const organisations = query.data?.organisations ?? [];
  const chosen = organisations.find(({ id }) => id === of) ?? organisations[0];
  return (
    <div className="page">
      <div className="room-head">
        <h1>People and appointments</h1>
        {organisations.length > 1 && chosen && (
          <Select
            aria-label="Organisation"
            allowDeselect={false}
            searchable
            data={organisations.map(({ id, name }) => ({ value: id, label: name }))}
            value={chosen.id}
            onChange={(value) =>
              void navigate({ search: (before) => ({ ...before, of: value ?? undefined }) })
            }
          />
        )}
      </div>
      {query.isError && (
        <Failure
          what="The organisations could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading people" />}
      {query.data && !chosen && (
        <Empty title="No organisation">The provider is to be set up first, in the community.</Empty>
      )}
      {chosen && <OrganisationPeople key={chosen.id} organisation={chosen.id} />}
    </div>
  );
}
