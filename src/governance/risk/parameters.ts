import { governanceChanged, systemOf } from '#governance';
import type { Actor } from '#identity';
import type { ParametersView, SystemParameters } from './contract.ts';
import type { RiskDeps } from './deps.ts';
import { RiskMoved } from './errors.ts';
import { systemDefaults } from './inputs.ts';
import * as store from './store.ts';

/** @throws {NotFound} */
export function parametersNow(deps: RiskDeps, actor: Actor, environment: string): Promise<ParametersView> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    const row = await store.newestParameters(tx, environment);
    return row === undefined
      ? { version: 0, parameters: systemDefaults, why: 'As the system came.', by: 'Ironbark', at: null }
      : { ...row, at: row.at.toISOString() };
  });
}

/** A new version on top of the one that was looked at. @throws {NotFound} {RiskMoved} */
export async function setParameters(
  deps: RiskDeps,
  actor: Actor,
  environment: string,
  given: { version: number; parameters: SystemParameters; why: string },
): Promise<ParametersView> {
  await deps.records.transaction(actor.scope, async (tx) => {
    const { tenancy } = await systemOf(tx, actor.scope, environment);
    const now = deps.clock.now();
    const before = await store.newestParameters(tx, environment);
    const row = {
      environment,
      tenancy,
      version: given.version + 1,
      parameters: given.parameters,
      why: given.why,
      by: actor.name,
      byId: actor.id,
      at: now,
    };
    if ((before?.version ?? 0) !== given.version || !(await store.insertParameters(tx, row)))
      throw new RiskMoved('Somebody changed the parameters since. Look at them again.');
    await deps.ledger.record(tx, {
      actor: { kind: actor.kind, id: actor.id, name: actor.name },
      action: 'risk.parameters-set',
      subject: `system/${environment}`,
      tenancy,
      facts: { version: row.version, why: given.why },
    });
    await governanceChanged(tx, { environment, what: 'risk', now });
  });
  return parametersNow(deps, actor, environment);
}
