import { canonical, type Json } from '#ledger';
import { type Actor, signingOptions, verifySignature } from '#identity';
import { Invalid } from '#platform/errors';
import type { Tx } from '#platform/records';
import type { Signed, ToSign } from './contract.ts';
import { keep, lockedSession, personOf, stepped, withRefusalsRecorded } from './change.ts';
import type { SupportDeps } from './deps.ts';
import { MayNotApprove, SupportStep } from './errors.ts';
import { conflictOf, type Side, unusedHours } from './session.ts';
import { sessionById } from './store.ts';
import { type Approval, minutesLater, type Person, type Session, sha256 } from './support.ts';
import { NotFound } from '#platform/errors';

/** Offices that can say yes for the customer; the role `approver` of that organisation can too. */
const customerOffices: readonly string[] = ['approver', 'ciso', 'cio'];
const providerOffices: readonly string[] = ['ciso', 'coo'];

/** Who may sign for a side: with which office. A reason instead, when not. */
export async function officeFor(
  deps: SupportDeps,
  tx: Tx,
  actor: Actor,
  session: Session,
  side: Side,
): Promise<{ office: string } | { why: string }> {
  const user = actor.userId ?? actor.id;
  const offices = await deps.people.officesOf(tx, {
    userId: user,
    organisation: actor.organisation,
    at: deps.clock.now(),
  });
  if (side === 'customer') {
    if (actor.organisation !== session.organisation)
      return { why: "This is the customer's to approve: an approver of the tenancy's own organisation." };
    const office = customerOffices.find((one) => offices.includes(one));
    if (office !== undefined) return { office };
    return actor.roles.includes('approver')
      ? { office: 'approver' }
      : { why: 'Only an approver, the CISO or the CIO of the organisation approves a session.' };
  }
  if (!actor.ofProvider) return { why: "This is the provider's to approve: its CISO or COO." };
  // Break glass takes two of the provider's people; the office is asked for at the review.
  if (session.kind === 'break-glass')
    return actor.permissions.has('support.request') || actor.permissions.has('support.approve')
      ? { office: providerOffices.find((one) => offices.includes(one)) ?? 'second-person' }
      : { why: 'The second person for break glass is somebody who may ask for or approve support.' };
  const office = providerOffices.find((one) => offices.includes(one));
  return office === undefined
    ? { why: "Only the provider's CISO or COO, with an appointment in force, approves a session." }
    : { office };
}

/** Which side is to approve now; undefined when none is. */
export const sideToApprove = (session: Session): Side | undefined =>
  session.state === 'requested' ? 'customer' : session.state === 'customer-approved' ? 'provider' : undefined;

const parties = (session: Session) => ({
  kind: session.kind,
  requester: session.requester.user,
  engineers: session.engineers.map(({ user }) => user),
  customer: session.customerApproval?.by.user ?? null,
});

/** @throws {SupportStep} {MayNotApprove} */
async function mustBeAbleToApprove(deps: SupportDeps, tx: Tx, actor: Actor, session: Session) {
  const side = sideToApprove(session);
  if (side === undefined || deps.clock.now() >= session.expiresAt)
    throw new SupportStep(session.state, 'approving');
  const conflict = conflictOf(parties(session), actor.userId ?? actor.id);
  if (conflict !== undefined) throw new MayNotApprove(conflict);
  const allowed = await officeFor(deps, tx, actor, session, side);
  if ('why' in allowed) throw new MayNotApprove(allowed.why);
  return { side, office: allowed.office };
}

/** The text that is signed: what is said, by whom, when, about which record. */
const statement = (
  type: string,
  by: { user: string; name: string; organisation: string; office: string },
  offeredAt: string,
  about: { readonly [name: string]: Json },
): string => canonical({ type, by, offeredAt, ...about });

const approvalOf = (session: Session, side: Side, actor: Actor, office: string, offeredAt: string): string =>
  statement(
    'ironbark.support-approval.v1',
    { user: actor.userId ?? actor.id, name: actor.name, organisation: actor.organisation, office },
    offeredAt,
    // The whole request is in it, so that what was signed can be read without us.
    { side, request: session.digest, requestRecord: session.record },
  );

export async function offer(
  deps: SupportDeps,
  actor: Actor,
  record: string,
  offeredAt: string,
): Promise<ToSign> {
  const digest = sha256(record);
  const options = await signingOptions(deps.identity, actor, digest);
  return { record, digest: digest.toString('hex'), offeredAt, options: { ...options } };
}

