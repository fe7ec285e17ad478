import { Invalid } from '#platform/errors';
import type { Routes } from '#platform/http';
import { z } from 'zod';
import { bulkAnswer, putAnswer, reaffirm } from './answering.ts';
import * as contract from './contract.ts';
import { exportAnswers, importAnswers } from './csv.ts';
import { listResponsibilities, setResponsibility } from './customers.ts';
import type { ControlDeps } from './deps.ts';
import { decideException, endException, listExceptions, requestException } from './exceptions.ts';
import { listChanges, listControls, previewUpgrade, showControl, showPosture } from './look.ts';
import { tableCaps } from './table.ts';

const tags = ['controls'];
const ofSystem = z.object({ environment: z.string().max(63) });
const ofControl = ofSystem.extend({ control: contract.controlId });
const since = z.iso.datetime();

export const controlRoutes =
  (deps: ControlDeps): Routes =>
  async (http) => {
    await http.register(lookRoutes(deps));
    await http.register(answerRoutes(deps));
    await http.register(exceptionRoutes(deps));
    await http.register(customerRoutes(deps));
    await http.register(tableRoutes(deps));
  };

const lookRoutes =
  (deps: ControlDeps): Routes =>
  async (http) => {
    http.get(
      '/api/systems/:environment/controls',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'Every control of a system and how it stands',
          tags,
          params: ofSystem,
          response: { 200: contract.controlList },
        },
      },
      ({ actor, params }) => listControls(deps, actor, params.environment),
    );
    http.get(
      '/api/systems/:environment/controls/:control',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'A control: its words, how it stands, evidence, answers and exceptions with their history',
          tags,
          params: ofControl,
          response: { 200: contract.controlDetail },
        },
      },
      ({ actor, params }) => showControl(deps, actor, params.environment, params.control),
    );
    http.get(
      '/api/systems/:environment/posture',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'How many controls stand how, and what changed since',
          tags,
          params: ofSystem,
          querystring: z.object({ since: since.optional() }),
          response: { 200: contract.posture },
        },
      },
      ({ actor, params, query }) =>
        showPosture(
          deps,
          actor,
          params.environment,
          query.since === undefined ? undefined : new Date(query.since),
        ),
    );
    http.get(
      '/api/systems/:environment/changes',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'Controls that stand otherwise than before, newest first',
          tags,
          params: ofSystem,
          querystring: z.object({ since, limit: z.coerce.number().int().min(1).max(5000).default(500) }),
          response: { 200: contract.changeList },
        },
      },
      async ({ actor, params, query }) => ({
        changes: await listChanges(deps, actor, params.environment, {
          since: new Date(query.since),
          limit: query.limit,
        }),
      }),
    );
    http.get(
      '/api/systems/:environment/upgrade',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'What activating an edition would do to what was answered',
          tags,
          params: ofSystem,
          querystring: z.object({ edition: z.string().max(100), profile: z.string().max(100) }),
          response: { 200: contract.upgrade },
        },
      },
      ({ actor, params, query }) =>
        previewUpgrade(deps, actor, params.environment, query.edition, query.profile),
    );
  };

const answerRoutes =
  (deps: ControlDeps): Routes =>
  async (http) => {
    http.put(
      '/api/systems/:environment/controls/:control/answer',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'Answer a control; what was answered before is kept',
          tags,
          params: ofControl,
          body: contract.answerInput,
          response: { 200: contract.controlDetail },
        },
      },
      async ({ actor, params, body }) => {
        await putAnswer(deps, actor, params.environment, params.control, body);
        return showControl(deps, actor, params.environment, params.control);
      },
    );
    http.post(
      '/api/systems/:environment/answers',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'Set the same on many controls: all, or none',
          tags,
          params: ofSystem,
          body: contract.bulkInput,
          response: { 200: contract.rowReport },
        },
      },
      ({ actor, params, body }) => bulkAnswer(deps, actor, params.environment, body),
    );
    http.post(
      '/api/systems/:environment/reaffirmations',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'The same answers to words that changed: all, or none',
          tags,
          params: ofSystem,
          body: contract.reaffirmInput,
          response: { 200: contract.rowReport },
        },
      },
      ({ actor, params, body }) => reaffirm(deps, actor, params.environment, body),
    );
  };

