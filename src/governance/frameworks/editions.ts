import { systemOf, systemsIn } from '#governance';
import type { Actor } from '#identity';
import type { Ledger } from '#ledger';
import type { Clock } from '#platform/clock';
import { type Content, packLimits, readPackBytes } from '#platform/content';
import { Invalid, NotAllowed, NotFound } from '#platform/errors';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import { leaveFramework, suggestedProfile, useEdition } from './activating.ts';
import type { Edition, EditionControl } from './catalogue.ts';
import type {
  activationList,
  editionDetail,
  EditionDiffView,
  EditionView,
  FrameworkList,
  importAnswer,
} from './contract.ts';
import { diffEditions } from './diff.ts';
import { editionControls, editionOf, editions, profilesOf } from './store.ts';
import { activations, usage } from './store-systems.ts';
import { wordDifference } from './words.ts';

export type FrameworkDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  /** The one way for everything that is imported. */
  readonly content: Pick<Content, 'add' | 'use'>;
};

/** A catalogue of NIST's is 10 MB; the ISM 2.5 MB with eight profiles. */
export const catalogueLimits = {
  ...packLimits,
  files: 200,
  fileBytes: 32 << 20,
  totalBytes: 64 << 20,
  entries: 2_000,
  accepts: (path: string) => /\.json$/i.test(path),
};

export type ImportedEdition = {
  readonly edition: Edition;
  readonly created: boolean;
  readonly notes: readonly string[];
};

/**
 * Keeps an edition beside the others: a content pack as any, under the same policy of signatures. The same content again is
 * the edition that is there.
 * @throws {CatalogueRefused} {PackRefused} {PackUntrusted}; {Conflict} where that version is there with other content
 */
export async function importEdition(
  deps: FrameworkDeps,
  actor: Actor,
  file: {
    readonly name: string;
    readonly bytes: Buffer;
    readonly framework?: string | undefined;
    readonly own?: boolean;
  },
): Promise<ImportedEdition> {
  if (!actor.ofProvider) throw new NotAllowed('governance.manage');
  const added = await deps.content.add(actor, {
    file: file.name,
    origin: file.name,
    content: await readPackBytes(file.name, file.bytes, catalogueLimits),
    kind: 'catalogue',
    name: file.framework,
    shipped: file.own,
  });
  return deps.records.transaction(systemAccess('show a framework'), async (tx) => ({
    edition: await mustHave(tx, added.id),
    created: !added.there,
    notes: added.faults.map(({ why }) => why),
  }));
}

export async function importAnswerOf(
  deps: FrameworkDeps,
  imported: ImportedEdition,
): Promise<z.infer<typeof importAnswer>> {
  const { edition } = imported;
  const all = await deps.records.transaction(systemAccess('show a framework'), editions);
  return {
    edition: shown(edition, all.find(({ id }) => id === edition.id)?.assessed ?? 0),
    created: imported.created,
    notes: [...imported.notes],
  };
}

export function listEditions(deps: FrameworkDeps, actor: Actor): Promise<FrameworkList> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const all = await editions(tx);
    const seen = new Set((await systemsIn(tx, actor.scope)).map(({ environment }) => environment));
    const used = (await usage(tx)).filter(({ environment }) => seen.has(environment));
    return {
      editions: all.map((one) => ({
        ...shown(one, one.assessed),
        usedBy: used
          .filter(({ edition }) => edition === one.id)
          .map(({ environment, profile }) => ({ environment, profile })),
      })),
    };
  });
}

/** @throws {NotFound} */
export function showEdition(
  deps: FrameworkDeps,
  actor: Actor,
  id: string,
): Promise<z.infer<typeof editionDetail>> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const edition = await mustHave(tx, id);
    const controls = await editionControls(tx, id);
    return {
      edition: shown(edition, controls.filter(({ assessed }) => assessed).length),
      profiles: (await profilesOf(tx, id)).map((one) => ({ ...one, controls: one.controls.length })),
      controls: controls.map(shownControl),
    };
  });
}

