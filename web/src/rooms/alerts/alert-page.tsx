import './alerts.css';
import type { AlertPage as Page } from '#contract/soc/triage';
import { type InfiniteData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { alertQuery } from '../../api/alerts.ts';
import { useApi, useKeys, useMay } from '../../app/context.tsx';
import { Kbd } from '../../parts/marks.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import {
  AlertActions,
  AlertFacts,
  AlertHead,
  Before,
  Entities,
  Events,
  History,
  Rule,
  Why,
} from './alert-detail.tsx';
import { AlertDialog, type Asked } from './dialogs.tsx';
import { useAlertActions } from './use-alert-actions.tsx';

/** One alert with an address of its own; the neighbours are those of the queue it was opened from. */
export function AlertPage() {
  const { id } = useParams({ from: '/inside/alerts/$id' });
  const query = useQuery(alertQuery(useApi(), id));
  const navigate = useNavigate();
  const may = useMay('alert.work');
  const [asked, setAsked] = useState<Asked>();
  const { act, busy } = useAlertActions(() => {});
  const alert = query.data;
  const [before, after] = useNeighbours(id);
  const to = (next: string | undefined) =>
    next && void navigate({ to: '/alerts/$id', params: { id: next }, search: {} });
  const target = { alerts: alert ? [alert] : [] };
  const ask = (kind: Asked['kind']) => alert && setAsked({ kind, target });

  useKeys([
    { keys: 'j', group: 'Alert', says: 'Next alert', run: () => to(after) },
    { keys: 'k', group: 'Alert', says: 'Alert before', run: () => to(before) },
    ...(may
      ? [
          {
            keys: 'a',
            group: 'Alert',
            says: 'Acknowledge and assign to me',
            run: () => void act(target, { action: 'acknowledge' }),
          },
          { keys: 'c', group: 'Alert', says: 'Close with outcome and reason', run: () => ask('close') },
          { keys: 'f', group: 'Alert', says: 'Close as false positive', run: () => ask('false-positive') },
          { keys: 'e', group: 'Alert', says: 'Escalate', run: () => ask('escalate') },
          { keys: 'n', group: 'Alert', says: 'Write a note', run: () => ask('note') },
        ]
      : []),
    {
      keys: 'Escape',
      group: 'Alert',
      says: 'Back to the queue',
      run: () => void navigate({ to: '/alerts', search: { at: id } }),
    },
  ]);

  return (
    <div className="page">
      <nav className="line apart" aria-label="Alerts" style={{ marginBottom: 12 }}>
        <Link to="/alerts" search={{ at: id }}>
          Alerts
        </Link>
        <span className="line">
          <button type="button" className="btn slim" disabled={!before} onClick={() => to(before)}>
            Before <Kbd>k</Kbd>
          </button>
          <button type="button" className="btn slim" disabled={!after} onClick={() => to(after)}>
            Next <Kbd>j</Kbd>
          </button>
        </span>
      </nav>
      {query.isError && (
        <Failure
          what="This alert could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && <Progress what="Loading the alert" />}
      {alert && (
        <div className="alert-page">
          <header>
            <AlertHead alert={alert} heading="h1" />
            <AlertActions alert={alert} act={(action) => void act(target, action)} ask={ask} busy={busy} />
          </header>
          <div>
            <Why alert={alert} />
            <Entities alert={alert} />
            <Events alert={alert} />
          </div>
          <div>
            <AlertFacts alert={alert} act={(action) => void act(target, action)} />
            <Before alert={alert} />
            <Rule alert={alert} />
            <History alert={alert} />
          </div>
        </div>
      )}
      <AlertDialog
        asked={asked}
        answer={(action) => (asked ? act(asked.target, action) : Promise.resolve(false))}
        close={() => setAsked(undefined)}
      />
    </div>
  );
}

/** The alerts above and below in the newest list that holds this one. */
function useNeighbours(id: string): [string | undefined, string | undefined] {
  const lists = useQueryClient().getQueriesData<InfiniteData<Page>>({ queryKey: ['alerts', 'list'] });
  for (const [, data] of lists.toReversed()) {
    const ids = data?.pages.flatMap((page) => page.alerts.map((alert) => alert.id)) ?? [];
    const at = ids.indexOf(id);
    if (at >= 0) return [ids[at - 1], ids[at + 1]];
  }
  return [undefined, undefined];
}
