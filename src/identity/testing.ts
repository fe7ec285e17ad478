/** A system with sign-in and a community, for tests: real records, a clock that is moved by hand, requests by inject. */
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createLedger, ledgerRoutes } from '#ledger';
import { manualClock } from '#platform/clock';
import { createHttp, type Http, type Routes } from '#platform/http';
import { systemIds } from '#platform/ids';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import type { Permission, Role } from './contract.ts';
import type { IdentityDeps } from './deps.ts';
import type { Directory } from './directory.ts';
import { firstLink } from './enrolment.ts';
import { createGatekeeper } from './gatekeeper.ts';
import { createPasswords } from './passwords.ts';
import { identityRoutes } from './routes.ts';
import { createSealer } from './sealer.ts';
import { totpCode } from './totp.ts';

export const localSecret = 'ibl_the-secret-in-the-data-folder';
export const password = 'correct horse battery';

export type World = Awaited<ReturnType<typeof openWorld>>;
export type Signed = {
  readonly email: string;
  readonly totpSecret: string;
  readonly headers: Record<string, string>;
};
type Answer = {
  readonly status: number;
  readonly json: Record<string, unknown>;
  readonly cookie: string | undefined;
};

/** @param directory community's, which stands above identity */
export async function openWorld(directory: Directory, more: (deps: IdentityDeps) => Routes[] = () => []) {
  const records = await createTestRecords();
  const clock = manualClock('2026-05-04T08:00:00Z');
  const deps: IdentityDeps = {
    records,
    clock,
    ids: systemIds(clock),
    ledger: createLedger({ clock, records }),
    directory,
    origin: 'https://siem.example',
    passwords: createPasswords({ memory: 64, passes: 1, parallelism: 1 }),
    sealer: createSealer(Buffer.alloc(32, 7)),
  };
  const http = await createHttp({
    gatekeeper: createGatekeeper(deps, { secret: localSecret, name: 'root on this machine' }),
    ids: deps.ids,
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    version: '0',
    readiness: async () => ({ parts: {} }),
  });
  for (const routes of [identityRoutes(deps), ledgerRoutes(deps), ...more(deps)]) await http.add(routes);
  return { deps, clock, records, http, ...callers(http, deps), close: () => closeBoth(http, records) };
}

async function closeBoth(http: Http, records: Records): Promise<void> {
  await http.close();
  await records.close();
}

const local = { authorization: `Bearer ${localSecret}` };

function callers(http: Http, deps: IdentityDeps) {
  const call = async (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    headers: Record<string, string> = {},
    body?: object,
  ): Promise<Answer> => {
    const answer = await http.server.inject({ method, url, headers, ...(body && { payload: body }) });
    const text = answer.body === '' ? '{}' : answer.body;
    const set = answer.headers['set-cookie'];
    return {
      status: answer.statusCode,
      json: JSON.parse(text) as Record<string, unknown>, // every route here answers an object
      cookie: typeof set === 'string' ? set : undefined,
    };
  };

  /** Uses a link as a browser does, up to the confirmed second factor. */
  const enrol = async (link: string, email: string, name = 'Jo'): Promise<Signed> => {
    const token = new URL(link).searchParams.get('token');
    const begun = await call('POST', '/api/first-sign-in', {}, { token, name, email, password });
    if (begun.status !== 200) throw new Error(`first sign-in: ${JSON.stringify(begun.json)}`);
    const totpSecret = String(begun.json['secret']);
    const headers = { cookie: cookieOf(begun), 'x-csrf-token': String(begun.json['csrfToken']) };
    const done = await call('POST', '/api/totp/confirm', headers, {
      code: totpCode(totpSecret, deps.clock.now()),
    });
    if (done.status !== 200) throw new Error(`confirm: ${JSON.stringify(done.json)}`);
    return {
      email,
      totpSecret,
      headers: { cookie: cookieOf(done), 'x-csrf-token': String(done.json['csrfToken']) },
    };
  };

  return {
    call,
    enrol,
    local,
    founder: async (email = 'first@wattle.example'): Promise<Signed> => {
      const link = await firstLink(deps);
      if (link === undefined) throw new Error('somebody signed in before');
      return enrol(link, email, 'The first');
    },
    person: async (
      email: string,
      roles: readonly Role[],
      organisation: string,
      tenancies: readonly string[] = [],
    ) => {
      const made = await call('POST', '/api/users', local, {
        name: email,
        email,
        roles,
        organisation,
        tenancies,
      });
      if (made.status !== 201) throw new Error(JSON.stringify(made.json));
      return enrol(String(made.json['link']), email, email);
    },
    signIn: (who: Signed, given: { password?: string; code?: string } = {}) =>
      call(
        'POST',
        '/api/session/password',
        {},
        {
          email: who.email,
          password: given.password ?? password,
          code: given.code ?? totpCode(who.totpSecret, deps.clock.now()),
        },
      ),
    token: async (headers: Record<string, string>, permissions: readonly Permission[], more: object = {}) => {
      const made = await call('POST', '/api/tokens', headers, { name: 'test', permissions, ...more });
      if (made.status !== 201) throw new Error(JSON.stringify(made.json));
      return { authorization: `Bearer ${String(made.json['secret'])}` };
    },
  };
}

export const cookieOf = (answer: Answer): string => answer.cookie?.split(';', 1)[0] ?? '';
