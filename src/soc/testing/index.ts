/**
 * For tests only: the real web server with a module's routes, and callers known by their bearer token.
 * Not here: how a caller proves who it is (identity's own tests).
 */
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type Actor, actorOf, everyPermission, type Permission } from '#identity';
import { createHttp, type Http, type Routes } from '#platform/http';
import { countedIds } from '#platform/ids';
import { scopeOf, tenancyId } from '#platform/scope';

/** The organisation whose people are the provider's. */
export const provider = 'sovereign';

export function caller(
  id: string,
  organisation: string,
  tenancies: readonly string[],
  permissions: Iterable<Permission> = everyPermission,
): Actor {
  return actorOf({
    kind: 'user',
    id,
    name: id,
    organisation,
    ofProvider: organisation === provider,
    roles: ['analyst'],
    permissions: new Set(permissions),
    scopeOrNone: scopeOf(tenancies.map(tenancyId)),
  });
}

/** A caller's token is its id. The caller of this closes it. */
export async function httpFor(callers: readonly Actor[], routesOf: (http: Http) => Routes): Promise<Http> {
  const known = new Map(callers.map((actor) => [actor.id, actor]));
  const http = await createHttp({
    gatekeeper: {
      admit: async ({ secret }) => {
        const actor = known.get(secret);
        return actor && { actor, standing: 'full', csrfToken: null };
      },
    },
    ids: countedIds(),
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    version: '0.0.0',
    readiness: async () => ({ parts: {} }),
  });
  await http.add(routesOf(http));
  return http;
}

export type Answer = { readonly status: number; readonly body: unknown };

/** One call as `id`; `body` is sent as JSON. */
export async function call(
  http: Http,
  id: string,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  body?: object,
): Promise<Answer> {
  const answer = await http.server.inject({
    method,
    url,
    headers: { authorization: `Bearer ${id}` },
    ...(body && { payload: body }),
  });
  const isJson = answer.headers['content-type']?.toString().includes('json') ?? false;
  return { status: answer.statusCode, body: isJson ? answer.json() : answer.body };
}
