import './alerts.css';
import type { AlertSummary } from '#contract/soc/triage';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { alertQuery } from '../../api/alerts.ts';
import { useApi, useKeys, useMay, useNotices, useSession } from '../../app/context.tsx';
import { useScope } from '../../app/scope.ts';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { count, plural, severityWord } from '../../parts/words.ts';
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
import { AlertTable } from './alert-table.tsx';
import { AlertDialog, type Asked } from './dialogs.tsx';
import { filterOf, showOf } from './filter.ts';
import { Filters } from './filters.tsx';
import { Strip } from './strip.tsx';
import { type Do, type Target, useAlertActions } from './use-alert-actions.tsx';
import { useAlerts } from './use-alerts.ts';
import { matchesFilter } from '../../api/alerts.ts';

export function AlertsRoom() {
  const search = useSearch({ from: '/inside/alerts' });
  const navigate = useNavigate({ from: '/alerts' });
  const { tenancies } = useScope();
  const { user } = useSession();
  const notices = useNotices();
  const may = useMay('alert.work');
  const filter = useMemo(() => filterOf({ ...search, at: undefined }, tenancies), [search, tenancies]);
  const filterKey = JSON.stringify(filter);
  const list = useAlerts(filter);
  const { rows, total, waiting } = list;

  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [everything, setEverything] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const [lastFilter, setLastFilter] = useState(filterKey);
  if (lastFilter !== filterKey) {
    // A selection belongs to the list it was made in.
    setLastFilter(filterKey);
    setPicked(new Set());
    setEverything(false);
  }

  const at = search.at;
  const position = rows.findIndex((row) => row.id === at);
  const open = useCallback(
    (id: string | undefined) => void navigate({ search: (before) => ({ ...before, at: id }), replace: true }),
    [navigate],
  );
  const step = (by: number) => {
    const next = rows[position < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, position + by))];
    if (!next) return;
    open(next.id);
    notices.announce(`${severityWord[next.severity]}: ${next.title}`);
  };
  const pick = useCallback(
    (id: string, range: boolean) => {
      setEverything(false);
      setPicked((before) => {
        const after = new Set(before);
        const end = rows.findIndex((row) => row.id === id);
        const start = rows.findLastIndex((row, index) => index !== end && before.has(row.id) && index < end);
        if (range && start >= 0) for (const row of rows.slice(start, end + 1)) after.add(row.id);
        else if (after.has(id)) after.delete(id);
        else after.add(id);
        return after;
      });
    },
    [rows],
  );
  const pickAll = () => {
    setEverything(false);
    setPicked(picked.size >= rows.length ? new Set() : new Set(rows.map((row) => row.id)));
  };

  /** The selection if there is one, else the row in hand. */
  const target = (): Target => {
    if (everything) return { filter, total };
    if (picked.size > 0) return { alerts: rows.filter((row) => picked.has(row.id)) };
    const row = rows[position];
    return { alerts: row ? [row] : [] };
  };

  const { act, busy } = useAlertActions(({ action, target: done, fresh }) => {
    if (action === 'undo' || !('alerts' in done)) {
      setPicked(new Set());
      setEverything(false);
      void list.reload();
      return;
    }
    for (const alert of fresh) list.redraw(alert);
    const gone = leaves(action, done.alerts, fresh, (alert) => !matchesFilter(alert, filter, user.id));
    if (gone.size > 0) {
      if (at && gone.has(at))
        open(
          (rows.slice(position).find((row) => !gone.has(row.id)) ?? rows.findLast((row) => !gone.has(row.id)))
            ?.id,
        );
      list.remove(gone);
    }
    setPicked(new Set());
  });
  const ask = (kind: Asked['kind']) => {
    const found = target();
    if ('alerts' in found && found.alerts.length === 0) return;
    setAsked({ kind, target: found });
  };
  const doNow = (action: Do) => void act(target(), action);

  useKeys([
    { keys: 'j', group: 'Alerts', says: 'Next alert', run: () => step(1) },
    { keys: 'k', group: 'Alerts', says: 'Alert before', run: () => step(-1) },
    {
      keys: 'Enter',
      group: 'Alerts',
      says: 'Open the alert on a page of its own',
      run: () => at && void navigate({ to: '/alerts/$id', params: { id: at } }),
    },
    { keys: 'x', group: 'Alerts', says: 'Select or leave out the alert', run: () => at && pick(at, false) },
    { keys: 'X', group: 'Alerts', says: 'Select all that are loaded, or none', run: pickAll },
    ...(may
      ? [
          {
            keys: 'a',
            group: 'Alerts',
            says: 'Acknowledge and assign to me',
            run: () => doNow({ action: 'acknowledge' }),
          },
          { keys: 'c', group: 'Alerts', says: 'Close with outcome and reason', run: () => ask('close') },
          { keys: 'f', group: 'Alerts', says: 'Close as false positive', run: () => ask('false-positive') },
          { keys: 'e', group: 'Alerts', says: 'Escalate', run: () => ask('escalate') },
          { keys: 'n', group: 'Alerts', says: 'Write a note', run: () => ask('note') },
        ]
      : []),
    {
      keys: '.',
      group: 'Alerts',
      says: 'Show the new alerts that wait',
      run: () => waiting.length > 0 && list.showWaiting(),
    },
    {
      keys: 'Escape',
      group: 'Alerts',
      says: 'Drop the selection, then close the pane',
      run: () => (picked.size > 0 ? setPicked(new Set()) : open(undefined)),
    },
  ]);

  const more = useCallback(() => {
    if (list.query.hasNextPage && !list.query.isFetchingNextPage) void list.query.fetchNextPage();
  }, [list.query.hasNextPage, list.query.isFetchingNextPage, list.query.fetchNextPage]);

  return (
    <>
      <div className={at ? 'split' : 'split single'}>
        <section className="list" aria-label="Alert queue">
          <Filters
            search={search}
            total={total}
            bySeverity={list.bySeverity}
            waiting={waiting.length}
            showWaiting={list.showWaiting}
            live={list.live}
          />
          <Strip filter={filter} search={search} />
          {list.query.isError ? (
            <Failure
              what="The alerts could not be loaded"
              error={list.query.error}
              retry={() => void list.query.refetch()}
            />
          ) : list.query.isPending ? (
            <Progress what="Loading alerts" />
          ) : rows.length === 0 ? (
            <NoAlerts
              filtered={
                Object.keys(filter).some((name) => !['state', 'tenancy'].includes(name)) ||
                showOf(search) !== 'open'
              }
            />
          ) : (
            <AlertTable
              rows={rows}
              total={total}
              at={at}
              picked={picked}
              open={open}
              pick={pick}
              pickAll={pickAll}
              more={more}
            />
          )}
          {picked.size > 0 && may && (
            <div className="bulk" role="region" aria-label="Selected alerts">
              <b>
                {everything
                  ? `All ${plural(total, 'alert')} that match`
                  : `${plural(picked.size, 'alert')} selected`}
              </b>
              {!everything && picked.size >= rows.length && total > rows.length && (
                <button type="button" className="textual" onClick={() => setEverything(true)}>
                  Select all {count(total)} that match this filter
                </button>
              )}
              <span className="grow" />
              <button
                type="button"
                className="btn slim"
                disabled={busy}
                onClick={() => doNow({ action: 'acknowledge' })}
              >
                Acknowledge
              </button>
              <button type="button" className="btn slim" disabled={busy} onClick={() => ask('close')}>
                Close
              </button>
              <button type="button" className="btn slim" disabled={busy} onClick={() => ask('escalate')}>
                Escalate
              </button>
              <button type="button" className="btn slim" disabled={busy} onClick={() => ask('note')}>
                Note
              </button>
              <button type="button" className="btn slim bare" onClick={() => setPicked(new Set())}>
                Drop the selection
              </button>
            </div>
          )}
        </section>
        {at && (
          <Pane
            id={at}
            row={rows[position]}
            act={(action, alert) => void act({ alerts: [alert] }, action)}
            ask={(kind, alert) => setAsked({ kind, target: { alerts: [alert] } })}
            busy={busy}
          />
        )}
      </div>
      <AlertDialog
        asked={asked}
        answer={(action) => (asked ? act(asked.target, action) : Promise.resolve(false))}
        close={() => setAsked(undefined)}
      />
    </>
  );
}

