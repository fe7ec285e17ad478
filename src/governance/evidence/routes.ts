import { Readable } from 'node:stream';
import type { Routes } from '#platform/http';
import { z } from 'zod';
import { factsOf, listCollections, listKinds, rawOf, showCollection } from './collections.ts';
import * as contract from './contract.ts';
import type { EvidenceDeps } from './deps.ts';
import { judgeAsOf, judgementChanges, listJudgements, rejudgeAll } from './judgements.ts';
import { shownJudgement } from './judgement-json.ts';
import { anyKind } from './kinds.ts';
import { caps } from './reading/caps.ts';
import { takeFile } from './take.ts';
import { unknownControls, whatSettles } from './unknown.ts';
import { shownCollection, shownFact, shownFinding, shownJudged, shownSent, titleOf } from './view.ts';
import { changeFinding, listFindings, showFinding } from './work.ts';

const tags = ['evidence'];
const byId = z.object({ id: z.string().max(100) });
const ofEnvironment = z.object({ environment: z.string().max(63) });
const dateOf = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text);

export const evidenceRoutes =
  (deps: EvidenceDeps): Routes =>
  async (http) => {
    await http.register(sendRoute(deps));
    await http.register(collectionRoutes(deps));
    await http.register(judgementRoutes(deps));
    await http.register(findingRoutes(deps));
  };

const sendRoute =
  (deps: EvidenceDeps): Routes =>
  async (http) => {
    // The file is read as it comes: nothing of it waits in memory.
    http.removeAllContentTypeParsers();
    http.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    http.post(
      '/api/evidence',
      {
        config: { permission: 'evidence.send' },
        bodyLimit: caps.fileBytes + 1,
        schema: {
          summary: 'Send a file of evidence: all of it is recorded, or nothing',
          tags,
          querystring: contract.sendQuery,
          response: { 200: contract.sent },
        },
      },
      async ({ actor, body, query }) => {
        const file: unknown = body;
        const dryRun = query.dryRun === 'true';
        const [covered, of] = (query.population ?? '').split('/').map(Number);
        const taken = await takeFile(
          deps,
          actor,
          {
            ...query,
            dryRun,
            collectedAt: dateOf(query.collectedAt),
            expiresAt: dateOf(query.expiresAt),
            population: query.population === undefined ? undefined : { covered: covered ?? 0, of },
          },
          file instanceof Readable ? file : Readable.from([]),
        );
        return shownSent(taken, dryRun, deps.clock.now(), deps.kinds);
      },
    );
  };

const collectionRoutes =
  (deps: EvidenceDeps): Routes =>
  async (http) => {
    http.get(
      '/api/evidence',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'Collections of evidence, newest arrivals first',
          tags,
          querystring: contract.collectionsQuery,
          response: { 200: contract.collectionList },
        },
      },
      async ({ actor, query }) => {
        const page = await listCollections(deps, actor, { ...query, kind: query.kind, before: query.before });
        const last = page.length === query.limit ? page.at(-1) : undefined;
        return {
          collections: page.map((one) => shownCollection(one, deps.kinds)),
          next: last?.collection.id ?? null,
        };
      },
    );
    http.get(
      '/api/evidence/kinds',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'What can be sent, and how old the newest of it is',
          tags,
          querystring: ofEnvironment,
          response: { 200: contract.kindList },
        },
      },
      async ({ actor, query }) => ({
        kinds: (await listKinds(deps, actor, query.environment)).map(({ newest, expiresAt, ...kind }) => ({
          ...kind,
          controls: [...kind.controls],
          importers: deps.importers
            .filter((one) => one.kind === kind.kind || one.kind === anyKind)
            .map(({ name, onBadRow }) => ({ name, onBadRow })),
          newest: newest?.toISOString() ?? null,
          expiresAt: expiresAt?.toISOString() ?? null,
        })),
      }),
    );
    http.get(
      '/api/evidence/collections/:id',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'One collection, and what became of the rows of its file',
          tags,
          params: byId,
          response: { 200: contract.collectionDetail },
        },
      },
      async ({ actor, params }) => {
        const seen = await showCollection(deps, actor, params.id);
        const report = contract.importReport.safeParse(seen.collection.report);
        return { ...shownCollection(seen, deps.kinds), report: report.data ?? null };
      },
    );
    http.get(
      '/api/evidence/collections/:id/facts',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'Facts of a collection, in the order of the file',
          tags,
          params: byId,
          querystring: contract.factsQuery,
          response: { 200: contract.factsPage },
        },
      },
      async ({ actor, params, query }) => {
        const { facts, total } = await factsOf(deps, actor, params.id, query);
        const next = query.from + facts.length;
        return { facts: facts.map(shownFact), total, next: next < total && facts.length > 0 ? next : null };
      },
    );
    http.get(
      '/api/evidence/collections/:id/raw',
      {
        config: { permission: 'governance.read' },
        schema: { summary: 'The file as it was received; reading it is recorded', tags, params: byId },
      },
      async ({ actor, params }, reply) => {
        const { collection, bytes } = await rawOf(deps, actor, params.id);
        // A browser saves it and never shows it: whatever it holds runs nowhere.
        return reply
          .type('application/octet-stream')
          .header('content-disposition', `attachment; filename="${collection.id}.bin"`)
          .send(Readable.from(bytes, { objectMode: false }));
      },
    );
  };

