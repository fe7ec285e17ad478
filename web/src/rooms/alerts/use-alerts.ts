import type { AlertFilter, AlertStreamItem, AlertSummary } from '#contract/soc/triage';
import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import type { AlertPage } from '#contract/soc/triage';
import { useEffect, useMemo, useRef, useState } from 'react';
import { alertsQuery, matchesFilter } from '../../api/alerts.ts';
import { useApi, useNotices, useSession } from '../../app/context.tsx';

type Pages = InfiniteData<AlertPage, string | undefined>;

/**
 * The rows of the queue. INVARIANT: a row never moves and never vanishes by itself; what arrives over the stream waits in
 * `waiting` until it is asked for, what changed elsewhere is redrawn in its place.
 */
export function useAlerts(filter: AlertFilter) {
  const api = useApi();
  const { user } = useSession();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const options = alertsQuery(api, filter);
  const query = useInfiniteQuery(options);
  const key = options.queryKey;
  const [waiting, setWaiting] = useState<readonly AlertSummary[]>([]);
  const [live, setLive] = useState<'live' | 'reconnecting'>('live');

  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.alerts) ?? [], [query.data]);
  const known = useRef<ReadonlySet<string>>(new Set());
  known.current = useMemo(() => new Set(rows.map((row) => row.id)), [rows]);

  const change = (
    edit: (alerts: AlertSummary[], page: number) => AlertSummary[],
    total: (before: number) => number,
  ) =>
    queryClient.setQueryData<Pages>(
      key,
      (data) =>
        data && {
          ...data,
          pages: data.pages.map((page, at) => ({
            ...page,
            alerts: edit(page.alerts, at),
            total: total(page.total),
          })),
        },
    );
  const redraw = (alert: AlertSummary) =>
    change(
      (alerts) => alerts.map((one) => (one.id === alert.id ? { ...one, ...alert } : one)),
      (total) => total,
    );

  const onItem = useRef<(item: AlertStreamItem) => void>(() => {});
  onItem.current = ({ alert }) => {
    void queryClient.invalidateQueries({ queryKey: ['alerts', 'counts'] });
    if (known.current.has(alert.id)) redraw(alert);
    else
      setWaiting((before) => {
        const others = before.filter((one) => one.id !== alert.id);
        return matchesFilter(alert, filter, user.id) ? [alert, ...others] : others;
      });
    void queryClient.invalidateQueries({ queryKey: ['alerts', 'one', alert.id] });
  };

  const keyText = JSON.stringify(filter);
  useEffect(() => setWaiting([]), [keyText]);
  useEffect(() => {
    const stream = new EventSource('/api/alerts/stream');
    stream.addEventListener('open', () => setLive('live'));
    stream.addEventListener('error', () => setLive('reconnecting'));
    // The server checks what it sends against alertStreamItem.
    stream.addEventListener('alert', (event) => onItem.current(JSON.parse(event.data) as AlertStreamItem));
    return () => stream.close();
  }, []);

  const total = query.data?.pages[0]?.total ?? 0;
  return {
    query,
    rows,
    total,
    bySeverity: query.data?.pages[0]?.bySeverity,
    waiting,
    live,
    redraw,
    remove: (ids: ReadonlySet<string>) => {
      const gone = rows.filter((row) => ids.has(row.id)).length;
      change(
        (alerts) => alerts.filter((one) => !ids.has(one.id)),
        (before) => before - gone,
      );
    },
    showWaiting: () => {
      const fresh = waiting
        .filter((one) => !known.current.has(one.id))
        .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
      change(
        (alerts, page) => (page === 0 ? [...fresh, ...alerts] : alerts),
        (before) => before + fresh.length,
      );
      setWaiting([]);
      notices.announce(`${fresh.length} new alerts are shown.`);
    },
    reload: () => queryClient.resetQueries({ queryKey: key }),
  };
}
