/** A community with people in it, for tests: services called straight, on PGlite or a real PostgreSQL, a clock moved by hand. */
import { addOrganisation, addTenancy, directory, setUpProvider } from '#community';
import { type Actor, actorOf, type Permission } from '#identity';
import { createLedger } from '#ledger';
import { manualClock } from '#platform/clock';
import { systemIds } from '#platform/ids';
import type { OpenedRecords } from '#platform/records/testing';
import { scopeOf, systemAccess, tenancyId } from '#platform/scope';
import { sql } from 'kysely';
import type { AgreementSlot } from './contract.ts';
import { addPerson } from './people.ts';

export { engines } from '#platform/records/testing';

const permissions: readonly Permission[] = [
  'community.read',
  'community.manage',
  'person.read',
  'person.manage',
];

export const communityStart = '2026-05-04T08:00:00.000Z';

export async function openCommunity({ records, close }: OpenedRecords) {
  const clock = manualClock(communityStart);
  const agreements = new Map<string, AgreementSlot>();
  const deps = {
    records,
    clock,
    ids: systemIds(clock),
    ledger: createLedger({ clock, records }),
    agreement: async (_tx: unknown, organisation: string, environment: string): Promise<AgreementSlot> =>
      agreements.get(`${organisation}/${environment}`) ?? { state: 'none', version: null, until: null },
  };
  const access = systemAccess('test');
  const admin = actorOf({
    kind: 'system',
    id: 'system',
    name: 'set-up',
    organisation: '',
    ofProvider: true,
    roles: [],
    permissions: new Set(permissions),
    scopeOrNone: undefined,
  });
  await setUpProvider(deps, admin, { id: 'wattle', name: 'Wattle' });
  for (const id of ['acme', 'beta']) {
    await addOrganisation(deps, admin, { id, name: `${id} water`, kind: 'customer' });
    for (const environment of ['odce', 'pdce'])
      await addTenancy(deps, admin, { organisation: id, environment });
  }

  /** Somebody with an account, as the page would know them. */
  const account = async (id: string, organisation: string): Promise<Actor> => {
    await records.transaction(access, (tx) =>
      sql`insert into identity.user (id, name, email, organisation_id, roles, tenancies, state, created_at)
        values (${id}, ${id}, ${`${id}@${organisation}.example`}, ${organisation}, '["officer"]', '[]', 'active', ${clock.now()})`.execute(
        tx,
      ),
    );
    return as(id, organisation);
  };
  const as = (id: string, organisation: string): Actor =>
    actorOf({
      kind: 'user',
      id,
      userId: id,
      name: id,
      organisation,
      ofProvider: organisation === 'wattle',
      roles: ['officer'],
      permissions: new Set(permissions),
      scopeOrNone: scopeOf([tenancyId(`${organisation}-odce`), tenancyId(`${organisation}-pdce`)]),
    });
  return {
    deps,
    clock,
    admin,
    agreements,
    account,
    as,
    /** An account, and the person who signs in with it. */
    member: async (id: string, organisation: string) => {
      const actor = await account(id, organisation);
      const person = await addPerson(deps, admin, {
        organisation,
        name: id,
        email: `${id}@${organisation}.example`,
      });
      return { actor, person };
    },
    tx: <T>(work: Parameters<typeof records.transaction<T>>[1]) => records.transaction(access, work),
    ledger: async (): Promise<{ action: string; facts: unknown; tenancy: string | null }[]> =>
      records.transaction(access, async (tx) => {
        const { rows } = await sql<{ action: string; facts: unknown; tenancy: string | null }>`
          select action, body::jsonb -> 'facts' as facts, tenancy_id as tenancy
          from ledger.payload order by recorded`.execute(tx);
        return rows;
      }),
    directory,
    close,
  };
}
export type CommunityWorld = Awaited<ReturnType<typeof openCommunity>>;
