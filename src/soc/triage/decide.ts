import type { AlertAction, AlertChange, AlertState, Outcome } from './contract.ts';

type Person = { readonly id: string; readonly name: string };

/** What a decision can change of an alert: exactly this is put back by an undo. */
export type Standing = {
  readonly state: AlertState;
  readonly escalated: boolean;
  readonly assignee: Person | null;
  readonly closed: {
    readonly outcome: Outcome;
    readonly reason: string;
    readonly at: Date;
    readonly by: string;
  } | null;
};

export type Decided =
  | {
      readonly ok: true;
      readonly standing: Standing;
      readonly change: Pick<AlertChange, 'action' | 'note' | 'outcome'>;
    }
  | { readonly ok: false; readonly why: string };

/**
 * What an action makes of an alert, or why it can't be done to this one.
 *
 * @param to whom an `assign` names, already looked up
 */
export function decide(
  now: Standing,
  action: AlertAction['do'],
  by: Person & { readonly at: Date },
  to: Person | undefined,
): Decided {
  const done = (
    standing: Standing,
    what: AlertChange['action'],
    note: string | null = null,
    outcome: Outcome | null = null,
  ): Decided => ({
    ok: true,
    standing,
    change: { action: what, note, outcome },
  });
  const me = { id: by.id, name: by.name };
  switch (action.action) {
    case 'acknowledge':
      if (now.state === 'closed') return refused('It is closed. Reopen it first.');
      if (now.state === 'acknowledged' && now.assignee !== null)
        return refused('It is acknowledged already.');
      // One key for what is one thought: "mine".
      return done({ ...now, state: 'acknowledged', assignee: now.assignee ?? me }, 'acknowledged');
    case 'assign':
      if (now.state === 'closed') return refused('It is closed. Reopen it first.');
      if (to === undefined) return refused('There is nobody by that id who may work on it.');
      if (now.assignee?.id === to.id) return refused(`It is assigned to ${to.name} already.`);
      return done({ ...now, assignee: to }, 'assigned', `Assigned to ${to.name}.`);
    case 'close':
      if (now.state === 'closed') return refused('It is closed already.');
      return done(
        {
          ...now,
          state: 'closed',
          assignee: now.assignee ?? me,
          closed: { outcome: action.outcome, reason: action.reason, at: by.at, by: by.name },
        },
        'closed',
        action.reason,
        action.outcome,
      );
    case 'reopen':
      if (now.state !== 'closed') return refused('It is open already.');
      return done({ ...now, state: 'acknowledged', closed: null }, 'reopened', action.reason);
    case 'escalate':
      if (now.state === 'closed') return refused('It is closed. Reopen it first.');
      if (now.escalated) return refused('It is escalated already.');
      return done(
        { ...now, state: 'acknowledged', escalated: true, assignee: now.assignee ?? me },
        'escalated',
        action.reason,
      );
    case 'note':
      return done(now, 'noted', action.note);
  }
}

const refused = (why: string): Decided => ({ ok: false, why });
