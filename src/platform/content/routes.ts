import { z } from 'zod';
import { Invalid } from '#platform/errors';
import type { Routes } from '#platform/http';
import type { Content } from './content.ts';
import {
  addedPack,
  contentChange,
  contentList,
  contentPack,
  download,
  newKey,
  packDetail,
  packDiff,
  packQuery,
  rollBack,
  trustedKey,
} from './contract.ts';
import type { ContentKeeper } from './deps.ts';
import { packLimits } from './pack-files.ts';
import { readPackBytes } from './read-pack.ts';

const tags = ['content'];
const byId = z.object({ id: z.string().max(100) });
const read = { permission: 'content.read' };
const manage = { permission: 'content.manage' };
const trust = { permission: 'content.trust' };

export const routes =
  (content: Content): Routes =>
  async (http) => {
    http.get(
      '/api/content',
      {
        config: read,
        schema: {
          summary: 'Packs in their versions, kinds, and whose signatures are taken',
          tags,
          response: { 200: contentList },
        },
      },
      () => content.list(),
    );
    await http.register(uploads(content));
    http.post(
      '/api/content/downloads',
      {
        config: manage,
        schema: {
          summary: 'Have a pack fetched from a mirror of the configuration',
          tags,
          body: download,
          response: { 201: addedPack },
        },
      },
      async ({ actor, body: { url, ...given } }, reply) =>
        reply.code(201).send(await content.fetch(keeper(actor), url, given)),
    );
    http.get(
      '/api/content/packs/:id',
      {
        config: read,
        schema: {
          summary: 'One pack: its files, what of it is not used, when it was active',
          tags,
          params: byId,
          response: { 200: packDetail },
        },
      },
      ({ params }) => content.detail(params.id),
    );
    http.get(
      '/api/content/packs/:id/diff',
      {
        config: read,
        schema: {
          summary: 'What changed since another version',
          tags,
          params: byId,
          querystring: z.object({ with: z.string().max(100) }),
          response: { 200: packDiff },
        },
      },
      ({ params, query }) => content.diff(params.id, query.with),
    );
    http.patch(
      '/api/content/packs/:id',
      {
        config: manage,
        schema: {
          summary: 'Activate a version, or put it at rest',
          tags,
          params: byId,
          body: contentChange,
          response: { 200: contentPack },
        },
      },
      ({ actor, params, body }) => content.setActive(keeper(actor), params.id, body),
    );
    http.post(
      '/api/content/rollbacks',
      {
        config: manage,
        schema: {
          summary: 'Back to the version that was active before',
          tags,
          body: rollBack,
          response: { 200: contentPack },
        },
      },
      ({ actor, body }) => content.rollBack(keeper(actor), body),
    );
    http.delete(
      '/api/content/packs/:id',
      { config: manage, schema: { summary: 'Forget a version that is not active', tags, params: byId } },
      async ({ actor, params }, reply) => {
        await content.remove(keeper(actor), params.id);
        return reply.code(204).send();
      },
    );
    http.post(
      '/api/content/keys',
      {
        config: trust,
        schema: { summary: 'Trust a key to sign packs', tags, body: newKey, response: { 201: trustedKey } },
      },
      async ({ actor, body }, reply) =>
        reply.code(201).send(await content.trust(keeper(actor), body.name, body.publicKey)),
    );
    http.delete(
      '/api/content/keys/:id',
      { config: trust, schema: { summary: 'Stop trusting a key', tags, params: byId } },
      async ({ actor, params }, reply) => {
        await content.distrust(keeper(actor), params.id);
        return reply.code(204).send();
      },
    );
  };

const uploads =
  (content: Content): Routes =>
  async (http) => {
    http.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    http.post(
      '/api/content/packs',
      {
        config: manage,
        bodyLimit: packLimits.totalBytes,
        schema: {
          summary: 'Take in a pack: a zip, tar, tar.gz, or one file',
          tags,
          querystring: packQuery,
          response: { 201: addedPack },
        },
      },
      async ({ actor, body, query }, reply) => {
        const bytes: unknown = body;
        if (!Buffer.isBuffer(bytes))
          throw new Invalid('Send the file or archive as application/octet-stream.');
        const { file, activate, older, ...given } = query;
        const added = await content.add(keeper(actor), {
          ...given,
          file,
          origin: file,
          content: await readPackBytes(file, bytes),
          activate: activate === 'true',
          older: older === 'true',
        });
        return reply.code(201).send(added);
      },
    );
  };

/** Who the actor is, identity says (layers above); the door has admitted such. */
const keeper = (actor: ContentKeeper): ContentKeeper => actor;
