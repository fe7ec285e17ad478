import type { TenancySummary } from '#contract/identity';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useNotices, useSession } from './context.tsx';

/** What of the actor's own scope the person looks at: everything, one environment, or one tenancy. It is in the URL. */
export type ScopeChoice = {
  readonly value: string;
  readonly label: string;
  /** Undefined: all there is. */
  readonly tenancies: readonly string[] | undefined;
  readonly markings: readonly string[];
};

export function chooseScope(all: readonly TenancySummary[], value: string | undefined): ScopeChoice {
  const markings = (list: readonly TenancySummary[]) => [...new Set(list.map((one) => one.marking))].sort();
  const only = value?.startsWith('env:')
    ? all.filter((one) => one.environment === value.slice(4))
    : all.filter((one) => one.id === value);
  const first = only[0];
  if (value === undefined || first === undefined) {
    const single = all.length === 1 ? all[0] : undefined;
    return {
      value: '',
      label: single ? single.organisationName : 'All tenancies',
      tenancies: undefined,
      markings: markings(all),
    };
  }
  const label = value.startsWith('env:')
    ? first.environmentName
    : `${first.organisationName}${first.internal ? ' (internal)' : ''}`;
  return { value, label, tenancies: only.map((one) => one.id), markings: markings(only) };
}

export function useScope() {
  const { tenancies } = useSession();
  const { scope } = useSearch({ from: '/inside' });
  const navigate = useNavigate();
  const notices = useNotices();
  const choice = useMemo(() => chooseScope(tenancies, scope), [tenancies, scope]);
  return {
    ...choice,
    /** `all` is written out: a scope that is only missing is taken over from the page before. */
    change(value: string) {
      const next = chooseScope(tenancies, value || undefined);
      void navigate({ to: '.', search: (before) => ({ ...before, scope: value || 'all' }) });
      notices.show({ tone: 'done', text: `You now see ${next.label}: ${next.markings.join(' and ')}.` });
    },
  };
}
