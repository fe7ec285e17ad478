import type { AlertFilter } from '#contract/soc/triage';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { alertHistogramQuery } from '../../api/alerts.ts';
import { useApi, useNow } from '../../app/context.tsx';
import { TimeBars } from '../../parts/time-bars.tsx';
import type { AlertSearch } from './filter.ts';

const day = 86_400_000;

/** Alerts over the last 24 hours, or over the range of the filter. */
export function Strip({ filter, search }: { filter: AlertFilter; search: AlertSearch }) {
  const now = useNow(300) + 300_000;
  const to = search.to ? Date.parse(search.to) : now;
  const from = search.from ? Date.parse(search.from) : to - day;
  const { from: _from, to: _to, ...rest } = filter;
  const { data } = useQuery(
    alertHistogramQuery(useApi(), rest, new Date(from).toISOString(), new Date(to).toISOString(), 96),
  );
  const navigate = useNavigate({ from: '/alerts' });
  if (!data) return <div className="strip" style={{ height: 76 }} />;
  return (
    <TimeBars
      series={data}
      from={from}
      to={to}
      narrow={(a, b) =>
        void navigate({
          search: (before) => ({ ...before, from: a.toISOString(), to: b.toISOString(), at: undefined }),
        })
      }
    />
  );
}
