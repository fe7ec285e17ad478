import type { PlannedChangeView } from '#contract/community/planned-changes';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

export const changesKey = ['changes'] as const;

export const changesQuery = (api: Api) =>
  queryOptions({
    queryKey: [...changesKey, 'all'],
    queryFn: ({ signal }) => api.get<{ changes: PlannedChangeView[] }>('/changes', undefined, signal),
  });