/** @throws {NotFound} {Invalid} for editions of two frameworks */
export function compareEditions(
  deps: FrameworkDeps,
  actor: Actor,
  from: string,
  to: string,
): Promise<EditionDiffView> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const [before, after] = [await mustHave(tx, from), await mustHave(tx, to)];
    if (before.framework !== after.framework)
      throw new Invalid(
        `"${before.framework}" and "${after.framework}" are two frameworks. Compare editions of one.`,
      );
    const [old, fresh] = [await editionControls(tx, from), await editionControls(tx, to)];
    const diff = diffEditions(old, fresh);
    const count = (pick: 'reworded' | 'silently' | 'applicability' | 'e8Levels' | 'moved'): number =>
      diff.changed.filter((one) => one[pick]).length;
    const assessed = (all: readonly EditionControl[]): number => all.filter((one) => one.assessed).length;
    return {
      from: shown(before, assessed(old)),
      to: shown(after, assessed(fresh)),
      counts: {
        added: diff.added.length,
        removed: diff.removed.length,
        reworded: count('reworded'),
        silently: count('silently'),
        applicability: count('applicability'),
        e8Levels: count('e8Levels'),
        moved: count('moved'),
        same: diff.same,
      },
      added: diff.added.map(shownControl),
      removed: diff.removed.map(shownControl),
      changed: diff.changed.map((one) => ({
        id: one.id,
        title: one.after.title,
        path: [...one.after.path],
        reworded: one.reworded,
        silently: one.silently,
        applicability: one.applicability
          ? { before: [...one.before.applicability], after: [...one.after.applicability] }
          : null,
        e8Levels: one.e8Levels ? { before: [...one.before.e8Levels], after: [...one.after.e8Levels] } : null,
        movedFrom: one.moved ? [...one.before.path] : null,
        words: one.reworded ? wordDifference(one.before.statement, one.after.statement) : [],
      })),
    };
  });
}

/** @throws {NotFound} */
export function listActive(
  deps: FrameworkDeps,
  actor: Actor,
  environment: string,
): Promise<z.infer<typeof activationList>> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const system = await systemOf(tx, actor.scope, environment);
    return activeOf(tx, environment, system.marking);
  });
}

/**
 * From now on the system is assessed against this edition and profile. Answers stay: those to words that changed wait to
 * be affirmed again, those to controls that are gone are kept. The way back is to activate the edition before.
 * What ships with Ironbark gives way to what was imported, where they have a control's id in common.
 * @throws {NotFound} {PackUntrusted}; {Conflict} where another imported framework has a control of the same id
 */
export function activateEdition(
  deps: FrameworkDeps,
  actor: Actor,
  environment: string,
  wanted: { readonly edition: string; readonly profile: string },
): Promise<z.infer<typeof activationList>> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const system = await systemOf(tx, actor.scope, environment);
    const edition = await mustHave(tx, wanted.edition);
    const profile = (await profilesOf(tx, edition.id)).find(({ id }) => id === wanted.profile);
    if (profile === undefined) throw new NotFound('profile', wanted.profile);
    // Whether its signature is still good for anything, content says.
    await deps.content.use(tx, actor, edition.packId);
    await useEdition(deps, tx, { actor, system, edition, profile: profile.id, now: deps.clock.now() });
    return activeOf(tx, environment, system.marking);
  });
}

/** The system is no longer assessed against it; what was answered stays. @throws {NotFound} */
export function putAside(
  deps: FrameworkDeps,
  actor: Actor,
  environment: string,
  framework: string,
): Promise<z.infer<typeof activationList>> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const system = await systemOf(tx, actor.scope, environment);
    if (!(await activations(tx, environment)).some((one) => one.framework === framework))
      throw new NotFound('active framework', framework);
    await leaveFramework(deps, tx, { actor, system, framework, now: deps.clock.now() });
    return activeOf(tx, environment, system.marking);
  });
}

async function activeOf(
  tx: Tx,
  environment: string,
  marking: string,
): Promise<z.infer<typeof activationList>> {
  return {
    active: (await activations(tx, environment)).map(({ editionId, at, ...one }) => ({
      ...one,
      edition: editionId,
      at: at.toISOString(),
    })),
    suggested: suggestedProfile(marking),
  };
}

async function mustHave(tx: Tx, id: string): Promise<Edition> {
  const found = await editionOf(tx, id);
  if (found === undefined) throw new NotFound('edition', id);
  return found;
}

const shown = (one: Edition, controls: number): EditionView => ({
  id: one.id,
  framework: one.framework,
  version: one.version,
  title: one.title,
  origin: one.origin,
  oscalVersion: one.oscalVersion,
  publishedAt: one.publishedAt?.toISOString() ?? null,
  own: one.own,
  remark: one.remark,
  importedAt: one.importedAt.toISOString(),
  importedBy: one.importedBy,
  controls,
});

const shownControl = (one: EditionControl) => ({
  id: one.id,
  assessed: one.assessed,
  title: one.title,
  statement: one.statement,
  path: [...one.path],
  applicability: [...one.applicability],
  e8Levels: [...one.e8Levels],
  revision: one.revision ?? null,
  updated: one.updated ?? null,
});
