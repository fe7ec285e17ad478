import type { Routes } from '#platform/http';
import { z } from 'zod';
import {
  communityView,
  environment,
  id,
  newOrganisation,
  newTenancy,
  organisation,
  providerSetup,
} from './contract.ts';
import {
  addEnvironment,
  addOrganisation,
  addTenancy,
  type CommunityDeps,
  setUpProvider,
  viewCommunity,
} from './service.ts';

const tags = ['community'];
const tenancy = z.object({ id, organisation: id, environment: id, internal: z.boolean() });

export const communityRoutes =
  (deps: CommunityDeps): Routes =>
  async (http) => {
    http.post(
      '/api/setup/provider',
      {
        config: { permission: 'community.manage' },
        schema: {
          summary: 'Set up the provider, its environments and its own tenancies',
          tags,
          body: providerSetup,
          response: { 201: organisation },
        },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await setUpProvider(deps, actor, body)),
    );
    http.get(
      '/api/community',
      {
        config: { permission: 'community.read' },
        schema: { summary: 'Environments, organisations, tenancies', tags, response: { 200: communityView } },
      },
      ({ actor }) => viewCommunity(deps, actor),
    );
    http.post(
      '/api/community/environments',
      {
        config: { permission: 'community.manage' },
        schema: { summary: 'Add an environment', tags, body: environment, response: { 201: environment } },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await addEnvironment(deps, actor, body)),
    );
    http.post(
      '/api/community/organisations',
      {
        config: { permission: 'community.manage' },
        schema: {
          summary: 'Add a customer or partner',
          tags,
          body: newOrganisation,
          response: { 201: organisation },
        },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await addOrganisation(deps, actor, body)),
    );
    http.post(
      '/api/community/tenancies',
      {
        config: { permission: 'community.manage' },
        schema: {
          summary: 'Put an organisation into an environment',
          tags,
          body: newTenancy,
          response: { 201: tenancy },
        },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await addTenancy(deps, actor, body)),
    );
  };
