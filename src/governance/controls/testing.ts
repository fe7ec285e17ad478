/** An officer of the provider whose appointment is in force, for tests. */
import type { Office } from '#community/organisations';
import type { Actor } from '#identity';
import { sql } from 'kysely';
import type { TestGovernance } from '../frameworks/testing.ts';

export async function appointOfficer(world: TestGovernance, id: string, office: Office): Promise<Actor> {
  const { person } = await world.member(id, 'wattle');
  const now = world.clock.now();
  await world.tx((tx) =>
    sql`
      insert into community.appointment (id, organisation_id, person_id, office, evidence_kind, evidence, months,
        may_delegate, delegated_from, proposed_by_id, proposed_by_name, proposed_at, in_force_since, expires_at)
      values (${`appointment-${id}`}, 'wattle', ${person.id}, ${office}, 'letter', 'letter 1', 12, false, null, 'x', 'x',
        ${now}, ${now}, ${new Date(now.getTime() + 365 * 86_400_000)})`.execute(tx),
  );
  return world.as(id);
}
