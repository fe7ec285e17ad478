/** A community with support, for tests: a customer and a provider, their people with passkeys, and a gate that is set by hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { communityRoutes, directory } from '#community';
import { manualClock } from '#platform/clock';
import { authenticator, openWorld, type Signed, type World } from '#identity/testing';
import type { ConnectQuestion, CrossRead, SupportDeps } from './deps.ts';
import type { RecordingLimits } from './recording.ts';
import { supportRoutes } from './routes.ts';
import { openSupport } from './service.ts';
import { national } from './working-days.ts';

export type SupportWorld = Awaited<ReturnType<typeof openSupportWorld>>;
export type Someone = Signed & { readonly id: string; readonly key: ReturnType<typeof authenticator> };

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function openSupportWorld({
  gateway = false,
  recording,
}: {
  gateway?: boolean;
  recording?: RecordingLimits;
} = {}) {
  const keys = mkdtempSync(join(tmpdir(), 'ironbark-support-'));
  const offices = new Map<string, string[]>();
  const engineers = new Map<string, string>();
  /** Why the gate says no, by engineer's account; nothing: yes. */
  const denied = new Map<string, string>();
  const asked: ConnectQuestion[] = [];
  const crossReads: CrossRead[] = [];
  // Support's own: moving it signs nobody out.
  const clock = manualClock('2026-05-04T08:00:00Z');
  let deps: SupportDeps | undefined;
  const opened = await openWorld(directory, (identity) => {
    deps = {
      ...identity,
      identity,
      clock,
      directory,
      calendar: national,
      people: {
        personOf: async (_tx, user) => `person-${user}`,
        officesOf: async (_tx, { userId }) => offices.get(userId) ?? [],
        engineers: async () => [...engineers].map(([id, name]) => ({ id, name })),
      },
      mayConnect: async (question) => {
        asked.push(question);
        const why = denied.get(question.engineer.user);
        return { allowed: why === undefined, reasons: why === undefined ? [] : [why] };
      },
      crossReads: async () => crossReads,
    };
    return [communityRoutes(identity)];
  });
  if (deps === undefined) throw new Error('no dependencies');
  const support = await openSupport(deps, {
    keys,
    listen: gateway ? { host: '127.0.0.1', port: 0 } : null,
    publicHost: undefined,
    log: silent,
    ...(recording && { recording }),
  });
  await opened.http.add(supportRoutes(support));

  const admin = await opened.founder();
  const post = async (url: string, who: Signed, body: object = {}) =>
    opened.call('POST', url, who.headers, body);
  await post('/api/setup/provider', admin, { id: 'wattle', name: 'Wattle' });
  for (const id of ['acme', 'zeta']) {
    await post('/api/community/organisations', admin, { id, name: id, kind: 'customer' });
    await post('/api/community/tenancies', admin, { organisation: id, environment: 'odce' });
  }

  const withPasskey = async (who: Signed): Promise<Someone> => {
    const key = authenticator();
    const options = await opened.call('POST', '/api/passkeys/options', who.headers);
    await opened.call('POST', '/api/passkeys', who.headers, key.create(String(options.json['challenge'])));
    const { json } = await opened.call('GET', '/api/session', who.headers);
    const { id } = json['user'] as { id: string }; // the session's contract
    return { ...who, id, key };
  };
  const someone = async (
    name: string,
    roles: Parameters<World['person']>[1],
    organisation: string,
    held: string[] = [],
  ): Promise<Someone> => {
    const person = await withPasskey(
      await opened.person(`${name}@${organisation}.example`, roles, organisation),
    );
    offices.set(person.id, held);
    if (roles.includes('support-engineer')) engineers.set(person.id, name);
    return person;
  };
  const people = {
    cas: await someone('cas', ['approver'], 'acme'),
    cia: await someone('cia', ['officer'], 'acme', ['ciso']),
    zoe: await someone('zoe', ['approver', 'customer-security-officer'], 'zeta', ['approver']),
    coo: await someone('coo', ['officer'], 'wattle', ['coo']),
    sam: await someone('sam', ['officer'], 'wattle', ['ciso']),
    eli: await someone('eli', ['support-engineer'], 'wattle'),
    eva: await someone('eva', ['support-engineer'], 'wattle'),
    rae: await someone('rae', ['support-engineer'], 'wattle'),
  };

  const sign = async (url: string, who: Someone, body: object = {}) => {
    const offered = await post(`${url}/options`, who, body);
    if (offered.status !== 200) return offered;
    const options = offered.json['options'] as { challenge: string }; // toSign
    return post(url, who, {
      ...body,
      offeredAt: offered.json['offeredAt'],
      answer: who.key.get(options.challenge),
    });
  };
  const path = (id: string, rest = ''): string => `/api/support/sessions/${id}${rest}`;
  const system = {
    name: 'web-1',
    host: '127.0.0.1',
    port: 22,
    account: 'root',
    hostKey: `SHA256:${'A'.repeat(43)}`,
  };
  const request = async (more: object = {}, who = people.rae): Promise<string> => {
    const made = await post('/api/support/sessions', who, {
      tenancy: 'acme-odce',
      reason: 'The portal does not start after the update.',
      minutes: 30,
      systems: [system],
      engineers: [people.eli.id],
      ...more,
    });
    if (made.status !== 201) throw new Error(JSON.stringify(made.json));
    return String(made.json['id']);
  };
  return {
    ...opened,
    clock,
    deps,
    support,
    admin,
    people,
    offices,
    denied,
    asked,
    crossReads,
    keys,
    system,
    post,
    sign,
    path,
    request,
    approved: async (more: object = {}): Promise<string> => {
      const id = await request(more);
      for (const who of [people.cas, people.coo]) {
        const answer = await sign(path(id, '/approval'), who);
        if (answer.status !== 200) throw new Error(JSON.stringify(answer.json));
      }
      return id;
    },
    show: async (id: string, who: Signed = people.rae) =>
      (await opened.call('GET', path(id), who.headers)).json,
    ledger: async (id: string) => {
      const { json } = await opened.call('GET', `/api/ledger?subject=support/${id}&limit=500`, admin.headers);
      // The ledger's contract.
      return (json['entries'] as { action: string; facts: Record<string, unknown> }[]).toReversed();
    },
    close: async () => {
      await support.close();
      await opened.close();
      rmSync(keys, { recursive: true, force: true });
    },
  };
}
