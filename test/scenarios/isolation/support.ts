import { type Case, day, none } from './case.ts';

/** Remote support for Acme, and what of it is kept. */
export function supportCases(): Record<string, Case> {
  const at = '/api/support/sessions/{id}';
  const one: Case = () => ({ path: { id: 'nothing' } });
  const told =
    (body: unknown): Case =>
    () => ({ path: { id: 'nothing' }, body });
  const answer = {
    id: 'x',
    rawId: 'x',
    type: 'public-key',
    response: { clientDataJSON: 'x' },
    clientExtensionResults: {},
  };
  const signed = { offeredAt: day.from, answer };
  const standing = { tenancy: 'acme-odce', days: 1 };
  const hostKey = `SHA256:${'A'.repeat(43)}`;
  return {
    'GET /api/support/sessions': () => ({ query: '?tenancy=acme-odce' }),
    'POST /api/support/sessions': ({ user }) => ({
      body: {
        tenancy: 'acme-odce',
        reason: 'A reason that is not mine.',
        minutes: 10,
        systems: [{ name: 'a', host: '127.0.0.1', account: 'root', hostKey }],
        engineers: [user],
      },
    }),
    [`GET ${at}`]: one,
    [`POST ${at}/approval/options`]: one,
    [`POST ${at}/approval`]: told(signed),
    [`POST ${at}/refusal`]: told({ reason: 'not mine' }),
    [`POST ${at}/cancellation`]: one,
    [`POST ${at}/certificate`]: told({ publicKey: `ssh-ed25519 ${'A'.repeat(68)}` }),
    [`POST ${at}/end`]: told({ reason: 'not mine' }),
    [`POST ${at}/summary`]: told({ changed: 'not mine' }),
    [`POST ${at}/countersignature/options`]: one,
    [`POST ${at}/countersignature`]: told(signed),
    [`POST ${at}/review`]: told({ finding: 'This is not mine.' }),
    [`GET ${at}/recordings/{number}`]: () => ({ path: { id: 'nothing', number: '1' } }),
    'GET /api/support/standing': none,
    'POST /api/support/standing/options': () => ({ body: standing }),
    'POST /api/support/standing': () => ({ body: { ...standing, ...signed } }),
    'DELETE /api/support/standing/{id}': one,
    'GET /api/support/notices': none,
    'POST /api/support/notices/{id}/seen': one,
    'GET /api/support/seen': none,
    'GET /api/support/gateway': none,
    'GET /api/support/engineers': none,
  };
}
