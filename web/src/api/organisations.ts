import type {
  AppointmentView,
  contactList,
  DueItem,
  OrganisationDetail,
  OrganisationSummary,
  person,
  serviceCatalogue,
} from '#contract/community/organisations';
import type { ClearanceView, clearanceHistory, requirementList } from '#contract/community/clearances';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { Api } from './client.ts';

export type PersonView = z.infer<typeof person>;
export type ContactList = z.infer<typeof contactList>;
export type Requirements = z.infer<typeof requirementList>['people'];
export type ClearanceChange = z.infer<typeof clearanceHistory>['changes'][number];

/** Everything below is asked again when any of it was changed. */
export const organisationsKey = ['organisations'] as const;
const at = (id: string) => encodeURIComponent(id);

export const organisationsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...organisationsKey, 'all'],
    queryFn: ({ signal }) =>
      api.get<{ organisations: OrganisationSummary[] }>('/organisations', undefined, signal),
  });
export const organisationQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [...organisationsKey, 'one', id],
    queryFn: ({ signal }) => api.get<OrganisationDetail>(`/organisations/${at(id)}`, undefined, signal),
  });
export const dueQuery = (api: Api) =>
  queryOptions({
    queryKey: [...organisationsKey, 'due'],
    queryFn: ({ signal }) => api.get<{ due: DueItem[] }>('/community/due', undefined, signal),
  });
export const servicesQuery = (api: Api) =>
  queryOptions({
    queryKey: [...organisationsKey, 'services'],
    queryFn: ({ signal }) => api.get<z.infer<typeof serviceCatalogue>>('/services', undefined, signal),
  });
export const personsQuery = (api: Api, organisation?: string) =>
  queryOptions({
    queryKey: [...organisationsKey, 'persons', organisation ?? ''],
    queryFn: ({ signal }) => api.get<{ people: PersonView[] }>('/persons', { organisation }, signal),
  });
export const appointmentsQuery = (api: Api, organisation: string) =>
  queryOptions({
    queryKey: [...organisationsKey, 'appointments', organisation],
    queryFn: ({ signal }) =>
      api.get<{ appointments: AppointmentView[] }>('/appointments', { organisation }, signal),
  });
export const contactsQuery = (api: Api, organisation: string) =>
  queryOptions({
    queryKey: [...organisationsKey, 'contacts', organisation],
    queryFn: ({ signal }) =>
      api.get<ContactList>(`/organisations/${at(organisation)}/contacts`, undefined, signal),
  });
export const requirementsQuery = (api: Api, organisation: string) =>
  queryOptions({
    queryKey: [...organisationsKey, 'requirements', organisation],
    queryFn: ({ signal }) =>
      api.get<{ people: Requirements }>('/clearances/requirements', { organisation }, signal),
  });
export const clearancesQuery = (api: Api) =>
  queryOptions({
    queryKey: [...organisationsKey, 'clearances'],
    queryFn: ({ signal }) => api.get<{ clearances: ClearanceView[] }>('/clearances', undefined, signal),
  });
export const clearanceHistoryQuery = (api: Api, person: string) =>
  queryOptions({
    queryKey: [...organisationsKey, 'clearance', person],
    queryFn: ({ signal }) =>
      api.get<{ changes: ClearanceChange[] }>(`/clearances/${at(person)}/history`, undefined, signal),
  });
