import { conditionsOf, type Translated, translate } from './application.ts';
import { type Fact, type Facts, type FactValues, known, unknown } from './facts.ts';
import { own } from './gate.ts';
import { askOf, fact, factsOfPerson, whoIs } from './gather-person.ts';
import { type AccessRequest, type Told, toldBy } from './request.ts';
import type { Gathering, Scene } from './scene.ts';
import type { Looked, Snapshot } from './snapshot.ts';
import type { ChangeEntry, SupportEntry } from './sources.ts';

/** Everything that was found out about one request. */
export type Gathered = {
  readonly facts: Facts;
  /** Whose tenancy it is, and who asked; for the log and who may read it. '' where unknown. */
  readonly organisation: string;
  readonly subjectOrganisation: string;
};

/** Turns a request into a question with all facts that are known about it. Reads memory only. */
export function gather(request: AccessRequest, from: Gathering): Gathered {
  const scene = sceneOf(request, from);
  return asked(scene, from.person ?? personOf(from.snapshot, scene.translated, request), request.subject.id);
}

export function sceneOf(request: AccessRequest, from: Gathering): Scene {
  const { snapshot, at } = from;
  const translated = own(from.parameters.actions, request.action.name)
    ? undefined
    : translate(from.applications, request);
  const support = supportOf(snapshot, request);
  const change =
    request.resource.type === 'change' ? snapshot.look('changes', request.resource.id) : undefined;
  const tenancyId =
    translated === undefined ? tenancyOf(snapshot, request, support, change) : (translated.tenancy ?? null);
  const tenancy = tenancyId === null ? undefined : snapshot.look('tenancies', tenancyId);
  const told = { ...toldBy(request), ...from.told };
  return {
    from,
    at,
    request,
    translated,
    told,
    support,
    change,
    ask: {
      action: translated?.action?.as ?? request.action.name,
      resource:
        translated === undefined ? pick(request.resource) : { type: 'service', id: request.resource.id },
      tenancy: tenancyId,
      application: translated?.application.id ?? null,
    },
    organisation: (tenancy?.known ? tenancy.entry?.organisation : undefined) ?? '',
    facts: {
      feed: feedOf(snapshot, at),
      ...ofTenancy(snapshot, tenancyId ?? '', tenancy, request, at),
      ...ofMoment(told, from),
      ...(support && ofSupport(support)),
      ...(change && { change: fact(change, known(null, new Date(0), ''), (it) => it.change) }),
      ...(translated && { application: known(conditionsOf(translated), at, translated.application.id) }),
    },
  };
}

/** The question of one person in a scene. @param called what the request calls them, for who is nobody here */
export function asked(scene: Scene, person: string | undefined, called: string): Gathered {
  const who = whoIs(scene, person, called);
  return {
    facts: { at: scene.at, ask: askOf(who), facts: { ...scene.facts, ...factsOfPerson(who) } },
    organisation: scene.organisation,
    subjectOrganisation: who.entry?.organisation ?? '',
  };
}

const pick = ({ type, id }: { type: string; id: string }) => ({ type, id });

function feedOf(snapshot: Snapshot, at: Date): Fact<FactValues['feed']> {
  const heardUntil = snapshot.heardUntil();
  return heardUntil === undefined
    ? unknown('nothing was heard yet')
    : known({ heardUntil }, at, 'change feed');
}

/** A person here by what the request calls them; undefined for nobody. */
export function personOf(snapshot: Snapshot, translated: Translated | undefined, { subject }: AccessRequest) {
  const by = translated === undefined ? kindOf(subject.type) : translated.person?.by;
  const id = translated === undefined ? subject.id : translated.person?.id;
  if (by === undefined || id === undefined) return undefined;
  if (by === 'person') return id;
  if (by === 'email') return snapshot.personBy('email', id);
  // People know themselves by their address; programs by the account.
  return snapshot.personBy('user', id) ?? (id.includes('@') ? snapshot.personBy('email', id) : undefined);
}

const kindOf = (type: string): 'person' | 'account' | 'email' | undefined =>
  type === 'person'
    ? 'person'
    : type === 'user' || type === 'account'
      ? 'account'
      : type === 'email'
        ? 'email'
        : undefined;