/** @throws {SignatureRefused} for what was not offered, or not to this person, or more than five minutes ago */
export async function verified(
  deps: SupportDeps,
  actor: Actor,
  record: string,
  { answer }: Signed,
): Promise<{ record: string; digest: string; signature: Approval['signature'] }> {
  const digest = sha256(record);
  const signature = await verifySignature(deps.identity, actor, digest, answer);
  return { record, digest: digest.toString('hex'), signature };
}

/** What the approver's passkey is to sign. @throws {SupportStep} {MayNotApprove} {NoPasskey} */
export const approvalOptions = (deps: SupportDeps, actor: Actor, id: string): Promise<ToSign> =>
  withRefusalsRecorded(deps, actor, { id, what: 'approve' }, () => optionsFor(deps, actor, id));

async function optionsFor(deps: SupportDeps, actor: Actor, id: string): Promise<ToSign> {
  const offeredAt = deps.clock.now().toISOString();
  const record = await deps.records.transaction(actor.scope, async (tx) => {
    const session = await lockedSession(tx, id, actor.scope);
    const { side, office } = await mustBeAbleToApprove(deps, tx, actor, session);
    return approvalOf(session, side, actor, office, offeredAt);
  });
  return offer(deps, actor, record, offeredAt);
}

/**
 * Approves for the side whose turn it is. The signature is checked, and used up, before anything is written; what it was
 * made for is checked again under the lock, so that an approval never lands on a state it was not given for.
 * @throws {SupportStep} {MayNotApprove} {SignatureRefused}
 */
export const approve = (deps: SupportDeps, actor: Actor, id: string, signed: Signed): Promise<Session> =>
  withRefusalsRecorded(deps, actor, { id, what: 'approve' }, () => approved(deps, actor, id, signed));

async function approved(deps: SupportDeps, actor: Actor, id: string, signed: Signed): Promise<Session> {
  const before = await deps.records.transaction(actor.scope, async (tx) => {
    const session = await sessionById(tx, id, { scope: actor.scope });
    if (session === undefined) throw new NotFound('support session', id);
    const { side, office } = await mustBeAbleToApprove(deps, tx, actor, session);
    return { side, record: approvalOf(session, side, actor, office, signed.offeredAt) };
  });
  const proof = await verified(deps, actor, before.record, signed);
  return deps.records.transaction(actor.scope, async (tx) => {
    const session = await lockedSession(tx, id, actor.scope);
    const { side, office } = await mustBeAbleToApprove(deps, tx, actor, session);
    if (approvalOf(session, side, actor, office, signed.offeredAt) !== before.record)
      throw new Invalid('The session changed while you signed. Look at it again.');
    const now = deps.clock.now();
    const given: Approval = {
      ...proof,
      by: await personOf(deps, tx, actor),
      organisation: actor.organisation,
      office,
      at: now,
      standing: null,
    };
    const state = stepped(session, side === 'customer' ? 'customer-approves' : 'provider-approves');
    const next: Session =
      side === 'customer'
        ? { ...session, state, customerApproval: given, expiresAt: minutesLater(now, unusedHours * 60) }
        : { ...session, state, providerApproval: given };
    return keep(deps, tx, next, {
      actor,
      action: `support.${side}-approved`,
      facts: { request: session.digest, approval: proof.digest, office },
    });
  });
}

/** By either side, before the session is used. @throws {SupportStep} {MayNotApprove} */
export function refuse(deps: SupportDeps, actor: Actor, id: string, reason: string): Promise<Session> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const session = await lockedSession(tx, id, actor.scope);
    const side = actor.organisation === session.organisation ? 'customer' : 'provider';
    const allowed = await officeFor(deps, tx, actor, session, side);
    if ('why' in allowed) throw new MayNotApprove(allowed.why);
    const state = stepped(session, 'refuse');
    const end = { by: actor.name, code: `refused-by-${side}`, reason, detail: null };
    return keep(
      deps,
      tx,
      { ...session, state, end },
      { actor, action: 'support.refused', facts: { side, reason } },
    );
  });
}

/** A signature of the customer's that is no approval of a request: of a summary, or beforehand. */
export async function customerStatement(
  deps: SupportDeps,
  tx: Tx,
  actor: Actor,
  organisation: string,
): Promise<{ office: string; by: Person }> {
  const offices = await deps.people.officesOf(tx, {
    userId: actor.userId ?? actor.id,
    organisation: actor.organisation,
    at: deps.clock.now(),
  });
  const office =
    customerOffices.find((one) => offices.includes(one)) ??
    (actor.roles.includes('approver') ? 'approver' : undefined);
  if (actor.organisation !== organisation || office === undefined)
    throw new MayNotApprove(
      "Only an approver, the CISO or the CIO of the tenancy's own organisation signs this.",
    );
  return { office, by: await personOf(deps, tx, actor) };
}

export { statement };
