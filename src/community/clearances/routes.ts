import { z } from 'zod';
import { Invalid } from '#platform/errors';
import type { Routes } from '#platform/http';
import {
  clearanceChanges,
  type ClearancesDeps,
  confirmClearance,
  listClearances,
  setClearance,
} from './clearances.ts';
import {
  clearance,
  clearanceHistory,
  clearanceInput,
  clearanceList,
  confirmation,
  importReport,
  requirementList,
} from './contract.ts';
import { csvCaps } from './csv.ts';
import { importClearances } from './import.ts';
import { listRequirements } from './requirements.ts';

const tags = ['clearances'];
const ofPerson = z.object({ person: z.string().max(100) });

export const clearanceRoutes =
  (deps: ClearancesDeps): Routes =>
  async (http) => {
    http.get(
      '/api/clearances',
      {
        config: { permission: 'clearance.read' },
        schema: {
          summary: 'Who is cleared, and whether it counts now',
          tags,
          response: { 200: clearanceList },
        },
      },
      async ({ actor }) => ({ clearances: await listClearances(deps, actor) }),
    );
    http.get(
      '/api/clearances/requirements',
      {
        config: { permission: 'person.read' },
        schema: {
          summary: 'Whether people meet what their environments ask, and not how',
          tags,
          querystring: z.object({ organisation: z.string().max(63).optional() }),
          response: { 200: requirementList },
        },
      },
      async ({ actor, query }) => ({ people: await listRequirements(deps, actor, query.organisation) }),
    );
    http.put(
      '/api/clearances/:person',
      {
        config: { permission: 'clearance.manage' },
        schema: {
          summary: 'Record a clearance as it stands; what was before is kept',
          tags,
          params: ofPerson,
          body: clearanceInput,
          response: { 200: clearance },
        },
      },
      ({ actor, params, body }) => setClearance(deps, actor, params.person, body),
    );
    http.post(
      '/api/clearances/:person/confirmation',
      {
        config: { permission: 'clearance.manage' },
        schema: {
          summary: 'It was confirmed with the sponsor',
          tags,
          params: ofPerson,
          body: confirmation,
          response: { 200: clearance },
        },
      },
      ({ actor, params, body }) => confirmClearance(deps, actor, params.person, body.evidence),
    );
    http.get(
      '/api/clearances/:person/history',
      {
        config: { permission: 'clearance.read' },
        schema: {
          summary: 'Every state it was in',
          tags,
          params: ofPerson,
          response: { 200: clearanceHistory },
        },
      },
      async ({ actor, params }) => ({ changes: await clearanceChanges(deps, actor, params.person) }),
    );
    await http.register(importRoute(deps));
  };

const importRoute =
  (deps: ClearancesDeps): Routes =>
  async (http) => {
    http.addContentTypeParser(
      ['text/csv', 'application/octet-stream'],
      { parseAs: 'buffer' },
      (_request, body, done) => done(null, body),
    );
    http.post(
      '/api/clearances/import',
      {
        config: { permission: 'clearance.manage' },
        bodyLimit: csvCaps.bytes,
        schema: {
          summary: 'Import a spreadsheet (CSV): every row, or none',
          tags,
          querystring: z.object({ dryRun: z.enum(['true', 'false']).default('false') }),
          response: { 200: importReport },
        },
      },
      async ({ actor, body, query }) => {
        const file: unknown = body;
        if (!Buffer.isBuffer(file)) throw new Invalid('Send the file as text/csv.');
        return importClearances(deps, actor, file, query.dryRun === 'true');
      },
    );
  };
