import type { AlertFilter, Severity } from '#contract/soc/triage';
import { openStates } from '../../api/alerts.ts';
import { severities } from '../../parts/words.ts';

export type Show = 'open' | 'mine' | 'closed' | 'all';
export type AlertSearch = {
  show?: string | undefined;
  severity?: string | undefined;
  rule?: string | undefined;
  entity?: string | undefined;
  assignee?: string | undefined;
  text?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  at?: string | undefined;
};

const shows: readonly Show[] = ['open', 'mine', 'closed', 'all'];
export const showOf = (search: AlertSearch): Show => shows.find((one) => one === search.show) ?? 'open';
export const severitiesOf = (search: AlertSearch): Severity[] => {
  const wanted = new Set(search.severity?.split(','));
  return severities.filter((one) => wanted.has(one));
};

/** What the address bar says, as the server takes it. Members that say nothing are left out, so that equal filters are equal. */
export function filterOf(search: AlertSearch, tenancies: readonly string[] | undefined): AlertFilter {
  const show = showOf(search);
  const severity = severitiesOf(search);
  return {
    ...(show === 'open' || show === 'mine' ? { state: [...openStates] } : {}),
    ...(show === 'closed' ? { state: ['closed' as const] } : {}),
    ...(show === 'mine' ? { assignee: 'me' } : search.assignee ? { assignee: search.assignee } : {}),
    ...(severity.length > 0 ? { severity } : {}),
    ...(tenancies ? { tenancy: [...tenancies] } : {}),
    ...(search.rule ? { rule: search.rule } : {}),
    ...(search.entity ? { entity: search.entity } : {}),
    ...(search.text ? { text: search.text } : {}),
    ...(search.from ? { from: search.from } : {}),
    ...(search.to ? { to: search.to } : {}),
  };
}
