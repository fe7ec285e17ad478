import { z } from 'zod';
import { Invalid } from '#platform/errors';
import type { Routes } from '#platform/http';
import {
  deviceInput,
  networkImport,
  networkList,
  networkLists,
  newPlaceException,
  newRemoteWork,
  places,
} from './contract.ts';
import {
  agreeToException,
  endGrant,
  grantRemoteWork,
  importNetworks,
  listNetworks,
  listPlaces,
  type PlacesDeps,
  proposeException,
  registerDevice,
} from './places.ts';
import { rangeCaps } from './ranges.ts';

const tags = ['places'];
const byId = z.object({ id: z.string().max(100) });
const made = z.object({ id: z.string() });
const nothing = { 204: z.null() };

export const placeRoutes =
  (deps: PlacesDeps): Routes =>
  async (http) => {
    http.get(
      '/api/places',
      {
        config: { permission: 'person.read' },
        schema: { summary: 'Exceptions, remote work and devices', tags, response: { 200: places } },
      },
      ({ actor }) => listPlaces(deps, actor),
    );
    http.post(
      '/api/places/exceptions',
      {
        config: { permission: 'person.manage' },
        schema: {
          summary: 'Propose that a person may work from elsewhere for a time',
          tags,
          body: newPlaceException,
          response: { 201: made },
        },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await proposeException(deps, actor, body)),
    );
    http.post(
      '/api/places/exceptions/:id/agreement',
      {
        config: { permission: 'person.manage' },
        schema: {
          summary: 'Agree to an exception that somebody else proposed',
          tags,
          params: byId,
          response: nothing,
        },
      },
      async ({ actor, params }, reply) => {
        await agreeToException(deps, actor, params.id);
        return reply.code(204).send(null);
      },
    );
    http.post(
      '/api/places/remote-work',
      {
        config: { permission: 'person.manage' },
        schema: {
          summary: 'Grant remote work under a policy',
          tags,
          body: newRemoteWork,
          response: { 201: made },
        },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await grantRemoteWork(deps, actor, body)),
    );
    http.delete(
      '/api/places/:kind/:id',
      {
        config: { permission: 'person.manage' },
        schema: {
          summary: 'End an exception or a grant of remote work now',
          tags,
          params: byId.extend({ kind: z.enum(['exceptions', 'remote-work']) }),
          response: nothing,
        },
      },
      async ({ actor, params }, reply) => {
        await endGrant(deps, actor, params.kind === 'exceptions' ? 'exception' : 'remote-work', params.id);
        return reply.code(204).send(null);
      },
    );
    http.put(
      '/api/places/devices/:id',
      {
        config: { permission: 'community.manage' },
        schema: {
          summary: 'Register a device, or say what its posture was found to be',
          tags,
          params: byId,
          body: deviceInput,
          response: nothing,
        },
      },
      async ({ actor, params, body }, reply) => {
        await registerDevice(deps, actor, params.id, body);
        return reply.code(204).send(null);
      },
    );
    await http.register(networkRoutes(deps));
  };

const networkRoutes =
  (deps: PlacesDeps): Routes =>
  async (http) => {
    http.get(
      '/api/places/networks',
      {
        config: { permission: 'community.manage' },
        schema: { summary: 'Lists of networks and their countries', tags, response: { 200: networkLists } },
      },
      async ({ actor }) => ({ lists: await listNetworks(deps, actor) }),
    );
    http.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );
    http.post(
      '/api/places/networks',
      {
        config: { permission: 'community.manage' },
        bodyLimit: rangeCaps.bytes,
        schema: {
          summary: 'Import a list of networks, in place of the one of this name',
          tags,
          querystring: networkImport,
          response: { 200: networkList },
        },
      },
      async ({ actor, body, query }) => {
        const text: unknown = body;
        if (typeof text !== 'string') throw new Invalid('Send the list as text/plain, one range a line.');
        return importNetworks(deps, actor, query, text);
      },
    );
  };
