/**
 * What the server said when it could not do a thing (RFC 9457), or that it could not be reached. Answers are not parsed
 * again here: the server checks each against the same contract before it leaves.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    requestId: string | null,
    facts: Readonly<Record<string, unknown>>,
  ) {
    super(message);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.facts = facts;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
export type Api = {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  send<T>(
    method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<T>;
  /** The session's token, sent back with every change. */
  setCsrfToken(token: string | undefined): void;
};

/** @param idle true while nobody touches the page: its own refreshing must not keep the session alive */
export function createApi(fetcher: typeof fetch, idle: () => boolean): Api {
  let csrfToken: string | undefined;

  async function call<T>(path: string, init: RequestInit): Promise<T> {
    const response = await fetcher(`/api${path}`, { ...init, credentials: 'same-origin' }).catch(
      (cause: unknown) => {
        if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
        throw new Problem(
          0,
          'unreachable',
          'The server did not answer. Check that it runs and that you are connected, then try again.',
          null,
          {},
        );
      },
    );
    const text = await response.text();
    const json: unknown =
      text && (response.headers.get('content-type') ?? '').includes('json') ? JSON.parse(text) : undefined;
    if (!response.ok) throw toProblem(response.status, json);
    // The contract of the path says what T is; the server has checked its answer against it.
    return json as T;
  }

  return {
    get: (path, query, signal) =>
      call(`${path}${queryString(query)}`, {
        method: 'GET',
        headers: idle() ? { 'X-Background': '1' } : {},
        signal: signal ?? null,
      }),
    send(method, path, body, signal) {
      const headers: Record<string, string> = {};
      if (csrfToken) headers['X-CSRF-Token'] = csrfToken;
      if (body === undefined) return call(path, { method, headers, body: null, signal: signal ?? null });
      const [type, content] =
        body instanceof Blob
          ? ['application/octet-stream', body]
          : typeof body === 'string'
            ? ['text/plain', body]
            : ['application/json', JSON.stringify(body)];
      headers['Content-Type'] = type;
      return call(path, { method, headers, body: content, signal: signal ?? null });
    },
    setCsrfToken(token) {
      csrfToken = token;
    },
  };
}

/** Lists become the name repeated; what is empty is left out. */
export function queryString(query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === '') continue;
    if (typeof value === 'object') for (const one of value) search.append(name, one);
    else search.append(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}

function toProblem(status: number, json: unknown): Problem {
  const members: Record<string, unknown> = json !== null && typeof json === 'object' ? { ...json } : {};
  const { code: named, title, detail, instance } = members;
  const code = typeof named === 'string' ? named : 'unknown';
  const said =
    typeof detail === 'string'
      ? detail
      : typeof title === 'string'
        ? title
        : `The server answered ${status} and gave no reason.`;
  return new Problem(status, code, said, typeof instance === 'string' ? instance : null, members);
}
