import { z } from 'zod';
import { implementationStatus, customerResponsibility } from '#contract/governance';
import { documentKind } from '#contract/governance/policies';
import { scheme, hostingLevel } from '#contract/governance/certificates';

const days = z.number();
const place = z.enum(['odce', 'pdce']);
const certificate = z.object({
  scheme,
  title: z.string(),
  number: z.string().default(''),
  classification: z.string().default(''),
  level: hostingLevel.nullable().default(null),
  statement: z.string(),
  environments: z.array(place),
  services: z.array(z.string()),
  sites: z.array(z.string()),
  assessor: z.object({ organisation: z.string(), name: z.string().default('') }),
  issued: days,
  expires: days.optional(),
  surveillance: z.int().nullable().default(null),
  conditions: z.array(z.object({ text: z.string(), due: days })).default([]),
});
const risk = z.object({
  environment: place,
  title: z.string(),
  asset: z.string().optional(),
  dimension: z.enum(['C', 'I', 'A']).optional(),
  judged: z.object({ low: z.number(), high: z.number(), band: z.int() }).optional(),
  treatment: z.enum(['avoid', 'modify', 'share', 'retain']),
  plan: z.string(),
  owner: z.string(),
  due: days.optional(),
  /** Accepted up to so much above the upper end of what was worked out. */
  accept: z.object({ above: z.number(), until: days, why: z.string() }).optional(),
});

/** content/demo/prove.yaml: days are counted back from the day the demo is built. */
export const proveContent = z.object({
  environments: z.array(place),
  frameworks: z.array(z.string()),
  tailoring: z.array(
    z.object({
      environment: place,
      control: z.string(),
      choice: z.enum(['include', 'exclude']),
      reason: z.string(),
      approved: z.boolean(),
    }),
  ),
  answers: z.array(
    z.object({
      control: z.string(),
      owner: z.string(),
      odce: implementationStatus.optional(),
      pdce: implementationStatus.optional(),
      at: days,
      why: z.string(),
    }),
  ),
  exceptions: z.array(
    z.object({
      environment: place,
      control: z.string(),
      kind: z.enum(['exception', 'risk-acceptance']),
      ceiling: z.enum(['low', 'medium', 'high', 'extreme']).nullable().default(null),
      reason: z.string(),
      compensating: z.string(),
      until: days,
      at: days,
      approved: z.boolean(),
    }),
  ),
  documents: z.array(
    z.object({
      key: z.string(),
      kind: documentKind,
      owner: z.string(),
      environment: place.optional(),
      at: days,
      months: z.int(),
      audience: z.literal('everybody').optional(),
      /** A second version, so long ago. */
      again: days.optional(),
      draft: z.boolean().default(false),
      acknowledged: z.array(z.string()).default([]),
    }),
  ),
  signs: z.object({ organisation: z.string(), system: z.string() }),
  certificates: z.array(certificate),
  changes: z.array(z.object({ environment: place, what: z.string(), at: days })),
  risks: z.array(risk),
  responsibilities: z.array(
    z.object({
      tenancy: z.string(),
      control: z.string(),
      responsibility: customerResponsibility,
      note: z.string(),
    }),
  ),
});
export type ProveContent = z.infer<typeof proveContent>;
