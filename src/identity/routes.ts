import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { NotSignedIn } from '#platform/errors';
import { type Routes, sessionCookie } from '#platform/http';
import type { Actor } from './actor.ts';
import {
  firstSignIn as firstSignInInput,
  newApiToken,
  newUser,
  passkeyAnswer,
  passwordSignIn,
  session,
  setupState as setupStateAnswer,
  tokenCreated,
  tokenList,
  totpConfirm,
  totpEnrolment,
  user,
  userChange,
  userCreated,
  userList,
} from './contract.ts';
import type { IdentityDeps } from './deps.ts';
import { confirmTotp, firstSignIn } from './enrolment.ts';
import { registerPasskey, registrationOptions, signInOptions, signInWithPasskey } from './passkeys.ts';
import { breakGlassRoutes } from './break-glass/routes.ts';
import { issuerRoutes } from './oidc/routes.ts';
import { reviewRoutes } from './reviews/routes.ts';
import { scimRoutes } from './scim/routes.ts';
import { sessionCookieOptions } from './session.ts';
import { currentSession, type Opened, signOut } from './sessions.ts';
import { setupState } from './setup.ts';
import { signInWithPassword } from './sign-in.ts';
import { createToken, listTokens, removeToken } from './tokens.ts';
import { addUser, editUser, listUsers, renewLink } from './users.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. @throws {NotSignedIn} on reading, on a public route called by nobody */
    readonly actor: Actor;
  }
}

const byId = z.object({ id: z.string().max(100) });
/** Passkey options go to the browser as the library made them. */
const passkeyOptions = z.looseObject({ challenge: z.string() });

export const identityRoutes =
  (deps: IdentityDeps): Routes =>
  async (http) => {
    await http.register(sessionRoutes(deps));
    await http.register(passkeyRoutes(deps));
    await http.register(userRoutes(deps));
    await http.register(tokenRoutes(deps));
    await http.register(issuerRoutes(deps));
    await http.register(scimRoutes(deps));
    await http.register(reviewRoutes(deps));
    await http.register(breakGlassRoutes(deps));
  };

const sessionRoutes =
  (deps: IdentityDeps): Routes =>
  async (http) => {
    const tags = ['session'];
    http.get(
      '/api/setup',
      {
        config: { permission: 'public' },
        schema: { summary: 'How far the set-up is', tags, response: { 200: setupStateAnswer } },
      },
      () => setupState(deps),
    );
    http.post(
      '/api/first-sign-in',
      {
        config: { permission: 'public' },
        schema: {
          summary: 'Set a password with a one-time link, and begin the second factor',
          tags,
          body: firstSignInInput,
          response: { 200: totpEnrolment },
        },
      },
      async ({ body }, reply) => {
        const { secret, session, totpSecret, otpauthUrl } = await firstSignIn(deps, body);
        setCookie(reply, secret);
        return { secret: totpSecret, otpauthUrl, csrfToken: session.csrfToken };
      },
    );
    http.post(
      '/api/totp/confirm',
      {
        config: { permission: 'enrolling' },
        schema: {
          summary: 'Confirm the authenticator: the account works from here on',
          tags,
          body: totpConfirm,
          response: { 200: session },
        },
      },
      async (request, reply) =>
        opened(reply, await confirmTotp(deps, sessionSecret(request), request.body.code)),
    );
    http.post(
      '/api/session/password',
      {
        config: { permission: 'public' },
        schema: {
          summary: 'Sign in with password and code',
          tags,
          body: passwordSignIn,
          response: { 200: session },
        },
      },
      async ({ body }, reply) => opened(reply, await signInWithPassword(deps, body)),
    );
    http.get(
      '/api/session',
      {
        config: { permission: 'signed-in' },
        schema: { summary: 'Who I am, and what I may do', tags, response: { 200: session } },
      },
      async (request) => {
        const current = await currentSession(deps, sessionSecret(request));
        if (current === undefined) throw new NotSignedIn();
        return current;
      },
    );
    http.delete(
      '/api/session',
      {
        config: { permission: 'enrolling' },
        schema: { summary: 'Sign out', tags, response: { 204: z.null() } },
      },
      async (request, reply) => {
        await signOut(deps, request.actor, sessionSecret(request));
        void reply.clearCookie(sessionCookie, sessionCookieOptions);
        return reply.code(204).send(null);
      },
    );
  };

