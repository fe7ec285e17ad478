import type {
  CanAnswer,
  DecisionDetail,
  DecisionPage,
  GateRequest,
  Parameters,
  ReplayResult,
  RuleList,
} from '#contract/community/gate';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

export type Question = {
  readonly action: string;
  readonly resource: { readonly type: string; readonly id: string };
};

export const rulesQuery = (api: Api) =>
  queryOptions({
    queryKey: ['gate', 'rules'],
    queryFn: ({ signal }) => api.get<RuleList>('/gate/rules', undefined, signal),
  });
/** What would be decided now; asked again while it is looked at, because somebody may mend what is missing. */
export const canQuery = (api: Api, question: Question) =>
  queryOptions({
    queryKey: ['gate', 'can', question],
    queryFn: ({ signal }) => api.send<CanAnswer>('POST', '/gate/can', question, signal),
    refetchInterval: 10_000,
  });
export const requestsKey = ['gate', 'requests'] as const;
export const requestsQuery = (api: Api) =>
  queryOptions({
    queryKey: requestsKey,
    queryFn: ({ signal }) => api.get<{ requests: GateRequest[] }>('/gate/requests', undefined, signal),
    refetchInterval: 10_000,
  });
export const askFor = (api: Api, body: Question & { rule: string; note: string }) =>
  api.send<GateRequest>('POST', '/gate/requests', body);
export const settleRequest = (api: Api, id: string, state: 'done' | 'refused') =>
  api.send<GateRequest>('PATCH', `/gate/requests/${encodeURIComponent(id)}`, { state });

export type DecisionFilter = {
  readonly subject?: string | undefined;
  readonly organisation?: string | undefined;
  readonly action?: string | undefined;
  readonly outcome?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
};
export const decisionsQuery = (api: Api, filter: DecisionFilter) =>
  infiniteQueryOptions({
    queryKey: ['gate', 'decisions', filter],
    initialPageParam: undefined as string | undefined, // the type of every later page's
    queryFn: ({ pageParam, signal }) =>
      api.get<DecisionPage>('/decisions', { ...filter, before: pageParam, limit: 50 }, signal),
    getNextPageParam: (page) => page.next,
  });
const one = (id: string): string => `/decisions/${encodeURIComponent(id)}`;
export const decisionQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ['gate', 'decision', id],
    queryFn: ({ signal }) => api.get<DecisionDetail>(one(id), undefined, signal),
  });
export const replayDecision = (api: Api, id: string) => api.send<ReplayResult>('POST', `${one(id)}/replay`);

export const setParameters = (api: Api, body: { parameters: Parameters; version: number; reason: string }) =>
  api.send<{ version: number }>('PUT', '/gate/parameters', body);
