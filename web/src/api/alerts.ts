import type {
  AlertAction,
  AlertDetail,
  AlertFilter,
  AlertHistogram,
  AlertPage,
  AlertSummary,
  Severity,
} from '#contract/soc/triage';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Api, Query } from './client.ts';

const pageSize = 200;
export const openStates = ['new', 'acknowledged'] as const;

/** The filter as the query string has it. */
const asQuery = (filter: AlertFilter): Query => ({ ...filter });

export const alertsQuery = (api: Api, filter: AlertFilter) =>
  infiniteQueryOptions({
    queryKey: ['alerts', 'list', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.get<AlertPage>('/alerts', { ...asQuery(filter), after: pageParam, limit: pageSize }, signal),
    getNextPageParam: (last) => last.next ?? undefined,
    // The stream brings what changes; asking again would move rows under the cursor.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

export const alertQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ['alerts', 'one', id],
    queryFn: ({ signal }) => api.get<AlertDetail>(`/alerts/${encodeURIComponent(id)}`, undefined, signal),
  });

export type Counts = { open: number; mine: number; bySeverity: Record<Severity, number> };

/** How many wait: for the rail and the chips over the queue. */
export const countsQuery = (api: Api, tenancies: readonly string[] | undefined) =>
  queryOptions({
    queryKey: ['alerts', 'counts', tenancies ?? null],
    queryFn: async ({ signal }): Promise<Counts> => {
      const scope = { tenancy: tenancies, limit: 1 };
      const [open, mine] = await Promise.all([
        api.get<AlertPage>('/alerts', { state: openStates, ...scope }, signal),
        api.get<AlertPage>('/alerts', { state: openStates, assignee: 'me', ...scope }, signal),
      ]);
      return { open: open.total, mine: mine.total, bySeverity: open.bySeverity };
    },
    refetchInterval: 30_000,
  });

export const alertHistogramQuery = (
  api: Api,
  filter: AlertFilter,
  from: string,
  to: string,
  buckets: number,
) =>
  queryOptions({
    queryKey: ['alerts', 'histogram', filter, from, to, buckets],
    queryFn: ({ signal }) =>
      api.get<AlertHistogram>('/alerts/histogram', { ...asQuery(filter), from, to, buckets }, signal),
    staleTime: 60_000,
    placeholderData: (before) => before,
  });

export const assigneesQuery = (api: Api) =>
  queryOptions({
    queryKey: ['alerts', 'assignees'],
    queryFn: ({ signal }) =>
      api.get<{ users: { id: string; name: string }[] }>('/alerts/assignees', undefined, signal),
    staleTime: 60_000,
  });

export type ActionResult = { changed: number; skipped: { id: string; why: string }[]; undo: string };
export const doToAlerts = (api: Api, action: AlertAction) =>
  api.send<ActionResult>('POST', '/alerts/actions', action);
export const undoAction = (api: Api, undo: string) =>
  api.send<{ changed: number; skipped: { id: string; why: string }[] }>('POST', '/alerts/undo', { undo });

/** The same decision as the server's, for rows that come over the stream. `me` is the reader's user id. */
export function matchesFilter(alert: AlertSummary, filter: AlertFilter, me: string): boolean {
  const text = filter.text?.toLowerCase();
  return (
    (!filter.state?.length || filter.state.includes(alert.state)) &&
    (!filter.severity?.length || filter.severity.includes(alert.severity)) &&
    (!filter.tenancy?.length || filter.tenancy.includes(alert.tenancy)) &&
    (!filter.rule || filter.rule === alert.ruleId) &&
    (!filter.entity ||
      alert.entities.some((one) => one.value.toLowerCase() === filter.entity?.toLowerCase())) &&
    (!filter.assignee || assigneeMatches(alert, filter.assignee, me)) &&
    (!text ||
      alert.title.toLowerCase().includes(text) ||
      alert.entities.some((one) => one.value.toLowerCase().includes(text))) &&
    (!filter.from || alert.createdAt >= filter.from) &&
    (!filter.to || alert.createdAt < filter.to)
  );
}

function assigneeMatches(alert: AlertSummary, wanted: string, me: string): boolean {
  if (wanted === 'none') return alert.assignee === null;
  return alert.assignee?.id === (wanted === 'me' ? me : wanted);
}
