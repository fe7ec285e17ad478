import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { NotAllowed, NotSignedIn } from '#platform/errors';
import { CrossSite, RouteWithoutPermission } from './errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Who may call: a permission; 'signed-in': anybody with a session or token; 'enrolling': also a person who has
     * set a password and has yet to confirm the second factor; 'public': everybody. Without it the server does not start.
     */
    permission?: string;
  }
}

/** The cookie's prefix makes browsers refuse it without Secure, with a Domain, or with another Path. */
export const sessionCookie = '__Host-ironbark';

export type Credentials =
  | { readonly kind: 'session'; readonly secret: string }
  | { readonly kind: 'token'; readonly secret: string };

/** What is known about the caller of one request. */
export type Admission = {
  readonly actor: { readonly id: string; readonly permissions: ReadonlySet<string> };
  readonly standing: 'full' | 'enrolling';
  /** To be sent back with changes; null where no browser attaches the credentials by itself. */
  readonly csrfToken: string | null;
};

/** Identity's side of the door. */
export type Gatekeeper = {
  /**
   * @param touch false for calls that no person made (a page refreshing itself): the session's idle time runs on
   * @returns undefined for unknown, expired and revoked credentials alike
   */
  admit(
    credentials: Credentials,
    call: { touch: boolean; remoteAddress: string },
  ): Promise<Admission | undefined>;
};

const admissionKey = 'admission';

/** The admission of a request; undefined on public routes called without valid credentials. */
export const admissionOf = (request: FastifyRequest): Admission | undefined =>
  request.getDecorator<Admission | null | undefined>(admissionKey) ?? undefined;

/**
 * Puts the door in: every route must say who may call it; `request.actor` is who does.
 * INVARIANT: a route without a declared permission can't be registered.
 */
export function guard(http: FastifyInstance, gatekeeper: Gatekeeper): void {
  http.decorateRequest(admissionKey, null);
  http.decorateRequest('actor', {
    getter() {
      const admission = admissionOf(this);
      if (admission === undefined) throw new NotSignedIn();
      // What an actor is, identity says; the gatekeeper that it hands us admits such.
      return admission.actor as FastifyRequest['actor'];
    },
  });
  http.addHook('onRoute', (route) => {
    if (route.config?.permission === undefined)
      throw new RouteWithoutPermission(String(route.method), route.url);
  });
  http.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const permission = request.routeOptions.config.permission;
    if (isChange(request)) refuseOtherSites(request);
    const credentials = credentialsOf(request);
    const admission = credentials && (await gatekeeper.admit(credentials, callOf(request, true)));
    request.setDecorator(admissionKey, admission);
    if (permission === 'public') return;
    if (admission === undefined) throw new NotSignedIn();
    if (isChange(request) && admission.csrfToken !== null) requireCsrfToken(request, admission.csrfToken);
    if (permission === 'enrolling') return;
    if (admission.standing !== 'full') throw new NotSignedIn('Confirm your second factor first.');
    if (permission === 'signed-in') return;
    if (permission === undefined || !admission.actor.permissions.has(permission))
      throw new NotAllowed(permission ?? 'undeclared');
  });
}

/** Is the caller of a long-lived stream still who it was, and still allowed? Does not touch the session. */
export async function stillAdmitted(gatekeeper: Gatekeeper, request: FastifyRequest): Promise<boolean> {
  const before = admissionOf(request);
  const credentials = credentialsOf(request);
  const permission = request.routeOptions.config.permission;
  if (before === undefined || credentials === undefined) return permission === 'public';
  const now = await gatekeeper.admit(credentials, callOf(request, false));
  if (now === undefined || now.actor.id !== before.actor.id || now.standing !== 'full') return false;
  return permission === 'signed-in' || permission === 'public' || now.actor.permissions.has(permission ?? '');
}

function callOf(request: FastifyRequest, person: boolean): { touch: boolean; remoteAddress: string } {
  const background = request.headers['x-background'] !== undefined && !isChange(request);
  return { touch: person && !background, remoteAddress: request.socket.remoteAddress ?? '' };
}

function credentialsOf(request: FastifyRequest): Credentials | undefined {
  const { authorization } = request.headers;
  // An Authorization header is never attached by a browser on its own: it wins, and needs no CSRF token.
  if (authorization !== undefined) {
    const bearer = /^Bearer ([\w.~+/-]{1,256}=*)$/i.exec(authorization)?.[1];
    return { kind: 'token', secret: bearer ?? '' };
  }
  const secret = request.cookies[sessionCookie];
  return secret === undefined ? undefined : { kind: 'session', secret };
}

const isChange = (request: FastifyRequest): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(request.method);

/** Browsers say where a request comes from, and pages can't forge it. Other clients say nothing. */
function refuseOtherSites(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new CrossSite('it came from another site');
  const { origin, host } = request.headers;
  if (origin !== undefined && hostOf(origin) !== host?.toLowerCase())
    throw new CrossSite('it came from another origin');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function requireCsrfToken(request: FastifyRequest, expected: string): void {
  const given = request.headers['x-csrf-token'];
  const a = Buffer.from(typeof given === 'string' ? given : '');
  const b = Buffer.from(expected);
  if (a.length !== b.length || !timingSafeEqual(a, b))
    throw new CrossSite('its X-CSRF-Token is missing or old');
}
