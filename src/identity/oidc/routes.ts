import { z } from 'zod';
import { type Routes, sessionCookie } from '#platform/http';
import type { IdentityDeps } from '../deps.ts';
import { sessionCookieOptions } from '../session.ts';
import { type IssuerClients, issuerClients } from './clients.ts';
import { issuer, issuerChange, issuerChoices as choices, issuerList, newIssuer } from './contract.ts';
import { addIssuer, changeIssuer, issuerChoices, listIssuers, removeIssuer } from './issuers.ts';
import { endFromIssuer } from './logout.ts';
import { beginSignIn, finishSignIn } from './sign-in.ts';

/** Holds the browser to the attempt it began. Lax: the issuer sends the browser back from another site. */
const attemptCookie = '__Host-ironbark-issuer';
const attemptCookieOptions = {
  path: '/',
  httpOnly: true,
  secure: true,
  sameSite: 'lax',
  maxAge: 600,
} as const;

/**
 * The session's cookie is Strict: it would not be sent on a redirect that began at the issuer. A page that goes on by
 * itself begins anew, from here.
 */
const goOn =
  '<!doctype html><html lang="en-AU"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>Ironbark</title><a href="/">Go on</a></html>';

const byId = z.object({ id: z.string().max(40) });
const maxFormBytes = 16 * 1024;

export const issuerRoutes =
  (deps: IdentityDeps): Routes =>
  async (http) => {
    const clients = issuerClients(deps);
    await http.register(signInRoutes(deps, clients));
    await http.register(manageRoutes(deps));
  };

const signInRoutes =
  (deps: IdentityDeps, clients: IssuerClients): Routes =>
  async (http) => {
    const tags = ['session'];
    const config = { permission: 'public' };
    http.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: maxFormBytes },
      (_, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    http.get(
      '/api/session/issuers',
      { config, schema: { summary: 'Where people can sign in', tags, response: { 200: choices } } },
      () => issuerChoices(deps),
    );
    http.get(
      '/api/session/issuers/:id',
      { config, schema: { summary: 'Sign in with an issuer: redirects to it', tags, params: byId } },
      async ({ params }, reply) => {
        const { to, browser } = await beginSignIn(deps, clients, params.id);
        void reply.setCookie(attemptCookie, browser, attemptCookieOptions);
        return reply.redirect(to.href, 303);
      },
    );
    http.get(
      '/api/session/issuers/:id/callback',
      { config, schema: { summary: 'Where the issuer sends the browser back to', tags, params: byId } },
      async (request, reply) => {
        const at = request.url.indexOf('?');
        const query = at < 0 ? '' : request.url.slice(at);
        void reply.clearCookie(attemptCookie, attemptCookieOptions);
        try {
          const opened = await finishSignIn(deps, clients, {
            issuer: request.params.id,
            query,
            browser: request.cookies[attemptCookie],
          });
          void reply.setCookie(sessionCookie, opened.secret, sessionCookieOptions);
        } catch (error) {
          request.log.warn({ err: error }, 'sign-in with an issuer did not work');
          const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
          return reply.redirect(`/sign-in?problem=${encodeURIComponent(code)}`, 303);
        }
        return reply.type('text/html; charset=utf-8').send(goOn);
      },
    );
    http.post(
      '/api/session/issuers/:id/logout',
      {
        config,
        schema: {
          summary: 'Back-channel logout, called by the issuer',
          tags,
          params: byId,
          body: z.looseObject({ logout_token: z.string().max(maxFormBytes) }),
        },
      },
      async ({ params, body }, reply) => {
        await endFromIssuer(deps, clients, params.id, body.logout_token);
        return reply.code(200).send();
      },
    );
  };

const manageRoutes =
  (deps: IdentityDeps): Routes =>
  async (http) => {
    const tags = ['users'];
    const config = { permission: 'user.manage' };
    http.get(
      '/api/issuers',
      {
        config,
        schema: { summary: 'OpenID Connect issuers', tags, response: { 200: issuerList } },
      },
      async () => ({ issuers: await listIssuers(deps) }),
    );
    http.post(
      '/api/issuers',
      { config, schema: { summary: 'Add an issuer', tags, body: newIssuer, response: { 201: issuer } } },
      async ({ actor, body }, reply) => reply.code(201).send(await addIssuer(deps, actor, body)),
    );
    http.patch(
      '/api/issuers/:id',
      {
        config,
        schema: {
          summary: 'Enable or disable an issuer',
          tags,
          params: byId,
          body: issuerChange,
          response: { 200: issuer },
        },
      },
      ({ actor, params, body }) => changeIssuer(deps, actor, params.id, body.enabled),
    );
    http.delete(
      '/api/issuers/:id',
      { config, schema: { summary: 'Forget an issuer', tags, params: byId, response: { 204: z.null() } } },
      async ({ actor, params }, reply) => {
        await removeIssuer(deps, actor, params.id);
        return reply.code(204).send(null);
      },
    );
  };
