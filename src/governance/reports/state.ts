import type {
  Confidence,
  CustomerResponsibility,
  ImplementationStatus,
  ResponsibleEntity,
} from '#contract/governance';

/** Everything an export says about one system, read in one transaction at one moment. No export asks for more. */
export type SystemState = {
  readonly at: Date;
  readonly system: {
    readonly environment: string;
    readonly name: string;
    readonly marking: string;
    /** The provider's internal tenancy there. */
    readonly tenancy: string;
    readonly provider: { readonly id: string; readonly name: string };
  };
  readonly framework: {
    readonly id: string;
    readonly title: string;
    readonly edition: string;
    /** 'PROTECTED', or how else the baseline is called. */
    readonly profile: string;
    /** SHA-256 of the catalogue as it was imported, in hex; null where it is not known. */
    readonly hash: string | null;
    /** The catalogue as it was imported (OSCAL 1.1.2, JSON), where it is at hand: the bundle carries it as it is. */
    readonly catalog?: string;
  };
  /** In the order of the catalogue. */
  readonly controls: readonly ControlState[];
  readonly collections: readonly CollectionState[];
  readonly findings: readonly FindingState[];
  readonly exceptions: readonly ExceptionState[];
  readonly maturity: MaturityState | null;
  readonly risks: readonly RiskState[];
  readonly certificates: readonly CertificateState[];
  readonly documents: readonly DocumentState[];
  readonly assets: AssetSummary | null;
  readonly services: readonly ServiceState[];
  readonly tenancies: readonly TenancyState[];
  /** Other frameworks that are answered from the same controls. */
  readonly mapped: readonly MappedFramework[];
};

export type ControlState = {
  /** 'ism-1504' */
  readonly id: string;
  /** 'ISM-1504', as people call it. */
  readonly label: string;
  readonly statement: string;
  readonly statementHash: string;
  readonly guidance: string;
  /** Guideline, section, topic: as far as there are any. */
  readonly path: readonly string[];
  /** 'NC', 'OS', 'P', 'S', 'TS' */
  readonly applicability: readonly string[];
  /** 'ML1', 'ML2', 'ML3' */
  readonly levels: readonly string[];
  readonly revision: string;
  /** 'Mar-25' */
  readonly updated: string;
  readonly status: ImplementationStatus;
  readonly basis: 'evidence' | 'answer' | 'both' | 'none';
  readonly confidence: Confidence | null;
  readonly because: string;
  readonly unknownWhy: string | null;
  readonly wouldSettle: readonly string[];
  readonly asOf: Date | null;
  readonly expires: Date | null;
  /** Its words changed since it was answered. */
  readonly reaffirm: boolean;
  readonly failing: readonly { readonly subject: string; readonly why: string; readonly due: Date | null }[];
  readonly answer: AnswerState | null;
  /** What the matrices of the services say, where nobody answered. */
  readonly matrix?: readonly MatrixRow[];
  readonly judgements: readonly JudgementState[];
};

/** What somebody wrote down about a control. Null is what nobody answered. */
export type AnswerState = {
  /** What was answered, which is not always how it stands: evidence may say otherwise. */
  readonly status: ImplementationStatus;
  readonly responsibleEntity: ResponsibleEntity | null;
  readonly customerResponsibility: CustomerResponsibility | null;
  readonly narrative: string;
  readonly owner: string | null;
  readonly guidance: AnnexGuidance | null;
  /** Where a service or a tenancy differs from what is said of the system. */
  readonly overrides: readonly Override[];
  readonly by: string | null;
  readonly at: Date | null;
};

/** A row of the responsibilities that ship with the services. */
export type MatrixRow = {
  /** Of these services; none named: of every one. */
  readonly services: readonly string[];
  readonly responsibleEntity: ResponsibleEntity;
  readonly customerResponsibility: CustomerResponsibility;
};

export type Override = {
  /** Null: whatever the service. */
  readonly service: string | null;
  /** Null: whoever's it is. */
  readonly tenancy: string | null;
  /** Null: as for the system. */
  readonly responsibleEntity: ResponsibleEntity | null;
  readonly customerResponsibility: CustomerResponsibility | null;
  /** What is left to the customer, in words. */
  readonly note: string;
};

/** The four columns "Guidance" of the SSP annex. */
export type AnnexGuidance = {
  readonly organisation: OrganisationWord | null;
  readonly selecting: string;
  readonly technology: OrganisationWord | null;
  readonly implementing: string;
};
export const organisationWords = ['Yes', 'No', 'Out of Scope'] as const;
export type OrganisationWord = (typeof organisationWords)[number];

