import { NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import type { Access } from '#platform/scope';
import type { System } from './contract.ts';
import { systems } from './store.ts';

/** The systems that may be seen: those whose internal tenancy is in the scope. */
export const systemsIn: (tx: Tx, access: Access) => Promise<System[]> = systems;

/** @throws {NotFound} where there is none of that name, or it may not be seen */
export async function systemOf(tx: Tx, access: Access, environment: string): Promise<System> {
  const found = (await systems(tx, access)).find((system) => system.environment === environment);
  if (found === undefined) throw new NotFound('system', environment);
  return found;
}
