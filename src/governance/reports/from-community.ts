import { consumedServices, organisationRecords, services, tenancyStates } from '#community/organisations';
import type { StateSources } from './gather.ts';

/** The provider, the services it offers, and the customers' tenancies in the system with what they take. */
export const communityFrom: StateSources['community'] = async (tx, { environment }) => {
  const organisations = await organisationRecords(tx, undefined);
  const provider = organisations.find(({ kind }) => kind === 'provider');
  const names = new Map(organisations.map(({ id, name }) => [id, name]));
  const taken = await consumedServices(tx);
  const tenancies = (await tenancyStates(tx, undefined)).filter(
    (one) => one.environment === environment && !one.internal && one.state !== 'left',
  );
  return {
    provider: { id: provider?.id ?? '', name: provider?.name ?? 'The provider' },
    services: (await services(tx)).filter(({ offered }) => offered).map(({ id, name }) => ({ id, name })),
    tenancies: tenancies.map(({ id, organisation }) => ({
      id,
      organisation: names.get(organisation) ?? organisation,
      name: id,
      services: taken.get(id) ?? [],
    })),
  };
};
