import type { Routes } from '#platform/http';
import { z } from 'zod';
import { application } from './application.ts';
import {
  type AskDeps,
  canI,
  listApplications,
  listRequests,
  makeRequest,
  putApplication,
  removeApplication,
  rules,
  setParameters,
  settle,
} from './ask.ts';
import {
  canAnswer,
  canQuestion,
  decisionDetail,
  decisionPage,
  decisionQuery,
  gateRequest,
  newRequest,
  parametersChange,
  parametersSet,
  replayResult,
  requestChange,
  requestList,
  ruleList,
} from './contract.ts';
import { oneDecision, replay, searchDecisions } from './decisions.ts';

const tags = ['gate'];
const ask = { permission: 'gate.ask' };
const read = { permission: 'decision.read' };
const manage = { permission: 'community.manage' };
const byId = z.object({ id: z.string().max(64) });

/** For the page and the command line; programs that enforce ask at /access/v1. */
export const gateRoutes =
  (deps: AskDeps): Routes =>
  async (http) => {
    http.get(
      '/api/gate/rules',
      {
        config: ask,
        schema: { summary: 'Every gate, and the parameters', tags, response: { 200: ruleList } },
      },
      () => rules(deps),
    );
    http.put(
      '/api/gate/parameters',
      {
        config: manage,
        schema: {
          summary: 'Set the parameters',
          tags,
          body: parametersChange,
          response: { 200: parametersSet },
        },
      },
      ({ actor, body }) => setParameters(deps, actor, body),
    );
    http.get(
      '/api/gate/applications',
      {
        config: manage,
        schema: {
          summary: "Applications' words",
          tags,
          response: { 200: z.object({ applications: z.array(application) }) },
        },
      },
      async () => ({ applications: await listApplications(deps) }),
    );
    http.put(
      '/api/gate/applications/:id',
      {
        config: manage,
        schema: {
          summary: 'Set an application',
          tags,
          params: byId,
          body: application,
          response: { 200: application },
        },
      },
      ({ actor, body, params }) => putApplication(deps, actor, { ...body, id: params.id }),
    );
    http.delete(
      '/api/gate/applications/:id',
      { config: manage, schema: { summary: 'Remove an application', tags, params: byId } },
      async ({ actor, params }, reply) => {
        await removeApplication(deps, actor, params.id);
        return reply.code(204).send();
      },
    );
    http.post(
      '/api/gate/can',
      {
        config: ask,
        schema: {
          summary: 'May I? Nothing is permitted by it',
          tags,
          body: canQuestion,
          response: { 200: canAnswer },
        },
      },
      ({ actor, body }) => canI(deps, actor, body),
    );
    http.get(
      '/api/gate/requests',
      { config: ask, schema: { summary: 'What was asked for', tags, response: { 200: requestList } } },
      ({ actor }) => listRequests(deps, actor),
    );
    http.post(
      '/api/gate/requests',
      {
        config: ask,
        schema: {
          summary: 'Ask for what is missing',
          tags,
          body: newRequest,
          response: { 201: gateRequest },
        },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await makeRequest(deps, actor, body)),
    );
    http.patch(
      '/api/gate/requests/:id',
      {
        config: read,
        schema: {
          summary: 'Settle a request',
          tags,
          params: byId,
          body: requestChange,
          response: { 200: gateRequest },
        },
      },
      ({ actor, params, body }) => settle(deps, actor, params.id, body.state),
    );
    http.get(
      '/api/decisions',
      {
        config: read,
        schema: {
          summary: 'Decisions, newest first',
          tags,
          querystring: decisionQuery,
          response: { 200: decisionPage },
        },
      },
      ({ actor, query }) => searchDecisions(deps, actor, query),
    );
    http.get(
      '/api/decisions/:id',
      {
        config: read,
        schema: {
          summary: 'One decision with its facts',
          tags,
          params: byId,
          response: { 200: decisionDetail },
        },
      },
      ({ actor, params }) => oneDecision(deps, actor, params.id),
    );
    http.post(
      '/api/decisions/:id/replay',
      {
        config: read,
        schema: {
          summary: 'Decide again, then and now',
          tags,
          params: byId,
          response: { 200: replayResult },
        },
      },
      ({ actor, params }) => replay(deps, actor, params.id),
    );
  };
