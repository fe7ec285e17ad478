import { z } from 'zod';
import { type Routes, sessionCookie } from '#platform/http';
import { session } from '../contract.ts';
import type { IdentityDeps } from '../deps.ts';
import { SignInRefused } from '../errors.ts';
import { sessionCookieOptions } from '../session.ts';
import {
  breakGlassHalf,
  breakGlassReview,
  breakGlassSignIn,
  breakGlassView as view,
  newBreakGlass,
} from './contract.ts';
import {
  addBreakGlass,
  breakGlassView,
  makeHalf,
  reviewBreakGlass,
  signInByBreakingGlass,
} from './service.ts';

const byId = z.object({ id: z.string().max(100) });
const tags = ['users'];

export const breakGlassRoutes =
  (deps: IdentityDeps): Routes =>
  async (http) => {
    const config = { permission: 'user.manage' };
    http.get(
      '/api/break-glass',
      {
        config,
        schema: { summary: 'Break-glass accounts and their uses', tags, response: { 200: view } },
      },
      () => breakGlassView(deps),
    );
    http.post(
      '/api/break-glass',
      {
        config,
        schema: {
          summary: 'Make a break-glass account; answers the first half of its secret',
          tags,
          body: newBreakGlass,
          response: { 201: breakGlassHalf },
        },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await addBreakGlass(deps, actor, body)),
    );
    http.post(
      '/api/break-glass/:id/half',
      {
        config,
        schema: {
          summary: 'The other half, for another administrator, or new halves',
          tags,
          params: byId,
          response: { 201: breakGlassHalf },
        },
      },
      async ({ actor, params }, reply) => reply.code(201).send(await makeHalf(deps, actor, params.id)),
    );
    http.post(
      '/api/break-glass/uses/:id/review',
      {
        config,
        schema: {
          summary: 'Say what came of a use',
          tags,
          params: byId,
          body: breakGlassReview,
          response: { 200: view },
        },
      },
      ({ actor, params, body }) => reviewBreakGlass(deps, actor, params.id, body.outcome),
    );
    http.post(
      '/api/session/break-glass',
      {
        config: { permission: 'public' },
        schema: {
          summary: 'Sign in by breaking the glass: both halves, and why',
          tags: ['session'],
          body: breakGlassSignIn,
          response: { 200: session },
        },
      },
      async ({ body }, reply) => {
        const opened = await signInByBreakingGlass(deps, body, false);
        if (opened === undefined) throw new SignInRefused();
        void reply.setCookie(sessionCookie, opened.secret, sessionCookieOptions);
        return opened.session;
      },
    );
    http.post(
      '/api/session/break-glass/test',
      {
        config: { permission: 'public' },
        schema: {
          summary: 'Try that both halves are good; opens nothing',
          tags: ['session'],
          body: breakGlassSignIn,
          response: { 200: z.object({ good: z.literal(true) }) },
        },
      },
      async ({ body }) => {
        await signInByBreakingGlass(deps, body, true);
        return { good: true as const };
      },
    );
  };
