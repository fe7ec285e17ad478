import { Invalid } from '#platform/errors';
import type { Routes } from '#platform/http';
import { z } from 'zod';
import {
  activationInput,
  activationList,
  editionDetail,
  editionDiff,
  frameworkId,
  frameworkList,
  importAnswer,
  mapping,
  mappingInput,
  mappingList,
  tailoring,
  tailoringDecision,
  tailoringInput,
  tailoringList,
} from './contract.ts';
import {
  activateEdition,
  catalogueLimits,
  compareEditions,
  type FrameworkDeps,
  importAnswerOf,
  importEdition,
  listActive,
  listEditions,
  putAside,
  showEdition,
} from './editions.ts';
import { addMapping, changeMapping, endMapping, listMappings } from './mapping.ts';
import { decideTailoring, listTailoring, proposeTailoring } from './tailoring.ts';

const tags = ['frameworks'];
const ofId = z.object({ id: z.string().max(100) });
const ofSystem = z.object({ environment: z.string().max(63) });

export const frameworkRoutes =
  (deps: FrameworkDeps): Routes =>
  async (http) => {
    http.get(
      '/api/frameworks',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'Editions of frameworks, and who uses them',
          tags,
          response: { 200: frameworkList },
        },
      },
      ({ actor }) => listEditions(deps, actor),
    );
    http.get(
      '/api/frameworks/editions/:id',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'An edition, its profiles and controls',
          tags,
          params: ofId,
          response: { 200: editionDetail },
        },
      },
      ({ actor, params }) => showEdition(deps, actor, params.id),
    );
    http.get(
      '/api/frameworks/diff',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'What changed from one edition to another, control by control and word by word',
          tags,
          querystring: z.object({ from: z.string().max(100), to: z.string().max(100) }),
          response: { 200: editionDiff },
        },
      },
      ({ actor, query }) => compareEditions(deps, actor, query.from, query.to),
    );
    http.get(
      '/api/systems/:environment/editions',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'What a system is assessed against',
          tags,
          params: ofSystem,
          response: { 200: activationList },
        },
      },
      ({ actor, params }) => listActive(deps, actor, params.environment),
    );
    http.put(
      '/api/systems/:environment/editions',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'Assess a system against an edition and profile; the way back is to name the one before',
          tags,
          params: ofSystem,
          body: activationInput,
          response: { 200: activationList },
        },
      },
      ({ actor, params, body }) => activateEdition(deps, actor, params.environment, body),
    );
    http.delete(
      '/api/systems/:environment/editions/:framework',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'Put a framework aside; what was answered stays',
          tags,
          params: ofSystem.extend({ framework: z.string().max(63) }),
          response: { 200: activationList },
        },
      },
      ({ actor, params }) => putAside(deps, actor, params.environment, params.framework),
    );
    await http.register(tailoringRoutes(deps));
    await http.register(mappingRoutes(deps));
    await http.register(importRoute(deps));
  };

const tailoringRoutes =
  (deps: FrameworkDeps): Routes =>
  async (http) => {
    http.get(
      '/api/systems/:environment/tailoring',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'Controls taken in beyond the profile or left out of it, with every state',
          tags,
          params: ofSystem,
          response: { 200: tailoringList },
        },
      },
      async ({ actor, params }) => ({ tailoring: await listTailoring(deps, actor, params.environment) }),
    );
    http.post(
      '/api/systems/:environment/tailoring',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'Propose to take a control in or leave it out',
          tags,
          params: ofSystem,
          body: tailoringInput,
          response: { 200: tailoring },
        },
      },
      ({ actor, params, body }) => proposeTailoring(deps, actor, params.environment, body),
    );
    http.post(
      '/api/systems/:environment/tailoring/:control/decision',
      {
        config: { permission: 'risk.accept' },
        schema: {
          summary: 'Approve, refuse or withdraw what was proposed',
          tags,
          params: ofSystem.extend({ control: z.string().max(120) }),
          body: tailoringDecision,
          response: { 200: tailoring },
        },
      },
      ({ actor, params, body }) => decideTailoring(deps, actor, params.environment, params.control, body),
    );
  };

const mappingRoutes =
  (deps: FrameworkDeps): Routes =>
  async (http) => {
    http.get(
      '/api/mappings',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'Which control answers which of another framework',
          tags,
          querystring: z.object({ control: z.string().max(120).optional() }),
          response: { 200: mappingList },
        },
      },
      async ({ actor, query }) => ({ mappings: await listMappings(deps, actor, query.control) }),
    );
    http.post(
      '/api/mappings',
      {
        config: { permission: 'governance.manage' },
        schema: { summary: 'Map a control to another', tags, body: mappingInput, response: { 200: mapping } },
      },
      ({ actor, body }) => addMapping(deps, actor, body),
    );
    http.put(
      '/api/mappings/:id',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'Change a mapping',
          tags,
          params: ofId,
          body: mappingInput,
          response: { 200: mapping },
        },
      },
      ({ actor, params, body }) => changeMapping(deps, actor, params.id, body),
    );
    http.delete(
      '/api/mappings/:id',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'End a mapping; it stays in the history',
          tags,
          params: ofId,
          response: { 200: mapping },
        },
      },
      ({ actor, params }) => endMapping(deps, actor, params.id),
    );
  };

const importRoute =
  (deps: FrameworkDeps): Routes =>
  async (http) => {
    http.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    http.post(
      '/api/frameworks/editions',
      {
        config: { permission: 'governance.manage' },
        bodyLimit: catalogueLimits.totalBytes,
        schema: {
          summary: 'Import an OSCAL catalogue, or an archive of one and its profiles',
          tags,
          querystring: z.object({
            name: z.string().trim().min(1).max(200),
            framework: frameworkId.optional(),
          }),
          response: { 200: importAnswer },
        },
      },
      async ({ actor, body, query }) => {
        const file: unknown = body;
        if (!Buffer.isBuffer(file)) throw new Invalid('Send the file as application/octet-stream.');
        const imported = await importEdition(deps, actor, {
          name: query.name,
          bytes: file,
          framework: query.framework,
        });
        return importAnswerOf(deps, imported);
      },
    );
  };
