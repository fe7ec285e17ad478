import { type Application, conditionsOf, type Translated, translate } from './application.ts';
import type { Parameters } from './contract.ts';
import { type Ask, type Fact, type Facts, type FactValues, known, unknown } from './facts.ts';
import { own } from './gate.ts';
import { type AccessRequest, type Told, toldBy } from './request.ts';
import type { Looked, Snapshot } from './snapshot.ts';
import type { ChangeEntry, SupportEntry } from './sources.ts';

/** Everything that was found out about one request. */
export type Gathered = {
  readonly facts: Facts;
  /** Whose tenancy it is, and who asked; for the log and who may read it. '' where unknown. */
  readonly organisation: string;
  readonly subjectOrganisation: string;
};

export type Gathering = {
  readonly snapshot: Snapshot;
  readonly parameters: Parameters;
  readonly applications: readonly Application[];
  readonly at: Date;
  /** The country of an address, looked up before; undefined: it could not be. */
  readonly countryOf: (address: string) => string | null | undefined;
  /** Told by an enforcement point ("portal-proxy"), or assumed for a question. */
  readonly teller: string;
  /** Beside what the request's context tells. */
  readonly told?: Told;
  /** The person who asks, where it is not the request that says so. */
  readonly person?: string;
};

/** Turns a request into a question with all facts that are known about it. Reads memory only. */
export function gather(request: AccessRequest, from: Gathering): Gathered {
  const scene = sceneOf(request, from);
  return asked(scene, from.person ?? personOf(from.snapshot, scene.translated, request), request.subject.id);
}

