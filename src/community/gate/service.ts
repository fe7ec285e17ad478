import type { Actor } from '#identity';
import { storable, type Ledger } from '#ledger';
import type { Clock } from '#platform/clock';
import type { Ids } from '#platform/ids';
import type { Records } from '#platform/records';
import type { Change } from '#community';
import { own } from './gate.ts';
import { decide, permits, permitsWhom } from './decide.ts';
import type { Decision, Reason } from './decision.ts';
import { type DecisionEntry, type Face, isKeptFirst } from './entry.ts';
import { DecisionNotKept } from './errors.ts';
import { asked, gather, type Gathered, personOf, sceneOf } from './gather.ts';
import { type DecisionLog, openDecisionLog } from './log.ts';
import { type CountryOf, openPlaces, type Places } from './places.ts';
import { openPolicies, type PolicyStore } from './policy-store.ts';
import { askOf, factOf, whoIs } from './gather-person.ts';
import { type AccessRequest, type Told, toldBy } from './request.ts';
import { openRefusals, type Refusals } from './refusals.ts';
import type { Gathering } from './scene.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';
import type { FactSources } from './sources.ts';

export type GateDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  readonly sources: FactSources;
  readonly countryOf?: CountryOf;
  readonly failed: (error: unknown) => void;
  readonly beatMilliseconds?: number;
};

/** Who asks, and through which door. */
export type Caller = {
  readonly actor: Pick<Actor, 'id' | 'name' | 'ofProvider' | 'organisation' | 'scopeOrNone'>;
  readonly face: Face;
  readonly requestId: string;
  /** Beside what the request's context tells: the address that a proxy of ours saw. */
  readonly told?: Told;
};

export type Answer = Decision & {
  readonly id: string;
  readonly at: Date;
  /** Of the tenancy; '' where it is in none. */
  readonly organisation: string;
};

export type Gate = {
  /** Decides, keeps the decision, answers. @throws {DecisionNotKept} when it can't be kept: that is a denial */
  evaluate(caller: Caller, request: AccessRequest): Promise<Answer>;
  /** What the answer would be now: nothing is kept. */
  weigh(caller: Caller, request: AccessRequest): Answer;
  /** Only whether it would be a permit. For searches. */
  permits(caller: Caller, request: AccessRequest): boolean;
  /**
   * The same of many people in one go: what does not depend on the person is looked at once, so ask again after a pause.
   * @returns of a subject's id, of the type that the request names
   */
  permitsWhom(caller: Caller, request: AccessRequest): (id: string) => boolean;
  /** Before many `weigh`s: what was heard to have changed is read. */
  ready(told?: Told): Promise<void>;
  readonly snapshot: Snapshot;
  readonly policies: PolicyStore;
  readonly log: DecisionLog;
  readonly refusals: Refusals;
  close(): Promise<void>;
};

/** How long an answer waits for facts that are being read again. */
const patienceMilliseconds = 1_000;

export async function openGate(deps: GateDeps): Promise<Gate> {
  const policies = await openPolicies(deps.records, deps.failed);
  const places = openPlaces({ ...deps, now: () => deps.clock.now() }, deps.countryOf);
  const heard = (change: Change): void => {
    if (change.kind === 'parameters') void policies.reload();
    // Lists of networks are set like parameters are.
    if (change.kind === 'place' || change.kind === 'parameters') places.forget();
  };
  const snapshot = await openSnapshot({ ...deps, heard });
  const log = openDecisionLog(deps);
  const refusals = openRefusals(deps);
  const parts = { ...deps, policies, places, snapshot, log };
  return {
    policies,
    snapshot,
    log,
    refusals,
    ready: (told) => ready(parts, told?.address),
    weigh: (caller, request) => weigh(parts, caller, request).answer,
    permits: (caller, request) => {
      const { gathered, policy } = understand(parts, caller, request, parts.clock.now());
      return permits(hidden(gathered, caller), policy);
    },
    permitsWhom: (caller, request) => permitsOf(parts, caller, request),
    evaluate: async (caller, request) => {
      await ready(parts, caller.told?.address ?? toldBy(request).address);
      const { answer, entry } = weigh(parts, caller, request);
      await keep(log, entry);
      return answer;
    },
    close: async () => {
      await snapshot.close();
      await refusals.close();
      await log.close();
    },
  };
}

type Parts = GateDeps & { policies: PolicyStore; places: Places; snapshot: Snapshot; log: DecisionLog };

