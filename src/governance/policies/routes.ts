import { z } from 'zod';
import { NotFound } from '#platform/errors';
import type { Routes } from '#platform/http';
import {
  approval,
  documentChange,
  documentDetail as detailSchema,
  documentDiff,
  documentList,
  myDocument as mySchema,
  myDocuments as mineSchema,
  newAcknowledgement,
  newDocument,
  newReview,
  newVersion,
  retirement,
  template,
} from './contract.ts';
import {
  addDocument,
  addVersion,
  approveVersion,
  changeDocument,
  diffVersions,
  documentDetail,
  listDocuments,
  retireDocument,
  reviewDocument,
} from './documents.ts';
import { acknowledge, myDocument, myDocuments } from './mine.ts';
import { requiredDocuments } from './required.ts';
import type { DocumentsDeps } from './world.ts';

const tags = ['documents'];
const byId = z.object({ id: z.string().max(63) });
const byVersion = byId.extend({ number: z.coerce.number().int().min(1) });
const number = z.coerce.number().int().min(1);
const read = { permission: 'governance.read' };
const manage = { permission: 'governance.manage' };
const bodyLimit = 2 * 1024 * 1024;

export const documentRoutes =
  (deps: DocumentsDeps): Routes =>
  async (http) => {
    await http.register(readerRoutes(deps));
    const answer = { 200: detailSchema };
    http.get(
      '/api/documents',
      {
        config: read,
        schema: {
          summary: 'The register: what holds, what is due, what is required',
          tags,
          response: { 200: documentList },
        },
      },
      ({ actor }) => listDocuments(deps, actor),
    );
    http.post(
      '/api/documents',
      {
        config: manage,
        bodyLimit,
        schema: {
          summary: 'Register a document with its first version',
          tags,
          body: newDocument,
          response: { 201: detailSchema },
        },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await addDocument(deps, actor, body)),
    );
    http.get(
      '/api/documents/templates/:id',
      {
        config: read,
        schema: {
          summary: 'A template for a required document',
          tags,
          params: byId,
          response: { 200: template },
        },
      },
      async ({ params }) => {
        const about = requiredDocuments.find(({ key }) => key === params.id);
        const text = about && (await deps.template(about.key));
        if (about === undefined || text === undefined) throw new NotFound('template', params.id);
        return { key: about.key, title: about.title, text };
      },
    );
    http.get(
      '/api/documents/:id',
      {
        config: read,
        schema: {
          summary: 'One document: text, versions, readers, reviews',
          tags,
          params: byId,
          querystring: z.object({ version: number.optional() }),
          response: answer,
        },
      },
      ({ actor, params, query }) => documentDetail(deps, actor, params.id, query.version),
    );
    http.patch(
      '/api/documents/:id',
      {
        config: manage,
        schema: {
          summary: 'Change what is said about it, not what it says',
          tags,
          params: byId,
          body: documentChange,
          response: answer,
        },
      },
      ({ actor, params, body }) => changeDocument(deps, actor, params.id, body),
    );
    http.post(
      '/api/documents/:id/versions',
      {
        config: manage,
        bodyLimit,
        schema: {
          summary: 'A new version, as a draft',
          tags,
          params: byId,
          body: newVersion,
          response: answer,
        },
      },
      ({ actor, params, body }) => addVersion(deps, actor, params.id, body),
    );
    http.post(
      '/api/documents/:id/versions/:number/approval',
      {
        config: read,
        schema: {
          summary: 'Approve a version, by who holds the office and did not write it',
          tags,
          params: byVersion,
          body: approval,
          response: answer,
        },
      },
      ({ actor, params, body }) => approveVersion(deps, actor, params.id, params.number, body),
    );
    http.post(
      '/api/documents/:id/reviews',
      {
        config: manage,
        schema: {
          summary: 'It was reviewed: it stands, or needs a change',
          tags,
          params: byId,
          body: newReview,
          response: answer,
        },
      },
      ({ actor, params, body }) => reviewDocument(deps, actor, params.id, body),
    );
    http.post(
      '/api/documents/:id/retirement',
      {
        config: manage,
        schema: { summary: 'It holds no more', tags, params: byId, body: retirement, response: answer },
      },
      ({ actor, params, body }) => retireDocument(deps, actor, params.id, body.reason),
    );
    http.get(
      '/api/documents/:id/diff',
      {
        config: read,
        schema: {
          summary: 'What changed between two versions, word by word',
          tags,
          params: byId,
          querystring: z.object({ from: number, to: number }),
          response: { 200: documentDiff },
        },
      },
      ({ actor, params, query }) => diffVersions(deps, actor, params.id, query.from, query.to),
    );
  };

/** For everybody who is to read something, whatever else they may. */
const readerRoutes =
  (deps: DocumentsDeps): Routes =>
  async (http) => {
    const config = { permission: 'signed-in' };
    http.get(
      '/api/documents/mine',
      { config, schema: { summary: 'What you are to read', tags, response: { 200: mineSchema } } },
      ({ actor }) => myDocuments(deps, actor),
    );
    http.get(
      '/api/documents/mine/:id',
      { config, schema: { summary: 'One of them', tags, params: byId, response: { 200: mySchema } } },
      ({ actor, params }) => myDocument(deps, actor, params.id),
    );
    http.post(
      '/api/documents/:id/acknowledgements',
      {
        config,
        schema: {
          summary: 'You have read this version',
          tags,
          params: byId,
          body: newAcknowledgement,
          response: { 200: mySchema },
        },
      },
      ({ actor, params, body }) => acknowledge(deps, actor, params.id, body),
    );
  };
