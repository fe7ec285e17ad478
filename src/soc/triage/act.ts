import { createHash } from 'node:crypto';
import type { Clock } from '#platform/clock';
import type { Ids } from '#platform/ids';
import type { Tx } from '#platform/records';
import { type TenancyId, tenancyId } from '#platform/scope';
import type { Analyst, AnalystRecords, Recorder } from './actor.ts';
import type { AlertAction, AlertChange } from './contract.ts';
import { decide, type Standing } from './decide.ts';
import { ChangedSince, MoreThanSeen, NothingToUndo } from './errors.ts';
import { announce } from './record.ts';
import * as store from './store.ts';
import * as undoStore from './store-undo.ts';

export type ActDeps = {
  readonly records: AnalystRecords;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Recorder;
  /** Who may work on this tenancy's alerts, by id; undefined when nobody is. */
  readonly assignee: (
    tx: Tx,
    id: string,
    tenancy: TenancyId,
  ) => Promise<{ id: string; name: string } | undefined>;
};

type Skipped = { id: string; why: string }[];
const undoMilliseconds = 10 * 60_000;
/** One bulk action is one transaction: past this it would hold the queue up. */
const mostAtOnce = 10_000;

/**
 * Takes one action on the alerts selected, all in one transaction, with a line of history each and a ledger entry per
 * tenancy. Alerts that were changed since they were looked at are skipped and named.
 *
 * @returns `undo` is '' when nothing was changed
 * @throws {MoreThanSeen} when a filter matches more than `atMost`
 */
export async function act(
  deps: ActDeps,
  actor: Analyst,
  request: AlertAction,
): Promise<{ changed: number; skipped: Skipped; undo: string }> {
  const at = deps.clock.now();
  return deps.records.transaction(actor.scope, async (tx) => {
    const skipped: Skipped = [];
    const alerts = await selected(tx, actor, request.select, skipped);
    const people = await assignees(deps, tx, request.do, alerts);
    const decided: {
      alert: store.StoredAlert;
      standing: Standing;
      change: Pick<AlertChange, 'action' | 'note' | 'outcome'>;
    }[] = [];
    for (const alert of alerts) {
      const result = decide(
        alert.standing,
        request.do,
        { id: actor.id, name: actor.name, at },
        people.get(alert.summary.tenancy),
      );
      if (result.ok) decided.push({ alert, ...result });
      else skipped.push({ id: alert.summary.id, why: result.why });
    }
    if (decided.length === 0) return { changed: 0, skipped, undo: '' };
    await save(deps, tx, actor, at, decided);
    await inLedger(
      deps,
      tx,
      actor,
      `alert.${request.do.action}`,
      decided.map(({ alert }) => alert.summary),
      factsOf(request),
    );
    const undo = deps.ids.secret(24);
    await undoStore.keep(
      tx,
      sha256(undo),
      actor.id,
      new Date(at.getTime() + undoMilliseconds),
      decided.map(({ alert }) => alert),
    );
    return { changed: decided.length, skipped, undo };
  });
}

/**
 * Puts back exactly what stood before an action, for alerts that nobody changed since.
 * @throws {NothingToUndo} {ChangedSince} when not one is left to put back
 */
export async function undo(
  deps: ActDeps,
  actor: Analyst,
  token: string,
): Promise<{ changed: number; skipped: Skipped }> {
  const at = deps.clock.now();
  return deps.records.transaction(actor.scope, async (tx) => {
    const items = await undoStore.use(tx, actor.scope, sha256(token), actor.id, at);
    if (items.length === 0) throw new NothingToUndo();
    const now = new Map(
      (
        await store.lockByIds(
          tx,
          actor.scope,
          items.map((item) => item.id),
        )
      ).map((alert) => [alert.summary.id, alert]),
    );
    const skipped: Skipped = [];
    const back: {
      alert: store.StoredAlert;
      standing: Standing;
      change: Pick<AlertChange, 'action' | 'note' | 'outcome'>;
    }[] = [];
    for (const item of items) {
      const alert = now.get(item.id);
      if (alert === undefined || alert.summary.revision !== item.revision) {
        skipped.push({ id: item.id, why: 'It was changed again since.' });
      } else {
        back.push({ alert, standing: item.before, change: { action: 'undone', note: null, outcome: null } });
      }
    }
    if (back.length === 0) throw new ChangedSince(items.length);
    await save(deps, tx, actor, at, back);
    await inLedger(
      deps,
      tx,
      actor,
      'alert.undo',
      back.map(({ alert }) => alert.summary),
      {},
    );
    return { changed: back.length, skipped };
  });
}

