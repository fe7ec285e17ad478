import { Invalid } from '#platform/errors';
import { toldBy, type AccessRequest } from './request.ts';
import type { Caller, Gate } from './service.ts';

export type SearchKind = 'subject' | 'resource' | 'action';
type Entity = { readonly type: string; readonly id: string } | { readonly name: string };

type Wanted = {
  readonly subject: {
    readonly type: string;
    readonly id?: string;
    readonly properties?: Record<string, unknown> | undefined;
  };
  readonly action?: AccessRequest['action'];
  readonly resource: {
    readonly type: string;
    readonly id?: string;
    readonly properties?: Record<string, unknown> | undefined;
  };
  readonly context?: Record<string, unknown> | undefined;
  readonly page?: { readonly token?: string | undefined; readonly limit?: number | undefined } | undefined;
};

const pageLimit = 1000;
/** How long the processor is kept before others get their turn. */
const sliceMilliseconds = 5;

/**
 * Who may, what may be acted on, or what may be done: by asking for each candidate, and of people only what differs from one to
 * the next. Nothing is kept of it, because nothing is permitted by it. Candidates come in a fixed order, and a page goes on
 * after the last one that was looked at.
 */
export async function search(gate: Gate, caller: Caller, kind: SearchKind, wanted: Wanted) {
  await gate.ready(toldBy(requestFor(kind, wanted, '')));
  const limit = Math.min(wanted.page?.limit ?? pageLimit, pageLimit);
  const after = afterOf(wanted.page?.token);
  const candidates = candidatesFor(gate, kind, wanted);
  const results: Entity[] = [];
  let at = after === undefined ? 0 : firstAfter(candidates, after);
  let turn = performance.now();
  let fits = asker(gate, caller, kind, wanted);
  for (; at < candidates.length && results.length < limit; at++) {
    const candidate = candidates[at];
    if (candidate === undefined) break;
    if (fits(candidate)) results.push(entityOf(kind, wanted, candidate));
    if (performance.now() - turn > sliceMilliseconds) {
      await new Promise(setImmediate);
      turn = performance.now();
      // Something may have changed meanwhile.
      fits = asker(gate, caller, kind, wanted);
    }
  }
  const last = candidates[at - 1];
  const more = at < candidates.length && last !== undefined;
  return {
    page: { next_token: more ? Buffer.from(last).toString('base64url') : '', count: results.length },
    results,
  };
}

function asker(gate: Gate, caller: Caller, kind: SearchKind, wanted: Wanted): (one: string) => boolean {
  if (kind === 'subject') return gate.permitsWhom(caller, requestFor(kind, wanted, ''));
  return (one) => gate.permits(caller, requestFor(kind, wanted, one));
}

const entityOf = (kind: SearchKind, wanted: Wanted, id: string): Entity =>
  kind === 'action'
    ? { name: id }
    : { type: (kind === 'subject' ? wanted.subject : wanted.resource).type, id };

function afterOf(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined;
  if (!/^[\w-]+$/.test(token)) throw new Invalid('page.token is not one that was given out.');
  return Buffer.from(token, 'base64url').toString();
}

/** Candidates are sorted; one that is gone meanwhile does not matter. */
function firstAfter(candidates: readonly string[], key: string): number {
  const found = candidates.findIndex((one) => one > key);
  return found === -1 ? candidates.length : found;
}

/** @param candidate of what is looked for: the id of a subject or resource, the name of an action */
function requestFor(kind: SearchKind, wanted: Wanted, candidate: string): AccessRequest {
  const { properties: ofSubject } = wanted.subject;
  const { properties: ofResource } = wanted.resource;
  return {
    subject: {
      type: wanted.subject.type,
      id: kind === 'subject' ? candidate : (wanted.subject.id ?? ''),
      ...(ofSubject && { properties: ofSubject }),
    },
    resource: {
      type: wanted.resource.type,
      id: kind === 'resource' ? candidate : (wanted.resource.id ?? ''),
      ...(ofResource && { properties: ofResource }),
    },
    action: kind === 'action' ? { name: candidate } : (wanted.action ?? { name: '' }),
    ...(wanted.context && { context: wanted.context }),
  };
}

function candidatesFor(gate: Gate, kind: SearchKind, wanted: Wanted): readonly string[] {
  if (kind === 'subject') return subjectIds(gate, wanted);
  const ids = kind === 'resource' ? resourceIds(gate, wanted) : actionNames(gate, wanted.resource.type);
  return [...new Set(ids)].sort();
}

/** Of a type that nobody has: none. */
function subjectIds({ policies, snapshot }: Gate, { subject, resource }: Wanted): readonly string[] {
  const { applications } = policies.current();
  const application = applications.find(({ resources }) =>
    resources.some(({ type }) => type === resource.type),
  );
  const kind = application?.subjects.find(({ type }) => type === subject.type);
  if (application !== undefined) {
    if (kind === undefined) return [];
    if (kind.is === 'listed') return [...new Set(kind.known.map(({ id }) => id))].sort();
  }
  const as = kind?.is ?? subject.type;
  if (as === 'person' || as === 'email') return snapshot.namesOf(as);
  return as === 'account' || as === 'user' ? snapshot.namesOf('user') : [];
}

function resourceIds({ policies, snapshot }: Gate, { resource }: Wanted): string[] {
  const { applications } = policies.current();
  for (const { resources } of applications) {
    const found = resources.find(({ type }) => type === resource.type);
    if (found !== undefined) return found.known.map(({ id }) => id);
  }
  if (resource.type === 'tenancy') return [...snapshot.ids('tenancies')];
  if (resource.type === 'support-session' || resource.type === 'break-glass')
    return [...snapshot.ids('support')];
  if (resource.type === 'change') return [...snapshot.ids('changes')];
  return [];
}

function actionNames({ policies }: Gate, type: string): string[] {
  const { applications, policy } = policies.current();
  for (const { resources } of applications) {
    const found = resources.find((one) => one.type === type);
    if (found !== undefined) return found.actions.map(({ name }) => name);
  }
  return Object.entries(policy.parameters.actions)
    .filter(([, { resources }]) => resources.includes(type))
    .map(([name]) => name);
}
