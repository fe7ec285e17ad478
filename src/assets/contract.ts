import { z } from 'zod';

const when = z.iso.datetime();
const word = (most: number) => z.string().trim().min(1).max(most);
const id = z.string().max(64);

/** Information assets are what is worth protecting; all others are supporting assets, upon which they depend. */
export const assetKinds = [
  'information',
  'service',
  'application',
  'data-store',
  'host',
  'hypervisor',
  'network',
  'account',
  'site',
  'supplier',
] as const;
export const assetKind = z.enum(assetKinds);
export type AssetKind = z.infer<typeof assetKind>;

export const classifications = [
  'UNOFFICIAL',
  'OFFICIAL',
  'OFFICIAL: Sensitive',
  'PROTECTED',
  'SECRET',
  'TOP SECRET',
] as const;
export const valueBands = ['negligible', 'low', 'moderate', 'high', 'extreme'] as const;
export const exposures = ['internet', 'tenant-network', 'management-zone', 'offline'] as const;
export type Exposure = (typeof exposures)[number];

/** What the loss of it would mean: a band, or whole Australian dollars from low to high. */
export const assetValue = z.union([
  z.enum(valueBands),
  z
    .object({ low: z.number().int().min(0), high: z.number().int().min(0).max(1e12) })
    .refine(({ low, high }) => low <= high, 'The low end is above the high end.'),
]);
export type AssetValue = z.infer<typeof assetValue>;

/** How much of the dependency's loss is felt, per confidentiality, integrity, availability. */
export const degrees = [0, 0.01, 0.1, 0.5, 0.9, 1] as const;
export const degree = z.union([
  z.literal(0),
  z.literal(0.01),
  z.literal(0.1),
  z.literal(0.5),
  z.literal(0.9),
  z.literal(1),
]);
export type Degree = z.infer<typeof degree>;

/** active; stale: no source has seen it for long; retired: a person said so. */
export const assetState = z.enum(['active', 'stale', 'retired']);
export type AssetState = z.infer<typeof assetState>;

export const assetSummary = z.object({
  id: z.string(),
  tenancy: z.string(),
  environment: z.string(),
  kind: assetKind,
  name: z.string(),
  state: assetState,
  owner: z.string().nullable(),
  classification: z.string().nullable(),
  exposure: z.enum(exposures).nullable(),
  os: z.string().nullable(),
  /** The newest that any source but a person saw of it. */
  seenAt: when.nullable(),
  sources: z.array(z.string()),
  packages: z.number().int(),
  dependsOn: z.number().int(),
  dependedBy: z.number().int(),
});
export type AssetSummary = z.infer<typeof assetSummary>;
/** GET /api/assets: of everything in scope; the page filters and counts by itself. */
export const assetList = z.object({ assets: z.array(assetSummary), total: z.number().int() });
export type AssetList = z.infer<typeof assetList>;

const shownField = z.object({
  name: z.string(),
  value: z.string(),
  /** Whose word holds, and of when. */
  source: z.string(),
  at: when,
  /** What other sources say instead. */
  others: z.array(z.object({ source: z.string(), value: z.string(), at: when })),
});
const end = z.object({ id: z.string(), name: z.string(), kind: assetKind, tenancy: z.string() });
const degreesOf = z.object({ c: degree, i: degree, a: degree });
export const gateKind = z.enum(['any', 'all', 'k-of-n']);
export type GateKind = z.infer<typeof gateKind>;
export const reachVia = z.enum(['network', 'identity', 'admin']);
export type ReachVia = z.infer<typeof reachVia>;
/**
 * any: the loss of one of the group is felt (as without a gate); all: only the loss of all of them; k-of-n: for
 * availability, the loss of so many that fewer than k are left.
 */