async function ready({ snapshot, places }: Parts, address: string | undefined): Promise<void> {
  if (address !== undefined && places.countryOf(address) === undefined) await places.find(address);
  const settled = snapshot.settled();
  if (settled === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMilliseconds);
  });
  await Promise.race([settled, enough]);
  clearTimeout(timer);
}

function weigh(
  parts: Parts,
  caller: Caller,
  request: AccessRequest,
): { answer: Answer; entry: DecisionEntry } {
  const at = parts.clock.now();
  const { gathered, policy } = understand(parts, caller, request, at);
  const made = decide(hidden(gathered, caller), policy);
  const action = own(policy.parameters.actions, gathered.facts.ask.action);
  const id = parts.ids.uuid();
  const privileged = action?.privileged === true || action?.customerData === true || action?.signing === true;
  return {
    answer: { ...made, id, at, organisation: gathered.organisation },
    entry: entryOf({ id, at, gathered, made, privileged, caller, request }),
  };
}

function understand(parts: Parts, caller: Caller, request: AccessRequest, at: Date) {
  const { policy } = parts.policies.current();
  return { gathered: gather(request, gathering(parts, caller, at)), policy };
}

function gathering({ policies, places, snapshot }: Parts, caller: Caller, at: Date): Gathering {
  const { policy, applications } = policies.current();
  return {
    snapshot,
    parameters: policy.parameters,
    applications,
    at,
    countryOf: (address) => places.countryOf(address),
    teller: caller.actor.name,
    ...(caller.told && { told: caller.told }),
  };
}

function permitsOf(parts: Parts, caller: Caller, request: AccessRequest): (id: string) => boolean {
  const scene = sceneOf(request, gathering(parts, caller, parts.clock.now()));
  const { policy } = parts.policies.current();
  // An application's own conditions look at what is recorded of each subject.
  if (scene.translated !== undefined)
    return (id) => {
      const one = { ...request, subject: { ...request.subject, id } };
      return permits(hidden(understand(parts, caller, one, parts.clock.now()).gathered, caller), policy);
    };
  const whom = permitsWhom(hidden(asked(scene, undefined, ''), caller), policy);
  return (id) => {
    const person = personOf(parts.snapshot, undefined, { ...request, subject: { ...request.subject, id } });
    const who = whoIs(scene, person, id);
    return whom(askOf(who), (name) => factOf(who, name));
  };
}

/**
 * Who may see some tenancies only learns nothing of the others: to them a tenancy out of scope is one that does not exist.
 */
function hidden({ facts }: Gathered, { actor }: Caller): Gathered['facts'] {
  const { tenancy } = facts.ask;
  if (actor.ofProvider || tenancy === null) return facts;
  const visible: readonly string[] = actor.scopeOrNone?.tenancies ?? [];
  if (visible.includes(tenancy)) return facts;
  const { feed } = facts.facts;
  return { ...facts, ask: { ...facts.ask, tenancy: null }, facts: feed === undefined ? {} : { feed } };
}

function entryOf(of: {
  id: string;
  at: Date;
  gathered: Gathered;
  made: Decision & { readonly factsText: string };
  privileged: boolean;
  caller: Caller;
  request: AccessRequest;
}): DecisionEntry {
  const { gathered, made, caller, request } = of;
  const { ask } = gathered.facts;
  const mine =
    caller.actor.ofProvider || caller.actor.scopeOrNone?.tenancies.some((id) => id === ask.tenancy);
  return {
    id: of.id,
    at: of.at,
    tenancy: gathered.organisation === '' || mine !== true ? '' : (ask.tenancy ?? ''),
    organisation: mine === true ? gathered.organisation : '',
    subjectOrganisation: gathered.subjectOrganisation,
    subject: ask.subject.id,
    subjectName: request.subject.id,
    action: ask.action,
    resourceType: request.resource.type,
    resourceId: request.resource.id,
    permitted: made.decision,
    privileged: of.privileged,
    face: caller.face,
    callerId: caller.actor.id,
    callerName: caller.actor.name,
    requestId: caller.requestId,
    policyVersion: made.policyVersion,
    factsHash: made.factsHash,
    facts: made.factsText,
    // What the database can keep; the shape stays.
    reasons: storable(made.reasons as never) as unknown as readonly Reason[],
    toMend: made.toMend,
  };
}

async function keep(log: DecisionLog, entry: DecisionEntry): Promise<void> {
  if (!isKeptFirst(entry)) {
    if (!log.add(entry)) throw new DecisionNotKept();
    return;
  }
  try {
    await log.keep(entry);
  } catch (error) {
    throw new DecisionNotKept(error);
  }
}
