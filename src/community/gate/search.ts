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
 * Who may, what may be acted on, or what may be done: by asking for each candidate. Nothing is kept of it, because nothing is
 * permitted by it. Candidates come in a fixed order, and a page goes on after the last one that was looked at.
 */
export async function search(gate: Gate, caller: Caller, kind: SearchKind, wanted: Wanted) {
  await gate.ready(toldBy(requestFor(kind, wanted, { type: '', id: '' })));
  const limit = Math.min(wanted.page?.limit ?? pageLimit, pageLimit);
  const after = afterOf(wanted.page?.token);
  const candidates = candidatesFor(gate, kind, wanted);
  const results: Entity[] = [];
  let at = after === undefined ? 0 : firstAfter(candidates, after);
  let turn = performance.now();
  for (; at < candidates.length && results.length < limit; at++) {
    const candidate = candidates[at];
    if (candidate === undefined) break;
    if (gate.permits(caller, requestFor(kind, wanted, candidate))) results.push(candidate);
    if (performance.now() - turn > sliceMilliseconds) {
      await new Promise(setImmediate);
      turn = performance.now();
    }
  }
  const last = candidates[at - 1];
  const more = at < candidates.length && last !== undefined;
  return {
    page: { next_token: more ? tokenOf(last) : '', count: results.length },
    results,
  };
}

const keyOf = (entity: Entity): string => ('name' in entity ? entity.name : entity.id);
const tokenOf = (entity: Entity): string => Buffer.from(keyOf(entity)).toString('base64url');

function afterOf(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined;
  if (!/^[\w-]+$/.test(token)) throw new Invalid('page.token is not one that was given out.');
  return Buffer.from(token, 'base64url').toString();
}

/** Candidates are sorted; one that is gone meanwhile does not matter. */
function firstAfter(candidates: readonly Entity[], key: string): number {
  const found = candidates.findIndex((one) => keyOf(one) > key);
  return found === -1 ? candidates.length : found;
}

function requestFor(kind: SearchKind, wanted: Wanted, candidate: Entity): AccessRequest {
  const { properties: ofSubject } = wanted.subject;
  const { properties: ofResource } = wanted.resource;
  const id = 'id' in candidate ? candidate.id : '';
  return {
    subject: {
      type: wanted.subject.type,
      id: kind === 'subject' ? id : (wanted.subject.id ?? ''),
      ...(ofSubject && { properties: ofSubject }),
    },
    resource: {
      type: wanted.resource.type,
      id: kind === 'resource' ? id : (wanted.resource.id ?? ''),
      ...(ofResource && { properties: ofResource }),
    },
    action: 'name' in candidate ? { name: candidate.name } : (wanted.action ?? { name: '' }),
    ...(wanted.context && { context: wanted.context }),
  };
}

function candidatesFor(gate: Gate, kind: SearchKind, wanted: Wanted): readonly Entity[] {
  const ids =
    kind === 'subject'
      ? subjectIds(gate, wanted)
      : kind === 'resource'
        ? resourceIds(gate, wanted)
        : actionNames(gate, wanted.resource.type);
  const sorted = [...new Set(ids)].sort();
  if (kind === 'action') return sorted.map((name) => ({ name }));
  const { type } = kind === 'subject' ? wanted.subject : wanted.resource;
  return sorted.map((id) => ({ type, id }));
}

/** Of a type that nobody has: none. */
function subjectIds({ policies, snapshot }: Gate, { subject, resource }: Wanted): string[] {
  const { applications } = policies.current();
  const application = applications.find(({ resources }) =>
    resources.some(({ type }) => type === resource.type),
  );
  const kind = application?.subjects.find(({ type }) => type === subject.type);
  if (application !== undefined) {
    if (kind === undefined) return [];
    if (kind.is === 'listed') return kind.known.map(({ id }) => id);
  }
  const as = kind?.is ?? subject.type;
  const people = [...snapshot.ids('people')];
  if (as === 'person') return people;
  const entry = (id: string) => {
    const looked = snapshot.look('people', id);
    return looked.known ? looked.entry : undefined;
  };
  if (as === 'email') return people.flatMap((id) => entry(id)?.email ?? []);
  if (as === 'account' || as === 'user') return people.flatMap((id) => entry(id)?.user ?? []);
  return [];
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
