import { type Case, day, none } from './case.ts';

/** Acme, its tenancy, people, appointments, clearances and places. */
export const communityCases: Record<string, Case> = {
  'GET /api/community': none,
  'POST /api/community/environments': () => ({ body: { id: 'x', name: 'x', marking: 'OFFICIAL' } }),
  'POST /api/community/organisations': () => ({ body: { id: 'x', name: 'x', kind: 'customer' } }),
  'POST /api/community/tenancies': () => ({ body: { organisation: 'acme', environment: 'pdce' } }),
  'GET /api/organisations': none,
  'GET /api/organisations/{id}': () => ({ path: { id: 'acme' } }),
  'PATCH /api/organisations/{id}': () => ({ path: { id: 'acme' }, body: { abn: '51824753556' } }),
  'GET /api/organisations/{id}/contacts': () => ({ path: { id: 'acme' } }),
  'PUT /api/organisations/{id}/contacts': () => ({ path: { id: 'acme' }, body: { contacts: [] } }),
  'POST /api/organisations/{id}/contacts/confirmation': () => ({ path: { id: 'acme' } }),
  'POST /api/tenancies/{id}/state': () => ({
    path: { id: 'acme-odce' },
    body: { to: 'left', reason: 'not mine' },
  }),
  'PUT /api/tenancies/{id}/services': () => ({ path: { id: 'acme-odce' }, body: { services: ['iaas'] } }),
  'PUT /api/tenancies/{id}/conditions/{condition}': () => ({
    path: { id: 'acme-odce', condition: 'business-impact' },
    body: { evidence: 'not mine' },
  }),
  'GET /api/services': none,
  'PUT /api/services': () => ({ body: { id: 'x', name: 'x' } }),
  'GET /api/community/due': none,
  'GET /api/persons': () => ({ query: '?organisation=acme' }),
  'POST /api/persons': () => ({ body: { organisation: 'acme', name: 'x', email: 'x@acme.example' } }),
  'PATCH /api/persons/{id}': ({ person }) => ({ path: { id: person }, body: { name: 'not mine' } }),
  'POST /api/persons/{id}/end': ({ person }) => ({ path: { id: person }, body: { reason: 'not mine' } }),
  'GET /api/appointments': () => ({ query: '?organisation=acme' }),
  'POST /api/appointments': ({ person }) => ({
    body: { person, office: 'cio', evidenceKind: 'letter', evidence: 'not mine' },
  }),
  'POST /api/appointments/{id}/verifications': ({ appointment }) => ({
    path: { id: appointment },
    body: { note: 'not mine' },
  }),
  'POST /api/appointments/{id}/delegations': ({ appointment, person }) => ({
    path: { id: appointment },
    body: { person, until: day.to, reason: 'not mine' },
  }),
  'POST /api/appointments/{id}/end': ({ appointment }) => ({
    path: { id: appointment },
    body: { reason: 'not mine' },
  }),
  'GET /api/clearances': none,
  'GET /api/clearances/requirements': () => ({ query: '?organisation=acme' }),
  'PUT /api/clearances/{person}': ({ person }) => ({
    path: { person },
    body: { level: 'pv', sponsor: 'not mine', sponsorActive: true, citizenships: ['AU'] },
  }),
  'POST /api/clearances/{person}/confirmation': ({ person }) => ({
    path: { person },
    body: { evidence: 'not mine' },
  }),
  'GET /api/clearances/{person}/history': ({ person }) => ({ path: { person } }),
  'POST /api/clearances/import': none,
  'GET /api/places': none,
  'POST /api/places/exceptions': ({ person }) => ({
    body: { person, countries: ['NZ'], riskAssessment: 'x', reason: 'not mine', expiresAt: day.to },
  }),
  'POST /api/places/exceptions/{id}/agreement': ({ exceptionOfPlace }) => ({
    path: { id: exceptionOfPlace },
  }),
  'POST /api/places/remote-work': ({ person }) => ({
    body: { person, policy: 'not mine', expiresAt: day.to },
  }),
  'DELETE /api/places/{kind}/{id}': ({ exceptionOfPlace }) => ({
    path: { kind: 'exceptions', id: exceptionOfPlace },
  }),
  'PUT /api/places/devices/{id}': ({ person }) => ({
    path: { id: 'acme-laptop' },
    body: { person, name: 'not mine', managed: false, posture: 'unknown' },
  }),
  'GET /api/places/networks': none,
  'POST /api/places/networks': () => ({ query: '?list=x&country=NZ&origin=not-mine' }),
};
