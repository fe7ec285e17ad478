/**
 * Asks a gate over HTTP and enforces the answer: for programs of Node or a browser that serve something.
 * It permits on one thing only: a decision of true, in time, from the gate, whose duties the caller said it can do.
 */

export type Entity = {
  readonly type: string;
  readonly id: string;
  readonly properties?: Readonly<Record<string, unknown>>;
};
export type Question = {
  readonly subject: Entity;
  readonly action: { readonly name: string; readonly properties?: Readonly<Record<string, unknown>> };
  readonly resource: Entity;
  readonly context?: Readonly<Record<string, unknown>>;
};
export type Duty = { readonly id: string; readonly properties: Readonly<Record<string, unknown>> };
export type Verdict =
  | { readonly permitted: true; readonly duties: readonly Duty[] }
  /** `reason` may be shown to whoever was denied. */
  | { readonly permitted: false; readonly reason: string; readonly evaluation: string | undefined };

export type GateClientOptions = {
  /** `https://ironbark.example` */
  readonly url: string;
  /** An API token that may do `gate.evaluate`. */
  readonly token: string;
  readonly timeoutMilliseconds?: number;
  /** Duties that the caller carries out; a permit with another one is a denial. */
  readonly duties?: readonly string[];
  readonly fetch?: typeof globalThis.fetch;
};

const defaultTimeoutMilliseconds = 2_000;
const mostBytes = 256 * 1024;
const denied = (reason: string, evaluation?: string): Verdict => ({ permitted: false, reason, evaluation });

/** @returns ask, which never throws: what is not understood is a denial */
export function createGateClient(options: GateClientOptions): (question: Question) => Promise<Verdict> {
  const { fetch = globalThis.fetch, timeoutMilliseconds = defaultTimeoutMilliseconds } = options;
  const can = new Set(options.duties ?? []);
  return async (question) => {
    try {
      const answer = await fetch(new URL('/access/v1/evaluation', options.url), {
        method: 'POST',
        // A redirect could lead to somebody who says yes.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMilliseconds),
        headers: { authorization: `Bearer ${options.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(question),
      });
      if (answer.status !== 200) return denied(`The gate answered ${answer.status}.`);
      const text = await answer.text();
      if (text.length > mostBytes) return denied('The gate answered more than is understood.');
      return verdictOf(JSON.parse(text), can);
    } catch {
      return denied('The gate could not be asked.');
    }
  };
}

function verdictOf(body: unknown, can: ReadonlySet<string>): Verdict {
  if (!isRecord(body) || typeof body['decision'] !== 'boolean') return denied('The gate was not understood.');
  const context = body['context'] ?? {};
  if (!isRecord(context)) return denied('The gate was not understood.');
  const evaluation = typeof context['evaluation_id'] === 'string' ? context['evaluation_id'] : undefined;
  if (!body['decision'])
    return denied(typeof context['reason'] === 'string' ? context['reason'] : 'Denied.', evaluation);
  const obligations = context['obligations'] ?? [];
  if (!Array.isArray(obligations)) return denied('The gate was not understood.', evaluation);
  const duties: Duty[] = [];
  for (const one of obligations as readonly unknown[]) {
    if (!isRecord(one) || typeof one['id'] !== 'string' || !can.has(one['id']))
      return denied('The gate asks for something that this program does not do.', evaluation);
    const properties = one['properties'] ?? {};
    if (!isRecord(properties)) return denied('The gate was not understood.', evaluation);
    duties.push({ id: one['id'], properties });
  }
  return { permitted: true, duties };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
