import type { CustomerResponsibility } from '#contract/governance';
import type { ResponsibilityList } from '#contract/governance/controls';
import type {
  MappingInput,
  MappingView,
  TailoringInput,
  TailoringView,
} from '#contract/governance/frameworks';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';
import { controlsKey } from './controls.ts';

const of = (environment: string): string => `/systems/${encodeURIComponent(environment)}/tailoring`;

export const tailoringQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: [...controlsKey, 'tailoring', environment],
    queryFn: ({ signal }) => api.get<{ tailoring: TailoringView[] }>(of(environment), undefined, signal),
    enabled: environment !== '',
  });
export const proposeTailoring = (api: Api, environment: string, body: TailoringInput) =>
  api.send<TailoringView>('POST', of(environment), body);
export const decideTailoring = (
  api: Api,
  environment: string,
  control: string,
  decision: 'approve' | 'refuse' | 'withdraw',
) =>
  api.send<TailoringView>('POST', `${of(environment)}/${encodeURIComponent(control)}/decision`, {
    decision,
    note: '',
  });

export const mappingsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...controlsKey, 'mappings'],
    queryFn: ({ signal }) => api.get<{ mappings: MappingView[] }>('/mappings', undefined, signal),
  });
export const addMapping = (api: Api, body: MappingInput) => api.send<MappingView>('POST', '/mappings', body);
export const endMapping = (api: Api, id: string) =>
  api.send<MappingView>('DELETE', `/mappings/${encodeURIComponent(id)}`, undefined);

export const responsibilitiesQuery = (api: Api, tenancy: string) =>
  queryOptions({
    queryKey: [...controlsKey, 'responsibilities', tenancy],
    queryFn: ({ signal }) =>
      api.get<ResponsibilityList>(
        `/tenancies/${encodeURIComponent(tenancy)}/responsibilities`,
        undefined,
        signal,
      ),
    enabled: tenancy !== '',
  });
export const setResponsibility = (
  api: Api,
  tenancy: string,
  control: string,
  body: { readonly responsibility: CustomerResponsibility | null; readonly note: string },
) =>
  api.send<ResponsibilityList['controls'][number]>(
    'PUT',
    `/tenancies/${encodeURIComponent(tenancy)}/responsibilities/${encodeURIComponent(control)}`,
    body,
  );
