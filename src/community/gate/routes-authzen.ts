import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Routes } from '#platform/http';
import { evaluate, evaluateMany, metadata, searchFor, type Asking } from './authzen.ts';
import type { Face } from './entry.ts';
import { Malformed } from './refusals.ts';
import type { Caller, Gate } from './service.ts';
import type { Told } from './request.ts';

export type GateRoutesDeps = {
  readonly gate: Gate;
  /** Under which this system is reached. */
  readonly origin: () => string;
};

const tags = ['gate'];
const bodyLimit = 4 * 1024 * 1024;
const config = { permission: 'gate.evaluate' };

/** Visible ASCII, as a header can carry it back. */
const requestIdPattern = /^[\x21-\x7e]{1,200}$/;

export const requestIdOf = (request: FastifyRequest): string => {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && requestIdPattern.test(given) ? given : request.id;
};

export const callerOf = (request: FastifyRequest, face: Face, told?: Told): Caller => ({
  actor: request.actor,
  face,
  requestId: requestIdOf(request),
  ...(told && { told }),
});

/**
 * For programs that ask. SOURCE: Authorization API 1.0, "HTTPS JSON Binding" and the certification scenario: a wrong type of
 * content, broken JSON and an empty body are all 400; the request's id comes back. Each is on record before it is answered.
 */
export function asAuthzen(http: FastifyInstance, { refusals }: Pick<Gate, 'refusals'>): void {
  http.addHook('onError', async (request, _reply, error) => {
    if (!(error instanceof Malformed)) return;
    const { url = '' } = request.routeOptions;
    await refusals.note(request.actor, { kind: error.kind, path: url, why: error.message });
  });
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit }, (_request, text, done) => {
    try {
      done(null, JSON.parse(String(text)));
    } catch (error) {
      done(new Malformed('json', 'The body is not valid JSON.', error));
    }
  });
  http.addContentTypeParser('*', (_request, _payload, done) =>
    done(new Malformed('content-type', 'Send "Content-Type: application/json".')),
  );
  http.addHook('onSend', async (request, reply) => {
    void reply.header('x-request-id', requestIdOf(request));
  });
}

export const authzenRoutes =
  ({ gate, origin }: GateRoutesDeps): Routes =>
  async (http) => {
    asAuthzen(http, gate);
    const asking = (request: FastifyRequest): Asking => ({
      gate,
      caller: callerOf(request, 'authzen'),
      // Who may read decisions of the whole community may read what they were made from.
      reader: {
        staff: request.actor.ofProvider && request.actor.permissions.has('decision.read'),
        origin: origin(),
      },
    });
    http.post(
      '/access/v1/evaluation',
      { config, bodyLimit, schema: { summary: 'May this be done? (AuthZEN)', tags } },
      (request) => evaluate(asking(request), request.body),
    );
    http.post(
      '/access/v1/evaluations',
      { config, bodyLimit, schema: { summary: 'May these be done? (AuthZEN)', tags } },
      (request) => evaluateMany(asking(request), request.body),
    );
    for (const kind of ['subject', 'resource', 'action'] as const)
      http.post(
        `/access/v1/search/${kind}`,
        { config, bodyLimit, schema: { summary: `Search: ${kind} (AuthZEN)`, tags } },
        (request) => searchFor(asking(request), kind, request.body),
      );
    http.get(
      '/.well-known/authzen-configuration',
      {
        config: { permission: 'public' },
        schema: { summary: 'Where decisions are asked for (AuthZEN)', tags },
      },
      () => metadata(origin()),
    );
  };
