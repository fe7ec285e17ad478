import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AppError, Busy, Invalid } from '#platform/errors';
import { TooLarge, UnsupportedMediaType } from './errors.ts';

export type Fault = { readonly where: string; readonly what: string };

/** @see RFC 9457, 3 */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The request's id, as in the log and in `X-Request-Id`. */
  readonly instance: string;
  readonly code: string;
  /** For `invalid`: each value that does not fit. */
  readonly faults?: readonly Fault[];
  readonly [fact: string]: unknown;
};

const mediaType = 'application/problem+json';

/** Answers with what may be said about an error, and logs the rest. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toAppError(error);
  if (known === undefined || known.status >= 500) request.log.error({ err: error }, 'request failed');
  if (known instanceof Busy) void reply.header('retry-after', String(known.retryAfterSeconds));
  if (known?.status === 401) void reply.header('www-authenticate', 'Bearer realm="ironbark"');
  const problem = toProblem(known, request.id, faultsOf(error));
  return reply.code(problem.status).type(mediaType).send(JSON.stringify(problem));
}

export function toProblem(
  error: AppError | undefined,
  requestId: string,
  faults: readonly Fault[] = [],
): Problem {
  if (error === undefined) {
    return {
      type: 'urn:ironbark:problem:internal',
      title: 'Internal error',
      status: 500,
      detail: `Something went wrong on our side. The log has the details under request ${requestId}.`,
      instance: requestId,
      code: 'internal',
    };
  }
  return {
    ...error.facts,
    type: `urn:ironbark:problem:${error.code}`,
    title: sentence(error.code),
    status: error.status,
    detail: error.message,
    instance: requestId,
    code: error.code,
    ...(faults.length > 0 ? { faults } : {}),
  };
}

function toAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  const faults = faultsOf(error);
  if (faults.length > 0) {
    const shown = faults.map((fault) => `${fault.where}: ${fault.what}`).join('; ');
    return new Invalid(`The request does not fit. ${shown}`, {}, error);
  }
  switch (fastifyCode(error)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new TooLarge(error);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new UnsupportedMediaType(error);
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new Invalid('The body is not valid JSON.', {}, error);
    default:
      return undefined;
  }
}

const maxFaults = 20;

function faultsOf(error: unknown): Fault[] {
  if (!hasZodFastifySchemaValidationErrors(error)) return [];
  const part = error.validationContext ?? 'request';
  return error.validation.slice(0, maxFaults).map((issue) => ({
    where: `${part}${issue.instancePath}`,
    what: issue.message ?? 'does not fit',
  }));
}

function fastifyCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Fastify's own errors carry `code`; others lack it or have another meaning that no case above names.
  const { code } = error as Partial<FastifyError>;
  if (error instanceof SyntaxError) return 'FST_ERR_CTP_INVALID_JSON_BODY';
  return code;
}

function sentence(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