function tenancyOf(
  snapshot: Snapshot,
  { resource }: AccessRequest,
  support: Looked<SupportEntry> | undefined,
  change: Looked<ChangeEntry> | undefined,
): string | null {
  // Where a change is, its register says, and nobody who asks.
  if (change !== undefined) return (change.known ? change.entry?.tenancy : undefined) ?? null;
  if (support?.known) return support.entry?.support?.tenancy ?? support.entry?.tenancy ?? null;
  if (resource.type === 'tenancy') return resource.id;
  if (resource.type === 'environment') return internalIn(snapshot, resource.id);
  const named = resource.properties?.['tenancy'];
  return typeof named === 'string' ? named : null;
}

/** An environment as a whole is the provider's: it stands for the internal tenancy there. */
function internalIn(snapshot: Snapshot, environment: string): string | null {
  for (const id of snapshot.ids('tenancies')) {
    const looked = snapshot.look('tenancies', id);
    if (looked.known && looked.entry?.internal === true && looked.entry.environment === environment)
      return id;
  }
  return null;
}

type TenancyLook = Looked<import('./sources.ts').TenancyEntry> | undefined;

function ofTenancy(snapshot: Snapshot, id: string, tenancy: TenancyLook, request: AccessRequest, at: Date) {
  const nowhere = unknown('the resource is in no tenancy that is known');
  const entry = tenancy?.known ? tenancy.entry : undefined;
  if (tenancy === undefined || entry === undefined) {
    const why = tenancy?.known === false ? unknown(tenancy.why) : nowhere;
    return {
      tenancy: why,
      organisation: why,
      environment: why,
      agreement: why,
      commencement: why,
      contacts: why,
      obligations: why,
      monitoring: why,
    };
  }
  const { organisation, environment } = entry;
  const missing = unknown('the community does not have it');
  const conditions = snapshot.look('commencements', id);
  return {
    tenancy: fact(tenancy, nowhere, ({ state, internal }) => ({ organisation, state, internal })),
    organisation: fact(snapshot.look('organisations', organisation), missing, ({ eligibleUntil, state }) => ({
      eligible: eligibleUntil !== null && at < eligibleUntil,
      state,
    })),
    environment: fact(snapshot.look('environments', environment), missing, (it) => it),
    agreement: fact(
      snapshot.look('agreements', `${organisation}/${environment}`),
      known({ state: 'none' as const, version: null, until: null }, new Date(0), ''),
      (it) => it,
    ),
    commencement: fact(conditions, missing, (it) => it.conditions),
    monitoring: fact(conditions, missing, ({ monitoringConfirmedAt: confirmedAt }) => ({ confirmedAt })),
    contacts: fact(
      snapshot.look('contacts', organisation),
      known({ checkedAt: null }, new Date(0), ''),
      (it) => it,
    ),
    obligations: fact(
      snapshot.look('obligations', `${organisation}/${environment}`),
      known([], new Date(0), ''),
      (it) => it,
    ),
    ...(request.resource.type !== 'data' && { classification: unknown('the resource is not data') }),
  };
}

/** What only who stands at the door can tell, whoever it is that stands there. */
function ofMoment(told: Told, { at, teller, countryOf }: Gathering) {
  const silent = unknown(`${teller} does not tell`);
  const country = told.country ?? (told.address === undefined ? undefined : countryOf(told.address));
  return {
    session: told.session === undefined ? silent : known(told.session, at, teller),
    place:
      told.address === undefined && country === undefined
        ? silent
        : country === undefined
          ? unknown('the country of the address could not be looked up')
          : known({ country }, at, teller),
    ...(told.classification !== undefined && { classification: known(told.classification, at, teller) }),
  };
}

const supportTypes = ['support-session', 'break-glass'];
const supportOf = (snapshot: Snapshot, { resource }: AccessRequest): Looked<SupportEntry> | undefined =>
  supportTypes.includes(resource.type) ? snapshot.look('support', resource.id) : undefined;

function ofSupport(support: Looked<SupportEntry>) {
  const none = known(null, new Date(0), '');
  return {
    customerApproval: fact(support, none, (it) => it.customerApproval),
    providerApproval: fact(support, none, (it) => it.providerApproval),
  };
}
