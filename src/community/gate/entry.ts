import { z } from 'zod';
import type { Reason } from './decision.ts';

export const faces = ['authzen', 'envoy', 'nginx', 'kubernetes', 'page', 'system'] as const;
export type Face = (typeof faces)[number];

/** One decision as it is kept. */
export type DecisionEntry = {
  readonly id: string;
  readonly at: Date;
  /** '' where the resource is in no tenancy that is known; so for the next two. */
  readonly tenancy: string;
  readonly organisation: string;
  readonly subjectOrganisation: string;
  /** The person's id here; as it was sent where nobody is known by it. */
  readonly subject: string;
  /** As it was sent. */
  readonly subjectName: string;
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly permitted: boolean;
  readonly privileged: boolean;
  readonly face: Face;
  readonly callerId: string;
  readonly callerName: string;
  readonly requestId: string;
  readonly policyVersion: string;
  readonly factsHash: string;
  readonly facts: string;
  readonly reasons: readonly Reason[];
  readonly toMend: readonly string[];
};

const remedy = z.object({
  who: z.string(),
  how: z.string(),
  requestable: z.boolean(),
  link: z.string().nullable(),
});
const reason: z.ZodType<Reason> = z.object({
  gate: z.string(),
  clause: z.string(),
  code: z.string(),
  missing: z.array(z.string()),
  staff: z.string(),
  outsiders: z.string(),
  remedy,
});
export const reasonList = z.array(reason);

/** A line of a batch: what the row of the batch does not say of it. */
export const line = z.object({
  id: z.string(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  tenancy: z.string(),
  organisation: z.string(),
  subjectOrganisation: z.string(),
  subject: z.string(),
  subjectName: z.string(),
  action: z.string(),
  resourceType: z.string(),
  resourceId: z.string(),
  face: z.enum(faces),
  callerId: z.string(),
  callerName: z.string(),
  requestId: z.string(),
  policyVersion: z.string(),
  factsHash: z.string(),
  facts: z.string(),
});

/**
 * Ordinary permits only: nothing to mend, no reasons. The facts, a JSON text already, stand behind a tab, which JSON never has
 * as it is: quoting them once more would take as long as the decision.
 */
export function lineOf(entry: DecisionEntry): string {
  const { reasons: _r, toMend: _t, permitted: _p, privileged: _v, facts, ...rest } = entry;
  return `${JSON.stringify(rest)}\t${facts}\n`;
}

/** Lines of before have the facts among the rest. */
export function entryOfLine(text: string): DecisionEntry {
  const tab = text.indexOf('\t');
  const head: unknown = JSON.parse(tab === -1 ? text : text.slice(0, tab));
  const whole = tab === -1 ? head : { ...Object(head), facts: text.slice(tab + 1) };
  return { ...line.parse(whole), permitted: true, privileged: false, reasons: [], toMend: [] };
}

/** Has to be on record before the answer; the rest may follow within a second. */
export const isKeptFirst = (entry: Pick<DecisionEntry, 'permitted' | 'privileged'>): boolean =>
  !entry.permitted || entry.privileged;
