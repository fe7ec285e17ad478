import type { Tx } from '#platform/records';
import { scopeOf, tenancyId, type Scope } from '#platform/scope';
import type { Permission, Role, TenancySummary } from './contract.ts';
import { permissionsFor, withoutAgreement, withoutAgreementToExport } from './permissions.ts';

/** What identity has to know about the community, which stands above it. */
export type CommunityFacts = {
  /** Null until the provider is set up. */
  readonly provider: { readonly id: string; readonly name: string } | null;
  readonly demo: boolean;
  readonly organisations: ReadonlySet<string>;
  readonly tenancies: readonly TenancySummary[];
  /**
   * Customers' tenancies that have no agreement in force: nobody agreed yet, or what was agreed to has ended. Left out where
   * nobody knows, and while there is no policy to agree to.
   */
  readonly unserviced?: ReadonlyMap<string, 'not-yet' | 'ended'> | undefined;
};

export type Directory = {
  facts(tx: Tx): Promise<CommunityFacts>;
};

export type Membership = { readonly organisation: string | null; readonly tenancies: readonly string[] };

/**
 * The provider's people act before there is a provider: the first administrator has no organisation yet.
 * Only that one: everybody else is added with an organisation.
 */
export const isOfProvider = (organisation: string | null, facts: CommunityFacts): boolean =>
  organisation === null || organisation === facts.provider?.id;

/** The tenancies a member may see: those of the organisation, or of the community for the provider, as far as granted. */
export function visibleTenancies(member: Membership, facts: CommunityFacts): TenancySummary[] {
  const ofProvider = isOfProvider(member.organisation, facts);
  const granted = new Set(member.tenancies);
  return facts.tenancies.filter(
    (tenancy) =>
      (ofProvider || tenancy.organisation === member.organisation) &&
      (granted.size === 0 || granted.has(tenancy.id)),
  );
}

type Holder = Membership & { readonly roles: readonly Role[] };

/** Who takes an organisation's data out when its agreement has ended. */
const takesDataOut = ({ roles }: Holder): boolean =>
  roles.includes('officer') || roles.includes('customer-security-officer');

/**
 * Of the visible tenancies those that are serviced; what has ended stays with officers, to be taken out.
 * INVARIANT: without an agreement in force nobody outside the provider sees a tenancy, but to export it.
 */
export function servicedTenancies(holder: Holder, facts: CommunityFacts): TenancySummary[] {
  const visible = visibleTenancies(holder, facts);
  const { unserviced } = facts;
  if (unserviced === undefined || isOfProvider(holder.organisation, facts)) return visible;
  return visible.filter(({ id }) => {
    const why = unserviced.get(id);
    return why === undefined || (why === 'ended' && takesDataOut(holder));
  });
}

/** What the roles allow, narrowed where the organisation has no agreement in force anywhere. */
export function permissionsIn(holder: Holder, facts: CommunityFacts): ReadonlySet<Permission> {
  const ofProvider = isOfProvider(holder.organisation, facts);
  const held = permissionsFor(holder.roles, ofProvider);
  const { unserviced } = facts;
  const own = facts.tenancies.filter(({ organisation }) => organisation === holder.organisation);
  if (ofProvider || unserviced === undefined || own.length === 0 || own.some(({ id }) => !unserviced.has(id)))
    return held;
  const ended = own.some(({ id }) => unserviced.get(id) === 'ended');
  const left = ended && takesDataOut(holder) ? withoutAgreementToExport : withoutAgreement;
  return new Set(left.filter((permission) => held.has(permission)));
}

export const scopeFor = (holder: Holder, facts: CommunityFacts): Scope | undefined =>
  scopeOf(servicedTenancies(holder, facts).map(({ id }) => tenancyId(id)));
