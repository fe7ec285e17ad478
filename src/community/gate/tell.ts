import type { Obligation, Reason } from './decision.ts';
import type { AccessRequest } from './request.ts';
import type { Answer } from './service.ts';

/** Who reads it: staff see what is known, outsiders fixed words. */
export type Reader = { readonly staff: boolean; readonly origin: string };

const hintMilliseconds = 15 * 60_000;

/**
 * A decision in AuthZEN's shape; what is ours is in `context`.
 * SOURCE: Authorization API 1.0, "Decision"; drafts "Access Request and Approval" (evaluation_id, access_request) and
 * "Obligations" (obligations).
 */
export function decisionBody(answer: Answer, reader: Reader, request: AccessRequest) {
  const { decision, reasons, obligations } = answer;
  if (decision)
    return {
      decision,
      ...((obligations.length > 0 || reader.staff) && {
        context: {
          evaluation_id: answer.id,
          ...(obligations.length > 0 && { obligations: obligations.map(obligationBody) }),
        },
      }),
    };
  const first = reasons.find(({ gate }) => answer.toMend.includes(gate)) ?? reasons[0];
  return {
    decision,
    context: {
      evaluation_id: answer.id,
      reason: first?.outsiders ?? 'Denied.',
      reasons: reasons.map((reason) => reasonBody(reason, reader)),
      to_mend: answer.toMend,
      policy_version: answer.policyVersion,
      ...accessRequest(answer, reader, request),
    },
  };
}

export function reasonBody(reason: Reason, { staff }: Reader) {
  const { gate, clause, code, missing, outsiders, remedy } = reason;
  return {
    rule: gate,
    clause,
    // Which facts are missing is about persons too.
    code: staff ? code : gate,
    message: staff ? reason.staff : outsiders,
    ...(staff && missing.length > 0 && { missing: [...missing] }),
    who_can_fix: remedy.who,
    remedy: staff ? remedy.how : outsideHow(reason),
    requestable: remedy.requestable,
    ...(remedy.link !== null && { link: remedy.link }),
  };
}

/** How it is mended tells outsiders about the person where it is about the person's vetting. */
const outsideHow = ({ clause, remedy }: Reason): string =>
  clause.startsWith('personnel.') || clause === 'support.never-uncleared'
    ? 'Ask who is named here; they know what is needed.'
    : remedy.how;

const obligationBody = (obligation: Obligation) => ({
  id: obligation.id,
  type: obligation.id,
  ...('at' in obligation && { properties: { at: obligation.at.toISOString() } }),
});

/** Where a person reads what is missing, and asks for it. */
export const canIPage = (origin: string, { action, resource }: AccessRequest): string =>
  `${origin}/can-i?${new URLSearchParams({ action: action.name, type: resource.type, id: resource.id }).toString()}`;

function accessRequest({ at, reasons, toMend }: Answer, { origin }: Reader, request: AccessRequest) {
  const open = reasons.filter(({ gate, remedy }) => remedy.requestable && toMend.includes(gate));
  if (open.length === 0) return {};
  return {
    access_request: {
      expires_at: new Date(at.getTime() + hintMilliseconds).toISOString(),
      form_url: canIPage(origin, request),
      display: {
        title: 'Ask for what is missing',
        description: `To be asked: ${[...new Set(open.map(({ remedy }) => remedy.who))].join('; ')}.`,
      },
    },
  };
}
