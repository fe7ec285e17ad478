import { z } from 'zod';

const when = z.iso.datetime();
const probability = z.number().min(0).max(1);
const word = (most: number) => z.string().trim().min(1).max(most);

export const dimension = z.enum(['C', 'I', 'A']);
export const findingsFormats = ['trivy', 'grype', 'osv-scanner', 'nessus', 'nessus-csv', 'csv'] as const;
export const findingsFormat = z.enum(findingsFormats);
export type FindingsFormat = z.infer<typeof findingsFormat>;

const counts = z.object({ alpha: z.number().min(0.1).max(1e6), beta: z.number().min(0.1).max(1e6) });
export type Counts = z.infer<typeof counts>;
const band = z
  .object({ low: z.number().min(0.01).max(1e15), high: z.number().min(0.01).max(1e15) })
  .refine(({ low, high }) => low <= high, 'The low end is above the high end.');

/** What we declare, because nobody measured it. All of it is in the result of every run. */
export const riskParameters = z.object({
  horizonDays: z.number().min(1).max(3650),
  exposure: z.object({
    internet: probability,
    tenant: probability,
    management: probability,
    offline: probability,
  }),
  kevFloor: probability,
  seenFloor: probability,
  epssUnknown: counts,
  effectiveness: z.object({
    Effective: counts,
    'Alternate Control': counts,
    Ineffective: counts,
    'No Visibility': counts,
    'Not Assessed': counts,
  }),
  observationHalfLifeDays: z.number().min(0.01).max(100_000),
  observationCap: z.number().min(0).max(1e6),
  bands: z.array(band).length(5),
  hoursPerFinding: z.number().min(0.01).max(100_000),
  hoursPerControl: z.number().min(0.01).max(100_000),
});
/** Those of the engine, and what only a system has. */
export const systemParameters = riskParameters.extend({
  /** Threats that are no vulnerability, on each asset of a kind, within the horizon. */
  priors: z.object({ misconfiguration: counts, credential: counts, failure: counts }),
  /** Of the Essential Eight, for patch clocks. */
  maturity: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  draws: z.number().int().min(4000).max(100_000),
  seed: z.number().int().min(0).max(4_294_967_295),
});
export type SystemParameters = z.infer<typeof systemParameters>;
export const parametersView = z.object({
  version: z.number().int(),
  parameters: systemParameters,
  why: z.string(),
  by: z.string(),
  at: when.nullable(),
});
export type ParametersView = z.infer<typeof parametersView>;
/** PUT /api/risk/:environment/parameters: all of them, on top of the version that was looked at. */
export const parametersChange = z.object({
  version: z.number().int().min(0),
  parameters: systemParameters,
  why: word(500),
});

