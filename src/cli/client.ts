import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { NoServer, ServerRefused, UnexpectedAnswer } from './errors.ts';

export type Target = {
  readonly url: string;
  readonly token: string;
  /** The one certificate that is trusted; left out: the system's authorities. */
  readonly certificate?: string | undefined;
};

export type Body = { readonly json: unknown } | { readonly bytes: Readable | Buffer; readonly type: string };

/** The running server's API. Paths begin with /api. */
export type Client = {
  readonly url: string;
  /** @throws {ServerRefused} {NoServer} {UnexpectedAnswer} */
  get<Schema extends z.ZodType>(path: string, answer: Schema): Promise<z.output<Schema>>;
  /** What is no JSON; undefined where there is nothing. */
  bytes(path: string): Promise<Buffer | undefined>;
  send<Schema extends z.ZodType>(
    method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body: Body | undefined,
    answer: Schema,
  ): Promise<z.output<Schema>>;
  /** Server-sent events, as long as `signal` lets. */
  events(path: string, signal: AbortSignal): AsyncIterable<{ event: string; data: string }>;
};

const problem = z.object({ code: z.string(), status: z.number(), detail: z.string() });
const maxAnswerBytes = 64 * 1024 * 1024;

/** A path from parts that may hold anything: `at\`/api/users/${id}\``. */
export const at = (strings: TemplateStringsArray, ...parts: readonly (string | number)[]): string =>
  String.raw({ raw: strings }, ...parts.map((part) => encodeURIComponent(part)));

/** `?a=1&b=2` of what is defined. */
export function query(
  values: Readonly<Record<string, string | number | undefined | readonly string[]>>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) search.append(name, String(one));
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}

export function createClient(target: Target): Client {
  const call = async <Schema extends z.ZodType>(
    method: string,
    path: string,
    body: Body | undefined,
    answer: Schema,
  ) => {
    const response = await open(target, method, path, body);
    const text = await textOf(response);
    const status = response.statusCode ?? 0;
    if (status >= 400) throw refusal(text, status);
    return parsed(answer, text);
  };
  return {
    url: target.url,
    get: (path, answer) => call('GET', path, undefined, answer),
    async bytes(path) {
      const response = await open(target, 'GET', path, undefined);
      const bytes = await bytesOf(response);
      const status = response.statusCode ?? 0;
      if (status === 404) return undefined;
      if (status >= 400) throw refusal(bytes.toString('utf8'), status);
      return bytes;
    },
    send: (method, path, body, answer) => call(method, path, body, answer),
    async *events(path, signal) {
      const response = await open(target, 'GET', path, undefined, signal);
      if (response.statusCode !== 200) throw refusal(await textOf(response), response.statusCode ?? 0);
      yield* serverSentEvents(response);
    },
  };
}

function parsed<Schema extends z.ZodType>(answer: Schema, text: string): z.output<Schema> {
  try {
    return answer.parse(text === '' ? null : JSON.parse(text));
  } catch (error) {
    throw new UnexpectedAnswer(error);
  }
}

function open(
  target: Target,
  method: string,
  path: string,
  body: Body | undefined,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(path, target.url);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const json = body !== undefined && 'json' in body ? Buffer.from(JSON.stringify(body.json)) : undefined;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method,
      headers: {
        authorization: `Bearer ${target.token}`,
        accept: 'application/json',
        ...(body && { 'content-type': 'json' in body ? 'application/json' : body.type }),
        ...(json && { 'content-length': json.length }),
      },
      ...(signal && { signal }),
      // This very certificate, whatever name it carries: it was read from the server's own folder.
      ...(target.certificate && { ca: target.certificate, checkServerIdentity: () => undefined }),
    });
    outgoing.on('response', resolve);
    outgoing.on('error', (error) =>
      reject(signal?.aborted ? error : new NoServer(`The server at ${target.url} does not answer.`, error)),
    );
    if (body !== undefined && 'bytes' in body && !Buffer.isBuffer(body.bytes)) {
      body.bytes.on('error', (error) => outgoing.destroy(error));
      body.bytes.pipe(outgoing);
    } else {
      outgoing.end(json ?? (body !== undefined && 'bytes' in body ? body.bytes : undefined));
    }
  });
}

const textOf = async (response: IncomingMessage): Promise<string> =>
  (await bytesOf(response)).toString('utf8');

async function bytesOf(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response) {
    // Nobody set an encoding, so these are buffers.
    const bytes = part as Buffer;
    size += bytes.length;
    if (size > maxAnswerBytes) throw new NoServer('The server answered more than this program takes.');
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

function refusal(text: string, status: number): Error {
  try {
    return new ServerRefused(problem.parse(JSON.parse(text)));
  } catch {
    return new ServerRefused({
      code: 'unexpected-answer',
      status,
      detail: `The server answered ${status} without saying why.`,
    });
  }
}

/** @see HTML Living Standard, 9.2.6; only what our server sends: one `data:` line an event. */
async function* serverSentEvents(response: IncomingMessage): AsyncIterable<{ event: string; data: string }> {
  let buffered = '';
  response.setEncoding('utf8');
  for await (const part of response) {
    buffered += String(part);
    for (let end = buffered.indexOf('\n\n'); end >= 0; end = buffered.indexOf('\n\n')) {
      const fields = new Map(
        buffered
          .slice(0, end)
          .split('\n')
          .map(
            (line) =>
              [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()] as const,
          ),
      );
      buffered = buffered.slice(end + 2);
      const data = fields.get('data');
      if (data !== undefined) yield { event: fields.get('event') ?? 'message', data };
    }
    if (buffered.length > maxAnswerBytes) throw new NoServer('The server sent an event without end.');
  }
}
