/** An inventory in a community of two customers, for tests: services called straight, on PGlite or a real PostgreSQL. */
import { type Actor, actorOf } from '#identity';
import { scopeOf, tenancyId } from '#platform/scope';
import { openCommunity } from '../community/organisations/testing.ts';
import { importQuery, type ImportReport } from './contract.ts';
import type { AssetDeps } from './deps.ts';
import { importAssets } from './importing.ts';
import { ImportRefused } from './errors.ts';
import { readFile } from './readers/read.ts';
import { Unreadable } from './readers/record.ts';
import { listAssets } from './assets.ts';

export { engines } from '../community/organisations/testing.ts';

export async function openInventory(opened: Parameters<typeof openCommunity>[0]) {
  const community = await openCommunity(opened);
  const { records, clock, ids, ledger } = community.deps;
  const changes: string[] = [];
  const deps: AssetDeps = {
    records,
    clock,
    ids,
    ledger,
    read: async (asked) => {
      try {
        return await readFile(asked.bytes, asked.format, asked);
      } catch (error) {
        throw error instanceof Unreadable ? new ImportRefused(error.message) : error;
      }
    },
    onChange: async (_tx, { environment }) => {
      changes.push(environment);
    },
  };
  const of = (organisation: string, tenancies: readonly string[]): Actor =>
    actorOf({
      kind: 'user',
      id: `of-${organisation}`,
      userId: `of-${organisation}`,
      name: `Officer of ${organisation}`,
      organisation,
      ofProvider: organisation === 'wattle',
      roles: ['officer'],
      permissions: new Set(['asset.read', 'asset.manage']),
      scopeOrNone: scopeOf(tenancies.map(tenancyId)),
    });
  const all = ['wattle-odce', 'wattle-pdce', 'acme-odce', 'acme-pdce', 'beta-odce', 'beta-pdce'];
  const provider = of('wattle', all);
  const acme = of('acme', ['acme-odce', 'acme-pdce']);
  const beta = of('beta', ['beta-odce', 'beta-pdce']);
  return {
    deps,
    clock,
    changes,
    provider,
    acme,
    beta,
    ledger: community.ledger,
    tx: community.tx,
    close: community.close,
    import: (
      file: string | Uint8Array,
      query: Partial<Record<keyof typeof importQuery.shape, string>> = {},
      actor: Actor = provider,
    ): Promise<ImportReport> =>
      importAssets(
        deps,
        actor,
        typeof file === 'string' ? Buffer.from(file) : file,
        importQuery.parse({ tenancy: 'acme-odce', ...query }),
      ),
    list: async (actor: Actor = provider) => (await listAssets(deps, actor)).assets,
  };
}
export type InventoryWorld = Awaited<ReturnType<typeof openInventory>>;