export const cells = z.object({
  column: z.number().int(),
  lowRow: z.number().int(),
  highRow: z.number().int(),
  lowRating: z.string(),
  highRating: z.string(),
});
const outcome = z.object({
  asset: z.string(),
  name: z.string(),
  dimension,
  value: z.union([z.number(), z.object({ low: z.number(), high: z.number() })]).nullable(),
  probability,
  low: probability,
  high: probability,
  standardError: z.number(),
  expectedLoss: z.number(),
});
export type Outcome = z.infer<typeof outcome>;
const root = z.object({
  kind: z.enum(['finding', 'threat']),
  id: z.string(),
  title: z.string(),
  asset: z.string(),
  name: z.string(),
  likelihood: z.number(),
  exposure: z.number(),
  controlsLeave: z.number(),
  probability: z.number(),
  controls: z.array(z.string()),
  basis: z.string(),
  ageDays: z.number().nullable(),
});
const causes = z.object({
  asset: z.string(),
  dimension,
  lost: z.number().int(),
  looked: z.number().int(),
  sets: z.array(
    z.object({
      share: z.number(),
      roots: z.array(root),
      steps: z.array(
        z.object({ edge: z.string(), how: z.enum(['reach', 'depends']), from: z.string(), to: z.string() }),
      ),
    }),
  ),
});
export type CausesView = z.infer<typeof causes>;
const difference = z.object({ asset: z.string(), dimension, before: z.number(), after: z.number() });
/** What something would do, on the same draws. */
export const effect = z.object({
  differences: z.array(difference),
  drop: z.number(),
  lossDrop: z.number(),
});
export type EffectView = z.infer<typeof effect>;
const treatment = effect.extend({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['fix', 'control']),
  hours: z.number(),
  closes: z.array(z.string()),
  dropPerHour: z.number(),
  lossDropPerHour: z.number(),
});
export type TreatmentView = z.infer<typeof treatment>;
const ages = z.object({ newest: z.number(), oldest: z.number() }).nullable();
/** What the engine answers: format `ironbark-risk-result-1`. */
export const riskResult = z.object({
  format: z.literal('ironbark-risk-result-1'),
  model: z.string(),
  seed: z.number(),
  draws: z.number(),
  worlds: z.number(),
  asOf: z.string(),
  parameters: riskParameters,
  outcomes: z.array(outcome),
  loss: z.object({
    mean: z.number(),
    p50: z.number(),
    p90: z.number(),
    p95: z.number(),
    p99: z.number(),
    exceedance: z.array(z.object({ loss: z.number(), probability: z.number() })),
  }),
  basis: z.object({
    assets: z.number(),
    findings: z.number(),
    findingsWithoutEpss: z.number(),
    threats: z.number(),
    controls: z.number(),
    controlsUnknown: z.array(z.string()),
    findingAgeDays: ages,
    observationAgeDays: ages,
  }),
  causes: z.array(causes),
  treatments: z.array(treatment),
});
export type RiskResultView = z.infer<typeof riskResult>;

export const runSummary = z.object({
  id: z.string(),
  at: when,
  seed: z.number(),
  draws: z.number().int(),
  model: z.string(),
  resultHash: z.string(),
  tookMs: z.number().int(),
  lossMean: z.number(),
  lossP95: z.number(),
  /** The most probable outcome. */
  top: z.number(),
});
export type RunSummary = z.infer<typeof runSummary>;
/** GET /api/risk/:environment */
export const riskPage = z.object({
  environment: z.string(),
  /** Null where it was never worked out, because there is no information asset. */
  run: runSummary.nullable(),
  result: riskResult.nullable(),
  /** By asset and dimension, in the order of the result's outcomes: where they lie in the table of 5 by 5. */
  cells: z.array(cells),
  /** Names of all assets that causes go through. */
  names: z.record(z.string(), z.string()),
  /** Oldest first. */
  trend: z.array(runSummary),
});
export type RiskPage = z.infer<typeof riskPage>;
export const runList = z.object({ runs: z.array(runSummary) });
/** POST /api/risk/:environment/runs/:id/again */
export const again = z.object({ identical: z.boolean(), resultHash: z.string(), was: z.string() });

/** POST /api/risk/:environment/what-if: these go, or stand at a status. */
export const whatIfRequest = z.object({
  findings: z.array(z.string().max(300)).max(5000).default([]),
  threats: z.array(z.string().max(300)).max(5000).default([]),
  reach: z.array(z.string().max(300)).max(100).default([]),
  dependencies: z.array(z.string().max(300)).max(100).default([]),
  controls: z
    .array(
      z.object({
        id: z.string().max(300),
        status: z.enum(['Effective', 'Alternate Control', 'Ineffective', 'No Visibility', 'Not Implemented']),
      }),
    )
    .max(100)
    .default([]),
});
export type WhatIfRequest = z.infer<typeof whatIfRequest>;

