import { z } from 'zod';
import { Invalid } from '#platform/errors';
import type { Routes } from '#platform/http';
import {
  annexImport,
  kindList,
  preview,
  report,
  reportChanges,
  reportId,
  reportInput,
  reportKind,
  reportList,
} from './contract.ts';
import type { ReportsDeps } from './deps.ts';
import { importAnnex } from './import.ts';
import { reportKinds } from './kinds.ts';
import {
  askForReport,
  cancelReport,
  downloadReport,
  listReports,
  previewReport,
  reportChangesSince,
  showReport,
} from './service.ts';
import { sheetCaps } from './sheet/read.ts';

const tags = ['reports'];
const ofReport = z.object({ id: reportId });
const environment = z.string().max(63);

export const reportRoutes =
  (deps: ReportsDeps): Routes =>
  async (http) => {
    http.get(
      '/api/reports/kinds',
      {
        config: { permission: 'governance.read' },
        schema: { summary: 'The kinds of report there are', tags, response: { 200: kindList } },
      },
      async () => ({
        kinds: reportKinds(deps.oscal).map(({ kind, title, about, format }) => ({
          kind,
          title,
          about,
          format,
        })),
      }),
    );
    http.get(
      '/api/reports',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'Reports that were asked for, the newest first',
          tags,
          querystring: z.object({ environment: environment.optional() }),
          response: { 200: reportList },
        },
      },
      async ({ actor, query }) => ({ reports: await listReports(deps, actor, query.environment) }),
    );
    http.get(
      '/api/reports/preview',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'What a report would contain, and what was not seen',
          tags,
          querystring: z.object({
            environment,
            kind: reportKind,
            tenancy: z.string().max(63).optional(),
          }),
          response: { 200: preview },
        },
      },
      ({ actor, query }) => previewReport(deps, actor, { ...query, tenancy: query.tenancy ?? null }),
    );
    http.post(
      '/api/reports',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'Have a report made',
          tags,
          body: reportInput,
          response: { 202: report },
        },
      },
      async ({ actor, body }, reply) => reply.code(202).send(await askForReport(deps, actor, body)),
    );
    http.get(
      '/api/reports/:id',
      {
        config: { permission: 'governance.read' },
        schema: { summary: 'Where a report stands', tags, params: ofReport, response: { 200: report } },
      },
      ({ actor, params }) => showReport(deps, actor, params.id),
    );
    http.post(
      '/api/reports/:id/cancel',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'Stop making a report',
          tags,
          params: ofReport,
          response: { 200: report },
        },
      },
      ({ actor, params }) => cancelReport(deps, actor, params.id),
    );
    http.get(
      '/api/reports/:id/changes',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'What is otherwise than in an earlier report',
          tags,
          params: ofReport,
          querystring: z.object({ since: reportId }),
          response: { 200: reportChanges },
        },
      },
      ({ actor, params, query }) => reportChangesSince(deps, actor, params.id, query.since),
    );
    for (const what of ['file', 'bundle'] as const)
      http.get(
        `/api/reports/:id/${what}`,
        {
          config: { permission: 'governance.read' },
          schema: {
            summary:
              what === 'file' ? 'Download the file by itself' : 'Download it with its manifest and proofs',
            tags,
            params: ofReport,
          },
        },
        async ({ actor, params }, reply) => {
          const { name, media, bytes } = await downloadReport(deps, actor, params.id, what);
          return reply
            .header('content-type', media)
            .header('content-disposition', `attachment; filename="${name}"`)
            .send(bytes);
        },
      );
    await http.register(importRoute(deps));
  };

const importRoute =
  (deps: ReportsDeps): Routes =>
  async (http) => {
    http.addContentTypeParser(
      ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/octet-stream'],
      { parseAs: 'buffer' },
      (_request, body, done) => done(null, body),
    );
    http.post(
      '/api/reports/import',
      {
        config: { permission: 'governance.manage' },
        bodyLimit: sheetCaps.bytes,
        schema: {
          summary: 'Import an SSP annex (.xlsx): all that changed, or nothing',
          tags,
          querystring: z.object({
            environment,
            dryRun: z.enum(['true', 'false']).default('false'),
            /** refuse: one bad row refuses the file. skip: rows with a bad cell stay as they are in the system. */
            dirty: z.enum(['refuse', 'skip']).default('refuse'),
          }),
          response: { 200: annexImport },
        },
      },
      async ({ actor, body, query }) => {
        const file: unknown = body;
        if (!Buffer.isBuffer(file)) throw new Invalid('Send the file as an .xlsx.');
        return importAnnex(deps, actor, file, {
          environment: query.environment,
          dryRun: query.dryRun === 'true',
          skipDirty: query.dirty === 'skip',
        });
      },
    );
  };
