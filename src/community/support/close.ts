import { type Actor } from '#identity';
import { canonical } from '#ledger';
import { Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { customerStatement, offer, officeFor, statement, verified } from './approve.ts';
import { keep, lockedSession, personOf, stepped, withRefusalsRecorded } from './change.ts';
import type { Signed, ToSign } from './contract.ts';
import type { SupportDeps } from './deps.ts';
import { MayNotApprove, SupportStep } from './errors.ts';
import { sessionById } from './store.ts';
import { recordingsOf } from './store-recordings.ts';
import { type Session, sha256 } from './support.ts';

/**
 * What the customer is told: who, when, how long, which commands, what was changed. By a named engineer or who asked.
 * @throws {SupportStep} {MayNotApprove}
 */
export function summarise(deps: SupportDeps, actor: Actor, id: string, changed: string): Promise<Session> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const session = await lockedSession(tx, id, actor.scope);
    const mine = [session.requester, ...session.engineers].some(
      ({ user }) => user === (actor.userId ?? actor.id),
    );
    if (!mine) throw new MayNotApprove('Who asked for the session, or was in it, writes its summary.');
    const state = stepped(session, 'summarise');
    const recordings = await recordingsOf(tx, id, actor.scope);
    const commands = recordings.flatMap(({ command, startedAt, engineer, system }) =>
      command === null ? [] : [{ at: startedAt, engineer: engineer.name, system, command }],
    );
    const { startedAt, endedAt, end } = session;
    const by = await personOf(deps, tx, actor);
    const at = deps.clock.now();
    // By a clock that was set back meanwhile it would have ended before it began.
    const seconds =
      startedAt && endedAt ? Math.max(0, Math.round((endedAt.getTime() - startedAt.getTime()) / 1000)) : 0;
    const record = canonical({
      type: 'ironbark.support-summary.v1',
      session: id,
      request: session.digest,
      engineers: session.engineers.map(({ name }) => name),
      startedAt: startedAt?.toISOString() ?? null,
      endedAt: endedAt?.toISOString() ?? null,
      end: end === null ? null : { by: end.by, code: end.code, reason: end.reason },
      seconds,
      changed,
      commands: commands.map((one) => ({ ...one, at: one.at.toISOString() })),
      recordings: recordings.map(({ number, system, kind, chunks, bytes, head }) => ({
        number,
        system,
        kind,
        chunks,
        bytes,
        head: head.toString('hex'),
      })),
      by: by.name,
      at: at.toISOString(),
    });
    const summary = { by, at, changed, seconds, commands, recordings: recordings.length, record };
    return keep(
      deps,
      tx,
      { ...session, state, summary },
      {
        actor,
        action: 'support.summarised',
        facts: { summary: sha256(record).toString('hex'), seconds, recordings: recordings.length },
      },
    );
  });
}

async function toCountersign(deps: SupportDeps, tx: Tx, actor: Actor, id: string, offeredAt: string) {
  const session = await sessionById(tx, id, { scope: actor.scope });
  if (session === undefined) throw new NotFound('support session', id);
  if (session.state !== 'summarised' || session.summary === null)
    throw new SupportStep(session.state, 'countersigning');
  const { office, by } = await customerStatement(deps, tx, actor, session.organisation);
  const { record: summaryRecord } = session.summary;
  const record = statement(
    'ironbark.support-countersignature.v1',
    { user: by.user, name: by.name, organisation: actor.organisation, office },
    offeredAt,
    { summary: sha256(summaryRecord).toString('hex'), summaryRecord },
  );
  return { office, by, record };
}

/** What the customer's passkey is to sign. @throws {SupportStep} {MayNotApprove} {NoPasskey} */
export const countersignOptions = (deps: SupportDeps, actor: Actor, id: string): Promise<ToSign> =>
  withRefusalsRecorded(deps, actor, { id, what: 'countersign' }, () => toSign(deps, actor, id));

async function toSign(deps: SupportDeps, actor: Actor, id: string): Promise<ToSign> {
  const offeredAt = deps.clock.now().toISOString();
  const { record } = await deps.records.transaction(actor.scope, (tx) =>
    toCountersign(deps, tx, actor, id, offeredAt),
  );
  return offer(deps, actor, record, offeredAt);
}

/** @throws {SupportStep} {MayNotApprove} {SignatureRefused} */
export const countersign = (deps: SupportDeps, actor: Actor, id: string, signed: Signed): Promise<Session> =>
  withRefusalsRecorded(deps, actor, { id, what: 'countersign' }, () =>
    countersigned(deps, actor, id, signed),
  );

async function countersigned(deps: SupportDeps, actor: Actor, id: string, signed: Signed): Promise<Session> {
  const { record } = await deps.records.transaction(actor.scope, (tx) =>
    toCountersign(deps, tx, actor, id, signed.offeredAt),
  );
  const proof = await verified(deps, actor, record, signed);
  return deps.records.transaction(actor.scope, async (tx) => {
    const session = await lockedSession(tx, id, actor.scope);
    const again = await toCountersign(deps, tx, actor, id, signed.offeredAt);
    if (again.record !== record) throw new Invalid('The summary changed while you signed. Look at it again.');
    const countersignature = {
      ...proof,
      by: again.by,
      organisation: actor.organisation,
      office: again.office,
      at: deps.clock.now(),
      standing: null,
    };
    const state = stepped(session, 'countersign');
    return keep(
      deps,
      tx,
      { ...session, state, countersignature },
      {
        actor,
        action: 'support.countersigned',
        facts: { signature: proof.digest, office: again.office },
      },
    );
  });
}

/** Of break glass: by the provider's CISO or COO, who is neither of the two people. @throws {SupportStep} {MayNotApprove} */
export function review(deps: SupportDeps, actor: Actor, id: string, finding: string): Promise<Session> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const session = await lockedSession(tx, id, actor.scope);
    const why = await whyNoReview(deps, tx, actor, session);
    if (why !== undefined) throw new MayNotApprove(why);
    if (session.reviewDueAt === null || session.reviewedAt !== null || session.state === 'live')
      throw new SupportStep(session.state, 'reviewing');
    const at = deps.clock.now();
    const allowed = await officeFor(deps, tx, actor, { ...session, kind: 'planned' }, 'provider');
    const office = 'office' in allowed ? allowed.office : '';
    const made = { by: await personOf(deps, tx, actor), office, at, finding };
    return keep(
      deps,
      tx,
      { ...session, review: made, reviewedAt: at },
      {
        actor,
        action: 'support.reviewed',
        facts: { finding, late: at >= session.reviewDueAt },
      },
    );
  });
}

/** @returns why this person may not review it; undefined when they may */
export async function whyNoReview(
  deps: SupportDeps,
  tx: Tx,
  actor: Actor,
  session: Session,
): Promise<string | undefined> {
  const user = actor.userId ?? actor.id;
  const involved = [
    session.requester,
    ...session.engineers,
    ...(session.providerApproval ? [session.providerApproval.by] : []),
  ];
  if (involved.some((one) => one.user === user)) return 'You had a part in it: somebody else reviews it.';
  // The review takes the office, whatever the declaration took.
  const allowed = await officeFor(deps, tx, actor, { ...session, kind: 'planned' }, 'provider');
  return 'why' in allowed ? allowed.why : undefined;
}
