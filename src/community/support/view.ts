import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { officeFor, sideToApprove } from './approve.ts';
import { whyNoReview } from './close.ts';
import type { May, Recording, SessionDetail, SupportSession } from './contract.ts';
import type { SupportDeps } from './deps.ts';
import { mayEnd } from './live.ts';
import { isUnused } from './request.ts';
import { conflictOf, type State, waitedSeconds, waitingOf } from './session.ts';
import { sessionById, sessions } from './store.ts';
import { recordingsOf, type StoredRecording } from './store-recordings.ts';
import { type Approval, type Person, type Session, timesOf } from './support.ts';

const named = ({ user, name }: Person) => ({ id: user, name });
const approvalView = (given: Approval | null) =>
  given && {
    by: named(given.by),
    office: given.office,
    at: given.at.toISOString(),
    standing: given.standing,
    digest: given.digest,
  };
const text = (at: Date | null): string | null => at?.toISOString() ?? null;

/** A session as this reader may see it, with what they may do. */
export async function viewOf(
  deps: SupportDeps,
  tx: Tx,
  actor: Actor,
  stored: Session,
): Promise<SupportSession> {
  const now = deps.clock.now();
  // The watch writes it a moment later; nobody is shown as approvable what is too old.
  const session: Session = isUnused(stored, now) ? { ...stored, state: 'expired' } : stored;
  const times = timesOf(session);
  const waiting = waitingOf(session.state, times);
  const { may, mayNotApprove } = await rightsOf(deps, tx, actor, session);
  const { end, summary, review } = session;
  return {
    id: session.id,
    tenancy: session.tenancy,
    organisation: session.organisation,
    environment: session.environment,
    kind: session.kind,
    state: session.state,
    reason: session.reason,
    ticket: session.ticket,
    minutes: session.minutes,
    systems: session.systems,
    recordInput: session.recordInput,
    requester: named(session.requester),
    engineers: session.engineers.map(named),
    requestedAt: session.requestedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    digest: session.digest,
    customerApproval: approvalView(session.customerApproval),
    providerApproval: approvalView(session.providerApproval),
    startedAt: text(session.startedAt),
    endsAt: text(session.endsAt),
    endedAt: text(session.endedAt),
    // Why the gate denied may tell about a clearance: that stays with the provider.
    end: end && { ...end, detail: actor.ofProvider ? end.detail : null },
    summary: summary && {
      by: named(summary.by),
      at: summary.at.toISOString(),
      changed: summary.changed,
      seconds: summary.seconds,
      commands: summary.commands.map((one) => ({ ...one, at: one.at.toISOString() })),
      recordings: summary.recordings,
    },
    countersignature: approvalView(session.countersignature),
    reviewDueAt: text(session.reviewDueAt),
    reviewOverdue: session.reviewDueAt !== null && session.reviewedAt === null && now >= session.reviewDueAt,
    review: review && { ...review, by: named(review.by), at: review.at.toISOString() },
    waiting: waiting && { on: waiting.on, since: waiting.since.toISOString() },
    waitedSeconds: waitedSeconds(session.state, times, now),
    may: [...may],
    mayNotApprove,
  };
}

const open: readonly State[] = ['requested', 'customer-approved', 'provider-approved'];

async function rightsOf(deps: SupportDeps, tx: Tx, actor: Actor, session: Session) {
  const user = actor.userId ?? actor.id;
  const may: May[] = [];
  let mayNotApprove: string | null = null;
  const side = sideToApprove(session);
  if (side !== undefined) {
    const conflict = conflictOf(
      {
        kind: session.kind,
        requester: session.requester.user,
        engineers: session.engineers.map((one) => one.user),
        customer: session.customerApproval?.by.user ?? null,
      },
      user,
    );
    const allowed = await officeFor(deps, tx, actor, session, side);
    const ofSide = side === 'customer' ? actor.organisation === session.organisation : actor.ofProvider;
    if (conflict !== undefined && ofSide) mayNotApprove = conflict;
    else if ('why' in allowed) mayNotApprove = ofSide ? allowed.why : null;
    else may.push('approve');
  }
  const customer = actor.organisation === session.organisation;
  const approver =
    'office' in (await officeFor(deps, tx, actor, session, customer ? 'customer' : 'provider'));
  if (open.includes(session.state)) {
    if (approver) may.push('refuse');
    if (actor.ofProvider && actor.permissions.has('support.request')) may.push('cancel');
  }
  const engineer = session.engineers.some((one) => one.user === user);
  if (engineer && (session.state === 'provider-approved' || session.state === 'live')) may.push('connect');
  if (session.state === 'live' && mayEnd(session, actor)) may.push('end');
  if (session.state === 'ended' && (engineer || session.requester.user === user)) may.push('summarise');
  if (session.state === 'summarised' && customer && approver) may.push('countersign');
  if (
    session.reviewDueAt !== null &&
    session.reviewedAt === null &&
    session.state !== 'live' &&
    actor.ofProvider &&
    (await whyNoReview(deps, tx, actor, session)) === undefined
  )
    may.push('review');
  return { may, mayNotApprove };
}

export const recordingView = (recording: StoredRecording): Recording => ({
  number: recording.number,
  engineer: named(recording.engineer),
  system: recording.system,
  kind: recording.kind,
  command: recording.command,
  address: recording.address,
  startedAt: recording.startedAt.toISOString(),
  endedAt: text(recording.endedAt),
  chunks: recording.chunks,
  bytes: recording.bytes,
});

export function listSessions(
  deps: SupportDeps,
  actor: Actor,
  filter: { state?: State | undefined; tenancy?: string | undefined; limit: number },
): Promise<SupportSession[]> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const views: SupportSession[] = [];
    for (const session of await sessions(tx, actor.scope, filter))
      views.push(await viewOf(deps, tx, actor, session));
    return views;
  });
}

/** @throws {NotFound} */
export function showSession(deps: SupportDeps, actor: Actor, id: string): Promise<SessionDetail> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const session = await sessionById(tx, id, { scope: actor.scope });
    if (session === undefined) throw new NotFound('support session', id);
    const recordings = await recordingsOf(tx, id, actor.scope);
    return { ...(await viewOf(deps, tx, actor, session)), recordings: recordings.map(recordingView) };
  });
}
