import { systemsIn } from '#governance';
import { controlListOf } from '#governance/frameworks';
import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { covers, systemAccess, tenancyId } from '#platform/scope';
import { counting } from './answer.ts';
import type { CustomerResponsibility } from '#governance';
import type { ResponsibilityList } from './contract.ts';
import { type ControlDeps, who } from './deps.ts';
import { responsibilityOf } from './look.ts';
import { answers, customerParts, insertCustomerPart, lockSystem } from './store.ts';

/**
 * What is left to a customer in its environment: who answers for each control, and nothing of how it stands.
 * @throws {NotFound} for a tenancy out of the actor's scope
 */
export function listResponsibilities(
  deps: ControlDeps,
  actor: Actor,
  tenancy: string,
): Promise<ResponsibilityList> {
  // The system's rows are the provider's: read as the system, and only what is the customer's to know is given.
  return deps.records.transaction(systemAccess('what is left to a customer'), async (tx) => {
    const environment = await environmentOf(tx, actor, tenancy);
    const answered = Map.groupBy(await answers(tx, environment), ({ control }) => control);
    const own = new Map((await customerParts(tx, tenancy)).map((one) => [one.control, one]));
    const controls = (await controlListOf(tx, environment)).filter(({ excluded }) => excluded === undefined);
    return {
      tenancy,
      environment,
      controls: controls.map((control) => {
        const answer = counting(answered.get(control.id) ?? [], control.statementHash);
        const with_ = responsibilityOf(deps.responsibilities, control.id, answer);
        const part = own.get(control.id);
        return {
          control: control.id,
          title: control.title,
          statement: control.statement,
          responsible: with_.responsible,
          responsibility: part?.responsibility ?? with_.customer,
          own: part !== undefined && part.responsibility !== null,
          note: part?.note ?? '',
        };
      }),
    };
  });
}

/** @throws {NotFound} */
export async function setResponsibility(
  deps: ControlDeps,
  actor: Actor,
  tenancy: string,
  control: string,
  { responsibility, note }: { readonly responsibility: CustomerResponsibility | null; readonly note: string },
): Promise<ResponsibilityList['controls'][number]> {
  await deps.records.transaction(systemAccess('say what is left to a customer'), async (tx) => {
    const environment = await environmentOf(tx, actor, tenancy);
    if (!(await controlListOf(tx, environment)).some(({ id }) => id === control))
      throw new NotFound('control', control);
    await lockSystem(tx, environment);
    const before = (await customerParts(tx, tenancy)).find((one) => one.control === control);
    await insertCustomerPart(tx, environment, tenancy, {
      control,
      version: (before?.version ?? 0) + 1,
      responsibility,
      note,
      by: who(actor),
      at: deps.clock.now(),
    });
    await deps.ledger.record(tx, {
      actor,
      action: 'control.responsibility-set',
      subject: `tenancy/${tenancy}/control/${control}`,
      tenancy,
      facts: { responsibility, version: (before?.version ?? 0) + 1 },
    });
  });
  const { controls } = await listResponsibilities(deps, actor, tenancy);
  const row = controls.find((one) => one.control === control);
  if (row === undefined) throw new NotFound('control', control);
  return row;
}

/** The environment of a tenancy that the actor may see: its id ends in it. @throws {NotFound} */
async function environmentOf(tx: Tx, actor: Actor, tenancy: string): Promise<string> {
  if (!covers(actor.scope, tenancyId(tenancy))) throw new NotFound('tenancy', tenancy);
  const all = await systemsIn(tx, systemAccess('find a system'));
  const found = all
    .filter(({ environment }) => tenancy.endsWith(`-${environment}`))
    .sort((a, b) => b.environment.length - a.environment.length)[0];
  if (found === undefined) throw new NotFound('tenancy', tenancy);
  return found.environment;
}