export const findingView = z.object({
  id: z.string(),
  asset: z.string(),
  assetName: z.string(),
  vulnerability: z.string(),
  package: z.string(),
  title: z.string(),
  source: z.string(),
  cvss: z.number().nullable(),
  epss: z.number().nullable(),
  kev: z.boolean(),
  /** A detection of ours tells of its exploitation on that asset. */
  seen: z.boolean(),
  firstSeenAt: when,
  lastSeenAt: when,
  decision: z.enum(['defer', 'scheduled', 'out-of-cycle', 'immediate']),
  /** The points of SSVC's tree that led there. */
  points: z.object({
    exploitation: z.string(),
    exposure: z.string(),
    automatable: z.string(),
    impact: z.string(),
  }),
  dueAt: when,
  dueBy: z.enum(['SSVC', 'Essential Eight']),
  overdue: z.boolean(),
});
export type FindingView = z.infer<typeof findingView>;
/** GET /api/risk/:environment/findings */
export const findingList = z.object({ findings: z.array(findingView), total: z.number().int() });
/** POST /api/risk/:environment/findings/import */
export const findingsReport = z.object({
  format: findingsFormat,
  applied: z.boolean(),
  read: z.number().int(),
  fresh: z.number().int(),
  seenAgain: z.number().int(),
  closed: z.number().int(),
  /** Names in the file that no asset of the environment has, with how many findings each. */
  unmatched: z.array(z.object({ host: z.string(), findings: z.number().int() })),
  skipped: z.array(z.object({ at: z.string(), why: z.string() })),
});
export type FindingsReport = z.infer<typeof findingsReport>;
/** POST /api/risk/feeds: KEV's JSON, EPSS's CSV or an advisory in CSAF. */
export const feedReport = z.object({
  feed: z.enum(['kev', 'epss', 'advisories']),
  read: z.number().int(),
  asOf: when,
});

export const treatmentKind = z.enum(['avoid', 'modify', 'share', 'retain']);
const judged = z
  .object({ low: probability, high: probability, band: z.number().int().min(1).max(5) })
  .refine(({ low, high }) => low <= high, 'The low end is above the high end.');
/** POST /api/risk/:environment/register: from an outcome of a run, or judged by hand. */
export const newRisk = z
  .object({
    title: word(300),
    asset: z.string().max(300).optional(),
    dimension: dimension.optional(),
    judged: judged.optional(),
    treatment: treatmentKind,
    plan: z.string().max(4000).default(''),
    owner: word(200),
    dueAt: when.nullable().default(null),
  })
  .refine(
    (risk) =>
      (risk.asset === undefined) === (risk.dimension === undefined) &&
      (risk.asset === undefined) !== (risk.judged === undefined),
    'Name an asset and a dimension of a run, or judge it by hand: one of the two.',
  );
export type NewRisk = z.infer<typeof newRisk>;
export const riskChange = z.object({
  title: word(300).optional(),
  treatment: treatmentKind.optional(),
  plan: z.string().max(4000).optional(),
  owner: word(200).optional(),
  dueAt: when.nullable().optional(),
  closed: z.boolean().optional(),
  note: word(2000).optional(),
});
export type RiskChange = z.infer<typeof riskChange>;
/** POST /api/risk/register/:id/acceptance */
export const newAcceptance = z.object({
  ceiling: z.number().gt(0).max(1),
  until: when,
  why: word(2000),
});
export const acceptanceView = z.object({
  ceiling: z.number(),
  until: when,
  why: z.string(),
  by: z.string(),
  at: when,
  lapsedAt: when.nullable(),
  lapsedBecause: z.string().nullable(),
});
export type AcceptanceView = z.infer<typeof acceptanceView>;
export const riskView = z.object({
  id: z.string(),
  title: z.string(),
  asset: z.string().nullable(),
  dimension: dimension.nullable(),
  treatment: treatmentKind,
  plan: z.string(),
  owner: z.string(),
  dueAt: when.nullable(),
  closedAt: when.nullable(),
  createdAt: when,
  /** Now: of the last run, or as judged; null where the last run has no such outcome. */
  now: z.object({ probability: z.number(), low: z.number(), high: z.number(), cells }).nullable(),
  /** The newest. */
  acceptance: acceptanceView.nullable(),
});
export type RiskView = z.infer<typeof riskView>;
export const register = z.object({ risks: z.array(riskView) });
export const riskDetail = riskView.extend({
  acceptances: z.array(acceptanceView),
  history: z.array(z.object({ at: when, what: z.string(), note: z.string(), by: z.string() })),
});
export type RiskDetail = z.infer<typeof riskDetail>;