const judgementRoutes =
  (deps: EvidenceDeps): Routes =>
  async (http) => {
    http.get(
      '/api/evidence/judgements',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'What evaluators say now',
          tags,
          querystring: contract.judgementsQuery,
          response: { 200: contract.judgementList },
        },
      },
      async ({ actor, query }) => ({
        judgements: (await listJudgements(deps, actor, query.environment, query.control)).map((one) =>
          shownJudged(one, deps.evaluators),
        ),
      }),
    );
    http.get(
      '/api/evidence/judgements/history',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'What an evaluator said whenever that changed, newest first',
          tags,
          querystring: contract.historyQuery,
          response: { 200: contract.judgementHistory },
        },
      },
      async ({ actor, query }) => ({
        changes: (await judgementChanges(deps, actor, query.environment, query.evaluator)).map((one) => ({
          at: one.judgedAt.toISOString(),
          version: one.version,
          judgement: shownJudgement(one.judgement),
          collections: [...one.collections],
        })),
      }),
    );
    http.get(
      '/api/evidence/unknown',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'What nobody can tell, and which evidence would settle it',
          tags,
          querystring: ofEnvironment,
          response: { 200: contract.unknownList },
        },
      },
      async ({ actor, query }) => {
        const unknown = unknownControls(await listJudgements(deps, actor, query.environment));
        return {
          unknown: unknown.map((one) => ({
            ...one,
            title: titleOf(deps.evaluators, one.evaluator),
            wouldSettle: [...one.wouldSettle],
          })),
          settles: whatSettles(unknown),
        };
      },
    );
    http.post(
      '/api/evidence/rejudge',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'Judge all evidence anew, or as of an earlier time (which changes nothing)',
          tags,
          body: contract.rejudgeInput,
          response: { 200: contract.rejudged },
        },
      },
      async ({ actor, body }) => {
        const result =
          body.asOf == null
            ? await rejudgeAll(deps, actor, body.environment)
            : await judgeAsOf(deps, actor, body.environment, new Date(body.asOf));
        return {
          asOf: result.asOf.toISOString(),
          judgements: result.judgements.map((one) => ({
            ...shownJudged(one, deps.evaluators),
            saidThen: one.saidThen === undefined ? null : shownJudgement(one.saidThen),
          })),
        };
      },
    );
  };

const findingRoutes =
  (deps: EvidenceDeps): Routes =>
  async (http) => {
    const shown = (found: Awaited<ReturnType<typeof showFinding>>) => ({
      ...shownFinding(found, deps.evaluators, deps.clock.now()),
      history: found.history.map(({ at, ...rest }) => ({ at: at.toISOString(), ...rest })),
    });
    http.get(
      '/api/evidence/findings',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'Controls found not met, newest first',
          tags,
          querystring: contract.findingsQuery,
          response: { 200: contract.findingList },
        },
      },
      async ({ actor, query }) => {
        const { findings, people } = await listFindings(deps, actor, query);
        const now = deps.clock.now();
        return {
          findings: findings.map((one) => shownFinding(one, deps.evaluators, now)),
          people: [...people],
        };
      },
    );
    http.get(
      '/api/evidence/findings/:id',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'One finding with its history',
          tags,
          params: byId,
          response: { 200: contract.findingDetail },
        },
      },
      async ({ actor, params }) => shown(await showFinding(deps, actor, params.id)),
    );
    http.patch(
      '/api/evidence/findings/:id',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'Owner, due date or a note of a finding; only a passing judgement closes it',
          tags,
          params: byId,
          body: contract.findingChange,
          response: { 200: contract.findingDetail },
        },
      },
      async ({ actor, params, body }) =>
        shown(await changeFinding(deps, actor, params.id, { ...body, dueAt: dateOf(body.dueAt) })),
    );
  };
