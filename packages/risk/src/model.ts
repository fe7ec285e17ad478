/** The input of the engine: plain JSON, format `ironbark-risk-1`. Every id is stable: draws belong to ids, not to places in a list. */
export const dimensions = ['C', 'I', 'A'] as const;
/** Confidentiality, integrity, availability. */
export type Dimension = (typeof dimensions)[number];
export type ByDimension<T> = Readonly<Record<Dimension, T>>;

/** Pseudo-counts of a Beta distribution: `alpha` for, `beta` against. */
export type BetaCounts = { readonly alpha: number; readonly beta: number };
/** A probability in the horizon: known, or known only as a distribution. */
export type Likelihood = number | BetaCounts;

export const exposureZones = ['internet', 'tenant', 'management', 'offline'] as const;
export type ExposureZone = (typeof exposureZones)[number];

/** A band of the model's parameters, or what a loss costs in AUD: 90 in 100 losses lie between `low` and `high`. */
export type Value = 1 | 2 | 3 | 4 | 5 | { readonly low: number; readonly high: number };

export type Asset = {
  readonly id: string;
  readonly name?: string;
  /** An information asset is what is valued; a supporting asset is what it depends on. */
  readonly kind: 'information' | 'supporting';
  /** x_n: a zone of the parameters, or a factor from 0 to 1. Absent: the zone `tenant`. */
  readonly exposure?: ExposureZone | number;
  readonly values?: Readonly<Partial<Record<Dimension, Value>>>;
};

/** `from` depends on `to`: a loss of `to` becomes one of `from` with the probability `degree`, per dimension. */
export type Dependency = {
  readonly id?: string;
  readonly from: string;
  readonly to: string;
  readonly degree: number | Readonly<Partial<Record<Dimension, number>>>;
  /** A group of redundant parts that this one belongs to. */
  readonly group?: string;
};

/** Redundant parts of `asset`: in `dimensions` (A when absent) it loses only when as many of the group as `lost` says do. */
export type Group = {
  readonly id: string;
  readonly asset: string;
  readonly lost: 'any' | 'all' | { readonly atLeast: number };
  readonly dimensions?: readonly Dimension[];
};

export const reachKinds = ['network', 'identity', 'admin'] as const;
export type ReachKind = (typeof reachKinds)[number];
/** Whoever holds `from` takes `to` with probability `step` within the horizon, before controls. */
export type Reach = {
  readonly id?: string;
  readonly from: string;
  readonly to: string;
  readonly kind: ReachKind;
  readonly step: number;
};

export type Finding = {
  readonly id: string;
  readonly asset: string;
  readonly cve?: string;
  readonly title?: string;
  readonly cvss?: number;
  readonly epss?: number;
  readonly kev?: boolean;
  /** Seen being exploited in our own security operations. */
  readonly seen?: boolean;
  /** Findings that one piece of work closes carry its name. Absent: the CVE, else the finding itself. */
  readonly treatment?: string;
  readonly hours?: number;
  /** When it was last seen (ISO 8601). */
  readonly asOf?: string;
};

export const threatKinds = ['misconfiguration', 'credential', 'failure'] as const;
export type ThreatKind = (typeof threatKinds)[number];
export type Threat = {
  readonly id: string;
  readonly asset: string;
  readonly kind: ThreatKind;
  readonly title?: string;
  readonly likelihood: Likelihood;
  /** Only these are lost, and nobody holds the asset. Absent: a failure strikes A, anything else takes the whole asset. */
  readonly strikes?: readonly Dimension[];
  readonly treatment?: string;
  readonly hours?: number;
  readonly asOf?: string;
};

export const controlStatuses = [
  'Effective',
  'Alternate Control',
  'Ineffective',
  'No Visibility',
  'Not Assessed',
  'Not Implemented',
  'Not Applicable',
] as const;
export type ControlStatus = (typeof controlStatuses)[number];
/** What a control works against: exploitation of a vulnerability, another threat, or a step along a reach edge. */
export const attackKinds = ['exploit', 'misconfiguration', 'credential', ...reachKinds] as const;
export type AttackKind = (typeof attackKinds)[number];

