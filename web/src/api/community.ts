import type { CommunityView } from '#contract/community';
import type { CrossTenancyReads } from '#contract/soc/triage';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

export const communityQuery = (api: Api) =>
  queryOptions({
    queryKey: ['community'],
    queryFn: ({ signal }) => api.get<CommunityView>('/community', undefined, signal),
  });
export const readsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['reads'],
    queryFn: ({ signal }) => api.get<CrossTenancyReads>('/alerts/reads', undefined, signal),
  });
