import type { RuleException, RuleList, RuleSummary } from '#contract/soc/detect';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

export type RuleDetail = RuleSummary & {
  text: string;
  description: string;
  references: string[];
  falsePositives: string[];
};

export const rulesQuery = (api: Api) =>
  queryOptions({
    queryKey: ['rules', 'list'],
    queryFn: ({ signal }) => api.get<RuleList>('/rules', undefined, signal),
    staleTime: 15_000,
    refetchInterval: 30_000,
  });
export const ruleQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ['rules', 'one', id],
    queryFn: ({ signal }) => api.get<RuleDetail>(`/rules/${encodeURIComponent(id)}`, undefined, signal),
  });
export const exceptionsQuery = (api: Api, rule?: string) =>
  queryOptions({
    queryKey: ['rules', 'exceptions', rule ?? null],
    queryFn: ({ signal }) => api.get<{ exceptions: RuleException[] }>('/rules/exceptions', { rule }, signal),
  });

export const setRuleEnabled = (api: Api, id: string, enabled: boolean) =>
  api.send('PATCH', `/rules/${encodeURIComponent(id)}`, { enabled });
export const addException = (api: Api, body: Omit<RuleException, 'id' | 'owner'>) =>
  api.send('POST', '/rules/exceptions', body);
export const endException = (api: Api, id: string) =>
  api.send('DELETE', `/rules/exceptions/${encodeURIComponent(id)}`);
