import type { MaturityDetail, MaturityHistory, MaturityList } from '#contract/essential-eight';
import type { Posture } from '#contract/governance/controls';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

/** Every environment this person may see. */
export const maturityQuery = (api: Api) =>
  queryOptions({
    queryKey: ['essential-eight'],
    queryFn: ({ signal }) => api.get<MaturityList>('/essential-eight', undefined, signal),
  });
export const maturityDetailQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: ['essential-eight', environment],
    queryFn: ({ signal }) => api.get<MaturityDetail>(`/essential-eight/${environment}`, undefined, signal),
    refetchInterval: 60_000,
  });
export const maturityHistoryQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: ['essential-eight', environment, 'history'],
    queryFn: ({ signal }) =>
      api.get<MaturityHistory>(`/essential-eight/${environment}/history`, { days: 90 }, signal),
  });
/** How the controls of each framework stand there. */
export const coverageQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: ['systems', environment, 'posture'],
    queryFn: ({ signal }) => api.get<Posture>(`/systems/${environment}/posture`, undefined, signal),
  });