const passkeyRoutes =
  (deps: IdentityDeps): Routes =>
  async (http) => {
    const tags = ['session'];
    http.post(
      '/api/session/passkey/options',
      {
        config: { permission: 'public' },
        schema: { summary: 'Begin a sign-in with a passkey', tags, response: { 200: passkeyOptions } },
      },
      async () => ({ ...(await signInOptions(deps)) }),
    );
    http.post(
      '/api/session/passkey',
      {
        config: { permission: 'public' },
        schema: { summary: 'Sign in with a passkey', tags, body: passkeyAnswer, response: { 200: session } },
      },
      async ({ body }, reply) => opened(reply, await signInWithPasskey(deps, body)),
    );
    http.post(
      '/api/passkeys/options',
      {
        config: { permission: 'enrolling' },
        schema: { summary: 'Begin to register a passkey', tags, response: { 200: passkeyOptions } },
      },
      async (request) => ({ ...(await registrationOptions(deps, sessionSecret(request))) }),
    );
    http.post(
      '/api/passkeys',
      {
        config: { permission: 'enrolling' },
        schema: { summary: 'Register a passkey', tags, body: passkeyAnswer, response: { 200: session } },
      },
      async (request, reply) => {
        const secret = sessionSecret(request);
        const renewed = await registerPasskey(deps, secret, request.body);
        if (renewed !== undefined) return opened(reply, renewed);
        const current = await currentSession(deps, secret);
        if (current === undefined) throw new NotSignedIn();
        return current;
      },
    );
  };

const userRoutes =
  (deps: IdentityDeps): Routes =>
  async (http) => {
    const tags = ['users'];
    http.get(
      '/api/users',
      {
        config: { permission: 'user.read' },
        schema: { summary: 'The people with an account', tags, response: { 200: userList } },
      },
      async ({ actor }) => ({ users: await listUsers(deps, actor) }),
    );
    http.post(
      '/api/users',
      {
        config: { permission: 'user.manage' },
        schema: {
          summary: 'Add a person; answers a link to hand over',
          tags,
          body: newUser,
          response: { 201: userCreated },
        },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await addUser(deps, actor, body)),
    );
    http.patch(
      '/api/users/:id',
      {
        config: { permission: 'user.manage' },
        schema: {
          summary: 'Change roles or tenancies, lock, unlock',
          tags,
          params: byId,
          body: userChange,
          response: { 200: user },
        },
      },
      ({ actor, params, body }) => editUser(deps, actor, params.id, body),
    );
    http.post(
      '/api/users/:id/link',
      {
        config: { permission: 'user.manage' },
        schema: {
          summary: 'A new one-time link: using it replaces password and second factor',
          tags,
          params: byId,
          response: { 201: userCreated },
        },
      },
      async ({ actor, params }, reply) => reply.code(201).send(await renewLink(deps, actor, params.id)),
    );
  };

const tokenRoutes =
  (deps: IdentityDeps): Routes =>
  async (http) => {
    const tags = ['tokens'];
    http.get(
      '/api/tokens',
      {
        config: { permission: 'token.manage' },
        schema: { summary: 'API tokens', tags, response: { 200: tokenList } },
      },
      async ({ actor }) => ({ tokens: await listTokens(deps, actor) }),
    );
    http.post(
      '/api/tokens',
      {
        config: { permission: 'token.manage' },
        schema: {
          summary: 'Make an API token; its secret is shown this once',
          tags,
          body: newApiToken,
          response: { 201: tokenCreated },
        },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await createToken(deps, actor, body)),
    );
    http.delete(
      '/api/tokens/:id',
      {
        config: { permission: 'token.manage' },
        schema: { summary: 'Revoke an API token', tags, params: byId, response: { 204: z.null() } },
      },
      async ({ actor, params }, reply) => {
        await removeToken(deps, actor, params.id);
        return reply.code(204).send(null);
      },
    );
  };

function setCookie(reply: FastifyReply, secret: string): void {
  // Without an age it ends with the browser; the server ends it earlier.
  void reply.setCookie(sessionCookie, secret, sessionCookieOptions);
}

function opened(reply: FastifyReply, { secret, session }: Opened): Opened['session'] {
  setCookie(reply, secret);
  return session;
}

/** @throws {NotSignedIn} for tokens: they have no session */
function sessionSecret(request: FastifyRequest): string {
  const secret = request.cookies[sessionCookie];
  if (secret === undefined || request.headers.authorization !== undefined)
    throw new NotSignedIn('This needs a session in the browser; an API token has none.');
  return secret;
}