const gate = z.object({ name: word(80), kind: gateKind, k: z.number().int().min(1).max(1000).nullable() });
const dependencyEdge = degreesOf.extend({
  asset: end,
  gate: gate.nullable(),
  source: z.string(),
  note: z.string(),
  at: when,
});
const reachEdge = z.object({
  asset: end,
  via: reachVia,
  probability: z.number(),
  note: z.string(),
  at: when,
});
export const assetDetail = assetSummary.extend({
  revision: z.number().int(),
  addedAt: when,
  changedAt: when,
  retiredWhy: z.string().nullable(),
  values: z.object({
    c: assetValue.nullable(),
    i: assetValue.nullable(),
    a: assetValue.nullable(),
  }),
  fields: z.array(shownField),
  keys: z.array(z.object({ kind: z.string(), value: z.string(), source: z.string(), firstSeenAt: when })),
  seenBy: z.array(
    z.object({ source: z.string(), seenAt: when, firstSeenAt: when, fields: z.number().int() }),
  ),
  dependencies: z.array(dependencyEdge),
  dependants: z.array(dependencyEdge),
  reaches: z.array(reachEdge),
  reachedFrom: z.array(reachEdge),
  /** Ends of edges that lie outside the reader's scope. */
  elsewhere: z.number().int(),
  merged: z.array(z.object({ id: z.string(), name: z.string(), at: when, by: z.string(), why: z.string() })),
  /** Others that hold a key of this one, and could be the same. */
  alike: z.array(end.extend({ by: z.string() })),
});
export type AssetDetail = z.infer<typeof assetDetail>;

/** GET /api/assets/:id/software?text=&from= */
export const softwareList = z.object({
  software: z.array(
    z.object({
      type: z.string(),
      name: z.string(),
      version: z.string(),
      architecture: z.string(),
      origin: z.string(),
      purl: z.string(),
      source: z.string(),
      seenAt: when,
    }),
  ),
  total: z.number().int(),
});
export type SoftwareList = z.infer<typeof softwareList>;

/** What a person may say of an asset; null takes the person's word back, so that the sources' holds again. */
export const assetFields = z.object({
  name: word(200).optional(),
  description: word(2000).nullable().optional(),
  owner: word(200).nullable().optional(),
  custodian: word(200).nullable().optional(),
  classification: z.enum(classifications).nullable().optional(),
  confidentiality: assetValue.nullable().optional(),
  integrity: assetValue.nullable().optional(),
  availability: assetValue.nullable().optional(),
  exposure: z.enum(exposures).nullable().optional(),
  hostname: word(253).nullable().optional(),
  domain: word(253).nullable().optional(),
  os: word(200).nullable().optional(),
  location: word(200).nullable().optional(),
});
export type AssetFields = z.infer<typeof assetFields>;
/** POST /api/assets; PATCH /api/assets/:id takes the fields. */
export const newAsset = assetFields.extend({ tenancy: id, kind: assetKind, name: word(200) });
export type NewAsset = z.infer<typeof newAsset>;
export const made = z.object({ id: z.string() });

/** POST /api/assets/:id/retire and /restore */
export const reason = z.object({ why: word(500) });
/** POST /api/assets/:id/merge and /unmerge: `other` becomes part of this one, or is taken out again. */
export const mergeRequest = z.object({ other: id, why: word(500) });

/** GET /api/assets/:id/merge?other=: what would become of the two. */
export const mergePreview = z.object({
  kept: end,
  other: end,
  /** Why they can’t be one; null: they can. */
  refused: z.string().nullable(),
  /** Keys of which an asset has one only, and these have two. */
  contradictions: z.array(z.object({ kept: z.string(), other: z.string() })),
  /** Fields on which the two differ, and whose word would hold. */
  fields: z.array(
    z.object({
      name: z.string(),
      kept: z.string().nullable(),
      other: z.string().nullable(),
      after: z.string(),
      source: z.string(),
    }),
  ),
  /** What the other brings with it. */
  brings: z.object({
    keys: z.array(z.string()),
    sources: z.array(z.string()),
    dependencies: z.number().int(),
    dependants: z.number().int(),
    reach: z.number().int(),
  }),
});
export type MergePreview = z.infer<typeof mergePreview>;

/** PUT /api/assets/:id/dependencies */
export const newDependency = degreesOf.extend({
  on: id,
  gate: z
    .object({ name: word(80), kind: gateKind, k: z.number().int().min(1).max(1000).optional() })
    .optional(),
  note: z.string().max(500).default(''),
});
export type NewDependency = z.input<typeof newDependency>;
/** PUT /api/assets/:id/reach: from this one to `to`. */
export const newReach = z.object({
  to: id,
  via: reachVia,
  probability: z.number().min(0).max(1),
  note: z.string().max(500).default(''),
});
export type NewReach = z.input<typeof newReach>;

