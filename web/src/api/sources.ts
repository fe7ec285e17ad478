import type { Doors, RejectedItem, SourceCreated, SourceWithBalance } from '#contract/soc/sources';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

/** With its balance, asked again every 2 s while somebody looks. */
export const sourcesQuery = (api: Api, live = false) =>
  queryOptions({
    queryKey: ['sources'],
    queryFn: ({ signal }) => api.get<{ sources: SourceWithBalance[] }>('/sources', undefined, signal),
    refetchInterval: live ? 2_000 : 30_000,
  });

export const doorsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['doors'],
    queryFn: ({ signal }) => api.get<Doors>('/sources/doors', undefined, signal),
    staleTime: 300_000,
  });

export type RejectedPage = { items: RejectedItem[]; next: string | null; total: number };
export const rejectedQuery = (api: Api, source: string) =>
  infiniteQueryOptions({
    queryKey: ['rejected', source],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.get<RejectedPage>(
        `/sources/${encodeURIComponent(source)}/rejected`,
        { after: pageParam, limit: 100 },
        signal,
      ),
    getNextPageParam: (last) => last.next ?? undefined,
  });

export const addSource = (api: Api, body: unknown) => api.send<SourceCreated>('POST', '/sources', body);
export const newSecret = (api: Api, id: string) =>
  api.send<SourceCreated>('POST', `/sources/${encodeURIComponent(id)}/secret`);
export const changeSource = (api: Api, id: string, body: unknown) =>
  api.send<unknown>('PATCH', `/sources/${encodeURIComponent(id)}`, body);
export const replayRejected = (api: Api, id: string, ids: readonly string[]) =>
  api.send<{ replayed: number; rejectedAgain: number }>(
    'POST',
    `/sources/${encodeURIComponent(id)}/rejected/replay`,
    { ids },
  );