export type Control = {
  readonly id: string;
  readonly title?: string;
  /** One of ASD's words; or counts, when the caller has pooled its own. */
  readonly status: ControlStatus | BetaCounts;
  readonly against: readonly AttackKind[];
  /** Assets it protects; a step is protected where it arrives. */
  readonly on: 'all' | readonly string[];
  readonly observed?: { readonly pass: number; readonly fail: number; readonly at: string };
  /** Work to make it effective. */
  readonly hours?: number;
  readonly asOf?: string;
};

/** Declared by us, editable, and part of every result. */
export type RiskParameters = {
  readonly horizonDays: number;
  readonly exposure: Readonly<Record<ExposureZone, number>>;
  readonly kevFloor: number;
  readonly seenFloor: number;
  /** A vulnerability whose EPSS nobody told us. */
  readonly epssUnknown: BetaCounts;
  readonly effectiveness: Readonly<
    Record<Exclude<ControlStatus, 'Not Implemented' | 'Not Applicable'>, BetaCounts>
  >;
  /** An observation counts half after so many days. */
  readonly observationHalfLifeDays: number;
  /** A population counts as so many observations at most: who has a setting is not yet who is protected by it. */
  readonly observationCap: number;
  /** AUD, 90 in 100 losses between them. */
  readonly bands: readonly { readonly low: number; readonly high: number }[];
  readonly hoursPerFinding: number;
  readonly hoursPerControl: number;
};

export const defaultParameters: RiskParameters = {
  horizonDays: 30,
  exposure: { internet: 1, tenant: 0.3, management: 0.1, offline: 0.01 },
  kevFloor: 0.5,
  seenFloor: 0.9,
  epssUnknown: { alpha: 1, beta: 19 },
  effectiveness: {
    Effective: { alpha: 16, beta: 4 },
    'Alternate Control': { alpha: 12, beta: 8 },
    Ineffective: { alpha: 2, beta: 18 },
    'No Visibility': { alpha: 1, beta: 1 },
    'Not Assessed': { alpha: 1, beta: 1 },
  },
  observationHalfLifeDays: 90,
  observationCap: 100,
  bands: [
    { low: 1_000, high: 10_000 },
    { low: 10_000, high: 100_000 },
    { low: 100_000, high: 1_000_000 },
    { low: 1_000_000, high: 10_000_000 },
    { low: 10_000_000, high: 100_000_000 },
  ],
  hoursPerFinding: 2,
  hoursPerControl: 40,
};

export type RiskModel = {
  readonly format: 'ironbark-risk-1';
  /** Ages are counted to this moment (ISO 8601); the engine has no clock. */
  readonly asOf: string;
  readonly parameters?: Partial<RiskParameters>;
  readonly assets: readonly Asset[];
  readonly dependencies?: readonly Dependency[];
  readonly groups?: readonly Group[];
  readonly reach?: readonly Reach[];
  readonly findings?: readonly Finding[];
  readonly threats?: readonly Threat[];
  readonly controls?: readonly Control[];
};

export const parametersOf = (model: Pick<RiskModel, 'parameters'>): RiskParameters => ({
  ...defaultParameters,
  ...model.parameters,
});

/** The id an edge goes by when it names none. Two edges of one kind between the same two need ids of their own. */
export const dependencyId = (edge: Dependency): string => edge.id ?? `depends:${edge.from}>${edge.to}`;
export const reachId = (edge: Reach): string => edge.id ?? `${edge.kind}:${edge.from}>${edge.to}`;

/** In this dimension; what is not named is 0. */
export const degreeIn = (edge: Dependency, dimension: Dimension): number =>
  typeof edge.degree === 'number' ? edge.degree : (edge.degree[dimension] ?? 0);

/** How many of `size` parts must be lost for the group to be. */
export const lostAt = (lost: Group['lost'], size: number): number =>
  lost === 'any' ? 1 : lost === 'all' ? size : lost.atLeast;
