import type {
  AgreementOverview,
  ComparisonView,
  ObligationList,
  PaperView,
  PolicyVersion,
  VersionDetail,
  WhatIfView,
} from '#contract/community/agreements';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

export const agreementsKey = ['agreements'] as const;

export const agreementsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...agreementsKey, 'overview'],
    queryFn: ({ signal }) => api.get<AgreementOverview>('/agreements', undefined, signal),
  });
export const versionsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...agreementsKey, 'versions'],
    queryFn: ({ signal }) =>
      api.get<{ versions: PolicyVersion[] }>('/agreements/versions', undefined, signal),
  });
export const versionQuery = (api: Api, number: number, marking: string | undefined) =>
  queryOptions({
    queryKey: [...agreementsKey, 'version', number, marking ?? ''],
    queryFn: ({ signal }) => api.get<VersionDetail>(`/agreements/versions/${number}`, { marking }, signal),
  });
export const comparisonQuery = (api: Api, from: number, to: number) =>
  queryOptions({
    queryKey: [...agreementsKey, 'comparison', from, to],
    queryFn: ({ signal }) =>
      api.get<ComparisonView>(`/agreements/versions/${to}/comparison`, { with: from }, signal),
  });
export const whatIfQuery = (api: Api, number: number, on: string) =>
  queryOptions({
    queryKey: [...agreementsKey, 'what-if', number, on],
    queryFn: ({ signal }) => api.get<WhatIfView>(`/agreements/versions/${number}/what-if`, { on }, signal),
  });
export const obligationsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...agreementsKey, 'obligations'],
    queryFn: ({ signal }) => api.get<ObligationList>('/agreements/obligations', undefined, signal),
  });
export const papersQuery = (api: Api) =>
  queryOptions({
    queryKey: [...agreementsKey, 'papers'],
    queryFn: ({ signal }) => api.get<{ papers: PaperView[] }>('/agreements/papers', undefined, signal),
  });
