import { z } from 'zod';
import type { Routes } from '#platform/http';
import type { IdentityDeps } from '../deps.ts';
import { newReview, reviewDecisions, reviewDetail, reviewList } from './contract.ts';
import { decide, endReview, listReviews, showReview, startReview } from './service.ts';

const byId = z.object({ id: z.string().max(100) });
const tags = ['users'];
const answer = { 200: reviewDetail };

export const reviewRoutes =
  (deps: IdentityDeps): Routes =>
  async (http) => {
    const config = { permission: 'person.manage' };
    http.get(
      '/api/reviews',
      {
        config: { permission: 'person.read' },
        schema: { summary: 'Access reviews', tags, response: { 200: reviewList } },
      },
      async ({ actor }) => ({ reviews: await listReviews(deps, actor) }),
    );
    http.get(
      '/api/reviews/:id',
      {
        config: { permission: 'person.read' },
        schema: { summary: 'An access review and its accounts', tags, params: byId, response: answer },
      },
      ({ actor, params }) => showReview(deps, actor, params.id),
    );
    http.post(
      '/api/reviews',
      {
        config,
        schema: { summary: 'Start an access review', tags, body: newReview, response: { 201: reviewDetail } },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await startReview(deps, actor, body)),
    );
    http.post(
      '/api/reviews/:id/decisions',
      {
        config,
        schema: {
          summary: 'Keep or remove accounts',
          tags,
          params: byId,
          body: reviewDecisions,
          response: answer,
        },
      },
      ({ actor, params, body }) => decide(deps, actor, params.id, body),
    );
    http.post(
      '/api/reviews/:id/end',
      {
        config,
        schema: {
          summary: 'Close a review: undecided accounts are suspended',
          tags,
          params: byId,
          response: answer,
        },
      },
      ({ actor, params }) => endReview(deps, actor, params.id),
    );
  };
