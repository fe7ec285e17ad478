import { z } from 'zod';
import { Invalid } from '#platform/errors';
import type { Routes } from '#platform/http';
import {
  exceptionList,
  newException,
  packChange,
  ruleChange,
  ruleDetail,
  ruleException,
  ruleList,
  rulePack,
  ruleSummary,
} from './contract.ts';
import type { PackFile } from '#platform/content';
import type { Rules } from './service.ts';

type Deps = {
  readonly rules: Rules;
  /** The files of a zip or tar.gz, within its caps. @throws {Invalid} for anything else */
  readonly readArchive: (bytes: Buffer) => Promise<readonly PackFile[]>;
};

const byId = z.object({ id: z.string().max(200) });
const tags = ['rules'];
const mostArchiveBytes = 64 * 1024 * 1024;
const packQuery = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'Use 1 to 63 characters of a-z, 0-9, ".", "_" and "-".'),
  version: z.string().trim().min(1).max(60),
});

export const routes =
  ({ rules, readArchive }: Deps): Routes =>
  async (http) => {
    const read = { permission: 'rule.read' };
    const manage = { permission: 'rule.manage' };

    http.get(
      '/api/rules',
      {
        config: read,
        schema: {
          summary: 'Rules, packs, and every rule that was rejected',
          tags,
          response: { 200: ruleList },
        },
      },
      (request) => rules.list(request.actor),
    );

    http.get(
      '/api/rules/exceptions',
      {
        config: read,
        schema: {
          summary: 'Exceptions, expired ones too',
          tags,
          querystring: z.object({ rule: z.string().max(200).optional() }),
          response: { 200: exceptionList },
        },
      },
      async (request) => ({ exceptions: await rules.exceptions(request.actor, request.query.rule) }),
    );

    http.post(
      '/api/rules/exceptions',
      {
        config: manage,
        schema: {
          summary: 'Except a value from a rule for one tenancy, for a time',
          tags,
          body: newException,
          response: { 201: ruleException },
        },
      },
      async (request, reply) => reply.code(201).send(await rules.addException(request.actor, request.body)),
    );

    http.delete(
      '/api/rules/exceptions/:id',
      { config: manage, schema: { summary: 'End an exception', tags, params: byId } },
      async (request, reply) => {
        await rules.removeException(request.actor, request.params.id);
        return reply.code(204).send();
      },
    );

    await http.register(async (upload) => {
      // Octets belong to this one call; elsewhere they stay refused.
      upload.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
        done(null, body),
      );
      upload.post(
        '/api/rules/packs',
        {
          config: manage,
          bodyLimit: mostArchiveBytes,
          schema: {
            summary: 'Import a pack (zip or tar.gz) and make it the active version',
            tags,
            querystring: packQuery,
          },
        },
        async (request, reply) => {
          if (!Buffer.isBuffer(request.body))
            throw new Invalid('Send the archive as application/octet-stream.', {});
          const { name, version } = packQuery.parse(request.query);
          const files = await readArchive(request.body);
          return reply
            .code(201)
            .send(await rules.importPack(request.actor, { name, version, origin: 'upload', files }));
        },
      );
    });

    http.patch(
      '/api/rules/packs/:id',
      {
        config: manage,
        schema: {
          summary: 'Activate a version, or none',
          tags,
          params: byId,
          body: packChange,
          response: { 200: rulePack },
        },
      },
      (request) => rules.setActive(request.actor, request.params.id, request.body.active),
    );

    http.delete(
      '/api/rules/packs/:id',
      { config: manage, schema: { summary: 'Forget a version that is not active', tags, params: byId } },
      async (request, reply) => {
        await rules.removePack(request.actor, request.params.id);
        return reply.code(204).send();
      },
    );

    http.get(
      '/api/rules/:id',
      {
        config: read,
        schema: { summary: 'One rule, with its text', tags, params: byId, response: { 200: ruleDetail } },
      },
      (request) => rules.rule(request.actor, request.params.id),
    );

    http.patch(
      '/api/rules/:id',
      {
        config: manage,
        schema: {
          summary: 'Switch a rule on or off',
          tags,
          params: byId,
          body: ruleChange,
          response: { 200: ruleSummary },
        },
      },
      (request) => rules.setEnabled(request.actor, request.params.id, request.body.enabled),
    );
  };
