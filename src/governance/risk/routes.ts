import { z } from 'zod';
import { Invalid } from '#platform/errors';
import type { Routes } from '#platform/http';
import * as contract from './contract.ts';
import type { RiskDeps } from './deps.ts';
import { importFeed, importFindings, listOpenFindings } from './findings.ts';
import { parametersNow, setParameters } from './parameters.ts';
import { acceptRisk, addRisk, changeRisk, listRegister, riskDetail } from './register.ts';
import { askForRun, listRuns, riskOf, runAgain, whatIfGone } from './runs.ts';
import { scanCaps } from './scanners/scanned.ts';

const tags = ['risk'];
const of = z.object({ environment: z.string().max(63) });
const byId = z.object({ id: z.string().max(64) });
const read = { permission: 'governance.read' } as const;
const manage = { permission: 'governance.manage' } as const;
const bodyLimit = 2 * 1024 * 1024;

export const riskRoutes =
  (deps: RiskDeps): Routes =>
  async (http) => {
    http.get(
      '/api/risk/:environment',
      {
        config: read,
        schema: {
          summary: 'The risk as last worked out, and its trend',
          tags,
          params: of,
          response: { 200: contract.riskPage },
        },
      },
      ({ actor, params }) => riskOf(deps, actor, params.environment),
    );
    http.get(
      '/api/risk/:environment/runs',
      {
        config: read,
        schema: { summary: 'Every run', tags, params: of, response: { 200: contract.runList } },
      },
      ({ actor, params }) => listRuns(deps, actor, params.environment),
    );
    http.post(
      '/api/risk/:environment/runs',
      {
        config: manage,
        schema: {
          summary: 'Work it out now; a new run only where something differs',
          tags,
          params: of,
          response: { 200: contract.riskPage },
        },
      },
      ({ actor, params }) => askForRun(deps, actor, params.environment),
    );
    http.post(
      '/api/risk/:environment/runs/:id/again',
      {
        config: read,
        schema: {
          summary: 'Make a run again from its model and seed, and compare',
          tags,
          params: of.extend(byId.shape),
          response: { 200: contract.again },
        },
      },
      ({ actor, params }) => runAgain(deps, actor, params.environment, params.id),
    );
    http.post(
      '/api/risk/:environment/what-if',
      {
        config: read,
        bodyLimit,
        schema: {
          summary: 'What it would be without these, on the same draws',
          tags,
          params: of,
          body: contract.whatIfRequest,
          response: { 200: contract.effect },
        },
      },
      ({ actor, params, body }) => whatIfGone(deps, actor, params.environment, body),
    );
    http.get(
      '/api/risk/:environment/parameters',
      {
        config: read,
        schema: { summary: 'What is declared', tags, params: of, response: { 200: contract.parametersView } },
      },
      ({ actor, params }) => parametersNow(deps, actor, params.environment),
    );
    http.put(
      '/api/risk/:environment/parameters',
      {
        config: manage,
        schema: {
          summary: 'Declare otherwise: a new version',
          tags,
          params: of,
          body: contract.parametersChange,
          response: { 200: contract.parametersView },
        },
      },
      ({ actor, params, body }) => setParameters(deps, actor, params.environment, body),
    );
    await http.register(registerRoutes(deps));
    await http.register(findingRoutes(deps));
  };

const registerRoutes =
  (deps: RiskDeps): Routes =>
  async (http) => {
    const answer = { 200: contract.riskDetail };
    http.get(
      '/api/risk/:environment/register',
      {
        config: read,
        schema: { summary: 'The register of risks', tags, params: of, response: { 200: contract.register } },
      },
      async ({ actor, params }) => ({ risks: await listRegister(deps, actor, params.environment) }),
    );
    http.post(
      '/api/risk/:environment/register',
      {
        config: manage,
        schema: {
          summary: 'Write a risk down',
          tags,
          params: of,
          body: contract.newRisk,
          response: { 201: contract.riskDetail },
        },
      },
      async ({ actor, params, body }, reply) =>
        reply.code(201).send(await addRisk(deps, actor, params.environment, body)),
    );
    http.get(
      '/api/risk/register/:id',
      {
        config: read,
        schema: { summary: 'One risk, with its history', tags, params: byId, response: answer },
      },
      ({ actor, params }) => riskDetail(deps, actor, params.id),
    );
    http.patch(
      '/api/risk/register/:id',
      {
        config: manage,
        schema: {
          summary: 'Change, close or note',
          tags,
          params: byId,
          body: contract.riskChange,
          response: answer,
        },
      },
      ({ actor, params, body }) => changeRisk(deps, actor, params.id, body),
    );
    http.post(
      '/api/risk/register/:id/acceptance',
      {
        config: { permission: 'risk.accept' },
        schema: {
          summary: 'Accept it up to a ceiling, until a date',
          tags,
          params: byId,
          body: contract.newAcceptance,
          response: answer,
        },
      },
      ({ actor, params, body }) => acceptRisk(deps, actor, params.id, body),
    );
  };

const flag = z.enum(['true', 'false']);

const findingRoutes =
  (deps: RiskDeps): Routes =>
  async (http) => {
    http.addContentTypeParser(
      ['application/octet-stream', 'text/csv'],
      { parseAs: 'buffer' },
      (_request, body, done) => done(null, body),
    );
    http.get(
      '/api/risk/:environment/findings',
      {
        config: read,
        schema: {
          summary: 'Open vulnerabilities, what to do about each and by when',
          tags,
          params: of,
          querystring: z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(500) }),
          response: { 200: contract.findingList },
        },
      },
      ({ actor, params, query }) => listOpenFindings(deps, actor, params.environment, query.limit),
    );
    http.post(
      '/api/risk/:environment/findings/import',
      {
        config: manage,
        bodyLimit: scanCaps.bytes,
        schema: {
          summary: 'Take over what a scanner found',
          tags,
          params: of,
          querystring: z.object({
            format: z.enum(['auto', ...contract.findingsFormats]).default('auto'),
            asset: z.string().max(300).optional(),
            source: z.string().max(100).optional(),
            complete: flag.default('false'),
            dryRun: flag.default('false'),
          }),
          response: { 200: contract.findingsReport },
        },
      },
      ({ actor, params, query, body }) =>
        importFindings(deps, actor, params.environment, fileOf(body), {
          format: query.format,
          asset: query.asset,
          source: query.source,
          complete: query.complete === 'true',
          dryRun: query.dryRun === 'true',
        }),
    );
    http.post(
      '/api/risk/feeds',
      {
        config: manage,
        bodyLimit: scanCaps.bytes,
        schema: {
          summary: 'Take over KEV (JSON) or EPSS (CSV)',
          tags,
          response: { 200: contract.feedReport },
        },
      },
      ({ actor, body }) => importFeed(deps, actor, fileOf(body)),
    );
  };

function fileOf(body: unknown): Uint8Array {
  if (!Buffer.isBuffer(body)) throw new Invalid('Send the file as application/octet-stream.');
  return body;
}
