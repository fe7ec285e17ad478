import type {
  CollectionDetail,
  CollectionView,
  FindingView,
  findingDetail,
  factsPage,
  KindList,
  UnknownList,
} from '#contract/governance/evidence';
import type { System } from '#contract/governance';
import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { Api } from './client.ts';

export type FactsPage = z.infer<typeof factsPage>;
export type FindingDetail = z.infer<typeof findingDetail>;
export type Findings = { findings: FindingView[]; people: { id: string; name: string }[] };

/** Everything below is asked again when evidence came in or a finding was changed. */
export const evidenceKey = ['evidence'] as const;

export const systemsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['systems'],
    queryFn: ({ signal }) => api.get<{ systems: System[] }>('/systems', undefined, signal),
  });
export const collectionsQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: [...evidenceKey, 'collections', environment],
    queryFn: ({ signal }) =>
      api.get<{ collections: CollectionView[]; next: string | null }>(
        '/evidence',
        { environment, limit: 200 },
        signal,
      ),
    refetchInterval: 15_000,
  });
export const kindsQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: [...evidenceKey, 'kinds', environment],
    queryFn: ({ signal }) => api.get<KindList>('/evidence/kinds', { environment }, signal),
  });
export const unknownQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: [...evidenceKey, 'unknown', environment],
    queryFn: ({ signal }) => api.get<UnknownList>('/evidence/unknown', { environment }, signal),
    refetchInterval: 15_000,
  });
export const findingsQuery = (api: Api, environment: string, state: 'open' | 'closed') =>
  queryOptions({
    queryKey: [...evidenceKey, 'findings', environment, state],
    queryFn: ({ signal }) => api.get<Findings>('/evidence/findings', { environment, state }, signal),
    refetchInterval: 15_000,
  });
export const findingQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [...evidenceKey, 'finding', id],
    queryFn: ({ signal }) =>
      api.get<FindingDetail>(`/evidence/findings/${encodeURIComponent(id)}`, undefined, signal),
  });
export const collectionQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [...evidenceKey, 'collection', id],
    queryFn: ({ signal }) =>
      api.get<CollectionDetail>(`/evidence/collections/${encodeURIComponent(id)}`, undefined, signal),
  });
export const factsQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [...evidenceKey, 'facts', id],
    queryFn: ({ signal }) =>
      api.get<FactsPage>(`/evidence/collections/${encodeURIComponent(id)}/facts`, { limit: 50 }, signal),
  });
