import { z } from 'zod';
import { Invalid } from '#platform/errors';
import type { Routes } from '#platform/http';
import { answers } from './answers.ts';
import { addAsset, changeAsset, listText, restoreAsset, retireAsset } from './assets.ts';
import {
  assetFields,
  assetDetail,
  assetGraph,
  assetList,
  importQuery,
  importReport,
  inventoryCounts,
  made,
  mergePreview,
  mergeRequest,
  newAsset,
  newDependency,
  newReach,
  proposalDecision,
  proposalList,
  reachVia,
  reason,
  softwareList,
} from './contract.ts';
import { type AssetDeps, staleAfter } from './deps.ts';
import { endDependency, endReach, setDependency, setReach } from './edges.ts';
import { exportAssets, exportTable } from './exporting.ts';
import { findAsset } from './finding.ts';
import { graphText } from './graph.ts';
import { importAssets } from './importing.ts';
import { previewMerge } from './merge-preview.ts';
import { mergeAssets, unmergeAssets } from './merging.ts';
import { decideProposals, listProposals } from './proposing.ts';
import { inventoryCount } from './reading.ts';
import { caps } from './readers/record.ts';
import { listSoftware, showAsset } from './showing.ts';

const tags = ['assets'];
const one = z.object({ id: z.string().max(64) });
const pair = one.extend({ other: z.string().max(64) });
const read = { config: { permission: 'asset.read' } } as const;
const manage = { config: { permission: 'asset.manage' } } as const;

export const assetRoutes =
  (deps: AssetDeps): Routes =>
  async (http) => {
    await http.register(wholeRoutes(deps));
    http.get(
      '/api/assets/counts',
      {
        ...read,
        schema: {
          summary: 'How many there are, by tenancy and kind',
          tags,
          response: { 200: inventoryCounts },
        },
      },
      ({ actor }) =>
        deps.records.transaction(actor.scope, async (tx) => ({
          counts: await inventoryCount(tx, actor.scope, {
            now: deps.clock.now(),
            staleAfterDays: staleAfter(deps),
          }),
        })),
    );
    http.get(
      '/api/assets/find',
      {
        ...read,
        schema: {
          summary: 'The one asset that an id, name or key stands for',
          tags,
          querystring: z.object({ text: z.string().min(1).max(500) }),
          response: { 200: made },
        },
      },
      ({ actor, query }) => findAsset(deps, actor, query.text),
    );
    http.get(
      '/api/assets/:id',
      {
        ...read,
        schema: {
          summary: 'What is known of an asset, and who says so',
          tags,
          params: one,
          response: { 200: assetDetail },
        },
      },
      ({ actor, params }) => showAsset(deps, actor, params.id),
    );
    http.get(
      '/api/assets/:id/software',
      {
        ...read,
        schema: {
          summary: 'What is installed on it',
          tags,
          params: one,
          querystring: z.object({
            text: z.string().max(200).default(''),
            from: z.coerce.number().int().min(0).max(1_000_000).default(0),
          }),
          response: { 200: softwareList },
        },
      },
      ({ actor, params, query }) => listSoftware(deps, actor, params.id, query),
    );
    http.post(
      '/api/assets',
      { ...manage, schema: { summary: 'Add an asset', tags, body: newAsset, response: { 201: made } } },
      async ({ actor, body }, reply) => reply.code(201).send(await addAsset(deps, actor, body)),
    );
    http.patch(
      '/api/assets/:id',
      {
        ...manage,
        schema: {
          summary: 'Say something of an asset; a person’s word holds above all others',
          tags,
          params: one,
          body: assetFields,
          response: { 200: made },
        },
      },
      ({ actor, params, body }) => changeAsset(deps, actor, params.id, body),
    );
    for (const [verb, summary, run] of [
      ['retire', 'It is gone; what is known of it stays', retireAsset],
      ['restore', 'It is in use after all', restoreAsset],
    ] as const)
      http.post(
        `/api/assets/:id/${verb}`,
        { ...manage, schema: { summary, tags, params: one, body: reason, response: { 200: made } } },
        ({ actor, params, body }) => run(deps, actor, params.id, body.why),
      );
    for (const [verb, summary, run] of [
      ['merge', 'Another becomes part of this one', mergeAssets],
      ['unmerge', 'What was merged is taken out again', unmergeAssets],
    ] as const)
      http.post(
        `/api/assets/:id/${verb}`,
        { ...manage, schema: { summary, tags, params: one, body: mergeRequest, response: { 200: made } } },
        ({ actor, params, body }) => run(deps, actor, params.id, body),
      );
    http.get(
      '/api/assets/:id/merge',
      {
        ...read,
        schema: {
          summary: 'What would become of the two if another became part of this one',
          tags,
          params: one,
          querystring: z.object({ other: z.string().max(64) }),
          response: { 200: mergePreview },
        },
      },
      ({ actor, params, query }) => previewMerge(deps, actor, params.id, query.other),
    );
    await http.register(edgeRoutes(deps));
    await http.register(proposalRoutes(deps));
    await http.register(exportRoute(deps));
    await http.register(importRoute(deps));
  };

