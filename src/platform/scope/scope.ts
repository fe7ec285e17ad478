declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type EnvironmentId = Branded<'EnvironmentId'>;
export type OrganisationId = Branded<'OrganisationId'>;
export type TenancyId = Branded<'TenancyId'>;
export type SourceId = Branded<'SourceId'>;
export type UserId = Branded<'UserId'>;

const idPattern = /^[a-z0-9][a-z0-9_.-]{0,62}$/;

/** Ids of environments, organisations, tenancies and sources: lower case, 1 to 63 characters of a-z 0-9 . _ - */
export const isId = (text: string): boolean => idPattern.test(text);

// The casts below are the one place where a string becomes an id; callers have validated it or read it from a store.
export const tenancyId = (text: string): TenancyId => text as TenancyId;
export const sourceId = (text: string): SourceId => text as SourceId;

declare const scopeBrand: unique symbol;

/**
 * The tenancies a piece of work may see. Never empty: who may see nothing has no scope.
 * INVARIANT: no query without a scope; every store function takes one.
 */
export type Scope = {
  readonly tenancies: readonly [TenancyId, ...TenancyId[]];
  readonly [scopeBrand]: true;
};

/** Sorted and without doubles, so that equal scopes have equal keys. Undefined for an empty list. */
export function scopeOf(tenancies: Iterable<TenancyId>): Scope | undefined {
  const sorted = [...new Set(tenancies)].sort();
  const [first, ...rest] = sorted;
  // The brand exists in types only.
  return first === undefined ? undefined : ({ tenancies: [first, ...rest] } as unknown as Scope);
}

/** The part of `scope` that was asked for; undefined when nothing of it is left. */
export function narrow(scope: Scope, wanted: Iterable<TenancyId>): Scope | undefined {
  const allowed = new Set(scope.tenancies);
  return scopeOf([...wanted].filter((id) => allowed.has(id)));
}

export const covers = (scope: Scope, tenancy: TenancyId): boolean => scope.tenancies.includes(tenancy);

/** One text for one scope: a key for connection pools and caches. */
export const scopeKey = (scope: Scope): string => scope.tenancies.join(',');

/**
 * Work of the system itself that is bound to no tenancy (checkpoints, sign-in, the ledger's chain).
 * The reason is for the reader of the code and of the log.
 */
export type SystemAccess = { readonly system: string };
export const systemAccess = (reason: string): SystemAccess => ({ system: reason });
export type Access = Scope | SystemAccess;
export const isSystem = (access: Access): access is SystemAccess => 'system' in access;
