import { z } from 'zod';
import type { Routes } from '#platform/http';
import {
  delegateAppointment,
  endAppointment,
  listAppointments,
  proposeAppointment,
  verifyAppointment,
} from './appointments.ts';
import {
  appointment,
  appointmentList,
  ending,
  newAppointment,
  newDelegation,
  newPerson,
  newVerification,
  person,
  personChange,
  personList,
} from './contract.ts';
import type { OrganisationsDeps } from './deps.ts';
import { addPerson, editPerson, endPerson, listPeople } from './people.ts';

const byId = z.object({ id: z.string().max(100) });
const ofOrganisation = z.object({ organisation: z.string().max(63).optional() });

export const peopleRoutes =
  (deps: OrganisationsDeps): Routes =>
  async (http) => {
    await http.register(personRoutes(deps));
    await http.register(appointmentRoutes(deps));
  };

const personRoutes =
  (deps: OrganisationsDeps): Routes =>
  async (http) => {
    const tags = ['people'];
    http.get(
      '/api/persons',
      {
        config: { permission: 'person.read' },
        schema: {
          summary: 'People of organisations, with or without an account',
          tags,
          querystring: ofOrganisation,
          response: { 200: personList },
        },
      },
      async ({ actor, query }) => ({ people: await listPeople(deps, actor, query.organisation) }),
    );
    http.post(
      '/api/persons',
      {
        config: { permission: 'person.manage' },
        schema: { summary: 'Add a person', tags, body: newPerson, response: { 201: person } },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await addPerson(deps, actor, body)),
    );
    http.patch(
      '/api/persons/:id',
      {
        config: { permission: 'person.manage' },
        schema: {
          summary: 'Rename, attest screening, link the account',
          tags,
          params: byId,
          body: personChange,
          response: { 200: person },
        },
      },
      ({ actor, params, body }) => editPerson(deps, actor, params.id, body),
    );
    http.post(
      '/api/persons/:id/end',
      {
        config: { permission: 'person.manage' },
        schema: {
          summary: 'They left: sessions and appointments end at once',
          tags,
          params: byId,
          body: ending,
          response: { 200: person },
        },
      },
      ({ actor, params, body }) => endPerson(deps, actor, params.id, body.reason),
    );
  };

const appointmentRoutes =
  (deps: OrganisationsDeps): Routes =>
  async (http) => {
    const tags = ['appointments'];
    http.get(
      '/api/appointments',
      {
        config: { permission: 'person.read' },
        schema: {
          summary: 'Who holds which office, and on what evidence',
          tags,
          querystring: ofOrganisation,
          response: { 200: appointmentList },
        },
      },
      async ({ actor, query }) => ({ appointments: await listAppointments(deps, actor, query.organisation) }),
    );
    http.post(
      '/api/appointments',
      {
        config: { permission: 'person.manage' },
        schema: {
          summary: 'Propose somebody for an office',
          tags,
          body: newAppointment,
          response: { 201: appointment },
        },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await proposeAppointment(deps, actor, body)),
    );
    http.post(
      '/api/appointments/:id/verifications',
      {
        config: { permission: 'person.manage' },
        schema: {
          summary: 'Say that the evidence holds; nobody can for themselves',
          tags,
          params: byId,
          body: newVerification,
          response: { 201: appointment },
        },
      },
      async ({ actor, params, body }, reply) =>
        reply.code(201).send(await verifyAppointment(deps, actor, params.id, body.note)),
    );
    http.post(
      '/api/appointments/:id/delegations',
      {
        // Whoever holds an office may delegate it, where it allows that: the office decides, not the role.
        config: { permission: 'person.read' },
        schema: {
          summary: 'Let somebody act in your office for a time',
          tags,
          params: byId,
          body: newDelegation,
          response: { 201: appointment },
        },
      },
      async ({ actor, params, body }, reply) =>
        reply.code(201).send(await delegateAppointment(deps, actor, params.id, body)),
    );
    http.post(
      '/api/appointments/:id/end',
      {
        config: { permission: 'person.manage' },
        schema: {
          summary: 'End an appointment, and what was delegated from it',
          tags,
          params: byId,
          body: ending,
          response: { 200: appointment },
        },
      },
      ({ actor, params, body }) => endAppointment(deps, actor, params.id, body.reason),
    );
  };
