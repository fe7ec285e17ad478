import type { Actor } from '#identity';
import { Invalid, NotFound } from '#platform/errors';
import { change, mustFind } from './assets.ts';
import type { newDependency, newReach, ReachVia } from './contract.ts';
import type { AssetDeps } from './deps.ts';
import {
  deleteDependency,
  deleteReach,
  dropIdleGates,
  putDependencies,
  putGate,
  putReaches,
} from './store-edges.ts';
import { changed } from './store-inventory.ts';
import type { z } from 'zod';

/** This one depends on another, by so much; a customer's may depend on the provider's. @throws {NotFound} {Invalid} */
export const setDependency = (
  deps: AssetDeps,
  actor: Actor,
  id: string,
  input: z.output<typeof newDependency>,
): Promise<{ id: string }> =>
  change(deps, actor, id, async (tx, asset, now) => {
    const on = await mustFind(tx, actor.scope, input.on);
    if (on.id === asset.id) throw new Invalid('An asset can’t depend on itself.');
    if (on.environment !== asset.environment)
      throw new Invalid('The two are in different environments, which share nothing.');
    const { gate } = input;
    if (gate && (gate.kind === 'k-of-n') !== (gate.k !== undefined))
      throw new Invalid('A gate "k-of-n" says how many are needed (k); the others do not.');
    if (gate)
      await putGate(tx, asset.tenancy, {
        dependant: asset.id,
        name: gate.name,
        kind: gate.kind,
        k: gate.k ?? null,
      });
    const percent = (degree: number): number => Math.round(degree * 100);
    const edge = {
      dependant: asset.id,
      dependency: on.id,
      c: percent(input.c),
      i: percent(input.i),
      a: percent(input.a),
      gate: gate?.name ?? null,
      source: 'person',
      note: input.note,
      at: now,
    };
    await putDependencies(tx, asset.tenancy, [edge], false);
    await dropIdleGates(tx, asset.id);
    const { c, i, a } = input;
    return {
      action: 'asset.depends',
      facts: { on: on.id, name: on.name, c, i, a, gate: gate?.name ?? null },
    };
  });

/** @throws {NotFound} */
export const endDependency = (
  deps: AssetDeps,
  actor: Actor,
  id: string,
  other: string,
): Promise<{ id: string }> =>
  change(deps, actor, id, async (tx, asset) => {
    const on = await mustFind(tx, actor.scope, other);
    if (!(await deleteDependency(tx, actor.scope, asset.id, on.id))) throw new NotFound('dependency', other);
    return { action: 'asset.depends-no-more', facts: { on: on.id, name: on.name } };
  });

/** From this one another is reached in one step. @throws {NotFound} {Invalid} */
export const setReach = (
  deps: AssetDeps,
  actor: Actor,
  id: string,
  input: z.output<typeof newReach>,
): Promise<{ id: string }> =>
  change(deps, actor, id, async (tx, asset, now) => {
    const to = await mustFind(tx, actor.scope, input.to);
    if (to.id === asset.id) throw new Invalid('An asset reaches itself without a step.');
    if (to.environment !== asset.environment)
      throw new Invalid('The two are in different environments, which share nothing.');
    const { via, probability, note } = input;
    await changed(tx, to.tenancy);
    await putReaches(tx, to.tenancy, [{ from: asset.id, to: to.id, via, probability, note, at: now }]);
    return { action: 'asset.reaches', facts: { to: to.id, name: to.name, via, probability } };
  });

/** @throws {NotFound} */
export const endReach = (
  deps: AssetDeps,
  actor: Actor,
  id: string,
  other: string,
  via: ReachVia,
): Promise<{ id: string }> =>
  change(deps, actor, id, async (tx, asset) => {
    const to = await mustFind(tx, actor.scope, other);
    await changed(tx, to.tenancy);
    if (!(await deleteReach(tx, actor.scope, { from: asset.id, to: to.id, via })))
      throw new NotFound('reach', other);
    return { action: 'asset.reaches-no-more', facts: { to: to.id, name: to.name, via } };
  });
