import { governanceChanged, systemsIn } from '#governance';
import type { Actor } from '#identity';
import { Invalid, NotAllowed, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import type { mapping, MappingInput } from './contract.ts';
import type { FrameworkDeps } from './editions.ts';
import { insertMapping, type Mapping, mappingOf, mappings } from './store-mappings.ts';

type View = z.infer<typeof mapping>;

export function listMappings(
  deps: FrameworkDeps,
  actor: Actor,
  control: string | undefined,
): Promise<View[]> {
  return deps.records.transaction(actor.scope, async (tx) => (await mappings(tx, control)).map(shown));
}

/** @throws {Invalid} */
export function addMapping(deps: FrameworkDeps, actor: Actor, given: MappingInput): Promise<View> {
  return write(deps, actor, async () => ({ ...given, id: deps.ids.uuid(), version: 1, ended: false }));
}

/** Mappings that come with the program: each is put in once, under an id that its two controls make. */
export function addShippedMappings(
  deps: FrameworkDeps,
  actor: Actor,
  given: readonly MappingInput[],
): Promise<number> {
  return deps.records.transaction(systemAccess('put in shipped mappings'), async (tx) => {
    let added = 0;
    for (const one of given) {
      const id = `shipped ${one.source} ${one.target}`;
      if ((await mappingOf(tx, id)) !== undefined) continue;
      const by = { id: actor.id, name: actor.name };
      await insertMapping(tx, { ...one, id, version: 1, ended: false, by, at: deps.clock.now() });
      added++;
    }
    if (added > 0)
      await deps.ledger.record(tx, {
        actor,
        action: 'mapping.shipped',
        subject: 'mapping',
        facts: { added },
      });
    return added;
  });
}

/** What was said before stays in the history. @throws {NotFound} {Invalid} */
export function changeMapping(
  deps: FrameworkDeps,
  actor: Actor,
  id: string,
  given: MappingInput,
): Promise<View> {
  return write(deps, actor, async (tx) => {
    const { version } = await mustHave(tx, id);
    return { ...given, id, version: version + 1, ended: false };
  });
}

/** @throws {NotFound} */
export function endMapping(deps: FrameworkDeps, actor: Actor, id: string): Promise<View> {
  return write(deps, actor, async (tx) => {
    const was = await mustHave(tx, id);
    return { ...was, version: was.version + 1, ended: true };
  });
}

function write(
  deps: FrameworkDeps,
  actor: Actor,
  next: (tx: Tx) => Promise<Omit<Mapping, 'by' | 'at'>>,
): Promise<View> {
  if (!actor.ofProvider) throw new NotAllowed('governance.manage');
  return deps.records.transaction(actor.scope, async (tx) => {
    const now = deps.clock.now();
    const one: Mapping = { ...(await next(tx)), by: { id: actor.id, name: actor.name }, at: now };
    if (one.source === one.target) throw new Invalid('A control is not mapped to itself.');
    if (one.together && one.relation !== 'subset' && one.relation !== 'intersects')
      throw new Invalid(
        'Only a part covers something together with others: choose "subset" or "intersects".',
      );
    await insertMapping(tx, one);
    await deps.ledger.record(tx, {
      actor,
      action: one.ended ? 'mapping.ended' : 'mapping.set',
      subject: `mapping/${one.id}`,
      facts: { source: one.source, target: one.target, relation: one.relation, version: one.version },
    });
    for (const { environment } of await systemsIn(tx, actor.scope))
      await governanceChanged(tx, { environment, what: 'frameworks', now });
    return shown(one);
  });
}

async function mustHave(tx: Tx, id: string): Promise<Mapping> {
  const found = await mappingOf(tx, id);
  if (found === undefined || found.ended) throw new NotFound('mapping', id);
  return found;
}

const shown = (one: Mapping): View => ({
  id: one.id,
  version: one.version,
  source: one.source,
  target: one.target,
  relation: one.relation,
  together: one.together,
  confidence: one.confidence,
  rationale: one.rationale,
  author: one.author,
  by: one.by.name,
  at: one.at.toISOString(),
});
