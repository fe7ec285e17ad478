import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import {
  type FastifyPluginAsyncZod,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import type { Registry } from 'prom-client';
import { NotFound } from '#platform/errors';
import type { Ids } from '#platform/ids';
import { type Gatekeeper, guard, stillAdmitted } from './access.ts';
import { AddressTaken } from './errors.ts';
import { securityHeaders } from './headers.ts';
import { operations, type Readiness } from './operations.ts';
import { pages } from './pages.ts';
import { answerProblem } from './problem.ts';
import { type LiveStreams, liveStreams } from './stream.ts';

/** A module's routes: `export const routes = (deps): Routes => async (http) => { http.get(…) }`. */
export type Routes = FastifyPluginAsyncZod;

export type HttpOptions = {
  readonly gatekeeper: Gatekeeper;
  readonly ids: Ids;
  readonly log: FastifyBaseLogger;
  readonly metrics: Registry;
  readonly version: string;
  readonly readiness: () => Promise<Readiness>;
  /** PEM texts; without them the server speaks plain HTTP. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** The built browser application; without it only the API is served. */
  readonly webRoot?: string;
};

export type Http = {
  /** Routes of a module. Only before `listen`. */
  add(routes: Routes): Promise<void>;
  /** For modules with live answers. */
  readonly streams: LiveStreams;
  /** @throws {AddressTaken} */
  listen(address: { host: string; port: number }): Promise<{ host: string; port: number }>;
  /** Takes no new requests, ends the streams, lets the requests under way finish. */
  close(): Promise<void>;
  /** For tests: `inject`. */
  readonly server: FastifyInstance;
};

const bodyLimitBytes = 1024 * 1024;

/** Puts the web server together. Nothing listens yet. */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const server: FastifyInstance = Fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    genReqId: () => options.ids.uuid(),
    // Unfinished requests may finish, idle connections are closed.
    forceCloseConnections: 'idle',
    serverFactory: (handler) => nodeServer(handler, options.tls),
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler(answerProblem);
  server.setNotFoundHandler((request, reply) =>
    answerProblem(new NotFound('address', request.url.split('?', 1)[0] ?? ''), request, reply),
  );
  const headers = securityHeaders({ tls: options.tls !== undefined });
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...headers, 'cache-control': 'no-store', 'x-request-id': request.id });
  });
  await server.register(cookie);
  guard(server, options.gatekeeper);
  await openApi(server, options.version);
  operations(server, options);
  if (options.webRoot !== undefined) await pages(server, options.webRoot);
  const streams = liveStreams((request) => stillAdmitted(options.gatekeeper, request));
  server.addHook('preClose', async () => streams.closeAll());
  return {
    server,
    streams,
    add: async (routes) => {
      await server.register(routes);
    },
    listen: (address) => listen(server, address),
    close: () => server.close(),
  };
}

function nodeServer(handler: RequestListener, tls: HttpOptions['tls']): Server {
  const server = tls
    ? createTlsServer({ cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' }, handler)
    : createServer(handler);
  server.headersTimeout = 10_000;
  // A large content pack over a slow line takes a while.
  server.requestTimeout = 300_000;
  server.keepAliveTimeout = 72_000;
  return server;
}

async function openApi(server: FastifyInstance, version: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Ironbark', version, description: 'Everything the page and the command line do.' },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: '__Host-ironbark' },
          token: { type: 'http', scheme: 'bearer', description: 'An API token, ibt_…' },
        },
      },
      security: [{ session: [] }, { token: [] }],
    },
    transform: jsonSchemaTransform,
  });
  server.get('/api/openapi.json', { config: { permission: 'public' }, schema: { hide: true } }, () =>
    server.swagger(),
  );
}

async function listen(
  server: FastifyInstance,
  { host, port }: { host: string; port: number },
): Promise<{ host: string; port: number }> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') throw new AddressTaken(host, port, 'another program listens there', error);
    if (code === 'EACCES')
      throw new AddressTaken(host, port, 'this needs more rights than the program has', error);
    if (code === 'EADDRNOTAVAIL')
      throw new AddressTaken(host, port, 'this machine has no such address', error);
    throw error;
  }
  // Listening on TCP: the address is never a pipe's name.
  const address = server.server.address() as AddressInfo;
  return { host: address.address, port: address.port };
}