export const proposal = z.object({
  tenancy: z.string(),
  hostname: z.string(),
  firstSeenAt: when,
  lastSeenAt: when,
  events: z.number().int(),
  state: z.enum(['proposed', 'accepted', 'ignored']),
  decidedBy: z.string().nullable(),
  decidedAt: when.nullable(),
  why: z.string().nullable(),
});
/** GET /api/assets/proposals?state= */
export const proposalList = z.object({ proposals: z.array(proposal) });
export type Proposal = z.infer<typeof proposal>;
/** POST /api/assets/proposals/decision */
export const proposalDecision = z.object({
  tenancy: id,
  hostnames: z.array(z.string().max(253)).min(1).max(500),
  decision: z.enum(['accept', 'ignore']),
  why: z.string().max(500).default(''),
});

export const importFormats = [
  'csv',
  'osquery',
  'dpkg',
  'rpm',
  'cyclonedx',
  'vmware',
  'aws',
  'azure',
  'ironbark',
] as const;
export type ImportFormat = (typeof importFormats)[number];
/** POST /api/assets/import, the file as the body. */
export const importQuery = z.object({
  tenancy: id,
  format: z.enum(['auto', ...importFormats]).default('auto'),
  dryRun: z.enum(['true', 'false']).default('false'),
  /** What the source is called; left out: the format. */
  source: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_.:-]{0,62}$/)
    .optional(),
  /** The host a list of packages is of. */
  host: z.string().trim().max(253).optional(),
  file: z.string().max(255).default(''),
  /** When the file was made, where it does not say itself. */
  collectedAt: when.optional(),
  /** Write the good rows though others were refused. */
  skipRefused: z.enum(['true', 'false']).default('false'),
});
export const rowOutcomes = ['new', 'merged', 'unchanged', 'refused', 'ambiguous'] as const;
export const importReport = z.object({
  format: z.enum(importFormats),
  source: z.string(),
  tenancy: z.string(),
  dryRun: z.boolean(),
  /** False when nothing was written: a dry run, or a row was refused. */
  applied: z.boolean(),
  collectedAt: when,
  /** This very file was imported before. */
  knownSince: when.nullable(),
  counts: z.record(z.enum(rowOutcomes), z.number().int()),
  packages: z.number().int(),
  /** What is to be known about the file as a whole. */
  remarks: z.array(z.string()),
  rows: z.array(
    z.object({
      /** The line, row or element of the file, from 1. */
      line: z.number().int(),
      name: z.string(),
      kind: assetKind.nullable(),
      outcome: z.enum(rowOutcomes),
      asset: z.string().nullable(),
      why: z.array(z.string()),
    }),
  ),
  /** Rows that are counted and not listed. */
  unlisted: z.number().int(),
});
export type ImportReport = z.infer<typeof importReport>;

/** GET /api/assets/counts: the populations that evidence is measured against. */
export const inventoryCounts = z.object({
  counts: z.array(
    z.object({
      environment: z.string(),
      tenancy: z.string(),
      kind: assetKind,
      active: z.number().int(),
      stale: z.number().int(),
      retired: z.number().int(),
    }),
  ),
});

/** GET /api/assets/graph: nodes in columns, edges as positions of nodes. */
export const assetGraph = z.object({
  ids: z.array(z.string()),
  names: z.array(z.string()),
  /** Position in `kinds`. */
  kindOf: z.array(z.number().int()),
  kinds: z.array(assetKind),
  tenancyOf: z.array(z.number().int()),
  tenancies: z.array(z.string()),
  /** 0 active, 1 stale, 2 retired */
  states: z.array(z.number().int()),
  /** from, to, highest degree in percent: three numbers an edge. */
  depends: z.array(z.number()),
  /** from, to, probability in percent. */
  reaches: z.array(z.number()),
});
export type AssetGraph = z.infer<typeof assetGraph>;
