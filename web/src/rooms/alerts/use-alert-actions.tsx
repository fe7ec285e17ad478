import type { AlertAction, AlertDetail, AlertFilter, AlertSummary } from '#contract/soc/triage';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { alertQuery, doToAlerts, undoAction } from '../../api/alerts.ts';
import { useApi, useNotices } from '../../app/context.tsx';
import { outcomeWord, plural } from '../../parts/words.ts';

export type Target =
  | { readonly alerts: readonly AlertSummary[] }
  | { readonly filter: AlertFilter; readonly total: number };
export type Do = AlertAction['do'];
export const targetSize = (target: Target): number =>
  'alerts' in target ? target.alerts.length : target.total;

/** What was done, in words, to how many. */
function said(action: Do, changed: number): string {
  const alerts = plural(changed, 'alert');
  switch (action.action) {
    case 'acknowledge':
      return `${alerts} acknowledged and yours.`;
    case 'assign':
      return `${alerts} assigned.`;
    case 'close':
      return `${alerts} closed as ${outcomeWord[action.outcome].toLowerCase()}.`;
    case 'reopen':
      return `${alerts} reopened.`;
    case 'escalate':
      return `${alerts} escalated.`;
    case 'note':
      return `Note kept on ${alerts}.`;
  }
}

/** Does, says so, and offers the undo. `after` hears of what is done, with fresh rows where few enough were changed. */
export function useAlertActions(
  after: (done: { action: Do | 'undo'; target: Target; fresh: readonly AlertDetail[] }) => void,
) {
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState(false);

  async function refresh(target: Target): Promise<readonly AlertDetail[]> {
    void queryClient.invalidateQueries({ queryKey: ['alerts', 'counts'] });
    void queryClient.invalidateQueries({ queryKey: ['alerts', 'histogram'] });
    if (!('alerts' in target) || target.alerts.length > 5) {
      void queryClient.invalidateQueries({ queryKey: ['alerts', 'one'] });
      return [];
    }
    return Promise.all(
      target.alerts.map((alert) => queryClient.fetchQuery({ ...alertQuery(api, alert.id), staleTime: 0 })),
    );
  }

  async function undo(token: string, target: Target) {
    try {
      const { changed } = await undoAction(api, token);
      notices.show({ tone: 'done', text: `Undone for ${plural(changed, 'alert')}.` });
      after({ action: 'undo', target, fresh: await refresh(target) });
    } catch (error) {
      notices.show({
        tone: 'problem',
        text: 'That could not be undone.',
        detail: error instanceof Error ? error.message : '',
      });
    }
  }

  async function act(target: Target, action: Do): Promise<boolean> {
    if (busy || targetSize(target) === 0) return false;
    setBusy(true);
    try {
      const select: AlertAction['select'] =
        'alerts' in target
          ? { alerts: target.alerts.map(({ id, revision }) => ({ id, revision })) }
          : { filter: target.filter, atMost: target.total };
      const result = await doToAlerts(api, { select, do: action });
      const first = result.skipped[0];
      if (result.changed > 0 || !first)
        notices.show({
          tone: 'done',
          text: said(action, result.changed),
          ...(first
            ? { detail: `${plural(result.skipped.length, 'alert')} left as they were: ${first.why}` }
            : {}),
          undo: () => void undo(result.undo, target),
        });
      else notices.show({ tone: 'problem', text: 'Nothing was changed.', detail: first.why });
      after({ action, target, fresh: await refresh(target) });
      return true;
    } catch (error) {
      notices.show({
        tone: 'problem',
        text: 'Nothing was changed.',
        detail: error instanceof Error ? error.message : '',
      });
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { act, busy };
}
