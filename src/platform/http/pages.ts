import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { NotFound } from '#platform/errors';
import { contentSecurityPolicy } from './headers.ts';

/** What index.html may hold in a <meta>: becomes a fresh nonce that lets the page's own <style> elements through. */
const noncePlaceholder = '%STYLE_NONCE%';

/**
 * Serves the browser application: its files by name, index.html for every other address that is not the API's.
 * The list of files is read once: what was not there at the start is not served, whatever a path says.
 */
export async function pages(http: FastifyInstance, webRoot: string): Promise<void> {
  await http.register(fastifyStatic, { root: webRoot, serve: false });
  const built = existsSync(join(webRoot, 'index.html'));
  const index = built ? readFileSync(join(webRoot, 'index.html'), 'utf8') : undefined;
  const files = new Set(built ? filesUnder(webRoot) : []);
  http.get('/*', { config: { permission: 'public' }, schema: { hide: true } }, (request, reply) => {
    const path = request.url.slice(1).split('?', 1)[0] ?? '';
    if (path === 'api' || path.startsWith('api/')) throw new NotFound('address', `/${path}`);
    if (files.has(path) && path !== 'index.html') {
      // Vite puts a hash of the content into the names under assets/.
      const hashed = path.startsWith('assets/');
      return reply.sendFile(path, { maxAge: hashed ? '365d' : 0, immutable: hashed });
    }
    if (index === undefined) return reply.code(503).type('text/plain').send(notBuilt);
    // A missing file is missing; only addresses of the application get its page.
    if (/\.[a-z0-9]+$/i.test(path) && !path.endsWith('.html')) throw new NotFound('file', `/${path}`);
    return sendIndex(reply, index);
  });
}

const notBuilt =
  'The page is not built. Start with "npm start", or build it once with "npx vite build web".\n';

function sendIndex(reply: FastifyReply, index: string): FastifyReply {
  void reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
  if (!index.includes(noncePlaceholder)) return reply.send(index);
  const nonce = randomBytes(16).toString('base64');
  void reply.header('content-security-policy', contentSecurityPolicy(nonce));
  return reply.send(index.replaceAll(noncePlaceholder, nonce));
}

function filesUnder(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
