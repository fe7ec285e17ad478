import type { Routes } from '#platform/http';
import { z } from 'zod';
import { changeDecision, changeEnd, changeList, changeQuery, newChange, plannedChange } from './contract.ts';
import {
  closeChange,
  decideOnChange,
  listChanges,
  type PlannedChangesDeps,
  requestChange,
  showChange,
} from './planned-changes.ts';

const tags = ['changes'];
const byId = z.object({ id: z.string().max(64) });

export const plannedChangeRoutes =
  (deps: PlannedChangesDeps): Routes =>
  async (http) => {
    http.get(
      '/api/changes',
      {
        config: { permission: 'change.read' },
        schema: {
          summary: 'Changes of the platform, newest first',
          tags,
          querystring: changeQuery,
          response: { 200: changeList },
        },
      },
      async ({ actor, query }) => ({ changes: await listChanges(deps, actor, query) }),
    );
    http.get(
      '/api/changes/:id',
      {
        config: { permission: 'change.read' },
        schema: { summary: 'One change', tags, params: byId, response: { 200: plannedChange } },
      },
      ({ actor, params }) => showChange(deps, actor, params.id),
    );
    http.post(
      '/api/changes',
      {
        config: { permission: 'change.request' },
        schema: { summary: 'Ask for a change', tags, body: newChange, response: { 201: plannedChange } },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await requestChange(deps, actor, body)),
    );
    http.post(
      '/api/changes/:id/decision',
      {
        config: { permission: 'change.approve' },
        schema: {
          summary: 'Approve or reject a change that somebody else asked for',
          tags,
          params: byId,
          body: changeDecision,
          response: { 200: plannedChange },
        },
      },
      ({ actor, params, body }) => decideOnChange(deps, actor, params.id, body),
    );
    http.post(
      '/api/changes/:id/outcome',
      {
        config: { permission: 'change.request' },
        schema: {
          summary: 'Say what came of a change; nothing more is done under it',
          tags,
          params: byId,
          body: changeEnd,
          response: { 200: plannedChange },
        },
      },
      ({ actor, params, body }) => closeChange(deps, actor, params.id, body),
    );
  };
