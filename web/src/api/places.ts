import type { NetworkListView, PlacesView } from '#contract/community/places';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

export const placesKey = ['places'] as const;

export const placesQuery = (api: Api) =>
  queryOptions({
    queryKey: [...placesKey, 'all'],
    queryFn: ({ signal }) => api.get<PlacesView>('/places', undefined, signal),
  });
export const networksQuery = (api: Api) =>
  queryOptions({
    queryKey: [...placesKey, 'networks'],
    queryFn: ({ signal }) => api.get<{ lists: NetworkListView[] }>('/places/networks', undefined, signal),
  });
