import { z } from 'zod';
import { implementationStatus } from '#contract/governance';

const when = z.iso.datetime();
export const reportId = z.uuid();

export const reportKind = z.enum(['pack', 'ssp', 'ssp-annex', 'ccm', 'soa', 'poam', 'oscal']);
export type ReportKind = z.infer<typeof reportKind>;

/** GET /api/reports/kinds */
export const kindList = z.object({
  kinds: z.array(
    z.object({
      kind: reportKind,
      title: z.string(),
      about: z.string(),
      /** 'xlsx', 'pdf', 'zip': of the file that is downloaded by itself. */
      format: z.string(),
    }),
  ),
});

export type KindList = z.infer<typeof kindList>;

export const reportState = z.enum(['waiting', 'making', 'made', 'failed', 'cancelled']);
export type ReportState = z.infer<typeof reportState>;

export const report = z.object({
  id: z.string(),
  environment: z.string(),
  kind: reportKind,
  /** For one customer's tenancy; null: for the system as a whole. */
  tenancy: z.string().nullable(),
  title: z.string(),
  state: reportState,
  /** 0 to 1. */
  progress: z.number(),
  /** What is being done. */
  step: z.string(),
  askedBy: z.string(),
  askedAt: when,
  endedAt: when.nullable(),
  /** When what it says was read. */
  asAt: when.nullable(),
  edition: z.string().nullable(),
  /** Of the file by itself; null until it is made. */
  file: z.object({ name: z.string(), bytes: z.number().int(), sha256: z.string() }).nullable(),
  /** Of the archive with file, manifest, signature and proofs. */
  bundle: z.object({ name: z.string(), bytes: z.number().int(), sha256: z.string() }).nullable(),
  /** Pieces of evidence it rests on, and how many of these have a proof in the bundle. */
  evidence: z.object({ collections: z.number().int(), proven: z.number().int() }).nullable(),
  /** Of the ledger; its proof is had with "ironbark ledger proof". */
  ledgerEntry: z.string().nullable(),
  error: z.string().nullable(),
});
export type ReportView = z.infer<typeof report>;

/** GET /api/reports?environment= */
export const reportList = z.object({ reports: z.array(report) });
export type ReportList = z.infer<typeof reportList>;

/** POST /api/reports */
export const reportInput = z.object({
  environment: z.string().max(63),
  kind: reportKind,
  tenancy: z.string().max(63).nullable().default(null),
});
export type ReportInput = z.infer<typeof reportInput>;

/** GET /api/reports/preview: what it will contain, and what was not seen, before it is made. */
export const preview = z.object({
  title: z.string(),
  files: z.array(z.string()),
  asAt: when,
  edition: z.string(),
  profile: z.string(),
  controls: z.number().int(),
  byEvidence: z.number().int(),
  byAnswer: z.number().int(),
  unknown: z.number().int(),
  notApplicable: z.number().int(),
  counts: z.record(implementationStatus, z.number().int()),
  collections: z.number().int(),
  /** That a ledger entry stands behind. */
  recorded: z.number().int(),
  notSeen: z.array(z.object({ what: z.string(), why: z.string() })),
});
export type Preview = z.infer<typeof preview>;

/** GET /api/reports/:id/changes?since= */
export const reportChanges = z.object({
  from: when,
  to: when,
  edition: z.object({ from: z.string(), to: z.string() }).nullable(),
  maturity: z.object({ from: z.number().nullable(), to: z.number().nullable() }).nullable(),
  status: z.array(z.object({ control: z.string(), label: z.string(), from: z.string(), to: z.string() })),
  reworded: z.array(z.string()),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  evidence: z.object({ added: z.number().int(), gone: z.number().int() }),
  opened: z.array(z.string()),
  closed: z.array(z.string()),
});
export type ReportChanges = z.infer<typeof reportChanges>;

/** POST /api/reports/import?environment=&dryRun=&dirty= */
export const annexImport = z.object({
  dryRun: z.boolean(),
  /** True when all that was to be written was written. */
  applied: z.boolean(),
  sheet: z.string(),
  rows: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  refused: z.number().int(),
  /** Changed and refused rows; those that are as they were are only counted. */
  report: z.array(
    z.object({
      row: z.number().int(),
      control: z.string(),
      outcome: z.enum(['changed', 'refused']),
      cells: z.array(
        z.object({
          /** 'E504' */
          cell: z.string(),
          column: z.string(),
          value: z.string(),
          why: z.string(),
          allowed: z.array(z.string()),
        }),
      ),
    }),
  ),
});
export type AnnexImport = z.infer<typeof annexImport>;