/** Which of the changed alerts no longer belong in the list: by their fresh state, or, in bulk, by what was done. */
function leaves(
  action: Do,
  changed: readonly AlertSummary[],
  fresh: readonly AlertSummary[],
  outside: (alert: AlertSummary) => boolean,
): ReadonlySet<string> {
  const now = new Map(fresh.map((alert) => [alert.id, alert]));
  const guess = (alert: AlertSummary): AlertSummary =>
    action.action === 'close'
      ? { ...alert, state: 'closed' }
      : action.action === 'reopen'
        ? { ...alert, state: 'acknowledged' }
        : alert;
  return new Set(
    changed.filter((alert) => outside(now.get(alert.id) ?? guess(alert))).map((alert) => alert.id),
  );
}

function NoAlerts({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty
      title="No alert matches this filter"
      action={
        <Link to="/alerts" className="btn">
          Clear the filter
        </Link>
      }
    />
  ) : (
    <Empty
      title="No open alerts"
      action={
        <>
          <Link to="/sources" className="btn">
            Look at the sources
          </Link>
          <Link to="/detections" className="btn">
            Look at the rules
          </Link>
        </>
      }
    >
      Alerts arrive here by themselves when a rule matches an event. If none ever came, check that a source is
      sending and that rules are enabled.
    </Empty>
  );
}

type PaneProps = {
  id: string;
  row: AlertSummary | undefined;
  act: (action: Do, alert: AlertSummary) => void;
  ask: (kind: Asked['kind'], alert: AlertSummary) => void;
  busy: boolean;
};

function Pane({ id, act, ask, busy }: PaneProps) {
  const query = useQuery(alertQuery(useApi(), id));
  const alert = query.data;
  return (
    <aside className="pane" aria-label="Alert" key={id}>
      {query.isError && (
        <Failure
          what="This alert could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && <Progress what="Loading the alert" />}
      {alert && (
        <>
          <AlertHead alert={alert} heading="h2" />
          <AlertActions
            alert={alert}
            act={(action) => act(action, alert)}
            ask={(kind) => ask(kind, alert)}
            busy={busy}
          />
          <AlertFacts alert={alert} act={(action) => act(action, alert)} />
          <Why alert={alert} />
          <Entities alert={alert} />
          <Before alert={alert} />
          <Events alert={alert} />
          <Rule alert={alert} />
          <History alert={alert} />
          <p className="section">
            <Link to="/alerts/$id" params={{ id }}>
              Open on a page of its own
            </Link>
          </p>
        </>
      )}
    </aside>
  );
}