/** What of a request is the same whoever asks. */
export type Scene = {
  readonly from: Gathering;
  readonly at: Date;
  readonly request: AccessRequest;
  readonly translated: Translated | undefined;
  readonly told: Told;
  readonly ask: Omit<Ask, 'subject'>;
  readonly support: Looked<SupportEntry> | undefined;
  readonly change: Looked<ChangeEntry> | undefined;
  readonly organisation: string;
  /** Of the place and the moment. */
  readonly facts: Facts['facts'];
};

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
  const { from, told, support, change } = scene;
  const { snapshot } = from;
  const entry = person === undefined ? undefined : snapshot.look('people', person);
  const subject = { type: 'person', id: person ?? called };
  return {
    facts: {
      at: scene.at,
      ask: { subject, ...scene.ask },
      facts: {
        ...scene.facts,
        ...ofPerson(snapshot, person, entry),
        ...atTheDoor(told, from, entry),
        ...(support && namesIn(snapshot, support, subject.id)),
        ...(change && { duties: dutiesOf(snapshot, change, subject.id) }),
      },
    },
    organisation: scene.organisation,
    subjectOrganisation: entry?.known ? (entry.entry?.organisation ?? '') : '',
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

/** What a register says, as a fact; `absent` is what it means that it has no such entry. */
function fact<T, V>(looked: Looked<T>, absent: Fact<V>, value: (entry: T) => V | undefined): Fact<V> {
  if (!looked.known) return unknown(looked.why);
  if (looked.entry === undefined)
    return absent.known ? known(absent.value, looked.at, looked.source) : absent;
  const found = value(looked.entry);
  return found === undefined
    ? unknown(`${looked.source} does not say`)
    : known(found, looked.at, looked.source);
}

type EntryLook = Looked<import('./sources.ts').PersonEntry> | undefined;

function ofPerson(snapshot: Snapshot, id: string | undefined, entry: EntryLook) {
  if (id === undefined || entry === undefined) {
    const nobody = unknown('nobody in the community is known by this');
    return {
      subject: nobody,
      account: nobody,
      clearance: nobody,
      screening: nobody,
      citizenship: nobody,
      appointments: nobody,
    };
  }
  const person = entry.known ? entry.entry : undefined;
  const home = person && snapshot.look('organisations', person.organisation);
  const nobody = unknown('the community has no such person');
  const account = person?.user ?? undefined;
  const vetting = snapshot.look('clearances', id);
  const held = person && snapshot.look('appointments', person.organisation);
  return {
    subject: fact(entry, nobody, ({ organisation, state }) => ({
      kind: 'person' as const,
      organisation,
      ofProvider: home?.known === true && home.entry?.ofProvider === true,
      state,
    })),
    account:
      account === undefined
        ? unknown('the person has no account')
        : fact(snapshot.look('accounts', account), unknown('there is no such account'), (it) => it),
    clearance: fact(vetting, known(null, new Date(0), ''), (it) => it.clearance),
    screening: fact(entry, nobody, (it) => it.screening),
    citizenship: fact(vetting, unknown('no citizenship is recorded'), (it) => it.citizenship),
    appointments:
      held === undefined
        ? nobody
        : fact(held, known([], new Date(0), ''), (all) =>
            all
              .filter((one) => one.person === id)
              .map(({ office, verified, from, until }) => ({ office, verified, from, until })),
          ),
  };
}

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

/** What is told at the door and depends on who it is. */
function atTheDoor(told: Told, from: Gathering, entry: EntryLook) {
  const { at, teller, snapshot } = from;
  const silent = unknown(`${teller} does not tell`);
  const person = entry?.known ? entry.entry : undefined;
  return {
    device: deviceOf(told, from, person?.id),
    remoteWork:
      told.remote === undefined
        ? silent
        : !told.remote
          ? known({ remote: false, approvedUntil: null }, at, teller)
          : fact<Date, FactValues['remoteWork']>(
              snapshot.look('remoteWork', person?.id ?? ''),
              known({ remote: true, approvedUntil: null }, at, teller),
              (approvedUntil) => ({ remote: true, approvedUntil }),
            ),
    placeException: person === undefined ? silent : exceptionOf(snapshot, person.id),
  };
}

const exceptionOf = (snapshot: Snapshot, person: string) =>
  fact(snapshot.look('placeExceptions', person), known(null, new Date(0), ''), (it) => it);

const supportTypes = ['support-session', 'break-glass'];
const supportOf = (snapshot: Snapshot, { resource }: AccessRequest): Looked<SupportEntry> | undefined =>
  supportTypes.includes(resource.type) ? snapshot.look('support', resource.id) : undefined;

const dayMilliseconds = 86_400_000;

/**
 * Who names a device is told what the register says of it, whatever else was said of it: a device that nobody registered, that is
 * another person's, or whose posture was not looked at for long, is not managed.
 */
function deviceOf(told: Told, from: Gathering, person: string | undefined): Fact<FactValues['device']> {
  const { at, snapshot, teller, parameters } = from;
  const id = told.device?.id;
  if (told.device === undefined) return unknown(`${teller} does not tell`);
  if (id === undefined) return known({ managed: told.device.managed === true }, at, teller);
  return fact(
    snapshot.look('devices', id),
    known({ managed: false }, at, ''),
    ({ managed, posture, postureCheckedAt, person: holder }) => ({
      managed:
        managed &&
        posture === 'met' &&
        postureCheckedAt !== null &&
        at.getTime() - postureCheckedAt.getTime() < parameters.deviceCheckedDays * dayMilliseconds &&
        holder === person &&
        told.device?.managed !== false,
    }),
  );
}

/** Who is named by the account is, here, the person. */
const personIn =
  (snapshot: Snapshot) =>
  (id: string): string =>
    snapshot.personBy('user', id) ?? id;

function ofSupport(support: Looked<SupportEntry>) {
  const none = known(null, new Date(0), '');
  return {
    customerApproval: fact(support, none, (it) => it.customerApproval),
    providerApproval: fact(support, none, (it) => it.providerApproval),
  };
}

/** What of a support session or an emergency names persons. */
function namesIn(snapshot: Snapshot, support: Looked<SupportEntry>, operator: string) {
  const none = known(null, new Date(0), '');
  const person = personIn(snapshot);
  return {
    support: fact(
      support,
      none,
      (it) => it.support && { ...it.support, engineers: it.support.engineers.map(person) },
    ),
    breakGlass: fact(
      support,
      none,
      (it) => it.breakGlass && { ...it.breakGlass, declaredBy: it.breakGlass.declaredBy.map(person) },
    ),
    duties: dutiesOf(snapshot, support, operator),
  };
}

/** Who does it is who asks to be let in. */
function dutiesOf(
  snapshot: Snapshot,
  about: Looked<Pick<SupportEntry | ChangeEntry, 'duties'>>,
  operator: string,
): Fact<FactValues['duties']> {
  const person = personIn(snapshot);
  return fact(
    about,
    unknown('there is no such session or change'),
    ({ duties }) =>
      duties && {
        requester: person(duties.requester),
        approvers: duties.approvers.map(person),
        operator,
      },
  );
}
