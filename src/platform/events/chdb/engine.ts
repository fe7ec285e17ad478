import { writeFileSync } from 'node:fs';
import { Session } from 'chdb';

/**
 * What the engine keeps between queries, in megabytes; by itself it takes 5,000 for each of the first three.
 * No limit on the process as a whole (max_server_memory_usage): the engine's own count drifts away from what it holds
 * (seen on 26.7: "would use 1.31 GiB, current RSS 16 MiB"), so that insertions fail on a store that is nearly empty. Each
 * search has a limit of its own (guard.ts).
 */
const cacheMegabytes = {
  mark_cache_size: 64,
  index_mark_cache_size: 32,
  primary_index_cache_size: 32,
  query_condition_cache_size: 16,
};

/**
 * One thread merges, two merges at once at most, and no new one while those that run take this much: memory that grows with
 * the backlog of parts would be taken from what stores and searches.
 */
const merging = { background_pool_size: 1, merges_mutations_memory_usage_soft_limit: 400_000_000 };

/** The engine of this process with bounds for its caches: the first session on a folder brings it up, later ones share it. */
export function startEngine(folder: string): { close(): void } {
  const config = `${folder}.xml`;
  const caches = Object.entries(cacheMegabytes).map(([name, megabytes]) => [name, megabytes * 1_000_000]);
  const values = [...caches, ...Object.entries(merging)].map(
    ([name, value]) => `<${name}>${value}</${name}>`,
  );
  writeFileSync(config, `<clickhouse>${values.join('')}</clickhouse>\n`, { mode: 0o600 });
  const session = new Session(folder, { connectionArgs: [`--config-file=${config}`] });
  return { close: () => session.close() };
}
