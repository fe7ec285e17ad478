import { governanceChanged, type System, systemsIn } from '#governance';
import type { Actor } from '#identity';
import type { Ledger } from '#ledger';
import type { ContentKind } from '#platform/content';
import { Conflict } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { Edition } from './catalogue.ts';
import { editionControls, editionOf, profilesOf } from './store.ts';
import { activations, insertActivation, systemControls } from './store-systems.ts';

type Deps = { readonly ledger: Pick<Ledger, 'record'> };
type By = Pick<Actor, 'kind' | 'id' | 'name'>;
type Change = {
  readonly actor: By;
  readonly system: Pick<System, 'environment' | 'tenancy'>;
  readonly now: Date;
};
type Activated = Parameters<NonNullable<ContentKind['activated']>>[1];

/**
 * From now on the system is assessed against this edition and profile. What ships with Ironbark gives way where it has a
 * control's id in common with what was imported: an answer is kept by the control's id, so none is lost.
 * @throws {Conflict} where another imported framework has a control of the same id
 */
export async function useEdition(
  deps: Deps,
  tx: Tx,
  change: Change & { readonly edition: Edition; readonly profile: string },
): Promise<void> {
  const { actor, system, edition, profile, now } = change;
  await giveWay(deps, tx, change);
  await insertActivation(tx, {
    environment: system.environment,
    tenancy: system.tenancy,
    framework: edition.framework,
    edition: edition.id,
    profile,
    by: { id: actor.id, name: actor.name },
    at: now,
  });
  const { framework, version } = edition;
  await note(deps, tx, change, 'framework.activated', { framework, version, profile });
}

/** The system is no longer assessed against it; what was answered stays. */
export async function leaveFramework(
  deps: Deps,
  tx: Tx,
  change: Change & { readonly framework: string; readonly for?: string },
): Promise<void> {
  const { actor, system, framework, now } = change;
  await insertActivation(tx, {
    environment: system.environment,
    tenancy: system.tenancy,
    framework,
    edition: undefined,
    profile: undefined,
    by: { id: actor.id, name: actor.name },
    at: now,
  });
  await note(deps, tx, change, 'framework.put-aside', {
    framework,
    ...(change.for !== undefined && { for: change.for }),
  });
}

async function giveWay(
  deps: Deps,
  tx: Tx,
  { actor, system, edition, now }: Change & { readonly edition: Edition },
): Promise<void> {
  const ids = new Set((await editionControls(tx, edition.id)).map(({ id }) => id));
  const shared = (await systemControls(tx, system.environment, { guidance: false })).filter(
    (one) => one.framework !== edition.framework && ids.has(one.id),
  );
  const byFramework = new Map(shared.map((one) => [one.framework, one.id]));
  if (byFramework.size === 0) return;
  const active = await activations(tx, system.environment);
  for (const [framework, control] of byFramework) {
    const used = active.find((one) => one.framework === framework);
    const other = used && (await editionOf(tx, used.editionId));
    if (other?.own !== true || edition.own)
      throw new Conflict(
        `"${framework}", which is active, has a control "${control}" too. Put it aside first: an answer is kept by the control's id.`,
      );
    await leaveFramework(deps, tx, { actor, system, framework, now, for: edition.framework });
  }
}

/**
 * A version made active as content is put to use by every system that uses another edition of it; where none does, by every
 * system, with the profile of its marking.
 */
export async function useEverywhere(deps: Deps, tx: Tx, { pack, actor, now }: Activated): Promise<void> {
  const edition = await editionOf(tx, pack.id);
  if (edition === undefined)
    throw new Conflict(`"${pack.name}" ${pack.version} has no edition. Add it again.`);
  const profiles = new Set((await profilesOf(tx, edition.id)).map(({ id }) => id));
  const all = await Promise.all(
    (await systemsIn(tx, everySystem)).map(async (system) => ({
      system,
      used: (await activations(tx, system.environment)).find((one) => one.framework === edition.framework),
    })),
  );
  const using = all.filter(({ used }) => used !== undefined);
  for (const { system, used } of using.length > 0 ? using : all) {
    if (used?.editionId === edition.id) continue;
    const profile =
      [used?.profile, suggestedProfile(system.marking)].find(
        (one) => one !== undefined && profiles.has(one),
      ) ?? 'all';
    await useEdition(deps, tx, { actor, system, edition, profile, now });
  }
}

/** A version put at rest as content is put aside by every system that uses it. */
export async function leaveEverywhere(
  deps: Deps,
  tx: Tx,
  { pack, actor, now }: Omit<Activated, 'before'>,
): Promise<void> {
  for (const system of await systemsIn(tx, everySystem))
    for (const { editionId, framework } of await activations(tx, system.environment))
      if (editionId === pack.id) await leaveFramework(deps, tx, { actor, system, framework, now });
}

const everySystem = systemAccess('what every system is assessed against');

/** OFFICIAL has no marking of its own in the ISM; what is for OFFICIAL: Sensitive holds for both. */
export function suggestedProfile(marking: string): string {
  const word = marking.toUpperCase();
  if (word.startsWith('TOP SECRET')) return 'TS';
  if (word.startsWith('SECRET')) return 'S';
  if (word.startsWith('PROTECTED')) return 'P';
  return word.startsWith('OFFICIAL') ? 'OS' : 'all';
}

async function note(
  { ledger }: Deps,
  tx: Tx,
  { actor, system, now }: Change,
  action: string,
  facts: Readonly<Record<string, string>>,
): Promise<void> {
  const { environment, tenancy } = system;
  await ledger.record(tx, { actor, action, subject: `system/${environment}`, tenancy, facts });
  await governanceChanged(tx, { environment, what: 'frameworks', now });
}
