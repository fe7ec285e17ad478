/**
 * One thing that a decision depends on. Unknown is a value: it says why, and it denies.
 * `at` is when the value was true as far as we know (not when it was asked for): older than its maximum age, it is stale.
 */
export type Fact<T> =
  | { readonly known: true; readonly value: T; readonly at: Date; readonly source: string }
  | { readonly known: false; readonly why: string };

export const known = <T>(value: T, at: Date, source: string): Fact<T> => ({ known: true, value, at, source });
export const unknown = (why: string): Fact<never> => ({ known: false, why });

export type ClearanceLevel = 'none' | 'baseline' | 'nv1' | 'nv2' | 'pv';

export type SubjectFacts = {
  /** A person of the community, or a program that acts for an organisation. */
  readonly kind: 'person' | 'program';
  readonly organisation: string;
  readonly ofProvider: boolean;
  readonly state: 'active' | 'suspended' | 'left';
};

export type AccountFacts = {
  readonly roles: readonly string[];
  /** Null: made, and never used. */
  readonly lastUsedAt: Date | null;
  readonly createdAt: Date;
  /** When somebody last confirmed that the account is still needed. */
  readonly reviewedAt: Date | null;
};

export type SessionFacts = {
  readonly beganAt: Date;
  readonly lastActiveAt: Date;
  /** A passkey or a smart card: nothing that a person can be talked into giving away. */
  readonly phishingResistant: boolean;
};

export type ClearanceFacts = {
  readonly level: ClearanceLevel;
  readonly status: 'active' | 'ceased' | 'suspended' | 'cancelled' | 'review-for-cause';
  readonly sponsorActive: boolean;
  /** When a security officer last confirmed it. */
  readonly confirmedAt: Date | null;
  readonly revalidationDue: Date | null;
};

/** What has been attested of a customer's person: screening for OFFICIAL, a Baseline clearance for PROTECTED. */
export type ScreeningFacts = { readonly screenedUntil: Date | null; readonly baselineUntil: Date | null };

export type CitizenshipFacts = {
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  /** A risk-assessed waiver for this environment. */
  readonly waivedUntil: Date | null;
};

export type AppointmentFacts = {
  readonly office: string;
  readonly verified: boolean;
  readonly from: Date;
  readonly until: Date;
};

export type PlaceFacts = {
  /** ISO 3166-1 alpha-2 of the address; null when the address is in no list. */
  readonly country: string | null;
};

/** An exception to the place rule: assessed, and agreed by provider and customer. */
export type PlaceExceptionFacts = {
  readonly countries: readonly string[];
  readonly until: Date;
  readonly agreedBy: readonly string[];
};

export type OrganisationFacts = {
  readonly eligible: boolean;
  readonly state: 'invited' | 'commencing' | 'active' | 'suspended' | 'leaving' | 'left';
};

export type TenancyFacts = {
  readonly organisation: string;
  readonly state: 'invited' | 'commencing' | 'active' | 'suspended' | 'leaving' | 'left';
  /** The provider's own network. */
  readonly internal: boolean;
};

export type EnvironmentFacts = { readonly id: string; readonly marking: string };

/** `state` as of the fact's time; from `until` on it does not hold any more. */
export type AgreementFacts = {
  readonly state:
    | 'none'
    | 'invited'
    | 'reviewing'
    | 'accepted'
    | 'superseded-in-grace'
    | 'lapsed'
    | 'withdrawn'
    | 'suspended'
    | 'terminated';
  readonly version: string | null;
  readonly until: Date | null;
};

export type ConditionFacts = { readonly id: string; readonly title: string; readonly met: boolean };

export type ObligationFacts = { readonly id: string; readonly title: string; readonly dueAt: Date };

export type ApprovalFacts = {
  /** Person ids. */
  readonly by: readonly string[];
  readonly offices: readonly string[];
  readonly until: Date;
};

export type ChangeFacts = {
  readonly state: 'draft' | 'approved' | 'rejected' | 'closed';
  readonly from: Date;
  readonly until: Date;
  /** Set for an emergency: why it could not wait. */
  readonly emergencyReason: string | null;
};

/** Person ids of who asked, who approved, and who does it. */
export type DutyFacts = {
  readonly requester: string;
  readonly approvers: readonly string[];
  readonly operator: string;
};

export type SupportFacts = {
  readonly state: 'requested' | 'approved' | 'live' | 'ended';
  /** Person ids of the engineers it names. */
  readonly engineers: readonly string[];
  readonly tenancy: string;
  readonly startedAt: Date | null;
  readonly minutes: number;
};

export type BreakGlassFacts = {
  /** Two people who declared it. */
  readonly declaredBy: readonly string[];
  readonly startedAt: Date;
  readonly minutes: number;
  readonly reason: string;
  /** Offices told, of both organisations: `provider-ciso`, `customer-ciso`. */
  readonly told: readonly string[];
};

/** What each fact is about. */
export type FactValues = {
  /** Until when the change feed has heard everything. */
  feed: { readonly heardUntil: Date };
  subject: SubjectFacts;
  account: AccountFacts;
  session: SessionFacts;
  clearance: ClearanceFacts | null;
  screening: ScreeningFacts;
  citizenship: CitizenshipFacts;
  appointments: readonly AppointmentFacts[];
  place: PlaceFacts;
  placeException: PlaceExceptionFacts | null;
  device: { readonly managed: boolean };
  remoteWork: { readonly remote: boolean; readonly approvedUntil: Date | null };
  organisation: OrganisationFacts;
  tenancy: TenancyFacts;
  environment: EnvironmentFacts;
  /** The marking of the data that is touched: OFFICIAL, OFFICIAL: Sensitive, PROTECTED. */
  classification: string;
  agreement: AgreementFacts;
  commencement: readonly ConditionFacts[];
  contacts: { readonly checkedAt: Date | null };
  /** What the organisation owes and has not done. */
  obligations: readonly ObligationFacts[];
  monitoring: { readonly confirmedAt: Date | null };
  customerApproval: ApprovalFacts | null;
  providerApproval: ApprovalFacts | null;
  change: ChangeFacts | null;
  duties: DutyFacts;
  support: SupportFacts | null;
  breakGlass: BreakGlassFacts | null;
  /** What an application's own conditions say (they only narrow). */
  application: { readonly allowed: boolean; readonly condition: string };
};

export type FactName = keyof FactValues;

/** Facts that can differ with who asks, and what names persons to compare them with; the others are the place's and the moment's. */
const ofPerson: ReadonlySet<FactName> = new Set<FactName>([
  'subject',
  'account',
  'clearance',
  'screening',
  'citizenship',
  'appointments',
  'placeException',
  'device',
  'remoteWork',
  'duties',
  'support',
  'breakGlass',
  'application',
]);
export const isOfPerson = (name: FactName): boolean => ofPerson.has(name);

/** Everything a decision is made from; a fact that is not here is unknown. */
export type Facts = {
  /** The moment of the decision, by the server's clock. */
  readonly at: Date;
  readonly ask: Ask;
  readonly facts: { readonly [Name in FactName]?: Fact<FactValues[Name]> };
};

/** What is asked, in the gate's own words. */
export type Ask = {
  readonly subject: { readonly type: string; readonly id: string };
  readonly action: string;
  readonly resource: { readonly type: string; readonly id: string };
  /** Where the resource is; null when it is not known to be in any tenancy. */
  readonly tenancy: string | null;
  /** The application whose resource it is; null for the community's own. */
  readonly application: string | null;
};
