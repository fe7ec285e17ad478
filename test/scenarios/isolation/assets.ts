import { type Case, none } from './case.ts';

/** Acme's host in the inventory, asked for by who has nothing to do with it. */
export function assetCases(): Record<string, Case> {
  const of =
    (body?: unknown): Case =>
    ({ asset }) => ({ path: { id: asset }, ...(body !== undefined && { body }) });
  const why = { why: 'not mine' };
  return {
    'GET /api/assets': none,
    'POST /api/assets': () => ({ body: { tenancy: 'acme-odce', kind: 'host', name: 'not-mine' } }),
    'GET /api/assets/counts': none,
    'GET /api/assets/graph': none,
    'GET /api/assets/export': () => ({ query: '?tenancy=acme-odce' }),
    'POST /api/assets/import': () => ({ query: '?tenancy=acme-odce&format=csv', body: { name: 'not-mine' } }),
    'GET /api/assets/proposals': none,
    'POST /api/assets/proposals/decision': () => ({
      body: { tenancy: 'acme-odce', hostnames: ['acme-host-1'], decision: 'ignore' },
    }),
    'GET /api/assets/find': () => ({ query: '?text=acme-host-1' }),
    'GET /api/assets/{id}': of(),
    'PATCH /api/assets/{id}': of({ owner: 'not mine' }),
    'GET /api/assets/{id}/software': of(),
    'POST /api/assets/{id}/retire': of(why),
    'POST /api/assets/{id}/restore': of(why),
    'GET /api/assets/{id}/merge': ({ asset }) => ({ path: { id: asset }, query: `?other=${asset}` }),
    'POST /api/assets/{id}/merge': of({ ...why, other: 'nothing' }),
    'POST /api/assets/{id}/unmerge': of({ ...why, other: 'nothing' }),
    'PUT /api/assets/{id}/dependencies': of({ on: 'nothing', c: 1, i: 1, a: 1 }),
    'DELETE /api/assets/{id}/dependencies/{other}': ({ asset }) => ({ path: { id: asset, other: asset } }),
    'PUT /api/assets/{id}/reach': of({ to: 'nothing', via: 'network', probability: 1 }),
    'DELETE /api/assets/{id}/reach/{other}': ({ asset }) => ({
      path: { id: asset, other: asset },
      query: '?via=network',
    }),
  };
}
