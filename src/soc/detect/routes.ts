import { z } from 'zod';
import type { Routes } from '#platform/http';
import {
  exceptionList,
  newException,
  ruleChange,
  ruleDetail,
  ruleException,
  ruleList,
  ruleSummary,
} from './contract.ts';
import type { Rules } from './service.ts';

type Deps = { readonly rules: Rules };

const byId = z.object({ id: z.string().max(200) });
const tags = ['rules'];

export const routes =
  ({ rules }: Deps): Routes =>
  async (http) => {
    const read = { permission: 'rule.read' };
    const manage = { permission: 'rule.manage' };

    http.get(
      '/api/rules',
      {
        config: read,
        schema: {
          summary: 'Rules, packs, and every rule that was rejected',
          tags,
          response: { 200: ruleList },
        },
      },
      (request) => rules.list(request.actor),
    );

    http.get(
      '/api/rules/exceptions',
      {
        config: read,
        schema: {
          summary: 'Exceptions, expired ones too',
          tags,
          querystring: z.object({ rule: z.string().max(200).optional() }),
          response: { 200: exceptionList },
        },
      },
      async (request) => ({ exceptions: await rules.exceptions(request.actor, request.query.rule) }),
    );

    http.post(
      '/api/rules/exceptions',
      {
        config: manage,
        schema: {
          summary: 'Except a value from a rule for one tenancy, for a time',
          tags,
          body: newException,
          response: { 201: ruleException },
        },
      },
      async (request, reply) => reply.code(201).send(await rules.addException(request.actor, request.body)),
    );

    http.delete(
      '/api/rules/exceptions/:id',
      { config: manage, schema: { summary: 'End an exception', tags, params: byId } },
      async (request, reply) => {
        await rules.removeException(request.actor, request.params.id);
        return reply.code(204).send();
      },
    );

    http.get(
      '/api/rules/:id',
      {
        config: read,
        schema: { summary: 'One rule, with its text', tags, params: byId, response: { 200: ruleDetail } },
      },
      (request) => rules.rule(request.actor, request.params.id),
    );

    http.patch(
      '/api/rules/:id',
      {
        config: manage,
        schema: {
          summary: 'Switch a rule on or off',
          tags,
          params: byId,
          body: ruleChange,
          response: { 200: ruleSummary },
        },
      },
      (request) => rules.setEnabled(request.actor, request.params.id, request.body.enabled),
    );
  };
