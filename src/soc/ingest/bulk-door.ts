import type { IncomingMessage, ServerResponse } from 'node:http';
import { type KnownSource, plainAddress, type Sources } from '#soc/sources';
import type { Budget } from './budget.ts';
import { bulkAnswer, errorBody } from './bulk-answer.ts';
import { countItems, lineOperations, operations } from './bulk-body.ts';
import { type Outcome, type TakeDeps, takeBulk } from './bulk-take.ts';
import { credentialOf } from './credentials.ts';
import { handshake } from './handshake.ts';
import { type BodyLimits, readBody } from './request-body.ts';

export type BulkDeps = TakeDeps & {
  readonly sources: Pick<Sources, 'authenticate' | 'rejectAtDoor' | 'note' | 'heard'>;
  readonly spool: TakeDeps['spool'] & { readonly sizeBytes: number; readonly capBytes: number };
  readonly budget: Budget;
  readonly limits: BodyLimits;
  readonly stats: BulkStats;
  readonly failed: (error: unknown) => void;
};

export type BulkStats = {
  requests: number;
  unknownSenders: number;
  refusedRequests: number;
  faultyRequests: number;
};

const bulkPath = /^(?:\/([^/_][^/]{0,255})(?:\/[^/]{1,255})?)?\/_bulk\/?$/;
/** Ours: text lines, for `ironbark send`. */
const linesPath = '/_lines';
const batchPattern = /^[\w.:-]{1,100}$/;
const defaultIndex = 'events';
const retryAfterSeconds = 5;
/** Bodies below leave their memory to the collector: what is read in one piece may not be ours alone. */
const ownBytes = 128 * 1024;

/** The `_bulk` door and the calls shippers make around it. @returns a listener for node's http or https server */
export function bulkDoor(deps: BulkDeps): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    answer(deps, request, response).catch((error: unknown) => {
      deps.failed(error);
      if (response.headersSent) request.destroy();
      else
        send(
          request,
          response,
          500,
          errorBody(500, 'internal', 'This could not be done. Send it again later.'),
        );
    });
  };
}

async function answer(deps: BulkDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  deps.stats.requests++;
  const path = pathOf(request);
  const bulk = bulkPath.exec(path);
  const isForEvents = bulk !== null || path === linesPath;
  const credential = credentialOf(request);
  const source = credential && deps.sources.authenticate(credential);
  // A shipper that shows a wrong token is to learn it at its first call, not at its first event.
  if (source === undefined && (isForEvents || request.headers.authorization !== undefined)) {
    deps.stats.unknownSenders++;
    return sendError(
      request,
      response,
      401,
      'security_exception',
      'No source has this token, password or client certificate.',
    );
  }
  if (!isForEvents || source === undefined) return sendHandshake(request, response, path);
  if (request.method !== 'POST' && request.method !== 'PUT') {
    return sendError(request, response, 405, 'method_not_allowed', 'Send events with POST.');
  }
  await takeRequest(deps, source, request, response, bulk === null ? undefined : (bulk[1] ?? defaultIndex));
}

async function takeRequest(
  deps: BulkDeps,
  source: KnownSource,
  request: IncomingMessage,
  response: ServerResponse,
  /** Undefined for text lines. */
  index: string | undefined,
): Promise<void> {
  const startedAt = performance.now();
  const body = await readBody(request, deps.limits, deps.budget);
  if (body.kind === 'refused') {
    if (body.why === 'gone') return;
    if (body.why === 'no-memory') return refuse(deps, source, 1, request, response);
    deps.stats.faultyRequests++;
    const status = body.why === 'damaged' ? 400 : body.why === 'encoding' ? 415 : 413;
    return sendError(request, response, status, `body-${body.why}`, body.detail);
  }
  const { bytes } = body;
  const size = bytes.length;
  try {
    const isFull = deps.spool.sizeBytes + bytes.length > deps.spool.capBytes;
    if (isFull || source.state === 'paused') {
      if (index === undefined || !readsStatuses(request)) {
        return refuse(deps, source, countItems(bytes), request, response);
      }
      const all = [...operations(bytes, decoded(index))];
      deps.sources.note(source.id, { refused: all.length });
      deps.stats.refusedRequests++;
      const refusals = all.map((operation): Outcome => ({ operation, state: 'refused' }));
      return send(request, response, 200, bulkAnswer(refusals, 0));
    }
    const peer = plainAddress(request.socket.remoteAddress ?? '');
    const outcomes = await takeBulk(deps, source, {
      peer,
      wire: index === undefined ? 'line' : 'json',
      operations:
        index === undefined ? lineOperations(bytes, batchOf(request)) : operations(bytes, decoded(index)),
    });
    giveBack(bytes);
    if (outcomes.length === 0)
      return sendError(request, response, 400, 'parse_exception', 'The body holds no operation.');
    const refused = outcomes.filter(({ state }) => state === 'refused').length;
    if (refused > 0 && !readsStatuses(request)) return refuse(deps, source, 0, request, response);
    send(request, response, 200, bulkAnswer(outcomes, Math.round(performance.now() - startedAt)));
  } finally {
    deps.budget.give(size);
  }
}

