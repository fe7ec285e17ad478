import { z } from 'zod';
import type { JudgementView } from './contract.ts';
import { confidence } from './contract.ts';
import type { Failing, Judgement } from './evaluator.ts';

const when = z.iso.datetime().transform((text) => new Date(text));
const failing = z
  .object({ subject: z.string(), why: z.string(), due: when.optional() })
  .transform(({ due, ...rest }): Failing => (due === undefined ? rest : { ...rest, due }));
const counted = {
  confidence,
  because: z.string(),
  tested: z.number(),
  of: z.number().optional(),
  until: when.optional(),
};
const stored = z.discriminatedUnion('status', [
  z.object({ status: z.literal('satisfied'), ...counted }),
  z.object({
    status: z.literal('not-satisfied'),
    ...counted,
    failed: z.number(),
    failing: z.array(failing),
  }),
  z.object({ status: z.literal('unknown'), because: z.string(), wouldSettle: z.array(z.string()) }),
]);
export type JudgementJson = z.input<typeof stored>;
export const failingList = z.array(failing);
export type FailingJson = z.input<typeof failingList>;

// JSON.stringify writes dates as `when` reads them.
export const jsonOfJudgement = (judgement: Judgement): unknown => JSON.parse(JSON.stringify(judgement));

export function judgementOfJson(json: JudgementJson): Judgement {
  const read = stored.parse(json);
  if (read.status === 'unknown') return read;
  const { of, until, ...rest } = read;
  return { ...rest, ...(of !== undefined && { of }), ...(until !== undefined && { until }) };
}

export function shownJudgement(judgement: Judgement): JudgementView {
  if (judgement.status === 'unknown')
    return {
      status: 'unknown',
      because: judgement.because,
      confidence: null,
      tested: null,
      failed: null,
      of: null,
      failing: [],
      wouldSettle: [...judgement.wouldSettle],
    };
  const notSatisfied = judgement.status === 'not-satisfied';
  return {
    status: judgement.status,
    because: judgement.because,
    confidence: judgement.confidence,
    tested: judgement.tested,
    failed: notSatisfied ? judgement.failed : 0,
    of: judgement.of ?? null,
    failing: notSatisfied ? judgement.failing.map(shownFailing) : [],
    wouldSettle: [],
  };
}

export const shownFailing = ({ subject, why, due }: Failing) => ({
  subject,
  why,
  due: due?.toISOString() ?? null,
});
