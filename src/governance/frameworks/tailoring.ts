import { governanceChanged, systemOf } from '#governance';
import type { Actor } from '#identity';
import { Conflict, Invalid, NotFound } from '#platform/errors';
import type { z } from 'zod';
import type { tailoring, tailoringDecision, tailoringInput } from './contract.ts';
import type { FrameworkDeps } from './editions.ts';
import { activations, insertTailoring, type Tailoring, tailoringHistory } from './store-systems.ts';
import { editionControls, profilesOf } from './store.ts';
import type { Tx } from '#platform/records';

/** @throws {NotFound} */
export function listTailoring(
  deps: FrameworkDeps,
  actor: Actor,
  environment: string,
): Promise<z.infer<typeof tailoring>[]> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    return (await tailoringHistory(tx, environment)).map(shown);
  });
}

/** @throws {NotFound} {Invalid} {Conflict} */
export function proposeTailoring(
  deps: FrameworkDeps,
  actor: Actor,
  environment: string,
  { control, choice, reason }: z.infer<typeof tailoringInput>,
): Promise<z.infer<typeof tailoring>> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const system = await systemOf(tx, actor.scope, environment);
    const place = await placeOf(tx, environment, control);
    if (place === undefined) throw new NotFound('control', control);
    const [newest] = await tailoringHistory(tx, environment, control);
    if (newest?.state === 'proposed')
      throw new Conflict(
        `${newest.proposedBy.name} has proposed something for it already. Decide on that first.`,
      );
    if (choice === 'include' && place === 'in profile')
      throw new Invalid('The profile has it already: there is nothing to take in.');
    if (choice === 'exclude' && place === 'beside profile')
      throw new Invalid('The profile does not have it: there is nothing to leave out.');
    const now = deps.clock.now();
    const who = { id: actor.id, name: actor.name };
    const next: Tailoring = {
      control,
      version: (newest?.version ?? 0) + 1,
      choice,
      state: 'proposed',
      reason,
      proposedBy: who,
      proposedAt: now,
      by: who,
      note: '',
      at: now,
    };
    return write(deps, tx, actor, system, next);
  });
}

/** Nobody approves what they proposed. @throws {NotFound} {Conflict} {Invalid} */
export function decideTailoring(
  deps: FrameworkDeps,
  actor: Actor,
  environment: string,
  control: string,
  { decision, note }: z.infer<typeof tailoringDecision>,
): Promise<z.infer<typeof tailoring>> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const system = await systemOf(tx, actor.scope, environment);
    const [newest] = await tailoringHistory(tx, environment, control);
    if (newest === undefined) throw new NotFound('tailoring of', control);
    if (newest.state !== 'proposed') throw new Conflict('Nothing is proposed for it now.');
    if (decision === 'approve' && newest.proposedBy.id === actor.id)
      throw new Invalid('Nobody approves what they proposed. A colleague has to do it.');
    if (decision === 'withdraw' && newest.proposedBy.id !== actor.id)
      throw new Invalid('Only who proposed it can withdraw it. You can refuse it.');
    const states = { approve: 'approved', refuse: 'refused', withdraw: 'withdrawn' } as const;
    return write(deps, tx, actor, system, {
      ...newest,
      version: newest.version + 1,
      state: states[decision],
      by: { id: actor.id, name: actor.name },
      note,
      at: deps.clock.now(),
    });
  });
}

async function write(
  deps: FrameworkDeps,
  tx: Tx,
  actor: Actor,
  system: { readonly environment: string; readonly tenancy: string },
  next: Tailoring,
): Promise<z.infer<typeof tailoring>> {
  const { environment, tenancy } = system;
  await insertTailoring(tx, environment, tenancy, next);
  await deps.ledger.record(tx, {
    actor,
    action: `tailoring.${next.state}`,
    subject: `system/${environment}/control/${next.control}`,
    tenancy,
    facts: { choice: next.choice, reason: next.reason, version: next.version },
  });
  if (next.state === 'approved')
    await governanceChanged(tx, { environment, what: 'frameworks', now: deps.clock.now() });
  return shown(next);
}

/** Where a control is, as far as the profiles say; undefined where no active edition has it. */
async function placeOf(
  tx: Tx,
  environment: string,
  control: string,
): Promise<'in profile' | 'beside profile' | undefined> {
  for (const { editionId, profile } of await activations(tx, environment)) {
    const found = (await editionControls(tx, editionId)).find(({ id }) => id === control);
    if (found === undefined || !found.assessed) continue;
    const selected = (await profilesOf(tx, editionId)).find(({ id }) => id === profile);
    return selected?.controls.includes(control) ? 'in profile' : 'beside profile';
  }
  return undefined;
}

const shown = (one: Tailoring): z.infer<typeof tailoring> => ({
  ...one,
  proposedBy: one.proposedBy.name,
  proposedAt: one.proposedAt.toISOString(),
  by: one.by.name,
  at: one.at.toISOString(),
});
