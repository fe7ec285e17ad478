import { AppError } from '#platform/errors';
import type { Scope } from '#platform/scope';
import type { Permission, Role, SignInMethod } from './contract.ts';

/** Who does something: passed to every service, named in every ledger entry. */
export type Actor = {
  readonly kind: 'user' | 'token' | 'system';
  readonly id: string;
  readonly name: string;
  /** The person who acts: the user, or the token's owner. Undefined for the system and for tokens of the machine. */
  readonly userId?: string | undefined;
  /** '' for the system, and for the first administrator until the provider is set up. */
  readonly organisation: string;
  /** The provider's own people see the community as a whole; others their organisation's tenancies. */
  readonly ofProvider: boolean;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  /** What the actor may see. @throws {NoTenancy} on reading, when that is nothing */
  readonly scope: Scope;
  /** How and when a person signed in; undefined for tokens and the system. */
  readonly signIn?: { readonly at: Date; readonly method: SignInMethod } | undefined;
  /** As `scope`, for whom an empty list is an answer. */
  readonly scopeOrNone: Scope | undefined;
};

/** The actor may see no tenancy: the provider is not set up yet, or the account was given none. */
export class NoTenancy extends AppError {
  readonly code = 'no-tenancy';
  readonly status = 403;
  constructor() {
    super(
      'Your account covers no tenancy. Set up the provider first, or ask an administrator for a tenancy.',
    );
  }
}

export function actorOf(about: Omit<Actor, 'scope'>): Actor {
  return {
    ...about,
    get scope() {
      if (about.scopeOrNone === undefined) throw new NoTenancy();
      return about.scopeOrNone;
    },
  };
}

/** The program itself, doing `name`: 'silence watch', 'demo'. */
export const systemActor = (
  name: string,
  permissions: Iterable<Permission>,
  scope: Scope | undefined,
): Actor =>
  actorOf({
    kind: 'system',
    id: 'system',
    name,
    organisation: '',
    ofProvider: true,
    roles: [],
    permissions: new Set(permissions),
    scopeOrNone: scope,
  });