/** Megabytes at 10,000 assets: made once for each version of the inventory, and sent as they are. */
const wholeRoutes =
  (deps: AssetDeps): Routes =>
  async (http) => {
    const kept = answers();
    const asText = (body: unknown): string => body as string; // what the two below send
    http.get(
      '/api/assets',
      { ...read, schema: { summary: 'Every asset in your scope', tags, response: { 200: assetList } } },
      async ({ actor }, reply) => {
        const text = await listText(deps, actor, kept);
        return reply
          .type('application/json')
          .serializer(asText)
          .send(text as never); // the text of what the schema says
      },
    );
    http.get(
      '/api/assets/graph',
      { ...read, schema: { summary: 'Assets and edges, in columns', tags, response: { 200: assetGraph } } },
      async ({ actor }, reply) => {
        const text = await graphText(deps, actor, kept);
        return reply
          .type('application/json')
          .serializer(asText)
          .send(text as never); // the text of what the schema says
      },
    );
  };

const edgeRoutes =
  (deps: AssetDeps): Routes =>
  async (http) => {
    http.put(
      '/api/assets/:id/dependencies',
      {
        ...manage,
        schema: {
          summary: 'It depends on another, by so much',
          tags,
          params: one,
          body: newDependency,
          response: { 200: made },
        },
      },
      ({ actor, params, body }) => setDependency(deps, actor, params.id, body),
    );
    http.delete(
      '/api/assets/:id/dependencies/:other',
      {
        ...manage,
        schema: { summary: 'It depends on it no more', tags, params: pair, response: { 200: made } },
      },
      ({ actor, params }) => endDependency(deps, actor, params.id, params.other),
    );
    http.put(
      '/api/assets/:id/reach',
      {
        ...manage,
        schema: {
          summary: 'From it another is reached in one step',
          tags,
          params: one,
          body: newReach,
          response: { 200: made },
        },
      },
      ({ actor, params, body }) => setReach(deps, actor, params.id, body),
    );
    http.delete(
      '/api/assets/:id/reach/:other',
      {
        ...manage,
        schema: {
          summary: 'From it the other is not reached any more',
          tags,
          params: pair,
          querystring: z.object({ via: reachVia }),
          response: { 200: made },
        },
      },
      ({ actor, params, query }) => endReach(deps, actor, params.id, params.other, query.via),
    );
  };

const proposalRoutes =
  (deps: AssetDeps): Routes =>
  async (http) => {
    http.get(
      '/api/assets/proposals',
      {
        ...read,
        schema: {
          summary: 'Hosts that events came from and the inventory does not know',
          tags,
          querystring: z.object({ state: z.enum(['proposed', 'accepted', 'ignored']).optional() }),
          response: { 200: proposalList },
        },
      },
      async ({ actor, query }) => ({ proposals: await listProposals(deps, actor, query.state) }),
    );
    http.post(
      '/api/assets/proposals/decision',
      {
        ...manage,
        schema: {
          summary: 'Take proposed hosts into the inventory, or ignore them',
          tags,
          body: proposalDecision,
          response: { 200: z.object({ decided: z.number().int() }) },
        },
      },
      ({ actor, body }) => decideProposals(deps, actor, body),
    );
  };

const exportRoute =
  (deps: AssetDeps): Routes =>
  async (http) => {
    http.get(
      '/api/assets/export',
      {
        ...read,
        schema: {
          summary: 'The inventory as a table (csv) or as a whole (json), to be imported again',
          tags,
          querystring: z.object({
            format: z.enum(['csv', 'json']).default('json'),
            tenancy: z.string().max(64).optional(),
          }),
          response: { 200: z.string() },
        },
      },
      async ({ actor, query }, reply) => {
        const csv = query.format === 'csv';
        const text = await (csv ? exportTable : exportAssets)(deps, actor, query.tenancy);
        return reply
          .type(csv ? 'text/csv; charset=utf-8' : 'application/json')
          .header('content-disposition', `attachment; filename="assets.${query.format}"`)
          .serializer((body: unknown) => body as string) // it is a text already
          .send(text);
      },
    );
  };

const importRoute =
  (deps: AssetDeps): Routes =>
  async (http) => {
    http.removeAllContentTypeParsers();
    http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    http.post(
      '/api/assets/import',
      {
        ...manage,
        bodyLimit: caps.bytes,
        schema: {
          summary: 'Import a file: all of its good rows, or nothing',
          tags,
          querystring: importQuery,
          response: { 200: importReport },
        },
      },
      async ({ actor, body, query }) => {
        const file: unknown = body;
        if (!Buffer.isBuffer(file) || file.length === 0) throw new Invalid('Send the file as the body.');
        return importAssets(deps, actor, file, query);
      },
    );
  };
