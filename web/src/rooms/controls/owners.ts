import { useQuery } from '@tanstack/react-query';
import { systemsQuery } from '../../api/controls.ts';
import { personsQuery } from '../../api/organisations.ts';
import { useApi } from '../../app/context.tsx';

/** Who can owe a control of this system: the provider's people who are here. */
export function useOwners(system: string): { value: string; label: string }[] {
  const api = useApi();
  const people = useQuery(personsQuery(api));
  const systems = useQuery(systemsQuery(api));
  const tenancy = systems.data?.systems.find(({ environment }) => environment === system)?.tenancy;
  // The internal tenancy is named after provider and environment.
  return (people.data?.people ?? [])
    .filter((one) => one.endedAt === null && `${one.organisation}-${system}` === tenancy)
    .map(({ id, name }) => ({ value: id, label: name }));
}
