import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Routes } from '#platform/http';
import { clientAddress, type Proxies } from './proxies.ts';
import type { AccessRequest, Told } from './request.ts';
import { type GateRoutesDeps, callerOf, requestIdOf } from './routes-authzen.ts';
import type { Answer } from './service.ts';
import { canIPage } from './tell.ts';

export type DoorsDeps = GateRoutesDeps & {
  /** Whose `X-Forwarded-For` and `X-Gate-*` are believed; the token alone does not make them true. */
  readonly proxies: Proxies;
};

const tags = ['gate'];
const config = { permission: 'gate.evaluate' };

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value.slice(0, 512) : undefined;
};

/**
 * What a proxy asks, from headers that its own configuration sets (docs/gate.md): who (`X-Gate-Subject`, and
 * `X-Gate-Subject-Type`), to do what (`X-Gate-Action`), where (`X-Gate-Tenancy`, or `X-Gate-Resource-Type` and
 * `X-Gate-Resource`). What it leaves out is asked as nothing, and denied.
 */
function requestOf(request: FastifyRequest): AccessRequest {
  const tenancy = header(request, 'x-gate-tenancy');
  return {
    subject: {
      type: header(request, 'x-gate-subject-type') ?? 'user',
      id: header(request, 'x-gate-subject') ?? 'nobody',
    },
    action: { name: header(request, 'x-gate-action') ?? 'portal.use' },
    resource: {
      type: header(request, 'x-gate-resource-type') ?? 'tenancy',
      id: header(request, 'x-gate-resource') ?? tenancy ?? 'nowhere',
      ...(tenancy !== undefined && { properties: { tenancy } }),
    },
  };
}

function toldOf(request: FastifyRequest, proxies: Proxies): Told {
  const peer = request.socket.remoteAddress ?? '';
  const address = clientAddress(peer, header(request, 'x-forwarded-for'), proxies);
  const instant = (name: string): Date | undefined => {
    const at = new Date(header(request, name) ?? '');
    return Number.isNaN(at.getTime()) ? undefined : at;
  };
  const beganAt = instant('x-gate-session-began');
  const lastActiveAt = instant('x-gate-session-active');
  const managed = header(request, 'x-gate-device-managed');
  const deviceId = header(request, 'x-gate-device')?.slice(0, 128);
  return {
    ...(address !== '' && { address }),
    ...(beganAt &&
      lastActiveAt && {
        session: {
          beganAt,
          lastActiveAt,
          phishingResistant: header(request, 'x-gate-session-strong') === 'true',
        },
      }),
    ...((managed !== undefined || deviceId !== undefined) && {
      device: {
        ...(managed !== undefined && { managed: managed === 'true' }),
        ...(deviceId !== undefined && { id: deviceId }),
      },
    }),
  };
}

/** In a header: visible ASCII on one line. */
const headerText = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 300);

const firstReason = ({ reasons, toMend }: Answer) =>
  reasons.find(({ gate }) => toMend.includes(gate)) ?? reasons[0];

/** nginx's auth_request and Envoy's ext_authz over HTTP: 200 lets through, 403 does not; the reason is in headers. */
export const doorRoutes =
  ({ gate, origin, proxies }: DoorsDeps): Routes =>
  async (http) => {
    takeAnyBody(http);
    http.addHook('onSend', async (request, reply) => {
      void reply.header('x-request-id', requestIdOf(request));
    });
    for (const face of ['nginx', 'envoy'] as const) {
      // Envoy puts the path that was asked for behind the prefix, with its method; nginx asks with GET.
      const paths = face === 'nginx' ? ['/access/v1/nginx'] : ['/access/v1/envoy', '/access/v1/envoy/*'];
      for (const url of paths)
        http.route({
          method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
          url,
          config,
          // One entry in the API's description, not seven.
          schema: { summary: `May the request before the proxy pass? (${face})`, tags, hide: true },
          handler: async (request, reply) => {
            const asked = requestOf(request);
            const answer = await gate.evaluate(callerOf(request, face, toldOf(request, proxies)), asked);
            void reply.header('x-gate-decision', answer.id);
            if (answer.decision) return reply.code(200).send('');
            const reason = firstReason(answer);
            void reply.headers({
              'x-gate-reason': headerText(reason?.outsiders ?? 'Denied.'),
              'x-gate-rule': headerText(reason?.gate ?? ''),
              'x-gate-mend': headerText(reason?.remedy.who ?? ''),
            });
            return face === 'nginx'
              ? reply.code(403).send('')
              : reply
                  .code(403)
                  .type('text/plain; charset=utf-8')
                  .send(`${reason?.outsiders ?? 'Denied.'}\n${canIPage(origin(), asked)}\n`);
          },
        });
    }
  };

/** A proxy passes the headers on, and with them a content type of a body that it does not send. */
function takeAnyBody(http: FastifyInstance): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    payload.on('end', () => done(null, undefined));
    payload.on('error', done);
  });
}
