import { z } from 'zod';
import type { Routes } from '#platform/http';
import { confirmAllContacts, listContacts, setContacts } from './contacts.ts';
import {
  consumed,
  contactList,
  contactMatrix,
  dueList,
  lifeChange,
  newEvidence,
  organisationChange,
  organisationDetail,
  organisationList,
  serviceCatalogue,
  serviceInput,
} from './contract.ts';
import type { OrganisationsDeps } from './deps.ts';
import { listDue, listOrganisations, listServices, showOrganisation } from './overview.ts';
import { peopleRoutes } from './routes-people.ts';
import { changeLife, changeOrganisation, consume, defineService, recordEvidence } from './tenancies.ts';

const byId = z.object({ id: z.string().max(100) });
const tags = ['organisations'];
const nothing = { 204: z.null() };

export const organisationRoutes =
  (deps: OrganisationsDeps): Routes =>
  async (http) => {
    await http.register(peopleRoutes(deps));
    await http.register(readRoutes(deps));
    await http.register(changeRoutes(deps));
    await http.register(contactRoutes(deps));
  };

const readRoutes =
  (deps: OrganisationsDeps): Routes =>
  async (http) => {
    http.get(
      '/api/organisations',
      {
        config: { permission: 'community.read' },
        schema: { summary: 'Organisations and where they stand', tags, response: { 200: organisationList } },
      },
      async ({ actor }) => ({ organisations: await listOrganisations(deps, actor) }),
    );
    http.get(
      '/api/organisations/:id',
      {
        config: { permission: 'community.read' },
        schema: {
          summary: 'One organisation, with what its commencement takes',
          tags,
          params: byId,
          response: { 200: organisationDetail },
        },
      },
      ({ actor, params }) => showOrganisation(deps, actor, params.id),
    );
    http.get(
      '/api/community/due',
      {
        config: { permission: 'person.read' },
        schema: { summary: 'What is to be done soon', tags, response: { 200: dueList } },
      },
      async ({ actor }) => ({ due: await listDue(deps, actor) }),
    );
    http.get(
      '/api/services',
      {
        config: { permission: 'community.read' },
        schema: { summary: 'The service catalogue', tags, response: { 200: serviceCatalogue } },
      },
      async () => ({ services: await listServices(deps) }),
    );
  };

const changeRoutes =
  (deps: OrganisationsDeps): Routes =>
  async (http) => {
    const config = { permission: 'community.manage' } as const;
    http.patch(
      '/api/organisations/:id',
      {
        config,
        schema: {
          summary: 'Record ABN or eligibility',
          tags,
          params: byId,
          body: organisationChange,
          response: { 200: organisationDetail },
        },
      },
      async ({ actor, params, body }) => {
        await changeOrganisation(deps, actor, params.id, body);
        return showOrganisation(deps, actor, params.id);
      },
    );
    http.post(
      '/api/tenancies/:id/state',
      {
        config,
        schema: {
          summary: 'Move a tenancy on in its life',
          tags,
          params: byId,
          body: lifeChange,
          response: nothing,
        },
      },
      async ({ actor, params, body }, reply) => {
        await changeLife(deps, actor, params.id, body);
        return reply.code(204).send(null);
      },
    );
    http.put(
      '/api/tenancies/:id/services',
      {
        config,
        schema: {
          summary: 'Which services a tenancy consumes',
          tags,
          params: byId,
          body: consumed,
          response: nothing,
        },
      },
      async ({ actor, params, body }, reply) => {
        await consume(deps, actor, params.id, body.services);
        return reply.code(204).send(null);
      },
    );
    http.put(
      '/api/tenancies/:id/conditions/:condition',
      {
        config,
        schema: {
          summary: 'Record evidence that a condition of commencement is met',
          tags,
          params: byId.extend({ condition: z.string().max(60) }),
          body: newEvidence,
          response: nothing,
        },
      },
      async ({ actor, params, body }, reply) => {
        await recordEvidence(deps, actor, params.id, params.condition, body.evidence);
        return reply.code(204).send(null);
      },
    );
    http.put(
      '/api/services',
      {
        config,
        schema: {
          summary: 'Add a service to the catalogue, or change it',
          tags,
          body: serviceInput,
          response: { 200: serviceCatalogue },
        },
      },
      async ({ actor, body }) => {
        await defineService(deps, actor, body);
        return { services: await listServices(deps) };
      },
    );
  };

const contactRoutes =
  (deps: OrganisationsDeps): Routes =>
  async (http) => {
    http.get(
      '/api/organisations/:id/contacts',
      {
        config: { permission: 'person.read' },
        schema: {
          summary: 'Whom to call in an incident',
          tags,
          params: byId,
          response: { 200: contactList },
        },
      },
      ({ actor, params }) => listContacts(deps, actor, params.id),
    );
    http.put(
      '/api/organisations/:id/contacts',
      {
        config: { permission: 'person.manage' },
        schema: {
          summary: 'The whole matrix; who is new or changed counts as confirmed',
          tags,
          params: byId,
          body: contactMatrix,
          response: { 200: contactList },
        },
      },
      ({ actor, params, body }) => setContacts(deps, actor, params.id, body),
    );
    http.post(
      '/api/organisations/:id/contacts/confirmation',
      {
        config: { permission: 'person.manage' },
        schema: {
          summary: 'All contacts were looked at and are right',
          tags,
          params: byId,
          response: { 200: contactList },
        },
      },
      ({ actor, params }) => confirmAllContacts(deps, actor, params.id),
    );
  };
