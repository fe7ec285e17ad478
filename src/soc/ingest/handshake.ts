/*
 * What shippers ask an Elasticsearch before they send. The answers say: yes, it is one, of version 8, and everything
 * they would set up is set up.
 */
export type Answer = { readonly status: number; readonly type: 'json' | 'text'; readonly body: string };

/** Beats refuse a server older than themselves, not a newer one. */
const versionNumber = '8.99.0';
const clusterName = 'ironbark';

const json = (value: unknown, status = 200): Answer => ({
  status,
  type: 'json',
  body: JSON.stringify(value),
});
const done = json({ acknowledged: true });
const nothing = json({});
const licence = { uid: clusterName, type: 'basic', mode: 'basic', status: 'active' };

const root = json({
  name: clusterName,
  cluster_name: clusterName,
  cluster_uuid: clusterName,
  version: {
    number: versionNumber,
    build_flavor: 'default',
    build_type: 'tar',
    build_hash: '0000000',
    build_date: '2026-01-01T00:00:00.000Z',
    build_snapshot: false,
    lucene_version: '9.12.0',
    minimum_wire_compatibility_version: '7.17.0',
    minimum_index_compatibility_version: '7.0.0',
  },
  tagline: 'You Know, for Search',
});
const health = {
  cluster_name: clusterName,
  status: 'green',
  timed_out: false,
  number_of_nodes: 1,
  number_of_data_nodes: 1,
  active_primary_shards: 1,
  active_shards: 1,
  unassigned_shards: 0,
};

const setupPaths =
  /^\/_(?:ilm\/policy|index_template|component_template|template|ingest\/pipeline|data_stream|logstash|security|alias|aliases|ssl)(?:\/|$)/;
const indexPath = /^\/[^_/][^/]{0,255}(?:\/_(?:settings|mapping|mappings|alias|doc_values))?\/?$/;

/** @returns undefined for what is no such call */
export function handshake(method: string, path: string): Answer | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  if (path === '/') return isRead ? root : undefined;
  if (isRead) {
    if (path === '/_license') return json({ license: licence });
    if (path === '/_xpack') {
      return json({ build: {}, license: licence, features: { ilm: { available: true, enabled: true } } });
    }
    if (path === '/_cluster/health' || path.startsWith('/_cluster/health/')) return json(health);
    if (path === '/_cat/health') {
      return {
        status: 200,
        type: 'text',
        body: `0 00:00:00 ${clusterName} green 1 1 1 1 0 0 0 0 - 100.0%\n`,
      };
    }
    // No addresses: whoever sniffs keeps to the one it has.
    if (/^\/_nodes(?:\/|$)/.test(path)) return json({ cluster_name: clusterName, nodes: {} });
    if (path === '/_data_stream' || path.startsWith('/_data_stream/')) return json({ data_streams: [] });
  }
  if (setupPaths.test(path)) return isRead ? nothing : done;
  if (indexPath.test(path) && (method === 'HEAD' || method === 'PUT')) return done;
  return undefined;
}
