import type { Tx } from '#platform/records';
import { scopeOf, tenancyId, type Scope } from '#platform/scope';
import type { TenancySummary } from './contract.ts';

/** What identity has to know about the community, which stands above it. */
export type CommunityFacts = {
  /** Null until the provider is set up. */
  readonly provider: { readonly id: string; readonly name: string } | null;
  readonly demo: boolean;
  readonly organisations: ReadonlySet<string>;
  readonly tenancies: readonly TenancySummary[];
};

export type Directory = {
  facts(tx: Tx): Promise<CommunityFacts>;
  /** Told, in the same transaction, that what an account may do has changed. */
  accountChanged?(tx: Tx, userId: string): Promise<void>;
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

export const scopeFor = (member: Membership, facts: CommunityFacts): Scope | undefined =>
  scopeOf(visibleTenancies(member, facts).map(({ id }) => tenancyId(id)));
