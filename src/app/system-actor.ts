import { type Actor, type Permission, systemActor } from '#identity';
import { scopeOf, type TenancyId } from '#platform/scope';

/** The program itself, doing `name` for one tenancy. */
export function systemWith(name: string, permissions: readonly Permission[], tenancy: TenancyId): Actor {
  const scope = scopeOf([tenancy]);
  if (scope === undefined) throw new Error('a list of one tenancy is never empty');
  return systemActor(name, permissions, scope);
}
