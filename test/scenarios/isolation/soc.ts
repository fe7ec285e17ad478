import { type Case, day, none } from './case.ts';

const bounds = { ...day, query: '' };

const close = { action: 'close', outcome: 'benign', reason: 'not mine' };

/** Acme's sources, alerts, events and exceptions. */
export const socCases: Record<string, Case> = {
  'GET /api/sources': none,
  'POST /api/sources': () => ({
    body: { id: 'x', name: 'x', tenancy: 'acme-odce', authentication: { kind: 'token' } },
  }),
  'GET /api/sources/doors': none,
  'GET /api/sources/{id}': () => ({ path: { id: 'acme-sensor' } }),
  'PATCH /api/sources/{id}': () => ({ path: { id: 'acme-sensor' }, body: { state: 'paused' } }),
  'POST /api/sources/{id}/secret': () => ({ path: { id: 'acme-sensor' } }),
  'GET /api/sources/{id}/rejected': () => ({ path: { id: 'acme-sensor' } }),
  'POST /api/sources/{id}/rejected/replay': () => ({ path: { id: 'acme-sensor' }, body: { ids: [] } }),
  'GET /api/alerts': () => ({ query: '?tenancy=acme-odce' }),
  'GET /api/alerts/histogram': () => ({ query: `?from=${day.from}&to=${day.to}&tenancy=acme-odce` }),
  'GET /api/alerts/assignees': none,
  'GET /api/alerts/stream': none,
  'GET /api/alerts/reads': none,
  'GET /api/alerts/{id}': ({ alert }) => ({ path: { id: alert } }),
  'POST /api/alerts/actions': ({ alert, revision }) => ({
    body: { select: { alerts: [{ id: alert, revision }] }, do: close },
  }),
  'POST /api/alerts/undo': () => ({ body: { undo: 'x' } }),
  'POST /api/events/search': () => ({ body: { ...bounds, query: 'ACME*' } }),
  'POST /api/events/histogram': () => ({ body: bounds }),
  'POST /api/events/facets': () => ({
    body: { ...bounds, fields: ['device_hostname', 'tenancy_id', 'User'] },
  }),
  'GET /api/events/fields': none,
  'GET /api/events/tail': none,
  'GET /api/events/{uid}': ({ event }) => ({ path: { uid: event } }),
  'GET /api/rules': none,
  'GET /api/rules/exceptions': none,
  'POST /api/rules/exceptions': ({ rule }) => ({
    body: {
      ruleId: rule,
      tenancy: 'acme-odce',
      field: 'Image',
      value: 'x',
      reason: 'not mine',
      expiresAt: day.to,
    },
  }),
  'DELETE /api/rules/exceptions/{id}': ({ exception }) => ({ path: { id: exception } }),
  'GET /api/rules/{id}': ({ rule }) => ({ path: { id: rule } }),
  'PATCH /api/rules/{id}': ({ rule }) => ({ path: { id: rule }, body: { enabled: false } }),
};