/** Everything of it is in the spool or kept as rejected. Not what is part of a larger piece of memory: that is others' too. */
function giveBack(bytes: Buffer): void {
  if (
    bytes.length >= ownBytes &&
    bytes.length === bytes.buffer.byteLength &&
    bytes.buffer instanceof ArrayBuffer
  )
    bytes.buffer.transfer(0);
}

/**
 * Over capacity: the sender is to keep it all. rsyslog's omelasticsearch gives up on events that are
 * answered 429 or 503, and sends them again only after its connection broke; it is the one shipper without a User-Agent.
 */
function refuse(
  deps: BulkDeps,
  source: KnownSource,
  items: number,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  deps.stats.refusedRequests++;
  if (items > 0) deps.sources.note(source.id, { refused: items });
  if (isRsyslog(request)) {
    request.socket.resetAndDestroy();
    return;
  }
  response.setHeader('retry-after', retryAfterSeconds);
  const reason = source.state === 'paused' ? 'This source is paused.' : 'Over capacity.';
  sendError(
    request,
    response,
    429,
    'es_rejected_execution_exception',
    `${reason} Send all of this again later.`,
  );
}

/**
 * Elastic's own shippers and client libraries send again just the items that were answered 429, and the libraries do so
 * only then. All others are told with the status of the whole answer: many look at nothing else, and part of what they
 * send again may be there already, which is better than part of it being lost.
 */
function readsStatuses({ headers }: IncomingMessage): boolean {
  return (
    headers['x-elastic-client-meta'] !== undefined ||
    /beat|logstash|elastic/i.test(headers['user-agent'] ?? '')
  );
}

const isRsyslog = (request: IncomingMessage): boolean => request.headers['user-agent'] === undefined;

function sendHandshake(request: IncomingMessage, response: ServerResponse, path: string): void {
  const found = handshake(request.method ?? '', path);
  if (found === undefined) {
    return sendError(
      request,
      response,
      404,
      'not_found',
      `There is no ${request.method} ${path.slice(0, 200)} here. Events go to POST /_bulk.`,
    );
  }
  request.resume();
  send(
    request,
    response,
    found.status,
    found.body,
    found.type === 'text' ? 'text/plain; charset=UTF-8' : undefined,
  );
}

const sendError = (
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: string,
  reason: string,
): void => send(request, response, status, errorBody(status, type, reason));

/** Clients of version 8 and 9 want an answer of the media type they asked with. */
const vendorType = /^application\/vnd\.elasticsearch\+(?:x-nd)?json; ?compatible-with=([789])/;
const unreadGraceMilliseconds = 2000;

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: string,
  type?: string,
): void {
  const asked =
    vendorType.exec(request.headers.accept ?? '') ?? vendorType.exec(request.headers['content-type'] ?? '');
  const json =
    asked === null ? 'application/json' : `application/vnd.elasticsearch+json;compatible-with=${asked[1]}`;
  response.setHeader('x-elastic-product', 'Elasticsearch');
  response.setHeader('content-type', type ?? json);
  if (!request.complete && status >= 400) {
    // The rest of the body is not worth reading; the answer is to reach the sender before the connection ends.
    response.setHeader('connection', 'close');
    response.on('finish', () => {
      request.resume();
      const timer = setTimeout(() => request.destroy(), unreadGraceMilliseconds);
      request.on('close', () => clearTimeout(timer));
    });
  }
  response.statusCode = status;
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Without query; `/ingest` may stand in front, for proxies. */
function pathOf(request: IncomingMessage): string {
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  return path.startsWith('/ingest/') ? path.slice('/ingest'.length) : path;
}

function batchOf(request: IncomingMessage): string {
  const batch = request.headers['x-ironbark-batch'];
  return typeof batch === 'string' && batchPattern.test(batch) ? batch : '';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