export type JudgementState = {
  readonly evaluator: string;
  readonly version: number;
  readonly status: 'satisfied' | 'not-satisfied' | 'unknown';
  readonly confidence: Confidence | null;
  readonly because: string;
  readonly tested: number | null;
  readonly of: number | null;
  readonly failed: number;
  readonly collections: readonly string[];
  readonly judgedAt: Date;
  readonly validUntil: Date;
};

export type CollectionState = {
  readonly id: string;
  readonly kind: string;
  readonly source: string;
  readonly origin: string;
  readonly collectedAt: Date;
  readonly expiresAt: Date;
  readonly population: { readonly covered: number; readonly of: number | null; readonly basis: string };
  readonly facts: number;
  /** SHA-256 of what was received, in hex. */
  readonly hash: string;
  readonly ceiling: Confidence;
  /** The entry of the ledger that recorded it; null where none is known. */
  readonly ledgerId: string | null;
};

export type FindingState = {
  readonly id: string;
  readonly control: string;
  readonly title: string;
  readonly detail: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | null;
  readonly openedAt: Date;
  readonly due: Date | null;
  readonly owner: string | null;
  /** What is going to be done about it. */
  readonly plan: string;
  readonly state: 'open' | 'accepted' | 'closed';
  readonly closedAt: Date | null;
  readonly collections: readonly string[];
};

export type ExceptionState = {
  readonly id: string;
  readonly control: string;
  readonly kind: 'exception' | 'risk-acceptance';
  readonly reason: string;
  /** What is done instead; '' for nothing. */
  readonly compensating?: string;
  readonly askedBy?: string;
  readonly approvedBy: string;
  readonly from: Date;
  readonly until: Date;
};

export type MaturityState = {
  readonly overall: number;
  readonly target: number;
  readonly strategies: readonly {
    readonly strategy: string;
    readonly level: number;
    readonly target: number;
    readonly blocking: readonly string[];
    readonly unknown: readonly string[];
  }[];
};

export type RiskState = {
  readonly id: string;
  readonly title: string;
  /** What it is about: an information asset, where it is about one. */
  readonly asset: string | null;
  readonly dimension: 'confidentiality' | 'integrity' | 'availability' | null;
  /** Within the horizon: the 5 % and 95 % points and what lies between; null: nobody can say yet. */
  readonly likelihood: { readonly low: number; readonly middle: number; readonly high: number } | null;
  readonly treatment: string;
  readonly owner: string | null;
};

export type CertificateState = {
  readonly id: string;
  readonly title: string;
  readonly scope: string;
  readonly assessor: string;
  readonly from: Date;
  readonly until: Date | null;
  readonly conditions: readonly string[];
};

export type DocumentState = {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly approvedAt: Date | null;
  readonly reviewDue: Date | null;
  readonly controls: readonly string[];
};

export type AssetSummary = {
  readonly information: number;
  readonly supporting: number;
  readonly byKind: readonly { readonly kind: string; readonly count: number }[];
};

export type ServiceState = { readonly id: string; readonly name: string };
export type TenancyState = {
  readonly id: string;
  readonly organisation: string;
  readonly name: string;
  readonly services: readonly string[];
};

/** ISO/IEC 27001 Annex A, the PSPF: each clause answered by the controls it is mapped to. */
export type MappedFramework = {
  readonly id: string;
  readonly title: string;
  readonly edition: string;
  readonly clauses: readonly {
    readonly id: string;
    readonly label: string;
    readonly title: string;
    readonly theme: string;
    /** What a person decided about it; null: it follows from the controls it is mapped to. */
    readonly decision: { readonly included: boolean; readonly justification: string } | null;
    readonly controls: readonly { readonly control: string; readonly confidence: string }[];
  }[];
};

/** The statuses that count as met. Unknown is neither met nor unmet. */
export const isMet = (status: ImplementationStatus): boolean =>
  status === 'Effective' || status === 'Alternate Control';
export const isUnmet = (status: ImplementationStatus): boolean =>
  status === 'Ineffective' || status === 'Not Implemented';
export const isUnknown = (status: ImplementationStatus): boolean =>
  status === 'Not Assessed' || status === 'No Visibility';

export const allStatuses = [
  'Effective',
  'Alternate Control',
  'Ineffective',
  'Not Implemented',
  'No Visibility',
  'Not Assessed',
  'Not Applicable',
] as const satisfies readonly ImplementationStatus[];

export type StatusCounts = Readonly<Record<ImplementationStatus, number>>;

export function countStatuses(controls: readonly Pick<ControlState, 'status'>[]): StatusCounts {
  const counts: Record<ImplementationStatus, number> = {
    Effective: 0,
    'Alternate Control': 0,
    Ineffective: 0,
    'Not Implemented': 0,
    'No Visibility': 0,
    'Not Assessed': 0,
    'Not Applicable': 0,
  };
  for (const { status } of controls) counts[status]++;
  return counts;
}
