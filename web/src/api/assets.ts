import type {
  AssetDetail,
  AssetGraph,
  AssetList,
  ImportReport,
  MergePreview,
  Proposal,
  SoftwareList,
} from '#contract/assets';
import { queryOptions } from '@tanstack/react-query';
import type { Api, Query } from './client.ts';

/** Everything of the inventory is asked again after a change of it. */
export const assetsKey = ['assets'] as const;

export const assetsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...assetsKey, 'list'],
    queryFn: ({ signal }) => api.get<AssetList>('/assets', undefined, signal),
    staleTime: 30_000,
  });
export const graphQuery = (api: Api) =>
  queryOptions({
    queryKey: [...assetsKey, 'graph'],
    queryFn: ({ signal }) => api.get<AssetGraph>('/assets/graph', undefined, signal),
    staleTime: 30_000,
    // Hundreds of thousands of numbers: comparing them costs more than drawing them.
    structuralSharing: false,
  });
export const assetQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [...assetsKey, 'one', id],
    queryFn: ({ signal }) => api.get<AssetDetail>(`/assets/${encodeURIComponent(id)}`, undefined, signal),
  });
export const mergePreviewQuery = (api: Api, id: string, other: string) =>
  queryOptions({
    queryKey: [...assetsKey, 'merge', id, other],
    queryFn: ({ signal }) =>
      api.get<MergePreview>(`/assets/${encodeURIComponent(id)}/merge`, { other }, signal),
  });
export const softwareQuery = (api: Api, id: string, text: string) =>
  queryOptions({
    queryKey: [...assetsKey, 'software', id, text],
    queryFn: ({ signal }) =>
      api.get<SoftwareList>(`/assets/${encodeURIComponent(id)}/software`, { text }, signal),
    placeholderData: (before) => before,
  });
export const proposalsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...assetsKey, 'proposals'],
    queryFn: ({ signal }) => api.get<{ proposals: Proposal[] }>('/assets/proposals', undefined, signal),
  });

export const sendImport = (api: Api, file: File, query: Query) => {
  const search = new URLSearchParams({ file: file.name });
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(name, String(value));
  return api.send<ImportReport>('POST', `/assets/import?${search.toString()}`, file);
};
