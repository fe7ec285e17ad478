import { type System, systemOf } from '#governance';
import { controlKeys, type FrameworkDeps } from '#governance/frameworks';
import type { Actor } from '#identity';
import type { Tx } from '#platform/records';
import type { CustomerResponsibility, ResponsibleEntity } from '#governance';
import type { Who } from './answer.ts';
import type { StandingsOf } from './standings.ts';

/** Who a control is with where nobody said so for the control itself. */
export type DefaultResponsibility = {
  readonly responsible: ResponsibleEntity;
  readonly customer: CustomerResponsibility;
};

export type ControlDeps = FrameworkDeps & {
  readonly standings: StandingsOf;
  /** From the services' matrices of responsibilities, by control. */
  readonly responsibilities: ReadonlyMap<string, DefaultResponsibility>;
};

export const who = (actor: Actor): Who => ({ id: actor.id, name: actor.name });

/** A system that the actor may see, and the words of each of its controls. @throws {NotFound} */
export async function systemAndWords(
  tx: Tx,
  actor: Actor,
  environment: string,
): Promise<{ readonly system: System; readonly words: ReadonlyMap<string, string> }> {
  const system = await systemOf(tx, actor.scope, environment);
  const keys = await controlKeys(tx, environment);
  return { system, words: new Map(keys.map(({ id, statementHash }) => [id, statementHash])) };
}

/** The provider of a system: its internal tenancy is named after both. */
export const providerOf = ({ tenancy, environment }: System): string =>
  tenancy.slice(0, -(environment.length + 1));
