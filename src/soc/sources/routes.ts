import { z } from 'zod';
import type { Routes } from '#platform/http';
import {
  type Doors,
  doors as doorsContract,
  newSource,
  rejectedPage,
  replayRequest,
  replayResult,
  source,
  sourceChange,
  secretRenewal,
  sourceCreated,
  sourceList,
  sourceWithBalance,
} from './contract.ts';
import type { Sources } from './sources.ts';

const byId = z.object({ id: z.string().max(64) });
const pageQuery = z.object({
  after: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const tags = ['sources'];

/** @param doors where this system listens now */
export const routes =
  ({ sources, doors }: { sources: Sources; doors: () => Doors['doors'] }): Routes =>
  async (http) => {
    const read = { permission: 'source.read' };
    const manage = { permission: 'source.manage' };

    http.get(
      '/api/sources',
      {
        config: read,
        schema: { summary: 'All sources with their balance', tags, response: { 200: sourceList } },
      },
      async (request) => ({ sources: await sources.list(request.actor) }),
    );
    http.get(
      '/api/sources/doors',
      {
        config: read,
        schema: { summary: 'Where events are taken in', tags, response: { 200: doorsContract } },
      },
      () => ({ doors: doors() }),
    );
    http.post(
      '/api/sources',
      {
        config: manage,
        schema: {
          summary: 'Add a source; its secret is shown this once',
          tags,
          body: newSource,
          response: { 201: sourceCreated },
        },
      },
      async (request, reply) => reply.code(201).send(await sources.create(request.actor, request.body)),
    );
    http.get(
      '/api/sources/:id',
      {
        config: read,
        schema: {
          summary: 'One source with its balance',
          tags,
          params: byId,
          response: { 200: sourceWithBalance },
        },
      },
      (request) => sources.one(request.actor, request.params.id),
    );
    http.patch(
      '/api/sources/:id',
      {
        config: manage,
        schema: {
          summary: 'Rename, pause, watch for silence, take for a recording',
          tags,
          params: byId,
          body: sourceChange,
          response: { 200: source },
        },
      },
      (request) => sources.change(request.actor, request.params.id, request.body),
    );
    http.post(
      '/api/sources/:id/secret',
      {
        config: manage,
        schema: {
          summary: 'Renew the secret; the old one ends now',
          tags,
          params: byId,
          body: secretRenewal,
          response: { 200: sourceCreated },
        },
      },
      (request) => sources.renewSecret(request.actor, request.params.id, request.body?.days),
    );
    http.get(
      '/api/sources/:id/rejected',
      {
        config: read,
        schema: {
          summary: 'What was rejected, newest first',
          tags,
          params: byId,
          querystring: pageQuery,
          response: { 200: rejectedPage },
        },
      },
      (request) => sources.rejected(request.actor, request.params.id, request.query),
    );
    http.post(
      '/api/sources/:id/rejected/replay',
      {
        config: manage,
        schema: {
          summary: 'Let rejected items in again',
          tags,
          params: byId,
          body: replayRequest,
          response: { 200: replayResult },
        },
      },
      (request) => sources.replay(request.actor, request.params.id, request.body.ids),
    );
  };
