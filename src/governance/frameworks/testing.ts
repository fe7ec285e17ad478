/** A provider with two systems and people of its own, for tests of governance: services called straight. */
import { type Actor, actorOf, type Permission } from '#identity';
import { scopeOf, systemAccess, tenancyId } from '#platform/scope';
import { sql } from 'kysely';
import { openCommunity } from '../testing.ts';
import { createContent } from '#platform/content';
import { catalogueKind } from './catalogue-kind.ts';
import { importEdition } from './editions.ts';

const permissions: readonly Permission[] = ['governance.read', 'governance.manage', 'risk.accept'];

/** @param opened records on either engine */
export async function openGovernance(opened: Parameters<typeof openCommunity>[0]) {
  const community = await openCommunity(opened);
  const { clock } = community;
  const content = createContent({
    ...community.deps,
    kinds: [catalogueKind(community.deps)],
    trusted: [],
    plain: 'allowed',
    mirrors: [],
  });
  const deps = { ...community.deps, content };
  const as = (id: string, organisation = 'wattle', environments = ['odce', 'pdce']): Actor =>
    actorOf({
      kind: 'user',
      id,
      userId: id,
      name: id,
      organisation,
      ofProvider: organisation === 'wattle',
      roles: ['officer'],
      permissions: new Set(permissions),
      scopeOrNone: scopeOf(environments.map((environment) => tenancyId(`${organisation}-${environment}`))),
    });
  return {
    ...community,
    deps,
    clock,
    as,
    records: deps.records,
    /** A catalogue made of these statements, by control. */
    imported: (version: string, statements: Readonly<Record<string, string>>, framework = 'own') => {
      // Editions are in the order they came in.
      clock.advance(60);
      return importEdition(deps, as('ann'), {
        name: `${framework}.json`,
        bytes: Buffer.from(JSON.stringify(ownCatalogue(version, statements))),
        framework,
      });
    },
    rows: async (table: string): Promise<number> => {
      const { rows } = await deps.records.transaction(systemAccess('test'), (tx) =>
        sql<{ count: number }>`select count(*)::int as count from ${sql.table(table)}`.execute(tx),
      );
      return rows[0]?.count ?? -1;
    },
  };
}
export type TestGovernance = Awaited<ReturnType<typeof openGovernance>>;

export const ownCatalogue = (version: string, statements: Readonly<Record<string, string>>) => ({
  catalog: {
    uuid: '1f0c4a3e-6f0e-4a5e-9f2b-1d2c3b4a5f60',
    metadata: {
      title: 'A catalogue for tests',
      'last-modified': '2026-01-01T00:00:00Z',
      version,
      'oscal-version': '1.1.2',
    },
    groups: [
      {
        title: 'Guideline',
        groups: [
          {
            title: 'Section',
            controls: Object.entries(statements).map(([id, prose]) => ({
              id,
              title: `Title of ${id}`,
              parts: [{ id: `${id}_smt`, name: 'statement', prose }],
            })),
          },
        ],
      },
    ],
  },
});
