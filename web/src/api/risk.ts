import type { System } from '#contract/governance';
import type {
  EffectView,
  FindingView,
  ParametersView,
  RiskDetail,
  RiskPage,
  RiskView,
} from '#contract/governance/risk';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

const of = (environment: string): string => `/risk/${encodeURIComponent(environment)}`;
export const systemsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['systems'],
    queryFn: ({ signal }) => api.get<{ systems: System[] }>('/systems', undefined, signal),
  });
export const riskQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: ['risk', environment],
    queryFn: ({ signal }) => api.get<RiskPage>(of(environment), undefined, signal),
    refetchInterval: 60_000,
  });
export const registerQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: ['risk', environment, 'register'],
    queryFn: ({ signal }) => api.get<{ risks: RiskView[] }>(`${of(environment)}/register`, undefined, signal),
  });
export const riskFindingsQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: ['risk', environment, 'findings'],
    queryFn: ({ signal }) =>
      api.get<{ findings: FindingView[]; total: number }>(
        `${of(environment)}/findings`,
        { limit: 100 },
        signal,
      ),
  });

export const parametersQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: ['risk', environment, 'parameters'],
    queryFn: ({ signal }) => api.get<ParametersView>(`${of(environment)}/parameters`, undefined, signal),
  });
export const setParameters = (
  api: Api,
  environment: string,
  body: Pick<ParametersView, 'version' | 'parameters' | 'why'>,
) => api.send<ParametersView>('PUT', `${of(environment)}/parameters`, body);

export const runNow = (api: Api, environment: string) =>
  api.send<RiskPage>('POST', `${of(environment)}/runs`, {});
export const whatIf = (
  api: Api,
  environment: string,
  body: { findings?: string[]; threats?: string[]; controls?: { id: string; status: 'Effective' }[] },
) => api.send<EffectView>('POST', `${of(environment)}/what-if`, body);
export const addRisk = (
  api: Api,
  environment: string,
  body: {
    title: string;
    asset: string;
    dimension: 'C' | 'I' | 'A';
    treatment: RiskView['treatment'];
    owner: string;
  },
) => api.send<RiskDetail>('POST', `${of(environment)}/register`, body);
export const acceptRisk = (api: Api, id: string, body: { ceiling: number; until: string; why: string }) =>
  api.send<RiskDetail>('POST', `/risk/register/${encodeURIComponent(id)}/acceptance`, body);
