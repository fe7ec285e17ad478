import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import { covers, tenancyId } from '#platform/scope';
import { customerStatement, offer, statement, verified } from './approve.ts';
import type { Signed, ToSign } from './contract.ts';
import type { SupportDeps } from './deps.ts';
import { insertStanding, type StandingApproval, standingOf, withdrawStanding } from './store.ts';
import { minutesLater } from './support.ts';

type Wanted = { readonly tenancy: string; readonly days: number };

/**
 * The customer's approval beforehand, for emergencies: what makes break glass possible when nobody of the customer's can
 * be reached. It covers break glass alone: one hour, cleared people, both security officers told.
 */
async function recordOf(deps: SupportDeps, actor: Actor, { tenancy, days }: Wanted, offeredAt: string) {
  if (!covers(actor.scope, tenancyId(tenancy))) throw new NotFound('tenancy', tenancy);
  return deps.records.transaction(actor.scope, async (tx) => {
    const known = (await deps.directory.facts(tx)).tenancies.find(({ id }) => id === tenancy);
    if (known === undefined) throw new NotFound('tenancy', tenancy);
    const { office, by } = await customerStatement(deps, tx, actor, known.organisation);
    const signer = { user: by.user, name: by.name, organisation: actor.organisation, office };
    const about = {
      tenancy,
      days,
      covers: 'break glass: at most 60 minutes, two provider people, cleared, recorded, reviewed',
    };
    return { office, by, record: statement('ironbark.support-standing.v1', signer, offeredAt, about) };
  });
}

/** @throws {NotFound} {MayNotApprove} {NoPasskey} */
export async function standingOptions(deps: SupportDeps, actor: Actor, wanted: Wanted): Promise<ToSign> {
  const offeredAt = deps.clock.now().toISOString();
  const { record } = await recordOf(deps, actor, wanted, offeredAt);
  return offer(deps, actor, record, offeredAt);
}

/** @throws {MayNotApprove} {SignatureRefused} */
export async function giveStanding(
  deps: SupportDeps,
  actor: Actor,
  wanted: Wanted,
  signed: Signed,
): Promise<StandingApproval> {
  const { office, by, record } = await recordOf(deps, actor, wanted, signed.offeredAt);
  const proof = await verified(deps, actor, record, signed);
  return deps.records.transaction(actor.scope, async (tx) => {
    const now = deps.clock.now();
    const id = deps.ids.uuid();
    const given: StandingApproval = {
      id,
      tenancy: wanted.tenancy,
      record,
      approval: { ...proof, by, organisation: actor.organisation, office, at: now, standing: id },
      givenAt: now,
      expiresAt: minutesLater(now, wanted.days * 24 * 60),
      withdrawnAt: null,
    };
    await insertStanding(tx, given);
    await deps.ledger.record(tx, {
      actor,
      action: 'support.standing-given',
      subject: `support-standing/${id}`,
      tenancy: wanted.tenancy,
      facts: { days: wanted.days, office, digest: proof.digest },
    });
    return given;
  });
}

/** Holds from this moment; a session that has begun is ended, not withdrawn. @throws {NotFound} {MayNotApprove} */
export function takeStandingBack(deps: SupportDeps, actor: Actor, id: string): Promise<void> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const given = (await standingOf(tx, actor.scope.tenancies)).find((one) => one.id === id);
    if (given === undefined) throw new NotFound('standing approval', id);
    await customerStatement(deps, tx, actor, given.approval.organisation);
    if ((await withdrawStanding(tx, actor.scope, id, actor.name, deps.clock.now())) === undefined)
      throw new NotFound('standing approval in force', id);
    await deps.ledger.record(tx, {
      actor,
      action: 'support.standing-withdrawn',
      subject: `support-standing/${id}`,
      tenancy: given.tenancy,
      facts: {},
    });
  });
}

export const listStanding = (deps: SupportDeps, actor: Actor): Promise<StandingApproval[]> =>
  deps.records.transaction(actor.scope, (tx) => standingOf(tx, actor.scope.tenancies));
