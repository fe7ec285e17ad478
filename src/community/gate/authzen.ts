import { z } from 'zod';
import { type Caller, type Gate } from './service.ts';
import { Malformed } from './refusals.ts';
import { accessRequest, action, context, resource, subject } from './request.ts';
import { decisionBody, type Reader } from './tell.ts';
import { search, type SearchKind } from './search.ts';

/** SOURCE: Authorization API 1.0, "Access Evaluations API". */
export const mostEvaluations = 1000;
const semantics = z.enum(['execute_all', 'deny_on_first_deny', 'permit_on_first_permit']);

const evaluations = z.object({
  subject: z.unknown().optional(),
  action: z.unknown().optional(),
  resource: z.unknown().optional(),
  context: z.unknown().optional(),
  evaluations: z.array(z.record(z.string(), z.unknown())).max(mostEvaluations).optional(),
  options: z.looseObject({ evaluations_semantic: semantics.default('execute_all') }).optional(),
});

const page = z.object({
  token: z.string().max(600).optional(),
  limit: z.number().int().min(1).max(1000).optional(),
});
const target = z.object({ type: z.string().min(1).max(512) });

/** @throws {Malformed} naming what does not fit */
export function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const faults = result.error.issues
    .slice(0, 10)
    .map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new Malformed('shape', `The request does not fit. ${faults.join('; ')}`);
}

export type Asking = { readonly gate: Gate; readonly caller: Caller; readonly reader: Reader };

export async function evaluate({ gate, caller, reader }: Asking, body: unknown) {
  const request = parsed(accessRequest, body);
  return decisionBody(await gate.evaluate(caller, request), reader, request);
}

/** Without `evaluations` it is a single evaluation. */
export async function evaluateMany(asking: Asking, body: unknown) {
  const { evaluations: items, options, ...shared } = parsed(evaluations, body);
  if (items === undefined || items.length === 0) return evaluate(asking, body);
  const semantic = options?.evaluations_semantic ?? 'execute_all';
  if (semantic === 'execute_all')
    return { evaluations: await Promise.all(items.map((item) => one(asking, shared, item))) };
  const answers: Awaited<ReturnType<typeof one>>[] = [];
  for (const item of items) {
    const answer = await one(asking, shared, item);
    answers.push(answer);
    if (answer.decision === (semantic === 'permit_on_first_permit')) break;
  }
  return { evaluations: answers };
}

/** Members of the top level stand in whole for those that an item leaves out. An item's own fault denies that item. */
async function one(asking: Asking, shared: Record<string, unknown>, item: Record<string, unknown>) {
  const whole: Record<string, unknown> = {};
  for (const name of ['subject', 'action', 'resource', 'context']) {
    const value = Object.hasOwn(item, name) ? item[name] : shared[name];
    if (value !== undefined) whole[name] = value;
  }
  const request = accessRequest.safeParse(whole);
  if (request.success)
    return decisionBody(await asking.gate.evaluate(asking.caller, request.data), asking.reader, request.data);
  const faults = request.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const message = faults.slice(0, 5).join('; ');
  const { gate, caller } = asking;
  await gate.refusals.note(caller.actor, { kind: 'shape', path: 'an item of evaluations', why: message });
  return { decision: false, context: { error: { status: 400, message } } };
}

const searches = {
  subject: z.object({
    subject: target,
    action,
    resource,
    context: context.optional(),
    page: page.optional(),
  }),
  resource: z.object({
    subject,
    action,
    resource: target,
    context: context.optional(),
    page: page.optional(),
  }),
  action: z.object({ subject, resource, context: context.optional(), page: page.optional() }),
};

export async function searchFor({ gate, caller }: Asking, kind: SearchKind, body: unknown) {
  const wanted = parsed(searches[kind], body) as z.output<typeof searches.subject>; // the three differ in what is looked for
  return search(gate, caller, kind, wanted);
}

/**
 * SOURCE: Authorization API 1.0, "Policy Decision Point Metadata". The addresses are those under which we are reached.
 */
export const metadata = (origin: string) => ({
  policy_decision_point: origin,
  access_evaluation_endpoint: `${origin}/access/v1/evaluation`,
  access_evaluations_endpoint: `${origin}/access/v1/evaluations`,
  search_subject_endpoint: `${origin}/access/v1/search/subject`,
  search_resource_endpoint: `${origin}/access/v1/search/resource`,
  search_action_endpoint: `${origin}/access/v1/search/action`,
});
