import { type FrameworkList, frameworkList } from '#contract/governance/frameworks';
import type { Client } from './client.ts';
import { UsageError } from './errors.ts';

/** An edition by its id, or as FRAMEWORK@VERSION. @throws {UsageError} */
export async function findEdition(server: Client, named: string): Promise<FrameworkList['editions'][number]> {
  const { editions } = await server.get('/api/frameworks', frameworkList);
  const found = editions.find(
    ({ id, framework, version }) => id === named || `${framework}@${version}` === named,
  );
  if (found !== undefined) return found;
  const known = editions.map(({ framework, version }) => `${framework}@${version}`).join(', ');
  throw new UsageError(
    `There is no edition "${named}". ${known === '' ? 'None is imported.' : `There are: ${known}.`}`,
  );
}
