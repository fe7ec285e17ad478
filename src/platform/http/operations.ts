import type { FastifyInstance } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { z } from 'zod';

export type Readiness = {
  /** The parts without which no request can be served, each with whether it can. */
  readonly parts: Readonly<Record<string, boolean>>;
};

/** What an orchestrator and Prometheus ask. `/metrics` tells volumes by source, so it needs a token like any reader. */
export function operations(
  http: FastifyInstance,
  options: { readiness: () => Promise<Readiness>; metrics: Registry },
): void {
  http.get(
    '/healthz',
    { config: { permission: 'public' }, schema: { summary: 'The process answers', tags: ['operations'] } },
    () => ({ status: 'ok' }),
  );
  http.get(
    '/readyz',
    {
      config: { permission: 'public' },
      schema: { summary: 'The process can do its work', tags: ['operations'] },
    },
    async (_request, reply) => {
      const { parts } = await options.readiness();
      const ready = Object.values(parts).every(Boolean);
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready', parts });
    },
  );
  http.get(
    '/metrics',
    {
      config: { permission: 'health.read' },
      schema: {
        summary: 'Prometheus metrics',
        tags: ['operations'],
        produces: ['text/plain'],
        response: { 200: z.string() },
      },
      serializerCompiler: () => (text) => String(text),
    },
    async (_request, reply) => reply.type(options.metrics.contentType).send(await options.metrics.metrics()),
  );
  measureRequests(http, options.metrics);
}

function measureRequests(http: FastifyInstance, metrics: Registry): void {
  const seconds = new Histogram({
    name: 'http_request_seconds',
    help: 'Time to answer, by route and status class.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [metrics],
  });
  http.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, never the address: labels must stay few, and addresses may hold secrets.
    const route = request.routeOptions.url ?? 'unknown';
    seconds.observe(
      { method: request.method, route, status: `${Math.floor(reply.statusCode / 100)}xx` },
      reply.elapsedTime / 1000,
    );
    done();
  });
}
