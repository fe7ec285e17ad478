import { z } from 'zod';
import { Invalid } from '#platform/errors';
import type { Routes } from '#platform/http';
import {
  addCertificate,
  addCondition,
  certificateDetail,
  changeCertificate,
  completeCondition,
  keepReport,
  listCertificates,
  mostReportBytes,
  readReport,
  recordSignificantChange,
  recordSurveillance,
  withdrawCertificate,
} from './certificates.ts';
import {
  certificateDetail as detailSchema,
  certificateInput,
  certificateList,
  completion,
  newCertificate,
  newCondition,
  newSignificantChange,
  surveillance,
  withdrawal,
} from './contract.ts';
import type { CertificatesDeps } from './deps.ts';

const tags = ['certificates'];
const byId = z.object({ id: z.string().max(100) });
const byCondition = byId.extend({ condition: z.string().max(100) });
const read = { permission: 'governance.read' };
const manage = { permission: 'governance.manage' };
const response = { 200: detailSchema };

export const certificateRoutes =
  (deps: CertificatesDeps): Routes =>
  async (http) => {
    http.get(
      '/api/certificates',
      {
        config: read,
        schema: {
          summary: 'What we are certified for, and what is wrong with it or will be',
          tags,
          response: { 200: certificateList },
        },
      },
      ({ actor }) => listCertificates(deps, actor),
    );
    http.post(
      '/api/certificates',
      {
        config: manage,
        schema: {
          summary: 'Record a certificate',
          tags,
          body: newCertificate,
          response: { 201: detailSchema },
        },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await addCertificate(deps, actor, body)),
    );
    http.post(
      '/api/certificates/changes',
      {
        config: manage,
        schema: {
          summary: 'A system was changed in a way that an assessor would want to know of',
          tags,
          body: newSignificantChange,
          response: { 200: certificateList },
        },
      },
      ({ actor, body }) => recordSignificantChange(deps, actor, body),
    );
    http.get(
      '/api/certificates/:id',
      { config: read, schema: { summary: 'One, with every state it was in', tags, params: byId, response } },
      ({ actor, params }) => certificateDetail(deps, actor, params.id),
    );
    http.put(
      '/api/certificates/:id',
      {
        config: manage,
        schema: { summary: 'What it says now', tags, params: byId, body: certificateInput, response },
      },
      ({ actor, params, body }) => changeCertificate(deps, actor, params.id, body),
    );
    http.post(
      '/api/certificates/:id/conditions',
      {
        config: manage,
        schema: { summary: 'The assessor set a condition', tags, params: byId, body: newCondition, response },
      },
      ({ actor, params, body }) => addCondition(deps, actor, params.id, body),
    );
    http.post(
      '/api/certificates/:id/conditions/:condition/completion',
      {
        config: manage,
        schema: { summary: 'A condition is met', tags, params: byCondition, body: completion, response },
      },
      ({ actor, params, body }) => completeCondition(deps, actor, params.id, params.condition, body.note),
    );
    http.post(
      '/api/certificates/:id/surveillance',
      {
        config: manage,
        schema: { summary: 'The assessor was here', tags, params: byId, body: surveillance, response },
      },
      ({ actor, params, body }) => recordSurveillance(deps, actor, params.id, body),
    );
    http.post(
      '/api/certificates/:id/withdrawal',
      {
        config: manage,
        schema: { summary: 'It is not ours any more', tags, params: byId, body: withdrawal, response },
      },
      ({ actor, params, body }) => withdrawCertificate(deps, actor, params.id, body.reason),
    );
    await http.register(reportRoutes(deps));
  };

const reportRoutes =
  (deps: CertificatesDeps): Routes =>
  async (http) => {
    http.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    http.put(
      '/api/certificates/:id/report',
      {
        config: manage,
        bodyLimit: mostReportBytes,
        schema: {
          summary: 'Keep the report as it came (application/octet-stream)',
          tags,
          params: byId,
          querystring: z.object({ name: z.string().trim().min(1).max(200) }),
          response,
        },
      },
      async ({ actor, params, query, body }) => {
        const bytes: unknown = body;
        if (!Buffer.isBuffer(bytes)) throw new Invalid('Send the file as application/octet-stream.');
        return keepReport(deps, actor, params.id, query.name, bytes);
      },
    );
    http.get(
      '/api/certificates/:id/report',
      { config: read, schema: { summary: 'The newest report, as it came', tags, params: byId } },
      async ({ actor, params }, reply) => {
        const { name, content } = await readReport(deps, actor, params.id);
        // Foreign bytes: saved, never shown by the browser.
        return reply
          .header('content-type', 'application/octet-stream')
          .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
          .send(content);
      },
    );
  };