async function selected(
  tx: Tx,
  actor: Analyst,
  select: AlertAction['select'],
  skipped: Skipped,
): Promise<store.StoredAlert[]> {
  if ('filter' in select) {
    const atMost = Math.min(select.atMost, mostAtOnce);
    const alerts = await store.lockMatching(tx, actor.scope, select.filter, actor, atMost + 1);
    if (alerts.length > atMost) throw new MoreThanSeen(alerts.length, atMost);
    return alerts;
  }
  const found = new Map(
    (
      await store.lockByIds(
        tx,
        actor.scope,
        select.alerts.map((alert) => alert.id),
      )
    ).map((alert) => [alert.summary.id, alert]),
  );
  const alerts = new Map<string, store.StoredAlert>();
  for (const { id, revision } of select.alerts) {
    const alert = found.get(id);
    if (alert === undefined) skipped.push({ id, why: 'It is not there, or outside your scope.' });
    else if (alert.summary.revision !== revision)
      skipped.push({ id, why: 'Somebody changed it since you looked.' });
    else alerts.set(id, alert);
  }
  return [...alerts.values()];
}

/** By tenancy: whom `assign` names, where that person may work. */
async function assignees(
  deps: ActDeps,
  tx: Tx,
  action: AlertAction['do'],
  alerts: readonly store.StoredAlert[],
): Promise<Map<string, { id: string; name: string }>> {
  const people = new Map<string, { id: string; name: string }>();
  if (action.action !== 'assign') return people;
  for (const tenancy of new Set(alerts.map((alert) => alert.summary.tenancy))) {
    const person = await deps.assignee(tx, action.to, tenancyId(tenancy));
    if (person !== undefined) people.set(tenancy, person);
  }
  return people;
}

async function save(
  deps: ActDeps,
  tx: Tx,
  actor: Analyst,
  at: Date,
  changed: readonly {
    alert: store.StoredAlert;
    standing: Standing;
    change: Pick<AlertChange, 'action' | 'note' | 'outcome'>;
  }[],
): Promise<void> {
  const range = await store.saveStandings(
    tx,
    changed.map(({ alert, standing }) => ({ id: alert.summary.id, standing })),
  );
  await store.addChanges(
    tx,
    changed.map(({ alert, change }) => ({
      alertId: alert.summary.id,
      tenancy: alert.summary.tenancy,
      at,
      actor: { id: actor.id, name: actor.name },
      ...change,
    })),
  );
  await announce(deps.records, tx, [range]);
}

async function inLedger(
  deps: ActDeps,
  tx: Tx,
  actor: Analyst,
  action: string,
  alerts: readonly { id: string; tenancy: string }[],
  facts: Record<string, string>,
): Promise<void> {
  const byTenancy = Map.groupBy(alerts, (alert) => alert.tenancy);
  for (const [tenancy, those] of byTenancy) {
    await deps.ledger.record(tx, {
      actor,
      action,
      subject: those.length === 1 && those[0] ? `alert/${those[0].id}` : 'alerts',
      tenancy: tenancyId(tenancy),
      facts: { ...facts, alerts: those.map((alert) => alert.id) },
    });
  }
}

function factsOf(request: AlertAction): Record<string, string> {
  const { do: action, select } = request;
  const facts: Record<string, string> = 'filter' in select ? { filter: JSON.stringify(select.filter) } : {};
  if (action.action === 'close') facts['outcome'] = action.outcome;
  if (action.action === 'assign') facts['to'] = action.to;
  if ('reason' in action) facts['reason'] = action.reason;
  if (action.action === 'note') facts['note'] = action.note.slice(0, 2000);
  return facts;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
