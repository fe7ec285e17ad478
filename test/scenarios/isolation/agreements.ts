import { type Case, day, none } from './case.ts';

/** Acme's agreement, asked for by who has nothing to do with it. */
export function agreementCases(): Record<string, Case> {
  const place = { organisation: 'acme', environment: 'odce' };
  const number: Case = () => ({ path: { number: '1' } });
  const nothing: Case = () => ({ path: { id: 'nothing' } });
  return {
    'GET /api/agreements': none,
    'GET /api/agreements/template': none,
    'GET /api/agreements/versions': none,
    'POST /api/agreements/versions': () => ({
      body: { source: 'x', changeClass: 'material', summary: 'not mine' },
    }),
    'GET /api/agreements/versions/{number}': number,
    'GET /api/agreements/versions/{number}/comparison': () => ({ path: { number: '1' }, query: '?with=1' }),
    'POST /api/agreements/versions/{number}/approval': number,
    'POST /api/agreements/versions/{number}/publication': () => ({ path: { number: '1' }, body: {} }),
    'GET /api/agreements/versions/{number}/what-if': () => ({
      path: { number: '1' },
      query: `?on=${day.to}`,
    }),
    'POST /api/agreements/readings': () => ({ body: { environment: 'odce' } }),
    'POST /api/agreements/readings/{id}/sections/{section}': () => ({
      path: { id: 'nothing', section: 'agreement' },
      body: { do: 'open' },
    }),
    'POST /api/agreements/readings/{id}/record': nothing,
    'POST /api/agreements/readings/{id}/signature': () => ({
      path: { id: 'nothing' },
      body: {
        id: 'x',
        rawId: 'x',
        type: 'public-key',
        response: { clientDataJSON: 'x' },
        clientExtensionResults: {},
      },
    }),
    'GET /api/agreements/acceptances/{id}/receipt': nothing,
    'GET /api/agreements/acceptances/{id}/receipt.pdf': nothing,
    'POST /api/agreements/notices': () => ({ body: { environment: 'odce', do: 'confirm' } }),
    'POST /api/agreements/steps': () => ({ body: { ...place, do: 'terminate', reason: 'not mine' } }),
    'GET /api/agreements/papers': none,
    'POST /api/agreements/papers': () => ({
      body: {
        ...place,
        version: 1,
        signerName: 'x',
        office: 'CIO',
        signedOn: '2026-01-01',
        evidenceName: 'x',
        evidenceSha256: 'a'.repeat(64),
      },
    }),
    'POST /api/agreements/papers/{id}': () => ({
      path: { id: 'nothing' },
      body: { do: 'refuse', why: 'not mine' },
    }),
    'GET /api/agreements/obligations': none,
    'POST /api/agreements/obligations': () => ({ body: { ...place, obligation: 'x', note: 'not mine' } }),
    'POST /api/agreements/reminders': none,
  };
}
