import type { ChangeKind } from '#community';
import type { Tx } from '#platform/records';
import type {
  AccountFacts,
  AgreementFacts,
  AppointmentFacts,
  ApprovalFacts,
  BreakGlassFacts,
  ChangeFacts,
  CitizenshipFacts,
  ClearanceFacts,
  ConditionFacts,
  DutyFacts,
  EnvironmentFacts,
  ObligationFacts,
  OrganisationFacts,
  PlaceExceptionFacts,
  ScreeningFacts,
  SupportFacts,
} from './facts.ts';

/**
 * A port: where one kind of fact is read from. What it gives is kept in memory until the change feed names the id
 * (or for `refreshSeconds`, for what changes by the clock alone), so it is a plain value of the moment.
 */
export type FactTable<T> = {
  /** Said in reasons and in the log: "the clearance register". */
  readonly name: string;
  /** Changes of these kinds, with the id of the entry, make the entry be read again. */
  readonly kinds: readonly ChangeKind[];
  /** Everything there is, by id. */
  all(tx: Tx): Promise<ReadonlyMap<string, T>>;
  /** As far as they exist. */
  some(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, T>>;
  readonly refreshSeconds?: number;
  /** Changes of these kinds, whatever their id, make all of it be read again. */
  readonly wholeFor?: readonly ChangeKind[];
};

export type PersonEntry = {
  readonly id: string;
  readonly organisation: string;
  readonly state: 'active' | 'suspended' | 'left';
  /** The person's account, if there is one. */
  readonly user: string | null;
  readonly email: string | null;
  readonly screening: ScreeningFacts | undefined;
};

export type ClearanceEntry = { readonly clearance: ClearanceFacts; readonly citizenship: CitizenshipFacts };

export type TenancyEntry = {
  readonly organisation: string;
  readonly environment: string;
  readonly state: 'invited' | 'commencing' | 'active' | 'suspended' | 'leaving' | 'left';
  readonly internal: boolean;
};

export type CommencementEntry = {
  readonly conditions: readonly ConditionFacts[];
  readonly monitoringConfirmedAt: Date | null;
};

export type OrganisationEntry = {
  readonly state: OrganisationFacts['state'];
  /** The basis of its eligibility counts before this; null: there is none. */
  readonly eligibleUntil: Date | null;
  readonly ofProvider: boolean;
};

/** A support session or a declared emergency, with everything that was decided about it. */
export type SupportEntry = {
  readonly tenancy: string;
  readonly support: SupportFacts | null;
  readonly breakGlass: BreakGlassFacts | null;
  readonly customerApproval: ApprovalFacts | null;
  readonly providerApproval: ApprovalFacts | null;
  readonly duties: Omit<DutyFacts, 'operator'> | undefined;
};

export type ChangeEntry = {
  /** The provider's own, of the environment that is changed. */
  readonly tenancy: string;
  readonly change: ChangeFacts;
  readonly duties: Omit<DutyFacts, 'operator'>;
};

export type DeviceEntry = {
  /** Person id of who it was given to. */
  readonly person: string;
  readonly managed: boolean;
  readonly posture: 'met' | 'not-met' | 'unknown';
  readonly postureCheckedAt: Date | null;
};

/**
 * Filled by the wiring from the modules that know. A port that is missing makes its facts unknown, and so denies.
 * What the id of each is, `ChangeKind` says.
 */
export type FactSources = {
  readonly environments?: FactTable<EnvironmentFacts>;
  readonly organisations?: FactTable<OrganisationEntry>;
  readonly tenancies?: FactTable<TenancyEntry>;
  readonly people?: FactTable<PersonEntry>;
  readonly accounts?: FactTable<AccountFacts>;
  readonly clearances?: FactTable<ClearanceEntry>;
  /** By tenancy. */
  readonly commencements?: FactTable<CommencementEntry>;
  /** By person: until when working away from the site is approved. */
  readonly remoteWork?: FactTable<Date>;
  /** By organisation: person id and office. */
  readonly appointments?: FactTable<readonly (AppointmentFacts & { readonly person: string })[]>;
  readonly contacts?: FactTable<{ readonly checkedAt: Date | null }>;
  /** By `organisation/environment`. */
  readonly agreements?: FactTable<AgreementFacts>;
  /** By `organisation/environment`. */
  readonly obligations?: FactTable<readonly ObligationFacts[]>;
  readonly support?: FactTable<SupportEntry>;
  readonly changes?: FactTable<ChangeEntry>;
  readonly devices?: FactTable<DeviceEntry>;
  /** By person. */
  readonly placeExceptions?: FactTable<PlaceExceptionFacts>;
};
