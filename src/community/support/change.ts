import { changed } from '#community';
import type { Actor } from '#identity';
import type { NewEntry } from '#ledger';
import { AppError, Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { type Scope, systemAccess } from '#platform/scope';
import type { SupportDeps } from './deps.ts';
import { GateDenied, SupportStep } from './errors.ts';
import { after, type State, type Step } from './session.ts';
import { saveSession, sessionById } from './store.ts';
import { type Person, type Session, subjectOf } from './support.ts';

/** Said in each transaction that changes a session: whoever holds a connection for it looks again. */
export const supportChanged = 'support';

/** The system's own work on sessions: the watch, the gateway. */
export const access = systemAccess('support sessions');

/** @throws {NotFound} also outside the scope */
export async function lockedSession(tx: Tx, id: string, scope: Scope | undefined): Promise<Session> {
  const session = await sessionById(tx, id, { scope, lock: true });
  if (session === undefined) throw new NotFound('support session', id);
  return session;
}

/** @throws {SupportStep} */
export function stepped(session: Session, step: Step): State {
  const state = after(session.state, step);
  if (state === undefined) throw new SupportStep(session.state, step.replaceAll('-', ' '));
  return state;
}

/** Saves, tells who listens, and writes the ledger: last, as it locks the ledger until the transaction ends. */
export async function keep(
  deps: SupportDeps,
  tx: Tx,
  session: Session,
  entry: { actor: NewEntry['actor']; action: string; facts: NewEntry['facts'] },
): Promise<Session> {
  await saveSession(tx, session);
  await tell(deps, tx, session, entry);
  return session;
}

export async function tell(
  deps: SupportDeps,
  tx: Tx,
  session: Session,
  { actor, action, facts }: { actor: NewEntry['actor']; action: string; facts: NewEntry['facts'] },
): Promise<void> {
  await changed(tx, { kind: 'support', id: session.id });
  await deps.records.notify(tx, supportChanged, session.id);
  await deps.ledger.record(tx, {
    actor: pick(actor),
    action,
    subject: subjectOf(session.id),
    tenancy: session.tenancy,
    facts: { ...facts, state: session.state },
  });
}

/**
 * What is refused is recorded before it is told: who tried what, too early, too late, or with no right to it. The gate's denials
 * have an entry of their own; who may not even know of the session is told nothing, and leaves nothing.
 */
export async function withRefusalsRecorded<T>(
  deps: SupportDeps,
  actor: Actor,
  tried: { readonly id: string; readonly what: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const told = error instanceof GateDenied || error instanceof Invalid;
    if (error instanceof AppError && error.status < 500 && !told)
      await noteRefused(deps, actor, tried, error);
    throw error;
  }
}

const noteRefused = (
  deps: SupportDeps,
  actor: Actor,
  { id, what }: { readonly id: string; readonly what: string },
  { code, message }: AppError,
): Promise<void> =>
  deps.records.transaction(actor.scope, async (tx) => {
    const session = await sessionById(tx, id, { scope: actor.scope });
    if (session === undefined) return;
    await deps.ledger.record(tx, {
      actor: pick(actor),
      action: 'support.attempt-refused',
      subject: subjectOf(id),
      tenancy: session.tenancy,
      facts: { tried: what, code, why: message, state: session.state },
    });
  });

const pick = ({ kind, id, name }: NewEntry['actor']) => ({ kind, id, name });

/** The person behind the actor, as a session keeps it. */
export async function personOf(deps: SupportDeps, tx: Tx, actor: Actor): Promise<Person> {
  const user = actor.userId ?? actor.id;
  return { user, person: await deps.people.personOf(tx, user), name: actor.name };
}

export const system = { kind: 'system', id: 'system', name: 'support sessions' } as const;
