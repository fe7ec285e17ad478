import { changed } from '#community';
import type { Actor } from '#identity';
import type { Json } from '#ledger';
import { NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import type { Application } from './application.ts';
import type { CanAnswer, canQuestion, gateRequest, newRequest, Parameters, RuleList } from './contract.ts';
import { policyVersionOf } from './decide.ts';
import { ParametersMoved } from './errors.ts';
import { gates } from './gates.ts';
import { policyOf } from './policy-store.ts';
import type { AccessRequest, Told } from './request.ts';
import type { Answer, Gate, GateDeps } from './service.ts';
import * as store from './store.ts';
import { reasonBody } from './tell.ts';

export type AskDeps = Pick<GateDeps, 'records' | 'clock' | 'ids' | 'ledger'> & { readonly gate: Gate };

const access = systemAccess('requests and parameters of the gate');

/** What is known only at the moment of doing it: the page says that it takes these for granted. */
const assumed = [
  'a connection from an Australian address',
  'a sign-in within the last 12 hours, with a passkey',
  'a managed device, on site',
];

/** What somebody who asks "Can I?" is told to bring along. */
const atTheDoor = (now: Date): Told => ({
  session: { beganAt: now, lastActiveAt: now, phishingResistant: true },
  device: { managed: true },
  remote: false,
  country: 'AU',
});

function askFor(deps: AskDeps, actor: Actor, question: z.output<typeof canQuestion>): Answer {
  const request: AccessRequest = {
    subject: { type: 'user', id: actor.userId ?? actor.id },
    action: { name: question.action },
    resource: { ...question.resource, properties: { classification: 'OFFICIAL' } },
  };
  return deps.gate.weigh({ actor, face: 'page', requestId: '', told: atTheDoor(deps.clock.now()) }, request);
}

export async function canI(
  deps: AskDeps,
  actor: Actor,
  question: z.output<typeof canQuestion>,
): Promise<CanAnswer> {
  await deps.gate.ready();
  const answer = askFor(deps, actor, question);
  return {
    permitted: answer.decision,
    reasons: answer.reasons.map((reason) => reasonBody(reason, { staff: actor.ofProvider, origin: '' })),
    toMend: [...answer.toMend],
    assumed,
    policyVersion: answer.policyVersion,
  };
}

export function rules({ records }: Pick<AskDeps, 'records'>): Promise<RuleList> {
  return records.transaction(access, async (tx) => {
    const policy = await policyOf(tx);
    const set = policy.version === 0 ? undefined : await store.parametersOf(tx, policy.version);
    return {
      rules: gates.map(({ id, clause, title, remedy, needs }) => ({
        id,
        clause,
        title,
        who: remedy.who,
        how: remedy.how,
        requestable: remedy.requestable,
        needs: [...needs],
      })),
      parameters: policy.parameters,
      version: policy.version,
      policyVersion: policyVersionOf(policy),
      setBy: set?.by ?? null,
      setAt: set?.at.toISOString() ?? null,
      reason: set?.reason ?? null,
    };
  });
}

/** A new version; decisions name it from the moment every instance has heard of it. @throws {ParametersMoved} */
export function setParameters(
  deps: AskDeps,
  actor: Actor,
  given: { readonly parameters: Parameters; readonly version: number; readonly reason: string },
): Promise<{ version: number }> {
  return deps.records.transaction(access, async (tx) => {
    const before = await policyOf(tx);
    if (before.version !== given.version) throw new ParametersMoved(before.version);
    const version = before.version + 1;
    const { parameters, reason } = given;
    await store.insertParameters(tx, {
      version,
      parameters,
      reason,
      byId: actor.id,
      by: actor.name,
      at: deps.clock.now(),
    });
    await tellOfPolicy(deps, tx, actor, {
      action: 'gate.parameters-set',
      subject: `gate-parameters/${version}`,
      facts: { version, reason, changed: changedMembers(before.parameters, parameters) },
    });
    return { version };
  });
}

const changedMembers = (before: Parameters, after: Parameters): string[] =>
  Object.entries(after)
    .filter(
      ([name, value]) =>
        JSON.stringify(value) !== JSON.stringify(Object.entries(before).find(([one]) => one === name)?.[1]),
    )
    .map(([name]) => name);

async function tellOfPolicy(
  { ledger }: AskDeps,
  tx: Tx,
  actor: Actor,
  entry: { action: string; subject: string; facts: { [name: string]: Json } },
): Promise<void> {
  await changed(tx, { kind: 'parameters', id: '' });
  await ledger.record(tx, { actor, ...entry });
}

export const listApplications = ({ records }: Pick<AskDeps, 'records'>): Promise<Application[]> =>
  records.transaction(access, (tx) => store.applications(tx));

export function putApplication(deps: AskDeps, actor: Actor, given: Application): Promise<Application> {
  return deps.records.transaction(access, async (tx) => {
    await store.saveApplication(tx, given, actor.name, deps.clock.now());
    await tellOfPolicy(deps, tx, actor, {
      action: 'gate.application-set',
      subject: `application/${given.id}`,
      facts: { types: given.resources.map(({ type }) => type) },
    });
    return given;
  });
}

/** @throws {NotFound} */
export function removeApplication(deps: AskDeps, actor: Actor, id: string): Promise<void> {
  return deps.records.transaction(access, async (tx) => {
    if (!(await store.deleteApplication(tx, id))) throw new NotFound('application', id);
    await tellOfPolicy(deps, tx, actor, {
      action: 'gate.application-removed',
      subject: `application/${id}`,
      facts: {},
    });
  });
}

/** Asks for what a rule wants. @throws {NotFound} when that rule does not stand in the way, or can't be asked for */
export async function makeRequest(deps: AskDeps, actor: Actor, given: z.output<typeof newRequest>) {
  const { type, id } = given.resource;
  if (!actor.ofProvider && type === 'tenancy' && !actor.scopeOrNone?.tenancies.some((one) => one === id))
    throw new NotFound('tenancy', id);
  await deps.gate.ready();
  const answer = askFor(deps, actor, given);
  if (!answer.reasons.some(({ gate, remedy }) => gate === given.rule && remedy.requestable))
    throw new NotFound('reason to ask for', given.rule);
  const tenancy = given.resource.type === 'tenancy' && answer.organisation !== '' ? given.resource.id : '';
  const one: store.StoredRequest = {
    id: deps.ids.uuid(),
    at: deps.clock.now(),
    tenancy,
    organisation: answer.organisation,
    user: actor.userId ?? actor.id,
    userName: actor.name,
    action: given.action,
    resourceType: given.resource.type,
    resourceId: given.resource.id,
    gate: given.rule,
    note: given.note,
    state: 'open',
    handledBy: null,
    handledAt: null,
  };
  await deps.records.transaction(access, async (tx) => {
    await store.insertRequest(tx, one);
    await deps.ledger.record(tx, {
      actor,
      action: 'gate.requested',
      subject: `gate-request/${one.id}`,
      tenancy: tenancy === '' ? undefined : tenancy,
      facts: { action: one.action, resource: `${one.resourceType}/${one.resourceId}`, rule: one.gate },
    });
  });
  return shown(one);
}

/** Own ones; the provider's readers of decisions see all, others' those of their tenancies. */
export async function listRequests({ records }: AskDeps, actor: Actor) {
  const reader = actor.permissions.has('decision.read');
  const tenancies = !reader ? [] : actor.ofProvider ? undefined : (actor.scopeOrNone?.tenancies ?? []);
  const found = await records.transaction(access, (tx) =>
    store.requests(tx, { tenancies, user: actor.userId ?? actor.id }, 200),
  );
  return { requests: found.map(shown) };
}

/** @throws {NotFound} for one that is not there, not to be seen, or settled */
export function settle(deps: AskDeps, actor: Actor, id: string, state: 'done' | 'refused') {
  return deps.records.transaction(access, async (tx) => {
    const tenancies = actor.ofProvider ? undefined : (actor.scopeOrNone?.tenancies ?? []);
    const visible = await store.requests(tx, { tenancies, user: '' }, 1000);
    if (!visible.some((one) => one.id === id)) throw new NotFound('request', id);
    const settled = await store.settleRequest(tx, id, { state, name: actor.name, at: deps.clock.now() });
    if (settled === undefined) throw new NotFound('open request', id);
    await deps.ledger.record(tx, {
      actor,
      action: `gate.request-${state}`,
      subject: `gate-request/${id}`,
      tenancy: settled.tenancy === '' ? undefined : settled.tenancy,
      facts: { rule: settled.gate, askedBy: settled.userName },
    });
    return shown(settled);
  });
}

function shown(one: store.StoredRequest): z.input<typeof gateRequest> {
  const rule = gates.find(({ id }) => id === one.gate);
  return {
    id: one.id,
    at: one.at.toISOString(),
    tenancy: one.tenancy,
    organisation: one.organisation,
    userName: one.userName,
    action: one.action,
    resource: { type: one.resourceType, id: one.resourceId },
    rule: one.gate,
    who: rule?.remedy.who ?? '',
    how: rule?.remedy.how ?? '',
    note: one.note,
    state: one.state,
    handledBy: one.handledBy,
    handledAt: one.handledAt?.toISOString() ?? null,
  };
}
