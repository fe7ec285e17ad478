import type { FactName, FactValues } from './facts.ts';

/** Is the value what its type says? Facts come from stores, callers and old records; what does not fit is unreadable. */
type Shape<T> = (value: unknown) => value is T;

const is = <T>(test: (value: unknown) => boolean): Shape<T> => test as Shape<T>; // each use below states its T beside its test

const text = is<string>((value) => typeof value === 'string');
const flag = is<boolean>((value) => typeof value === 'boolean');
const number = is<number>((value) => Number.isFinite(value));
const instant = is<Date>((value) => value instanceof Date && !Number.isNaN(value.getTime()));
const nullable = <T>(shape: Shape<T>): Shape<T | null> => is((value) => value === null || shape(value));
const list = <T>(shape: Shape<T>): Shape<readonly T[]> =>
  is((value) => Array.isArray(value) && value.every((one) => shape(one)));
const oneOf = <const T extends string>(...words: readonly T[]): Shape<T> =>
  is((value) => words.some((word) => word === value));

const named = new Set<string>();
/** What members of facts are called. */
export const memberNames: ReadonlySet<string> = named;

function object<T extends object>(shapes: { readonly [Name in keyof T]-?: Shape<T[Name]> }): Shape<T> {
  const members: readonly [string, Shape<unknown>][] = Object.entries(shapes);
  for (const [name] of members) named.add(name);
  return is(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      // Members are read one by one, each checked.
      members.every(([name, shape]) => shape((value as Readonly<Record<string, unknown>>)[name])),
  );
}

const life = oneOf('invited', 'commencing', 'active', 'suspended', 'leaving', 'left');
const approval = nullable(
  object<NonNullable<FactValues['customerApproval']>>({
    by: list(text),
    offices: list(text),
    until: instant,
  }),
);

export const shapes: { readonly [Name in FactName]: Shape<FactValues[Name]> } = {
  feed: object<FactValues['feed']>({ heardUntil: instant }),
  subject: object<FactValues['subject']>({
    kind: oneOf('person', 'program'),
    organisation: text,
    ofProvider: flag,
    state: oneOf('active', 'suspended', 'left'),
  }),
  account: object<FactValues['account']>({
    roles: list(text),
    lastUsedAt: nullable(instant),
    createdAt: instant,
    reviewedAt: nullable(instant),
  }),
  session: object<FactValues['session']>({
    beganAt: instant,
    lastActiveAt: instant,
    phishingResistant: flag,
  }),
  clearance: nullable(
    object<NonNullable<FactValues['clearance']>>({
      level: oneOf('none', 'baseline', 'nv1', 'nv2', 'pv'),
      status: oneOf('active', 'ceased', 'suspended', 'cancelled', 'review-for-cause'),
      sponsorActive: flag,
      confirmedAt: nullable(instant),
      revalidationDue: nullable(instant),
    }),
  ),
  screening: object<FactValues['screening']>({
    screenedUntil: nullable(instant),
    baselineUntil: nullable(instant),
  }),
  citizenship: object<FactValues['citizenship']>({ countries: list(text), waivedUntil: nullable(instant) }),
  appointments: list(
    object<FactValues['appointments'][number]>({
      office: text,
      verified: flag,
      from: instant,
      until: instant,
    }),
  ),
  place: object<FactValues['place']>({ country: nullable(text) }),
  placeException: nullable(
    object<NonNullable<FactValues['placeException']>>({
      countries: list(text),
      until: instant,
      agreedBy: list(text),
    }),
  ),
  device: object<FactValues['device']>({ managed: flag }),
  remoteWork: object<FactValues['remoteWork']>({ remote: flag, approvedUntil: nullable(instant) }),
  organisation: object<FactValues['organisation']>({ eligible: flag, state: life }),
  tenancy: object<FactValues['tenancy']>({ organisation: text, state: life, internal: flag }),
  environment: object<FactValues['environment']>({ id: text, marking: text }),
  classification: text,
  agreement: object<FactValues['agreement']>({
    state: oneOf(
      'none',
      'invited',
      'reviewing',
      'accepted',
      'superseded-in-grace',
      'lapsed',
      'withdrawn',
      'suspended',
      'terminated',
    ),
    version: nullable(text),
    until: nullable(instant),
  }),
  commencement: list(object<FactValues['commencement'][number]>({ id: text, title: text, met: flag })),
  contacts: object<FactValues['contacts']>({ checkedAt: nullable(instant) }),
  obligations: list(object<FactValues['obligations'][number]>({ id: text, title: text, dueAt: instant })),
  monitoring: object<FactValues['monitoring']>({ confirmedAt: nullable(instant) }),
  customerApproval: approval,
  providerApproval: approval,
  change: nullable(
    object<NonNullable<FactValues['change']>>({
      state: oneOf('draft', 'approved', 'rejected', 'closed'),
      from: instant,
      until: instant,
      emergencyReason: nullable(text),
    }),
  ),
  duties: object<FactValues['duties']>({ requester: text, approvers: list(text), operator: text }),
  support: nullable(
    object<NonNullable<FactValues['support']>>({
      state: oneOf('requested', 'approved', 'live', 'ended'),
      engineers: list(text),
      tenancy: text,
      startedAt: nullable(instant),
      minutes: number,
    }),
  ),
  breakGlass: nullable(
    object<NonNullable<FactValues['breakGlass']>>({
      declaredBy: list(text),
      startedAt: instant,
      minutes: number,
      reason: text,
      told: list(text),
    }),
  ),
  application: object<FactValues['application']>({ allowed: flag, condition: text }),
};