const exceptionRoutes =
  (deps: ControlDeps): Routes =>
  async (http) => {
    const ofOne = ofSystem.extend({ id: z.string().max(100) });
    http.get(
      '/api/systems/:environment/exceptions',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'Exceptions, acceptances of risk and what does not apply',
          tags,
          params: ofSystem,
          response: { 200: contract.exceptionList },
        },
      },
      async ({ actor, params }) => ({ exceptions: await listExceptions(deps, actor, params.environment) }),
    );
    http.post(
      '/api/systems/:environment/exceptions',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'Ask for an exception, or for a risk to be accepted',
          tags,
          params: ofSystem,
          body: contract.exceptionInput,
          response: { 200: contract.exception },
        },
      },
      ({ actor, params, body }) => requestException(deps, actor, params.environment, body),
    );
    http.post(
      '/api/systems/:environment/exceptions/:id/decision',
      {
        config: { permission: 'risk.accept' },
        schema: {
          summary: 'Approve or refuse what somebody else asked for',
          tags,
          params: ofOne,
          body: contract.exceptionDecision,
          response: { 200: contract.exception },
        },
      },
      ({ actor, params, body }) => decideException(deps, actor, params.environment, params.id, body),
    );
    http.post(
      '/api/systems/:environment/exceptions/:id/end',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'End what was approved, or withdraw what you asked for',
          tags,
          params: ofOne,
          body: contract.exceptionEnd,
          response: { 200: contract.exception },
        },
      },
      ({ actor, params, body }) => endException(deps, actor, params.environment, params.id, body.note),
    );
  };

const customerRoutes =
  (deps: ControlDeps): Routes =>
  async (http) => {
    const ofTenancy = z.object({ tenancy: z.string().max(63) });
    http.get(
      '/api/tenancies/:tenancy/responsibilities',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'What is left to a customer, control by control',
          tags,
          params: ofTenancy,
          response: { 200: contract.responsibilityList },
        },
      },
      ({ actor, params }) => listResponsibilities(deps, actor, params.tenancy),
    );
    http.put(
      '/api/tenancies/:tenancy/responsibilities/:control',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'Say what is left to one customer, where it is not as for all',
          tags,
          params: ofTenancy.extend({ control: contract.controlId }),
          body: contract.responsibilityInput,
          response: { 200: contract.responsibilityList.shape.controls.element },
        },
      },
      ({ actor, params, body }) => setResponsibility(deps, actor, params.tenancy, params.control, body),
    );
  };

const tableRoutes =
  (deps: ControlDeps): Routes =>
  async (http) => {
    http.addContentTypeParser(
      ['text/csv', 'application/octet-stream'],
      { parseAs: 'buffer' },
      (_request, body, done) => done(null, body),
    );
    http.get(
      '/api/systems/:environment/answers.csv',
      {
        config: { permission: 'governance.read' },
        schema: { summary: 'Every control, its answer and how it stands, as CSV', tags, params: ofSystem },
      },
      async ({ actor, params }, reply) => {
        const csv = await exportAnswers(deps, actor, params.environment);
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="controls-${params.environment}.csv"`)
          .send(csv);
      },
    );
    http.post(
      '/api/systems/:environment/answers/import',
      {
        config: { permission: 'governance.manage' },
        bodyLimit: tableCaps.bytes,
        schema: {
          summary: 'Import answers from a spreadsheet (CSV): every row, or none',
          tags,
          params: ofSystem,
          querystring: z.object({ dryRun: z.enum(['true', 'false']).default('false') }),
          response: { 200: contract.rowReport },
        },
      },
      async ({ actor, params, body, query }) => {
        const file: unknown = body;
        if (!Buffer.isBuffer(file)) throw new Invalid('Send the file as text/csv.');
        return importAnswers(deps, actor, params.environment, file, query.dryRun === 'true');
      },
    );
  };
