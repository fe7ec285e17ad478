import type { FastifyError } from 'fastify';
import { z } from 'zod';
import { AppError } from '#platform/errors';
import type { Routes } from '#platform/http';
import type { IdentityDeps } from '../deps.ts';
import { scimPatch, scimQuery, scimUserIn } from './contract.ts';
import { resourceTypes, schemas, serviceProviderConfig, listOf } from './resources.ts';
import { provisioning } from './service.ts';

const type = 'application/scim+json; charset=utf-8';
const at = z.object({ organisation: z.string().max(63) });
const one = at.extend({ id: z.string().max(100) });
const everything = { startIndex: 1, count: 100 };

/** SCIM 2.0: an organisation's own directory says who its people are. @see RFC 7644 */
export const scimRoutes =
  (deps: IdentityDeps): Routes =>
  async (http) => {
    const config = { permission: 'user.provision' };
    const tags = ['provisioning'];
    http.addContentTypeParser(
      'application/scim+json',
      { parseAs: 'string' },
      http.getDefaultJsonParser('error', 'error'),
    );
    http.addHook('onSend', async (_, reply) => {
      if (reply.statusCode !== 204) void reply.type(type);
    });
    http.setErrorHandler<FastifyError | AppError>((error, request, reply) => {
      const status = error instanceof AppError ? error.status : (error.statusCode ?? 500);
      if (status >= 500) request.log.error({ err: error }, 'provisioning failed');
      const scimType = 'scimType' in error ? error.scimType : undefined;
      return reply.code(status).send({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: String(status),
        ...(typeof scimType === 'string' && { scimType }),
        detail: status >= 500 ? 'This could not be done. The log says why.' : error.message,
      });
    });

    const root = '/scim/v2/:organisation';
    http.get(
      `${root}/ServiceProviderConfig`,
      { config, schema: { summary: 'What SCIM can do here', tags, params: at } },
      () => serviceProviderConfig,
    );
    http.get(`${root}/Schemas`, { config, schema: { summary: 'SCIM schemas', tags, params: at } }, () =>
      listOf(schemas, everything),
    );
    http.get(
      `${root}/ResourceTypes`,
      { config, schema: { summary: 'SCIM resource types', tags, params: at } },
      () => listOf(resourceTypes, everything),
    );
    http.get(
      `${root}/Users`,
      { config, schema: { summary: 'People, by a filter', tags, params: at, querystring: scimQuery } },
      ({ actor, params, query }) => provisioning(deps, actor, params.organisation).users(query),
    );
    http.post(
      `${root}/Users`,
      { config, schema: { summary: 'Add a person', tags, params: at, body: scimUserIn } },
      async ({ actor, params, body }, reply) => {
        const made = await provisioning(deps, actor, params.organisation).addUser(body);
        return reply.code(201).header('location', made.meta.location).send(made);
      },
    );
    http.get(
      `${root}/Users/:id`,
      { config, schema: { summary: 'A person', tags, params: one } },
      ({ actor, params }) => provisioning(deps, actor, params.organisation).user(params.id),
    );
    http.put(
      `${root}/Users/:id`,
      { config, schema: { summary: 'Replace a person', tags, params: one, body: scimUserIn } },
      ({ actor, params, body }) =>
        provisioning(deps, actor, params.organisation).replaceUser(params.id, body),
    );
    http.patch(
      `${root}/Users/:id`,
      { config, schema: { summary: 'Change or deactivate a person', tags, params: one, body: scimPatch } },
      ({ actor, params, body }) =>
        provisioning(deps, actor, params.organisation).patchUser(params.id, body.Operations),
    );
    http.delete(
      `${root}/Users/:id`,
      { config, schema: { summary: 'Remove a person', tags, params: one } },
      async ({ actor, params }, reply) => {
        await provisioning(deps, actor, params.organisation).removeUser(params.id);
        return reply.code(204).send();
      },
    );
    http.get(
      `${root}/Groups`,
      { config, schema: { summary: 'Roles, as groups', tags, params: at, querystring: scimQuery } },
      ({ actor, params, query }) => provisioning(deps, actor, params.organisation).groups(query),
    );
    http.get(
      `${root}/Groups/:id`,
      { config, schema: { summary: 'A role, as a group', tags, params: one } },
      ({ actor, params }) => provisioning(deps, actor, params.organisation).group(params.id),
    );
    http.patch(
      `${root}/Groups/:id`,
      { config, schema: { summary: 'Who has a role', tags, params: one, body: scimPatch } },
      ({ actor, params, body }) =>
        provisioning(deps, actor, params.organisation).patchGroup(params.id, body.Operations),
    );
  };
